// Days of the register as people read them; no zone is in them.

import type { Language } from '../words/dates.ts';

const locale = (language: Language): string => (language === 'de' ? 'de-DE' : 'en-GB');

/** "2026-11-23" */
export function dayWords(language: Language, day: string): string {
  const style = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale(language), style).format(Date.parse(`${day}T00:00:00Z`));
}

export function momentWords(language: Language, ms: number): string {
  const style = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale(language), style).format(ms);
}
