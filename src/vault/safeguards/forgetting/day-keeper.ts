// Whether the machine's clock can be believed before anything is erased for good: the journal must know of the days just past.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { ForgettingJournal } from './neighbours.ts';

/**
 * A clock that jumped a year ahead makes everything due at once, also what was deleted yesterday. What is due by an honest clock
 * was decided by a record of the last weeks: where the journal has none of more than a day and less than `clockJumpMs` ago,
 * erasing waits for a day of running time, and an operator is told. Late is never wrong, early cannot be undone.
 */
export function createDayKeeper(journal: Pick<ForgettingJournal, 'readLane'>, clock: Clock): () => Promise<boolean> {
  const { clockJumpMs, clockDoubtMs } = limits.forgetting;
  let known: { readonly atMs: number; readonly ranMs: number } | undefined;
  let doubtedSinceMs: number | undefined;
  return async () => {
    const [atMs, ranMs] = [clock.nowMs(), clock.monotonicMs()];
    const hasJumped = known !== undefined && Math.abs(atMs - known.atMs - (ranMs - known.ranMs)) > clockJumpMs;
    if (known === undefined || hasJumped) {
      known = undefined;
      if (!(await hasRecordBetween(journal, atMs - clockJumpMs, atMs - clockDoubtMs))) {
        doubtedSinceMs ??= ranMs;
        if (ranMs - doubtedSinceMs < clockDoubtMs) return false;
      }
    }
    known = { atMs, ranMs };
    doubtedSinceMs = undefined;
    return true;
  };
}

/** A house that has no record of more than a day ago has nothing that could be due. */
async function hasRecordBetween(
  journal: Pick<ForgettingJournal, 'readLane'>,
  fromMs: number,
  untilMs: number,
): Promise<boolean> {
  let isOld = false;
  for await (const { header } of journal.readLane('key', 'skip')) {
    if (header.timeMs > untilMs) continue;
    if (header.timeMs >= fromMs) return true;
    isOld = true;
  }
  return !isOld;
}
