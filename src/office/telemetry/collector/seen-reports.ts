// Which reports came already, for the days that are still taken: under a key of this start, in memory only, and never more than fits.

import { createHmac, randomBytes } from 'node:crypto';

const MARK_BYTES = 12;

export interface SeenReports {
  /** `new`: it is remembered from now on. `full`: there is no room to remember it, so it must not be counted. */
  note(day: number, enc: Uint8Array): 'new' | 'seen' | 'full';
  /** Days before this one are not taken any more. */
  forgetBefore(day: number): void;
  readonly count: number;
}

/** The key keeps a look into memory from telling a report that somebody recorded: what is remembered is nothing of it. */
export function createSeenReports(countMax: number): SeenReports {
  const key = randomBytes(32);
  const days = new Map<number, Set<string>>();
  let count = 0;
  return {
    note(day, enc) {
      const mark = createHmac('sha256', key).update(enc).digest().subarray(0, MARK_BYTES).toString('latin1');
      const seen = days.get(day) ?? new Set<string>();
      if (seen.has(mark)) return 'seen';
      if (count >= countMax) return 'full';
      days.set(day, seen.add(mark));
      count += 1;
      return 'new';
    },
    forgetBefore(day) {
      for (const [kept, seen] of days) {
        if (kept >= day) continue;
        count -= seen.size;
        days.delete(kept);
      }
    },
    get count() {
      return count;
    },
  };
}
