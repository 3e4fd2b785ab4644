// What is said of a reason, in each language: on pages its label and one sentence, in letters also what is missing and how to put it right.

import type { Reason } from '#formats/desk/model.ts';
import { reasonWordsDe } from './reason-words-de.ts';
import { reasonWordsEn } from './reason-words-en.ts';

export interface ReasonWords {
  /** "Channel not admissible" */
  readonly label: string;
  readonly sentence: string;
  readonly missing: string;
  readonly correct: string;
}

export type Language = 'de' | 'en';

export const reasonWords: Readonly<Record<Language, Readonly<Record<Reason, ReasonWords>>>> = {
  de: reasonWordsDe,
  en: reasonWordsEn,
};
