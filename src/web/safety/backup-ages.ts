// How old the newest backup was at the end of each of the last days: what the chart of backup ages draws.

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface DayAge {
  /** The end of the day; for the last one now. */
  readonly atMs: number;
  /** Undefined: no backup that is still there had been taken by then. */
  readonly hours: number | undefined;
}

export interface DayLetters {
  readonly atMs: number;
  /** In the newest backup of that day; undefined: none counts. */
  readonly letters: number | undefined;
}

/** `taken`: oldest first. The last entry is the day that ends now. */
export function backupLetters(
  taken: readonly { readonly takenMs: number; readonly letters: number | null }[],
  nowMs: number,
  days: number,
): readonly DayLetters[] {
  return Array.from({ length: days }, (_, index) => {
    const atMs = nowMs - (days - 1 - index) * DAY_MS;
    const newest = taken.findLast(({ takenMs }) => takenMs <= atMs && takenMs > atMs - DAY_MS);
    return { atMs, letters: newest?.letters ?? undefined };
  });
}

/** `taken`: times of the backups that count, oldest first. The last entry is now. */
export function backupAges(taken: readonly number[], nowMs: number, days: number): readonly DayAge[] {
  return Array.from({ length: days }, (_, index) => {
    const atMs = nowMs - (days - 1 - index) * DAY_MS;
    const newest = taken.findLast((takenMs) => takenMs <= atMs);
    return { atMs, hours: newest === undefined ? undefined : (atMs - newest) / HOUR_MS };
  });
}
