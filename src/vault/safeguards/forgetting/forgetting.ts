// The job that forgets: letters whose time of undo is over, what is superseded, accounts after their grace; then the files are written anew.

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CommitRefusal } from '../../database/commit.ts';
import {
  readClosedAccounts,
  readDueLetters,
  readExpiredSessions,
  readOlderBlobs,
  type DueLetter,
} from '../../database/read-forgetting.ts';
import { takeCensus } from './census.ts';
import { compactLanes, type CompactionReport } from './compact-lanes.ts';
import { dueLetters, eraseBodies, eraseEnded, eraseLetterRecords, eraseSuperseded } from './erase-records.ts';
import type { ForgettingParts } from './neighbours.ts';

export interface ForgettingReport {
  readonly atMs: number;
  readonly letters: number;
  readonly accounts: number;
  /** Undefined: it was not its time. */
  readonly compaction: CompactionReport | undefined;
}

export interface Forgetting {
  /** Everything that is due now. `compacts`: also the files; default: when its day is over. */
  runOnce(compacts?: boolean): Promise<Result<ForgettingReport, CommitRefusal>>;
  readonly last: ForgettingReport | undefined;
  /** Looks soon after the start and then every hour until it is closed. */
  start(): void;
  close(): Promise<void>;
}

const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;
const LOOK_MS = 60_000;
const FIRST_LOOK_MS = 5_000;

export function createForgetting(parts: ForgettingParts): Forgetting {
  const { clock, log } = parts;
  let last: ForgettingReport | undefined;
  let compactedMs = Number.NEGATIVE_INFINITY;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let first: NodeJS.Timeout | undefined;

  const runOnce = (compacts?: boolean): Promise<Result<ForgettingReport, CommitRefusal>> => {
    const run = running.then(async () => {
      const atMs = clock.nowMs();
      const isDue = compacts ?? atMs - compactedMs >= limits.forgetting.compactEveryMs;
      const done = await forget(parts, isDue);
      if (!done.ok) return done;
      if (isDue) compactedMs = atMs;
      last = { ...done.value, compaction: done.value.compaction ?? last?.compaction };
      return done;
    });
    running = run.catch(() => undefined);
    return run;
  };
  const look = (): void => {
    if (last !== undefined && Math.abs(clock.nowMs() - last.atMs) < limits.forgetting.everyMs) return;
    void runOnce().then(
      (done) => !done.ok && log.warn('forgetting.waits', {}),
      (cause: unknown) => log.fault('forgetting.failed', cause),
    );
  };
  return {
    runOnce,
    get last() {
      return last;
    },
    start() {
      timer = setInterval(look, LOOK_MS);
      timer.unref();
      first = setTimeout(look, FIRST_LOOK_MS);
      first.unref();
    },
    async close() {
      clearInterval(timer);
      clearTimeout(first);
      await running;
    },
  };
}

async function forget(parts: ForgettingParts, compacts: boolean): Promise<Result<ForgettingReport, CommitRefusal>> {
  const { reader, clock, journal, door } = parts;
  const atMs = clock.nowMs();
  // the rows say what may be due; the journal has the last word on each
  if (door.health.state !== 'up') return err({ kind: 'unavailable' });
  if ((await parts.knowsTheDay?.()) === false) {
    parts.log.warn('forgetting.clockNotBelieved', {});
    return err({ kind: 'unavailable' });
  }
  const ended = await endAccounts(parts, atMs);
  if (!ended.ok) return ended;
  const candidates = await readDueLetters(reader, atMs, limits.forgetting.lettersAtOnce);
  if (candidates.length === 0 && ended.value === 0 && !compacts)
    return ok({ atMs, letters: 0, accounts: 0, compaction: undefined });
  const tidied = await tidyRows(parts, candidates, atMs);
  if (!tidied.ok) return tidied;
  const census = await takeCensus(journal, candidates);
  parts.onStep?.('census');
  const due = dueLetters(census, atMs);
  const unexplained = candidates.length - due.length;
  if (unexplained > 0) parts.log.error('forgetting.rowsWithoutCommand', { letters: unexplained });
  const erased = await eraseLetterRecords(parts, due, census.erased.key);
  if (!erased.ok) return erased;
  const over = await eraseEnded(parts, census);
  if (!over.ok) return over;
  for (const [accountId, carriers] of census.touched) {
    const done = await eraseSuperseded(parts, { accountId, carriers, erased: census.erased.key });
    if (!done.ok) return done;
  }
  const gone = due.filter(({ keySeq }) => census.erased.key.has(keySeq));
  const bodies = await eraseBodies(parts, census, gone);
  if (!bodies.ok) return bodies;
  const compaction = compacts ? await compactLanes(parts, census.erased) : undefined;
  return ok({ atMs, letters: gone.length, accounts: ended.value, compaction });
}

/** What only takes a command of its own: sessions that ran out, pages that may still name a letter that goes now. */
async function tidyRows(
  { reader, door }: ForgettingParts,
  candidates: readonly DueLetter[],
  nowMs: number,
): Promise<Result<void, CommitRefusal>> {
  for (const [accountId, sessionIds] of await readExpiredSessions(reader, nowMs)) {
    const done = await door.commit<never>(accountId, SYSTEM, async () =>
      ok({ kind: 'sessionsClosed', effect: { sessionIds } }),
    );
    if (!done.ok) return done;
  }
  const removed = new Map<AccountId, number>();
  for (const { accountId, removedModseq } of candidates)
    removed.set(accountId, Math.max(removedModseq, removed.get(accountId) ?? 0));
  for (const [accountId, modseq] of removed) {
    for (const effect of await readOlderBlobs(reader, accountId, modseq)) {
      const done = await door.commit<never>(accountId, SYSTEM, async () => ok({ kind: 'blobRemoved', effect }));
      if (!done.ok) return done;
    }
  }
  return ok(undefined);
}

/** Accounts whose grace is over end now: from here on nothing brings them back. */
async function endAccounts(
  { reader, door, dropSubmissions, onStep }: ForgettingParts,
  nowMs: number,
): Promise<Result<number, CommitRefusal>> {
  let count = 0;
  for (const { accountId, closedMs, addresses } of await readClosedAccounts(reader)) {
    if (closedMs + limits.forgetting.graceMs > nowMs) continue;
    await dropSubmissions?.(accountId);
    const command = { kind: 'accountErased', effect: { accountId, addresses } } as const;
    const done = await door.commit<never>(undefined, SYSTEM, async () => ok(command));
    if (!done.ok) return done;
    count += 1;
    onStep?.('ending');
  }
  return ok(count);
}
