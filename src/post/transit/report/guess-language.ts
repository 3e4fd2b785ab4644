// German or English: which of the two a letter's own words are nearer to. The answer is written in it.

import type { Language } from '../control/transit-letter.ts';

const GERMAN = new Set([
  'der',
  'die',
  'das',
  'und',
  'ist',
  'nicht',
  'mit',
  'für',
  'ich',
  'sie',
  'wir',
  'bitte',
  'anbei',
  'grüße',
  'den',
  'ein',
  'eine',
  'zu',
  'von',
  'im',
]);
const ENGLISH = new Set([
  'the',
  'and',
  'is',
  'not',
  'with',
  'for',
  'i',
  'you',
  'we',
  'please',
  'attached',
  'regards',
  'a',
  'an',
  'to',
  'of',
  'in',
  'this',
]);
const WORDS_READ = 400;

export function guessLanguage(plainText: string): Language {
  const words =
    plainText
      .slice(0, 8_000)
      .toLowerCase()
      .match(/\p{L}+/gu)
      ?.slice(0, WORDS_READ) ?? [];
  const count = (of: ReadonlySet<string>): number => words.filter((word) => of.has(word)).length;
  const german = count(GERMAN) + (words.some((word) => /[äöüß]/.test(word)) ? 1 : 0);
  return german > count(ENGLISH) ? 'de' : 'en';
}
