// What an event must look like: who can write into the database can write anything, and nothing is computed from what is no event.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { arrivalField, dayField, digestField, fields, filingField, fingerprintField, listOf, oneOf, setOf, wholeNumber } from '#formats/desk/fields.ts'; // prettier-ignore
import { letterKinds, type DeskEvent } from '../../register/event.ts';
import {
  authorityClasses,
  channels,
  decisions,
  dismissals,
  instruments,
  kinds,
  lookFaults,
  origins,
  outcomes,
  reasons,
  reviewRoles,
  urgencies,
  verdicts,
} from '#formats/desk/model.ts';

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const { itemsMax, caseFilesMax } = limits.deskReview;

const itemShape = fields({
  kind: oneOf(kinds),
  basis: v.nullable(v.string()),
  from: v.nullable(dayField),
  until: v.nullable(dayField),
  target: v.nullable(digestField),
});

const filingShape = fields({
  filing: filingField,
  corrects: v.nullable(filingField),
  receivedMs: count,
  receivedOn: dayField,
  authority: fields({ class: oneOf(authorityClasses), country: v.string() }),
  origin: oneOf(origins),
  channel: oneOf(channels),
  instrument: oneOf(instruments),
  urgency: oneOf(urgencies),
  items: listOf(itemShape, itemsMax),
  targets: count,
  answerBy: v.optional(dayField),
});

const pastShape = fields({
  outcome: v.nullable(oneOf(outcomes)),
  reasons: setOf(reasons),
  decidedMs: v.nullable(count),
});

const reviewShape = fields({
  filing: filingField,
  role: oneOf(reviewRoles),
  fingerprint: fingerprintField,
  verdict: oneOf(verdicts),
  reasons: setOf(reasons),
  items: v.nullable(listOf(count, itemsMax)),
  policy: digestField,
  caseFiles: listOf(digestField, caseFilesMax),
  head: fields({ entries: count, hash: digestField }),
  signedAt: v.string(),
});

const disclosureShape = fields({
  fields: v.array(v.string()),
  package: digestField,
  recipient: fingerprintField,
});

const lookShape = fields({
  filing: filingField,
  role: oneOf(reviewRoles),
  fingerprint: fingerprintField,
  agrees: v.boolean(),
  fault: v.nullable(oneOf(lookFaults)),
  package: digestField,
  fields: v.array(v.string()),
  recipient: fingerprintField,
  look: digestField,
  policy: digestField,
  head: fields({ entries: count, hash: digestField }),
  signedAt: v.string(),
});

const filing = filingField;
const texts = v.array(v.string());

const shapes = {
  POLICY_PUT: fields({ kind: v.string(), policy: digestField, text: v.string(), signatures: texts }),
  FILED: fields({ kind: v.string(), filing: filingShape, by: fingerprintField }),
  IMPORTED: fields({ kind: v.string(), filing: filingShape, past: pastShape }),
  CASE_FILE_PUT: fields({
    kind: v.string(),
    filing,
    file: digestField,
    bytes: count,
    to: v.array(fingerprintField),
  }),
  CHANNEL_CHECKED: fields({
    kind: v.string(),
    filing,
    decision: oneOf(decisions),
    rule: v.string(),
    policy: digestField,
  }),
  REVIEWED: fields({ kind: v.string(), filing, review: reviewShape, signature: v.string() }),
  REFUSED: fields({ kind: v.string(), filing, reasons: setOf(reasons), isFormal: v.boolean() }),
  NARROWED: fields({ kind: v.string(), filing, items: listOf(count, itemsMax) }),
  ADMITTED: fields({ kind: v.string(), filing }),
  ANSWERED: fields({
    kind: v.string(),
    filing,
    letter: digestField,
    letterKind: oneOf(letterKinds),
    language: oneOf(['de', 'en']),
    by: fingerprintField,
  }),
  CORRECTED: fields({ kind: v.string(), filing, correctedBy: filing }),
  COLLECTED: fields({
    kind: v.string(),
    filing,
    disclosure: disclosureShape,
    look: digestField,
    sealed: digestField,
    bytes: count,
    by: fingerprintField,
  }),
  LOOKED: fields({ kind: v.string(), filing, look: lookShape, signature: v.string() }),
  DISCLOSED: fields({ kind: v.string(), filing, disclosure: disclosureShape }),
  NO_DATA: fields({ kind: v.string(), filing }),
  CLOSED: fields({ kind: v.string(), filing }),
  REPORTED: fields({ kind: v.string(), year: count, erratum: count, report: v.string(), signatures: texts }),
  STATED: fields({ kind: v.string(), statement: v.string(), signatures: texts }),
  ARRIVED: fields({
    kind: v.string(),
    arrival: arrivalField,
    receivedMs: count,
    channel: oneOf(channels),
    file: digestField,
    bytes: count,
    to: v.array(fingerprintField),
  }),
  AUTO_REPLIED: fields({
    kind: v.string(),
    arrival: arrivalField,
    letter: digestField,
    policy: digestField,
    rule: v.string(),
  }),
  TAKEN: fields({ kind: v.string(), arrival: arrivalField, filing, by: fingerprintField }),
  DISMISSED: fields({ kind: v.string(), arrival: arrivalField, why: oneOf(dismissals), by: fingerprintField }),
} as const satisfies Record<DeskEvent['kind'], unknown>;

export function isEvent(event: DeskEvent): boolean {
  const shape = Object.hasOwn(shapes, event.kind) ? shapes[event.kind] : undefined;
  return shape !== undefined && v.is(shape, event);
}
