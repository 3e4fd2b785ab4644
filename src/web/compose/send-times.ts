// When a letter that is sent later leaves, in the writer's own time, and how that is said. Pure: now is a parameter.

import { limits } from '#base/limits.ts';
import { dayNumber, timeOfDay, type Language } from '../words/dates.ts';
import type { Words } from '../words/words.ts';

const MORNING_HOUR = 8;
const MONDAY = 1;

export interface LaterChoice {
  readonly key: 'tomorrow' | 'monday';
  readonly atMs: number;
}

function morningAfter(nowMs: number, days: number): number {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING_HOUR).getTime();
}

/** On a Sunday tomorrow is Monday: one of the two is enough. */
export function laterChoices(nowMs: number): readonly LaterChoice[] {
  const daysToMonday = (MONDAY - new Date(nowMs).getDay() + 7) % 7 || 7;
  const tomorrow: LaterChoice = { key: 'tomorrow', atMs: morningAfter(nowMs, 1) };
  return daysToMonday === 1 ? [tomorrow] : [tomorrow, { key: 'monday', atMs: morningAfter(nowMs, daysToMonday) }];
}

/** `2026-11-22T14:30` for <input type="datetime-local">. */
export function localInputText(timeMs: number): string {
  const date = new Date(timeMs);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function parseLocalInput(text: string, nowMs: number): { readonly atMs: number } | 'past' | 'far' | undefined {
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  if (Number.isNaN(atMs)) return undefined;
  if (atMs <= nowMs) return 'past';
  return atMs - nowMs > limits.queue.aheadMs ? 'far' : { atMs };
}

/** "tomorrow 08:00", "Mon 30 Nov 08:00" */
export function leavesText(words: Words, language: Language, timeMs: number, nowMs: number): string {
  const days = dayNumber(timeMs) - dayNumber(nowMs);
  const time = timeOfDay(language, timeMs);
  if (days === 0) return `${words.compose.today} ${time}`;
  if (days === 1) return `${words.compose.tomorrow} ${time}`;
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  return `${format.format(timeMs)} ${time}`;
}
