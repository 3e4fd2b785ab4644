// Weeks from Monday to Monday and quarters of the year, both in UTC: everybody's are the same.

const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
export const WEEK_MINUTES = 7 * 24 * 60;
/** 1970-01-01 was a Thursday: so many days before it a week began. */
const DAYS_BEFORE = 3;

/** Days since 1970-01-01. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/** Weeks since the one of 1970-01-01, which is 0. */
export function weekOf(timeMs: number): number {
  return weekOfDay(dayOf(timeMs));
}

export function weekOfDay(day: number): number {
  return Math.floor((day + DAYS_BEFORE) / 7);
}

/** Its Monday, 00:00. */
export function beginOfWeek(week: number): number {
  return (week * 7 - DAYS_BEFORE) * DAY_MS;
}

/** "2026-Q4": a week belongs to the quarter of its Thursday, so that it lies in one quarter whole. */
export function quarterOf(week: number): string {
  const thursday = new Date(beginOfWeek(week) + 3 * DAY_MS);
  return `${thursday.getUTCFullYear()}-Q${Math.floor(thursday.getUTCMonth() / 3) + 1}`;
}

/** Weeks from this one to the end of its quarter, this one too: 1 to 14. */
export function weeksLeft(week: number): number {
  const quarter = quarterOf(week);
  let left = 1;
  while (quarterOf(week + left) === quarter) left += 1;
  return left;
}

/** Whether the text names a quarter. */
export function isQuarter(text: string): boolean {
  return /^\d{4}-Q[1-4]$/.test(text);
}
