// Numbers, ages and times of /trust as people read them; times in UTC, for the server does not know its readers' clocks.

import type { Language } from './trust-facts.ts';
import type { TrustWords } from './trust-words-en.ts';

const MINUTE_MS = 60_000;
const locales = { de: 'de-DE', en: 'en-GB' } as const;

export function numberText(language: Language, value: number): string {
  return value.toLocaleString(locales[language]);
}

/** 17 May 2026, 14:00 UTC */
export function timeText(language: Language, timeMs: number): string {
  const day = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' } as const;
  const date = new Date(timeMs);
  const [days, hours] = [day, time].map((parts) =>
    new Intl.DateTimeFormat(locales[language], { ...parts, timeZone: 'UTC' }).format(date),
  );
  return `${days ?? ''}, ${hours ?? ''} UTC`;
}

export function ageText(words: TrustWords, ageMs: number): string {
  const minutes = Math.max(0, Math.round(ageMs / MINUTE_MS));
  return minutes < 120 ? words.ages.minutes(minutes) : words.ages.hours(Math.round(minutes / 60));
}

/** Hex in groups of four: what two people read to each other. */
export function groupedFingerprint(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? hex;
}
