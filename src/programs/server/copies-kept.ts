// Every kind of copy of what can be erased, how old each may get, and taking away what is older (decision 0015, Forgetting).

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Delivery } from './open-delivery.ts';
import type { KeptBackups } from './open-backups.ts';
import type { Safeguards } from './open-safeguards.ts';
import type { CopyKind } from '#vault/safeguards/forgetting/history-budget.ts';
import { journalFolder, type Vault } from './open-vault.ts';

export interface CopiesWay {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<Vault, 'generations'>;
  readonly backups: Pick<KeptBackups, 'prune' | 'copies'>;
  readonly live: Delivery['live'];
  readonly attic: Safeguards['attic'];
}

const DAY_MS = 86_400_000;
const { copiesMs, everyMs } = limits.forgetting;
/** Looked at every hour: what is older by more than two looks is not being taken away. */
const COPIES_MAX_MS = copiesMs + 2 * everyMs;

/** What is older than its time goes, each kind for itself: one that fails keeps no other. */
export async function dropOldCopies({ vault, clock, log, backups, live, attic }: CopiesWay): Promise<void> {
  const works = [
    async () => vault.generations?.prune(clock.nowMs(), copiesMs),
    () => backups.prune(),
    () => attic.empty(),
    () => live.memory.forget(clock.nowMs()),
  ];
  for (const work of works) await work().catch((cause: unknown) => log.fault('forgetting.copyNotDropped', cause));
}

export function copyKinds(way: CopiesWay): readonly CopyKind[] {
  const { dataDir, backups, live, attic } = way;
  const children = (folder: string, isWanted: (name: string) => boolean): (() => ReturnType<CopyKind['list']>) => {
    return () => childrenOf(join(dataDir, folder), isWanted);
  };
  const kinds: readonly CopyKind[] = [
    ...backups.copies().map(({ isSecond, list }): CopyKind => ({
      id: isSecond ? 'second' : 'backups',
      kind: isSecond ? 'Backups at the second place' : 'Backups',
      ageMaxMs: COPIES_MAX_MS,
      list,
    })),
    { id: 'retired', kind: 'Databases retired', ageMaxMs: COPIES_MAX_MS, list: () => retired(way) },
    { id: 'points', kind: 'Restore points', ageMaxMs: COPIES_MAX_MS, list: () => points(way) },
    {
      id: 'attic',
      kind: 'Attic: dropped tables and columns',
      ageMaxMs: COPIES_MAX_MS + DAY_MS,
      list: () => attic.list(),
    },
    {
      id: 'waiting',
      kind: 'Letters waiting to leave',
      ageMaxMs: copiesMs,
      list: async () => live.letters().map(({ id, queuedMs }) => ({ name: id, sinceMs: queuedMs })),
    },
    {
      id: 'memory',
      kind: 'Memory of letters that left',
      ageMaxMs: limits.live.endedKeptMs + 2 * everyMs,
      list: () => live.memory.remembered(),
    },
    {
      id: 'traces',
      kind: 'Traces of letters',
      ageMaxMs: (limits.trace.keepDays + 1) * DAY_MS,
      list: children('trace', () => true),
    },
    {
      id: 'compacting',
      kind: 'Journal segments half written anew',
      ageMaxMs: DAY_MS,
      list: () => childrenOf(journalFolder(dataDir), (name) => name.endsWith('.compacting')),
    },
  ];
  return kinds;
}

/** With what nobody knows any more: a folder without its facts counts from its last change, and stays until somebody looks. */
async function retired({ dataDir, vault: { generations } }: CopiesWay): ReturnType<CopyKind['list']> {
  const known = (await generations?.list()) ?? [];
  const isUnknown = (name: string): boolean =>
    /^\.?(?:gone-)?gen-/.test(name) && known.every((one) => one.name !== name) && name !== generations?.live.name;
  return [
    ...known.flatMap(({ name, retiredMs }) => (retiredMs === undefined ? [] : [{ name, sinceMs: retiredMs }])),
    ...(await childrenOf(join(dataDir, 'postgres'), isUnknown)),
    ...(await childrenOf(dataDir, (name) => name.startsWith('postgres-set-aside'))),
  ];
}

async function points({ dataDir, vault: { generations } }: CopiesWay): ReturnType<CopyKind['list']> {
  const known = (await generations?.points()) ?? [];
  const isUnknown = (name: string): boolean => known.every((one) => one.name !== name);
  return [
    ...known.map(({ name, madeMs }) => ({ name, sinceMs: madeMs })),
    ...(await childrenOf(join(dataDir, 'postgres', 'points'), isUnknown)),
  ];
}

/** Files and folders of a place that is there, by their last change. */
async function childrenOf(folder: string, isWanted: (name: string) => boolean): ReturnType<CopyKind['list']> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  });
  const found: { name: string; sinceMs: number }[] = [];
  for (const name of names.filter(isWanted)) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts !== undefined) found.push({ name, sinceMs: facts.mtimeMs });
  }
  return found;
}
