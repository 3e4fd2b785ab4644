// Rows of another moment become the live ones: a copy (or nothing), the journal after it without what is left out, a check, a switch.

import type { InstanceId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import type { VoidingJournal } from '../../database/apply-queue.ts';
import { readEra } from '../../database/house-read.ts';
import type { Database } from '../../database/open-database.ts';
import type { Beside } from './beside.ts';
import { followJournal, type Followed, type FollowOrder } from './follow-journal.ts';
import type { Arrival, Generations, GenerationSource } from './generations.ts';
import type { RestoreBase } from './restore-base.ts';
import type { GenerationRefusal } from './refusals.ts';

export interface RestoreOrder {
  readonly base: RestoreBase;
  /** Commands that are undone, each with the change that undoes it: from now on every rebuild leaves them out. */
  readonly leaveOut?: readonly { readonly seq: number; readonly change: number }[];
  readonly reason: Arrival['reason'];
  /** Kept with the generation that is retired. */
  readonly why: string;
  /** Default: after everything but a rebuild. */
  readonly endsSessions?: boolean;
  /** Looks at the rows before they serve: the ledger, a test login. Told what following the journal has left out. */
  readonly check?: (database: Database, followed: Followed) => Promise<Result<void, GenerationRefusal>>;
  readonly onProgress?: FollowOrder['onProgress'];
}

export interface RestoreWay {
  readonly generations: Generations;
  readonly journal: VoidingJournal;
  readonly instanceId: InstanceId;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Restored extends Followed {
  readonly name: string;
  readonly retired: string;
  readonly seconds: { readonly fill: number; readonly follow: number; readonly check: number; readonly switch: number };
}

/** Until the switch the live one serves; what fails leaves it as it is. Everything that arrived since is in the new rows. */
export async function restoreTo(way: RestoreWay, order: RestoreOrder): Promise<Result<Restored, GenerationRefusal>> {
  const time = stopwatch(way.clock);
  const made = await openBase(way, order.base);
  if (!made.ok) return made;
  const beside = made.value;
  let isTaken = false;
  try {
    const started = await beside.start();
    if (!started.ok) return started;
    const { database } = started.value;
    const fill = time();
    const leaveOut = new Set(order.leaveOut?.map(({ seq }) => seq));
    const follow = { ...way, database, leaveOut, onProgress: order.onProgress };
    const first = await followJournal(follow);
    if (!first.ok) return first;
    await countRows(database);
    const followS = time();
    const checked = (await order.check?.(database, first.value)) ?? ok(undefined);
    if (!checked.ok) return checked;
    const check = time();
    // what came during the check: the less is left, the shorter people wait
    const last = await followJournal({ ...follow, leaveOut: without(leaveOut, first.value) });
    if (!last.ok) return last;
    const withoutEffect = [...first.value.withoutEffect, ...last.value.withoutEffect];
    const arrival = await arrivalOf(order, database, withoutEffect);
    const switched = await way.generations.switchTo(beside.name, arrival, order.why);
    if (!switched.ok) return switched;
    isTaken = true;
    const seconds = { fill, follow: followS, check, switch: time() };
    const heldBack = first.value.heldBack + last.value.heldBack;
    const { retired } = switched.value;
    return ok({ name: beside.name, retired, appliedSeq: last.value.appliedSeq, heldBack, withoutEffect, seconds });
  } finally {
    if (!isTaken) await beside.discard();
  }
}

export interface OpenedBeside {
  readonly beside: Beside;
  readonly database: Database;
  readonly followed: Followed;
}

export interface OpenOrder {
  readonly base: RestoreBase;
  readonly until?: number | undefined;
  readonly leaveOut?: ReadonlySet<number> | undefined;
}

/** Rows as they were after record `until`, beside: for reading, for taking single letters back, for rehearsals. `beside.discard` ends it. */
export async function openAt(
  way: RestoreWay,
  { base, until, leaveOut }: OpenOrder,
): Promise<Result<OpenedBeside, GenerationRefusal>> {
  const made = await openBase(way, base);
  if (!made.ok) return made;
  const beside = made.value;
  const opened = await followBeside(way, beside, { until, leaveOut });
  if (!opened.ok) await beside.discard();
  return opened;
}

async function followBeside(
  way: RestoreWay,
  beside: Beside,
  order: Pick<FollowOrder, 'until' | 'leaveOut'>,
): Promise<Result<OpenedBeside, GenerationRefusal>> {
  const started = await beside.start({ givesWay: true });
  if (!started.ok) return started;
  const { database } = started.value;
  const followed = await followJournal({ ...way, ...order, database, isGentle: true });
  return followed.ok ? ok({ beside, database, followed: followed.value }) : followed;
}

async function openBase({ generations }: RestoreWay, base: RestoreBase): Promise<Result<Beside, GenerationRefusal>> {
  const source: GenerationSource = base.kind;
  const begun = await generations.begin(source, base.kind === 'journal' ? undefined : base.backupId);
  if (!begun.ok || base.kind === 'journal') return begun;
  const filled = await base.fill(begun.value.folder);
  if (filled.ok) return begun;
  await begun.value.discard();
  return filled;
}

/** What the first pass passed over already lies below the position of the second. */
function without(leaveOut: ReadonlySet<number>, { appliedSeq }: Followed): ReadonlySet<number> {
  return new Set([...leaveOut].filter((seq) => seq > appliedSeq));
}

async function arrivalOf(order: RestoreOrder, database: Database, withoutEffect: readonly number[]): Promise<Arrival> {
  // what means nothing without the undone is undone by the same change
  const change = order.leaveOut?.[0]?.change ?? 0;
  return {
    // these rows have seen every era that the journal knows
    era: (await readEra(database.reader)) + 1,
    reason: order.reason,
    endsSessions: order.endsSessions ?? order.reason !== 'rebuilt',
    lostTail: false,
    leftOut: [...(order.leaveOut ?? []), ...withoutEffect.map((seq) => ({ seq, change }))],
  };
}

/** PostgreSQL plans by what it counted; a fresh database has counted nothing. */
async function countRows(database: Database): Promise<void> {
  await using session = await database.connectAs('owner');
  await session.script('ANALYZE');
}

function stopwatch(clock: Clock): () => number {
  let sinceMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    const tookMs = nowMs - sinceMs;
    sinceMs = nowMs;
    return Math.round(tookMs) / 1_000;
  };
}
