// What the server tells its operator about the honest counter, as the page checks it: apart, because few ever load it.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(8 * 1024));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const bytes = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})*$/));
const spoken = v.object({ de: text, en: text });

/** One text that differs between what was agreed to and what would be asked now. */
const difference = v.object({ place: text, before: v.nullable(text), after: v.nullable(text) });

const question = v.object({
  id: text,
  hash,
  text: spoken,
  why: spoken,
  buckets: v.array(spoken),
  /** Index of the true answer; null: not measured, so it is never sent. */
  truth: v.nullable(count),
  /** What would be sent for it, from this machine, for as long as the truth holds. */
  randomised: v.nullable(count),
  /** In this quarter. */
  isAnswered: v.boolean(),
  /** A report with this answer before sealing, and one sealing of it, in hex: each sealing is another. */
  plain: bytes,
  sealed: bytes,
});

const sent = v.object({
  timeMs: count,
  kind: v.picklist(['answer', 'cover']),
  /** Id of the question and index of the randomised answer; null in a cover report. */
  question: v.nullable(text),
  answer: v.nullable(count),
  plain: bytes,
  sealed: bytes,
  /** What came of it: taken by the collector, refused by it, or it got no answer. */
  outcome: v.picklist(['taken', 'refused', 'noAnswer']),
});

/** Answer of GET /telemetry and of every change. */
export const telemetryShape = v.object({
  /** Null: no collector is configured, so nothing is asked or sent. */
  collector: v.nullable(
    v.object({
      operator: text,
      country: spoken,
      purpose: spoken,
      published: spoken,
      url: text,
      /** Null: none is configured; then only `direct` would send. */
      relay: v.nullable(text),
    }),
  ),
  /** Of the catalogue for the configured way, and for the direct one where no relay is configured. */
  catalogueHash: v.nullable(hash),
  rules: v.array(spoken),
  consent: v.object({
    /** `changed`: agreed to another catalogue; nothing is sent until it is agreed to again. */
    state: v.picklist(['unasked', 'on', 'off', 'changed']),
    sinceMs: v.nullable(count),
    isDirect: v.boolean(),
  }),
  /** Against what was agreed to; empty unless `changed`. */
  differences: v.array(difference),
  questions: v.array(question),
  /** Of a report on the wire, all alike. */
  sealedBytes: count,
  /** When the next report leaves; null: none will. */
  nextMs: v.nullable(count),
  /** Everything ever sent since it was last switched on, newest first. */
  sent: v.array(sent),
});

export type TelemetryAnswer = v.InferOutput<typeof telemetryShape>;

/** Body of POST /telemetry. `hash`: of the catalogue that was shown; another one is refused (409). */
export const telemetryChoiceShape = v.variant('choice', [
  v.strictObject({ choice: v.literal('on'), hash, isDirect: v.boolean() }),
  v.strictObject({ choice: v.literal('off') }),
]);

export type TelemetryChoice = v.InferOutput<typeof telemetryChoiceShape>;
