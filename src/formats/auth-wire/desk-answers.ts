// What the server shows people of the desk of the register of requests, as the page checks it: apart, because few ever load it.

import * as v from 'valibot';
import {
  authorityClasses,
  channels,
  decisions,
  deskRoles,
  instruments,
  kinds,
  origins,
  outcomes,
  reasons,
  states,
  urgencies,
  verdicts,
} from '../desk/model.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(8 * 1024));
const longText = v.pipe(v.string(), v.maxLength(256 * 1024));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const fingerprint = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));

/** Of the roster of the policy in force. */
const person = v.object({ name: text, role: v.picklist(deskRoles), fingerprint });

const listed = v.object({
  filing: text,
  receivedOn: day,
  state: v.picklist(states),
  channel: v.picklist(channels),
  kinds: v.array(v.picklist(kinds)),
  country: text,
  urgency: v.picklist(urgencies),
  outcome: v.nullable(v.picklist(outcomes)),
  answerBy: v.nullable(day),
  /** The end of the first clock that runs; null: none does. */
  dueMs: v.nullable(count),
  /** A verdict of this person is missing. */
  waitsForMe: v.boolean(),
});

const arrival = v.object({
  arrival: text,
  receivedMs: count,
  channel: v.picklist(channels),
  file: digest,
  bytes: count,
  /** A program told its author how to ask properly. */
  isAnswered: v.boolean(),
});

const verdict = v.object({
  name: text,
  role: v.picklist(deskRoles),
  verdict: v.picklist(verdicts),
  reasons: v.array(v.picklist(reasons)),
  items: v.nullable(v.array(count)),
  signedAt: text,
});

const filing = v.object({
  filing: text,
  corrects: v.nullable(text),
  correctedBy: v.nullable(text),
  receivedMs: count,
  receivedOn: day,
  authority: v.object({ class: v.picklist(authorityClasses), country: text }),
  origin: v.picklist(origins),
  channel: v.picklist(channels),
  instrument: v.picklist(instruments),
  urgency: v.picklist(urgencies),
  items: v.array(
    v.object({
      kind: v.picklist(kinds),
      basis: v.nullable(text),
      from: v.nullable(day),
      until: v.nullable(day),
      target: v.nullable(digest),
    }),
  ),
  targets: count,
  answerBy: v.nullable(day),
  isImported: v.boolean(),
  /** Name from the roster; its fingerprint where it stands there no more; null: imported. */
  filedBy: v.nullable(text),
  state: v.picklist(states),
  outcome: v.nullable(v.picklist(outcomes)),
  reasons: v.array(v.picklist(reasons)),
  decidedMs: v.nullable(count),
  /** What the policy says of the way it came, and the rule that says it. */
  decision: v.nullable(v.picklist(decisions)),
  rule: v.nullable(text),
  reviews: v.array(verdict),
  /** Once NARROWED: positions in `items`. */
  admitted: v.nullable(v.array(count)),
  caseFiles: v.array(digest),
  closedMs: v.nullable(count),
  deadlines: v.array(
    v.object({
      kind: v.picklist(['ANSWER', 'PRESERVE']),
      norm: v.nullable(text),
      dueMs: count,
      state: v.picklist(['RUNNING', 'SOON', 'OVERDUE']),
    }),
  ),
  events: v.array(v.object({ nth: count, atMs: count, kind: text })),
  /** A verdict of the person who asks may be handed in now; else why not, as a sentence. */
  mayReview: v.boolean(),
  mayNotWhy: v.nullable(text),
});

export const deskAnswers = {
  desk: v.object({
    nowMs: count,
    /** Null: the key of this account is not in the roster (or there is no policy). */
    me: v.nullable(person),
    /** Of this account, to be put into the roster. */
    own: v.object({ fingerprint, certificate: longText }),
    policy: v.nullable(
      v.object({
        title: v.object({ de: text, en: text }),
        country: text,
        dated: day,
        sha256: digest,
        roster: v.array(person),
        norms: v.array(v.object({ id: text, cite: text })),
      }),
    ),
    entries: count,
    head: digest,
  }),
  /** All policies with their signatures, oldest first: the page's worker checks them itself. */
  policies: v.object({ links: v.array(v.object({ text: longText, signatures: v.array(text) })) }),
  filings: v.object({ filings: v.array(listed), more: v.boolean() }),
  /** What came in by itself and waits for a person, oldest first. */
  arrivals: v.object({ arrivals: v.array(arrival) }),
  dismissed: v.object({ arrival: text }),
  filing,
  /** base64url */
  file: v.object({ sealed: v.string() }),
  /** Exactly what is to be signed. */
  statement: v.object({ statement: longText }),
  changed: v.object({ filing: text, state: v.picklist(states), outcome: v.nullable(v.picklist(outcomes)) }),
  letter: v.object({ subject: text, text: longText }),
  refused: v.object({ kind: text, sentence: text }),
} as const;

export type DeskLook = v.InferOutput<typeof deskAnswers.desk>;
export type DeskArrival = v.InferOutput<typeof arrival>;
export type DeskListed = v.InferOutput<typeof listed>;
export type DeskFiling = v.InferOutput<typeof filing>;
export type DeskPolicies = v.InferOutput<typeof deskAnswers.policies>;
