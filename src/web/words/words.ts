// Which language is spoken, and its words; each language is fetched only when it is spoken.

import type { Language } from './dates.ts';
import type { Words } from './en.ts';

export { chooseLanguage } from './choose-language.ts';
export type { Language } from './dates.ts';
export type { Words } from './en.ts';

export async function fetchWords(language: Language): Promise<Words> {
  return language === 'de' ? (await import('./de.ts')).de : (await import('./en.ts')).en;
}
