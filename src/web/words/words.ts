// Which language is spoken, and its words; each language is fetched only when it is spoken.

import type { Language } from './dates.ts';
import type { Words } from './en.ts';

export type { Language } from './dates.ts';
export type { Words } from './en.ts';

export async function fetchWords(language: Language): Promise<Words> {
  return language === 'de' ? (await import('./de.ts')).de : (await import('./en.ts')).en;
}

/** The person's stored choice, else the first wish of the browser we speak, else English. */
export function chooseLanguage(stored: string | null | undefined, wishes: readonly string[]): Language {
  if (stored === 'de' || stored === 'en') return stored;
  for (const wish of wishes) {
    const tongue = wish.toLowerCase().split('-')[0];
    if (tongue === 'de' || tongue === 'en') return tongue;
  }
  return 'en';
}
