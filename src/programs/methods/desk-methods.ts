// What the commands of the desk ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { letterKinds } from '#office/desk/register/event.ts';
import { dismissals, outcomes, reasons, states, verdicts } from '#formats/desk/model.ts';

const { caseFileBytes, letterBytes, listMax } = limits.deskFiling;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(v.string(), v.maxLength(16));
const person = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.deskPolicy.nameCharacters));
const armored = v.pipe(v.string(), v.maxLength(limits.deskPolicy.signatureBytes));
const sealed = v.pipe(v.string(), v.maxLength(Math.ceil((caseFileBytes * 4) / 3) + 4), v.regex(/^[\w-]*$/));
const language = v.picklist(['de', 'en']);
const letterKind = v.picklist(letterKinds);
/** What the clerk hands in; its own reader says where it is wrong (office/desk/book/new-filing.ts). */
const given = v.unknown();

const past = v.strictObject({
  outcome: v.nullable(v.picklist(outcomes)),
  reasons: v.array(v.picklist(reasons)),
  decidedMs: v.nullable(count),
});

const filing = v.object({
  filing: v.string(),
  received: v.string(),
  state: v.string(),
  channel: v.string(),
  kinds: v.array(v.string()),
  outcome: v.nullable(v.string()),
  /** The end of its first clock; null: none runs. */
  dueMs: v.nullable(count),
  isOverdue: v.boolean(),
});
const deadline = v.object({
  kind: v.picklist(['ANSWER', 'PRESERVE']),
  norm: v.nullable(v.string()),
  dueMs: count,
  state: v.picklist(['RUNNING', 'SOON', 'OVERDUE']),
});
/** As rows of the register travel. */
export const deskEntry = v.object({
  nth: count,
  atMs: count,
  filing: v.nullable(v.string()),
  kind: v.string(),
  blind: v.nullable(v.string()),
  event: v.nullable(v.string()),
  leaf: v.string(),
  head: v.string(),
});
export const deskFiling = v.object({
  filing: v.string(),
  year: count,
  receivedMs: count,
  state: v.string(),
  contents: v.string(),
});
const changed = v.object({
  filing: v.string(),
  state: v.string(),
  outcome: v.nullable(v.string()),
  /** What was written down, in order. */
  events: v.array(v.string()),
  /** After it. */
  head: v.string(),
});
const arrival = v.object({
  arrival: v.string(),
  receivedMs: count,
  channel: v.string(),
  file: v.string(),
  bytes: count,
  state: v.string(),
  isAnswered: v.boolean(),
  filing: v.nullable(v.string()),
  why: v.nullable(v.string()),
});
const member = v.object({ name: v.string(), role: v.string(), fingerprint: v.string(), certificate: v.string() });

export const deskMethods = {
  /** Null: no policy is in force. */
  'desk.show': {
    params: v.strictObject({}),
    result: v.object({
      policy: v.nullable(
        v.object({
          title: v.string(),
          country: v.string(),
          dated: v.string(),
          sha256: v.string(),
          roster: v.array(member),
          norms: v.array(v.string()),
        }),
      ),
      entries: count,
      head: v.string(),
      nowMs: count,
      /** Of open requests: how many are over their time, and how many are in its last quarter. */
      overdue: count,
      soon: count,
    }),
  },
  'desk.policy': {
    params: v.strictObject({
      text: v.pipe(v.string(), v.maxLength(limits.deskPolicy.textBytes)),
      signatures: v.pipe(v.array(armored), v.maxLength(limits.deskPolicy.signaturesMax)),
    }),
    result: v.object({ dated: v.string(), sha256: v.string(), head: v.string() }),
  },
  /** `caseFile`: sealed to the roster, base64url. */
  'request.file': {
    /** `arrival`: what came in by itself; it has its channel and its time. */
    params: v.strictObject({ given, by: person, caseFile: v.nullable(sealed), arrival: v.nullable(v.string()) }),
    result: changed,
  },
  /** What came in and waits; `all`: also what was filed or dismissed. */
  'request.arrivals': {
    params: v.strictObject({ all: v.boolean() }),
    result: v.object({ arrivals: v.array(arrival), waiting: count }),
  },
  'request.dismiss': {
    params: v.strictObject({ arrival: v.string(), why: v.picklist(dismissals), by: person }),
    result: v.object({ arrival: v.string(), head: v.string() }),
  },
  /** All or none. */
  'request.import': {
    params: v.strictObject({
      filings: v.pipe(
        v.array(v.strictObject({ given, past, correctsNth: v.nullable(count) })),
        v.maxLength(limits.deskFiling.importMax),
      ),
    }),
    result: v.object({ filings: count, first: v.string(), last: v.string(), head: v.string() }),
  },
  'request.list': {
    params: v.strictObject({ year: v.nullable(count), state: v.nullable(v.picklist(states)) }),
    result: v.object({ filings: v.pipe(v.array(filing), v.maxLength(listMax)), more: v.boolean() }),
  },
  'request.show': {
    params: v.strictObject({ filing: number }),
    result: v.object({
      /** Its row, as canonical JSON. */
      row: v.string(),
      deadlines: v.array(deadline),
      events: v.array(v.object({ nth: count, atMs: count, kind: v.string() })),
    }),
  },
  'request.file-of': {
    params: v.strictObject({ file: v.pipe(v.string(), v.length(64)) }),
    result: v.object({ sealed: v.string() }),
  },
  'request.put-file': { params: v.strictObject({ filing: number, caseFile: sealed }), result: changed },
  'request.statement': {
    params: v.strictObject({
      filing: number,
      by: person,
      verdict: v.picklist(verdicts),
      reasons: v.array(v.picklist(reasons)),
      items: v.nullable(v.pipe(v.array(count), v.maxLength(limits.deskReview.itemsMax))),
    }),
    /** Exactly what is to be signed. */
    result: v.object({ statement: v.string() }),
  },
  'request.review': {
    params: v.strictObject({ statement: v.pipe(v.string(), v.maxLength(letterBytes)), signature: armored }),
    result: changed,
  },
  /** `reasons`: none, those it was rejected for. */
  'request.draft': {
    params: v.strictObject({
      filing: number,
      letterKind: v.picklist(['REJECTION', 'CORRECTION']),
      language,
      reasons: v.array(v.picklist(reasons)),
    }),
    result: v.object({ subject: v.string(), text: v.string() }),
  },
  'request.answer': {
    params: v.strictObject({
      filing: number,
      by: person,
      text: v.pipe(v.string(), v.minLength(1), v.maxLength(letterBytes)),
      letterKind,
      language,
    }),
    result: changed,
  },
  /** In order from this one on, as many as fit an answer; none: there are no more. */
  'desk.entries': {
    params: v.strictObject({ from: count }),
    result: v.object({ entries: v.array(deskEntry) }),
  },
  'desk.filings': {
    params: v.strictObject({ after: number }),
    result: v.object({ filings: v.array(deskFiling) }),
  },
  /** Exactly what two people sign. */
  'report.draft': { params: v.strictObject({ year: count }), result: v.object({ report: v.string() }) },
  'report.publish': {
    params: v.strictObject({
      report: v.pipe(v.string(), v.maxLength(limits.deskFiling.reportBytes)),
      signatures: v.pipe(v.array(armored), v.maxLength(limits.deskPolicy.signaturesMax)),
    }),
    result: v.object({ year: count, erratum: count, sha256: v.string(), head: v.string() }),
  },
  'statement.draft': {
    params: v.strictObject({ wish: v.unknown() }),
    result: v.object({ statement: v.string() }),
  },
  'statement.publish': {
    params: v.strictObject({
      statement: v.pipe(v.string(), v.maxLength(limits.deskFiling.letterBytes)),
      signatures: v.pipe(v.array(armored), v.maxLength(limits.deskPolicy.signaturesMax)),
    }),
    result: v.object({ until: v.string(), sha256: v.string(), head: v.string() }),
  },
  'statement.show': {
    params: v.strictObject({}),
    result: v.object({
      published: v.nullable(
        v.object({
          statement: v.string(),
          signatures: v.array(v.string()),
          signers: v.array(v.object({ name: v.string(), role: v.string(), fingerprint: v.string() })),
          until: v.string(),
          isOver: v.boolean(),
        }),
      ),
    }),
  },
  'report.verify': {
    params: v.strictObject({}),
    result: v.object({
      entries: count,
      filings: count,
      head: v.string(),
      root: v.string(),
      findings: v.array(v.object({ place: v.string(), what: v.string(), more: v.optional(v.string()) })),
    }),
  },
  'request.close': { params: v.strictObject({ filing: number }), result: changed },
} as const;
