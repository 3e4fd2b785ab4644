// The days that the trash names: until when what is deleted can come back, and by when no copy on the server holds it. Pure.

import { limits } from '#base/limits.ts';
import { longDate, type Language } from '../words/dates.ts';

const DAY_MS = 86_400_000;

export function backUntilDay(language: Language, nowMs: number): string {
  return longDate(language, nowMs + limits.letters.undoMs);
}

/** The days of undo (none, where it is destroyed now), a day for the erasing itself, and as long as the oldest copy lives. */
export function goneDay(language: Language, nowMs: number, isNow: boolean): string {
  return longDate(language, nowMs + (isNow ? 0 : limits.letters.undoMs) + DAY_MS + limits.forgetting.copiesMs);
}
