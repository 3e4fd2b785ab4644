// Which language is spoken: the person's choice, else the first wish of the browser that is spoken here.

import type { Language } from './dates.ts';

/** The person's stored choice, else the first wish of the browser we speak, else English. */
export function chooseLanguage(stored: string | null | undefined, wishes: readonly string[]): Language {
  if (stored === 'de' || stored === 'en') return stored;
  for (const wish of wishes) {
    const tongue = wish.toLowerCase().split('-')[0];
    if (tongue === 'de' || tongue === 'en') return tongue;
  }
  return 'en';
}
