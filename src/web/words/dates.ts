// Times as people read them: in the list, in an open letter, and the day a row belongs to. Pure: now is a parameter.

import type { Words } from './en.ts';

export type Language = 'de' | 'en';

const DAY_MS = 86_400_000;
const locale = (language: Language): string => (language === 'de' ? 'de-DE' : 'en-GB');

const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale(language), options);
  formats.set(key, made);
  return made;
}

/** Whole days since 1970 in local time: two times on the same calendar day give the same number. */
export function dayNumber(timeMs: number): number {
  const date = new Date(timeMs);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

/** 09:41 */
export function timeOfDay(language: Language, timeMs: number): string {
  return format(language, { hour: '2-digit', minute: '2-digit' }).format(timeMs);
}

/** Under a day heading the time is enough; under a month heading the day is. */
export function listTime(language: Language, timeMs: number, nowMs: number): string {
  const days = dayNumber(nowMs) - dayNumber(timeMs);
  if (days < 7 && days >= 0) return timeOfDay(language, timeMs);
  const sameYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return format(
    language,
    sameYear ? { day: 'numeric', month: 'short' } : { day: '2-digit', month: '2-digit', year: 'numeric' },
  ).format(timeMs);
}

/** Key of the group a row stands in: each day of the last week by itself, then by month. */
export function groupOf(timeMs: number, nowMs: number): string {
  const day = dayNumber(timeMs);
  const days = dayNumber(nowMs) - day;
  if (days < 7) return `d${day}`;
  const date = new Date(timeMs);
  return `m${date.getFullYear() * 12 + date.getMonth()}`;
}

/** Today, Yesterday, Tuesday, November, March 2025. */
export function groupHeading(words: Words, language: Language, timeMs: number, nowMs: number): string {
  const days = dayNumber(nowMs) - dayNumber(timeMs);
  if (days === 0) return words.list.today;
  if (days === 1) return words.list.yesterday;
  if (days > 1 && days < 7) return format(language, { weekday: 'long' }).format(timeMs);
  if (days < 0) return format(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(timeMs);
  const sameYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return format(language, sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' }).format(timeMs);
}

/** In an open letter: "today 09:12", "14 March 2025, 09:12". */
export function letterTime(words: Words, language: Language, timeMs: number, nowMs: number): string {
  const days = dayNumber(nowMs) - dayNumber(timeMs);
  if (days === 0) return `${words.letter.today} ${timeOfDay(language, timeMs)}`;
  if (days === 1) return `${words.letter.yesterday} ${timeOfDay(language, timeMs)}`;
  return `${longDate(language, timeMs)}, ${timeOfDay(language, timeMs)}`;
}

export function longDate(language: Language, timeMs: number): string {
  return format(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(timeMs);
}

/** "in 3 days" for what expires. */
export function inTime(language: Language, timeMs: number, nowMs: number): string {
  const relative = new Intl.RelativeTimeFormat(locale(language), { numeric: 'always' });
  const hours = Math.max(0, (timeMs - nowMs) / 3_600_000);
  if (hours >= 48) return relative.format(Math.round(hours / 24), 'day');
  if (hours >= 1) return relative.format(Math.round(hours), 'hour');
  return relative.format(Math.max(1, Math.round(hours * 60)), 'minute');
}

/** 14 kB, 1.2 MB: steps of 1,000 as file managers show them. */
export function sizeText(language: Language, bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit < 2 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(locale(language), { maximumFractionDigits: digits })} ${units[unit] ?? 'B'}`;
}
