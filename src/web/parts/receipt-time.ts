// When a receipt says that something happened: the day and the second.

import { longDate, type Language } from '../words/dates.ts';
import { exactTime } from '../words/exact-time.ts';

export function receiptTime(language: Language, timeMs: number): string {
  return `${longDate(language, timeMs)}, ${exactTime(language, timeMs)}`;
}
