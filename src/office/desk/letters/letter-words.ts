// What a letter says around its reasons, in each language.

import type { Channel } from '#formats/desk/model.ts';
import type { LetterKind } from '../register/event.ts';
import { letterWordsDe } from './letter-words-de.ts';
import { letterWordsEn } from './letter-words-en.ts';
import type { Language } from './reason-words.ts';

/** An ANSWER says what was found and is no matter of reasons. */
export type DraftKind = Exclude<LetterKind, 'ANSWER'>;

export interface LetterWords {
  readonly subject: Readonly<Record<DraftKind, (filing: string) => string>>;
  readonly greeting: string;
  readonly received: (day: string, filing: string) => string;
  readonly byTwo: string;
  readonly opening: Readonly<Record<DraftKind, string>>;
  readonly norm: (cites: string) => string;
  readonly noNorm: string;
  /** At least one of both is given. */
  readonly inForce: (from: string | null, until: string | null) => string;
  readonly again: Readonly<Record<DraftKind, string>>;
  readonly number: (filing: string) => string;
  readonly noWay: string;
  readonly silence: string;
  readonly closing: string;
  /** The house's address for requests is given. */
  readonly ways: Readonly<Record<Channel, (address: string) => string>>;
}

export const letterWords: Readonly<Record<Language, LetterWords>> = { de: letterWordsDe, en: letterWordsEn };
