// The plan as it is signed: canonical JSON (RFC 8785) of what will happen, where, from which books on, with which copy, until when.

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { JsonObject } from '../../journal/commands.ts';
import type { RiskClass } from './classify.ts';

const risk = v.picklist(['R0', 'R1', 'R2']);
const count = v.pipe(v.number(), v.minValue(0));
const statement = v.object({
  /** What runs. */
  sql: v.string(),
  /** As it was written, where it was turned into something else. */
  written: v.optional(v.string()),
  way: v.picklist(['ddl', 'rows', 'alone']),
  class: risk,
  why: v.string(),
  table: v.optional(v.string()),
});

export type PlannedStatement = v.InferOutput<typeof statement>;

/** Which commands a restore leaves out, and how they were chosen. */
export const leaveOutShape = v.object({
  actor: v.optional(v.string()),
  build: v.optional(v.string()),
  fromMs: v.optional(count),
  toMs: v.optional(count),
  seqs: v.optional(v.array(count)),
});
export type LeaveOut = v.InferOutput<typeof leaveOutShape>;

const contentShape = v.variant('kind', [
  v.object({ kind: v.literal('sql'), statements: v.array(statement) }),
  v.object({
    kind: v.literal('migration'),
    migration: v.object({ number: count, name: v.string(), digest: v.string() }),
    statements: v.array(statement),
  }),
  v.object({
    kind: v.literal('operators'),
    put: v.array(v.object({ operatorId: v.string(), content: v.record(v.string(), v.any()) })),
    remove: v.array(v.object({ operatorId: v.string(), name: v.string() })),
  }),
  v.object({ kind: v.literal('restore'), leaveOut: leaveOutShape, commands: count, seqs: v.array(count) }),
  v.object({ kind: v.literal('settings'), settings: v.record(v.string(), v.string()) }),
]);
export type PlanContent = v.InferOutput<typeof contentShape>;
export type ChangeKind = PlanContent['kind'];

/** Where a plan belongs: on any other machine, database or program it is refused. */
export const clusterShape = v.object({
  instance: v.string(),
  systemIdentifier: v.string(),
  generation: v.string(),
  host: v.string(),
  program: v.string(),
  postgres: v.string(),
  /** Number of the newest migration that is applied. */
  schema: count,
});
export type ClusterFacts = v.InferOutput<typeof clusterShape>;

export const headsShape = v.object({ appliedSeq: count, letters: v.string(), places: v.string() });
/** Count and sums of letters and of their places, as text, at one position of the journal. */
export type LedgerHeads = v.InferOutput<typeof headsShape>;

/** What is written down when a change is planned; the rest of the signed plan comes with later steps. */
export const draftShape = v.object({
  v: v.literal(1),
  change: count,
  content: contentShape,
  class: risk,
  because: v.array(v.string()),
  cluster: clusterShape,
  heads: headsShape,
  expiresMs: count,
  undo: v.string(),
});
export type PlanDraft = v.InferOutput<typeof draftShape>;

export const predictedShape = v.object({
  rows: v.record(v.string(), count),
  locks: v.array(v.string()),
  seconds: count,
  undoSeconds: count,
});
export type Predicted = v.InferOutput<typeof predictedShape>;

export interface Plan extends PlanDraft {
  readonly backup: string;
  readonly predicted: Predicted;
}

/** Exactly what every operator signs; one byte more or less is another plan. */
export function planBytes({ v: version, change, content, backup, predicted, ...rest }: Plan): Uint8Array<ArrayBuffer> {
  return canonicalBytes({ v: version, siegel: 'change', change, content, backup, predicted, ...rest });
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What an operator signs once, so that additive changes need nobody to be awake. */
export function standingBytes(instance: string): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    v: 1,
    siegel: 'standing approval',
    instance,
    class: 'R0',
    says: 'Changes that only add, rehearsed and backed up, may be applied without a further signature.',
  });
}

/** As a journal record holds it: JSON without members that are undefined. */
export function asJson(value: object): JsonObject {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  return plain as JsonObject;
}

/** How many distinct people a class needs at once. */
export const SIGNATURES: Readonly<Record<RiskClass, number>> = { R0: 1, R1: 1, R2: 2 };
