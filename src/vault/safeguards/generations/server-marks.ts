// What the databases of a house say about themselves on a server of the operator's: a mark in their comment, changed in one transaction with their names.

import * as v from 'valibot';
import type { InstanceId } from '#base/ids.ts';
import { factsSchema, type GenerationFacts } from './layout.ts';

const markSchema = v.object({
  siegel: v.literal(1),
  instance: v.string(),
  facts: factsSchema,
  /** On the live one: a database that is being made, so that a kill before it has its own mark leaves none behind. */
  making: v.optional(v.string()),
  /** On the live one: closed because another takes over. */
  isSwitching: v.optional(v.boolean()),
  /** On the live one: what the operator had written there. */
  note: v.optional(v.string()),
});
export type Mark = v.InferOutput<typeof markSchema>;

/** Undefined: not ours, or of another house. */
export function readMark(comment: string | null, instance: InstanceId): Mark | undefined {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), markSchema), comment);
  return read.success && read.output.instance === instance ? read.output : undefined;
}

export function formatMark(mark: Mark): string {
  return JSON.stringify(mark);
}

export interface ServerDatabase {
  readonly name: string;
  readonly oid: string;
  /** False: nobody is let in. */
  readonly isOpen: boolean;
  readonly mark: Mark | undefined;
}

/** PostgreSQL’s names hold 63 bytes, of which `_gen_000000` takes 11. */
export const LIVE_NAME_BYTES_MAX = 52;

/** house, gen-0002 → house_gen_0002 */
export function databaseName(live: string, generation: string): string {
  return `${live}_${generation.replace('-', '_')}`;
}

/** With the oid as its identity: names change. */
export function factsOf({ oid }: Pick<ServerDatabase, 'oid'>, facts: GenerationFacts): GenerationFacts {
  return { ...facts, systemIdentifier: oid };
}
