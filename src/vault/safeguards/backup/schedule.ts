// When the next backup is taken: once a day at the operator’s hour, a little later at random; soon after a day that was missed.

import { limits } from '#base/limits.ts';

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const HOUR_MS = 3_600_000;
/** A run that failed is tried again after so long, not at every look. */
const RETRY_MS = HOUR_MS;
/** A program that has just been started has other things to do. */
const AFTER_START_MS = 10 * 60_000;

export interface Moment {
  readonly nowMs: number;
  readonly startedMs: number;
  /** Of the newest that counts; undefined: there is none. */
  readonly newestMs: number | undefined;
  /** When it was last tried, whatever came of it. */
  readonly triedMs: number | undefined;
}

/** Whether one is to be taken now. `jitterMs`: this house’s own delay, at most limits.backup.jitterMs. */
export function isBackupDue(at: TimeOfDay, jitterMs: number, moment: Moment): boolean {
  const { nowMs, startedMs, newestMs, triedMs } = moment;
  if (triedMs !== undefined && nowMs - triedMs < RETRY_MS) return false;
  const hourMs = lastTimeOfDay(at, nowMs - jitterMs) + jitterMs;
  if (newestMs === undefined || nowMs - newestMs > limits.backup.dueMs) return nowMs - startedMs >= AFTER_START_MS;
  return newestMs < hourMs && startedMs < hourMs;
}

/** The last moment, local time, at which it was that hour; days of a change of clocks have one too. */
function lastTimeOfDay({ hour, minute }: TimeOfDay, nowMs: number): number {
  const day = new Date(nowMs);
  const today = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute).getTime();
  if (today <= nowMs) return today;
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1, hour, minute).getTime();
}
