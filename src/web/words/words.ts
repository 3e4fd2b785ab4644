// The catalogue: which language is spoken, and its words.

import { de } from './de.ts';
import { en, type Words } from './en.ts';
import type { Language } from './dates.ts';

export type { Words } from './en.ts';
export type { Language } from './dates.ts';

const catalogue: Readonly<Record<Language, Words>> = { de, en };

export function wordsOf(language: Language): Words {
  return catalogue[language];
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
