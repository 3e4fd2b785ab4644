// The job that forgets, run beside the house, and the hourly turn in which copies that are too old go and the rest is counted.

import type { AccountId, SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import { readWaitingSubmissions } from '#vault/database/read-forgetting.ts';
import { createDayKeeper } from '#vault/safeguards/forgetting/day-keeper.ts';
import { createForgetting, type Forgetting } from '#vault/safeguards/forgetting/forgetting.ts';
import {
  budgetWarnings,
  describeBudget,
  historyBudget,
  type Budget,
} from '#vault/safeguards/forgetting/history-budget.ts';
import { copyKinds, dropOldCopies, type CopiesWay } from './copies-kept.ts';
import type { HouseSteps } from './house-steps.ts';
import type { Vault } from './open-vault.ts';

export interface HouseForgetting extends AsyncDisposable {
  readonly job: Forgetting;
  /** What the clock does each hour. */
  turn(): Promise<void>;
  budget(): Promise<readonly Budget[]>;
  /** As of the last look. */
  readonly seen: readonly Budget[];
  /** As of the last look, an hour ago at most. */
  warnings(): readonly string[];
  facts(): Readonly<Record<string, string>>;
}

export interface ForgettingWay extends CopiesWay {
  readonly vault: Vault;
  readonly queue: Pick<Queue, 'cancel'>;
  readonly steps?: HouseSteps;
}

const LOOK_MS = 60_000;
/** Behind the job’s own first look, which has found out about the clock. */
const FIRST_LOOK_MS = 10_000;
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
  const budget = async (): Promise<readonly Budget[]> => (seen = await historyBudget(clock.nowMs(), copyKinds(way)));
  const turn = async (): Promise<void> => {
    // a clock that is a year ahead makes every copy old
    if (await knowsTheDay()) await dropOldCopies(way);
    await budget();
  };
  let turning = Promise.resolve();
  let turnedMs = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    const isUnread = seen.some(({ isOver, oldest }) => isOver && oldest === undefined);
    // a clock that went back must not make it wait
    if (!isUnread && Math.abs(clock.nowMs() - turnedMs) < limits.forgetting.everyMs) return;
    turnedMs = clock.nowMs();
    turning = turning.then(turn).catch((cause: unknown) => log.fault('forgetting.budgetNotRead', cause));
  };
  const timers = [setTimeout(look, FIRST_LOOK_MS), setInterval(look, LOOK_MS)];
  for (const timer of timers) timer.unref();
  job.start();
  return {
    job,
    turn,
    budget,
    get seen() {
      return seen;
    },
    warnings: () => [...budgetWarnings(seen), ...jobWarnings(job, clock.nowMs(), startedMs)],
    facts: () => ({
      'deleted for good, last done': job.last === undefined ? 'not yet' : new Date(job.last.atMs).toISOString(),
      ...Object.fromEntries(seen.map((one) => [`copies: ${one.kind}`, describeBudget(one)])),
    }),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      await turning;
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
