// An incident as its record has it: who is affected, what was told and done when, what was counted, and how far the telling is.

import * as v from 'valibot';
import { assert } from '#base/assert.ts';
import { isId, type AccountId } from '#base/ids.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import type { JsonObject } from '../../journal/commands.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const accountId = v.custom<AccountId>((value) => typeof value === 'string' && isId(value));
const affectedShape = v.object({ accountId, expected: count, found: count, mailboxes: count });
const entryShape = v.object({ atMs: count, what: v.picklist(['opened', 'update', 'closed']), text: v.string() });
/** `reached`: mailboxes that have their notice; undefined: not done yet. */
const toldShape = v.object({ atMs: count, reached: count });

const contentShape = v.object({
  v: v.literal(1),
  title: v.string(),
  /** Notices and receipts of this incident come after this record. */
  sinceSeq: count,
  openedMs: count,
  closedMs: v.nullable(count),
  /** Counted by the ledger; else the operator named them, and nobody counted. */
  isCounted: v.boolean(),
  affected: v.array(affectedShape),
  entries: v.array(entryShape),
  /** As counted when it was closed. */
  end: v.nullable(v.object({ expected: count, found: count })),
  told: v.object({ opened: v.nullable(toldShape), closed: v.nullable(toldShape) }),
});

export type IncidentContent = v.InferOutput<typeof contentShape>;
export type Affected = IncidentContent['affected'][number];
export type IncidentEntry = IncidentContent['entries'][number];
export type Phase = keyof IncidentContent['told'];

export interface Incident extends IncidentContent {
  readonly number: number;
}

/** By number; what cannot be read is passed over. */
export function readIncidents(entries: readonly RegisterEntry[]): ReadonlyMap<number, Incident> {
  const incidents = new Map<number, Incident>();
  for (const { id, content } of entries) {
    const read = v.safeParse(contentShape, content);
    if (read.success) incidents.set(Number(id), { ...read.output, number: Number(id) });
  }
  return new Map([...incidents].toSorted(([left], [right]) => left - right));
}

/** Without its number, which the record carries beside it. */
export function incidentContent(incident: Incident): JsonObject {
  const { number, ...content } = incident;
  assert(number > 0, 'incidents are numbered from 1');
  const plain: unknown = JSON.parse(JSON.stringify(content));
  return plain as JsonObject;
}

export function isOpen({ closedMs }: Incident): boolean {
  return closedMs === null;
}

/** Phases that are reached and whose notices are not all out. */
export function untold({ told, closedMs }: Incident): readonly Phase[] {
  const phases: Phase[] = [];
  if (told.opened === null) phases.push('opened');
  if (closedMs !== null && told.closed === null) phases.push('closed');
  return phases;
}
