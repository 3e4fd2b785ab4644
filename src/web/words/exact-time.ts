// Times with seconds, for provenance and receipts: apart, because the list is shown without them.

import type { Language } from './dates.ts';

export function exactTime(language: Language, timeMs: number): string {
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', parts).format(timeMs);
}
