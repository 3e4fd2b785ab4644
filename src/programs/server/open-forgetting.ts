// The job that forgets, run beside the house, and the copies it watches: folders of retired generations, backups, traces.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { AccountId, SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import { readWaitingSubmissions } from '#vault/database/read-forgetting.ts';
import { createDayKeeper } from '#vault/safeguards/forgetting/day-keeper.ts';
import { createForgetting, type Forgetting } from '#vault/safeguards/forgetting/forgetting.ts';
import {
  budgetWarnings,
  historyBudget,
  type Budget,
  type CopyKind,
} from '#vault/safeguards/forgetting/history-budget.ts';
import type { HouseSteps } from './house-steps.ts';
import { journalFolder, type Vault } from './open-vault.ts';

export interface HouseForgetting extends AsyncDisposable {
  readonly job: Forgetting;
  budget(): Promise<readonly Budget[]>;
  /** As of the last look, an hour ago at most. */
  warnings(): readonly string[];
  facts(): Readonly<Record<string, string>>;
}

export interface ForgettingWay {
  readonly dataDir: string;
  readonly backupDir: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
  readonly queue: Pick<Queue, 'cancel'>;
  readonly steps?: HouseSteps;
}

const DAY_MS = 86_400_000;
const LATE_MS = limits.forgetting.compactEveryMs + 4 * limits.forgetting.everyMs;

export function openForgetting(way: ForgettingWay): HouseForgetting {
  const { clock, log, vault, queue } = way;
  const { journal, door, database } = vault;
  const startedMs = clock.nowMs();
  const dropSubmissions = async (accountId: AccountId): Promise<void> => {
    for (const id of await readWaitingSubmissions(database.reader, accountId)) await stop(queue, accountId, id);
  };
  const knowsTheDay = createDayKeeper(journal, clock);
  const onStep = (name: string): void => void way.steps?.forgetting?.(name);
  const job = createForgetting({
    journal,
    door,
    reader: database.reader,
    clock,
    log,
    dropSubmissions,
    knowsTheDay,
    onStep,
  });
  let seen: readonly Budget[] = [];
  const look = async (): Promise<readonly Budget[]> => {
    await vault.generations?.prune(clock.nowMs(), limits.forgetting.copiesMs);
    return (seen = await historyBudget(clock.nowMs(), kindsOf(way)));
  };
  const safely = (): void => void look().catch((cause: unknown) => log.fault('forgetting.budgetNotRead', cause));
  safely();
  const timer = setInterval(safely, limits.forgetting.everyMs);
  timer.unref();
  job.start();
  return {
    job,
    budget: look,
    warnings: () => [...budgetWarnings(seen), ...jobWarnings(job, clock.nowMs(), startedMs)],
    facts: () => ({
      'deleted for good, last done': job.last === undefined ? 'not yet' : new Date(job.last.atMs).toISOString(),
    }),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await job.close();
    },
  };
}

async function stop(queue: Pick<Queue, 'cancel'>, accountId: AccountId, id: SubmissionId): Promise<void> {
  await queue.cancel(accountId, id); // what has left already has left
}

function jobWarnings({ last }: Forgetting, nowMs: number, startedMs: number): readonly string[] {
  const warnings: string[] = [];
  if (nowMs - (last?.atMs ?? startedMs) > LATE_MS)
    warnings.push(
      'Letters deleted for good wait to be erased for more than a day. siegel status says what else is wrong.',
    );
  if ((last?.compaction?.damaged ?? 0) > 0)
    warnings.push('A journal segment is damaged, so what was erased in it is still there: run siegel journal verify.');
  return warnings;
}

/** Kinds of copies, and how old each may get (decision 0015, Forgetting). Backups prune themselves; here they are only watched. */
function kindsOf({ dataDir, backupDir, vault }: ForgettingWay): readonly CopyKind[] {
  const { copiesMs } = limits.forgetting;
  const { generations } = vault;
  const kinds: CopyKind[] = [
    {
      kind: 'Databases set aside',
      ageMaxMs: copiesMs,
      list: async () => [
        ...((await generations?.list()) ?? []).flatMap(({ name, retiredMs }) =>
          retiredMs === undefined ? [] : [{ name, sinceMs: retiredMs }],
        ),
        ...((await generations?.points()) ?? []).map(({ name, madeMs }) => ({ name, sinceMs: madeMs })),
        ...(await childrenOf(dataDir, (name) => name.startsWith('postgres-set-aside'))),
      ],
    },
    {
      kind: 'Traces of letters',
      ageMaxMs: (limits.trace.keepDays + 1) * DAY_MS,
      list: () => childrenOf(join(dataDir, 'trace'), () => true),
    },
    {
      kind: 'Journal segments half written anew',
      ageMaxMs: DAY_MS,
      list: () => childrenOf(journalFolder(dataDir), (name) => name.endsWith('.compacting')),
    },
  ];
  if (backupDir === undefined) return kinds;
  const backups: CopyKind = {
    kind: 'Backups',
    ageMaxMs: copiesMs + DAY_MS, // pruned once a day
    list: () => childrenOf(join(backupDir, 'backups'), () => true),
  };
  return [...kinds, backups];
}

/** Files and folders of a place that is there, by their last change. */
async function childrenOf(
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<readonly { readonly name: string; readonly sinceMs: number }[]> {
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
