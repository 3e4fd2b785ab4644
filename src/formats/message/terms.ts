// Search words of a letter and of a query, by one tokeniser (Unicode NFKC, UAX #29 in spirit; CJK by pairs).
import { limits } from '#base/limits.ts';
import type { SummaryFacts } from './summary-facts.ts';
import { sortWords } from './sort-words.ts';
import { foldings, wordsOf } from './words.ts';

/** Raised whenever the same letter would give other terms: old search segments say which one made them. */
export const TOKENISER_VERSION = 1;

export type QueryTerm = {
  readonly term: string;
  /** Terms that only begin like this match too. */
  readonly isPrefix: boolean;
};

/** Each term costs its UTF-8 length and the three characters around it in a JSON list. */
const TERM_OVERHEAD_BYTES = 3;

/**
 * Sorted unique search words (UTF-16 order) of the facts and the text, together at most 64 kB as a JSON list;
 * subject, people and file names come first when the room does not last for the text.
 */
export function makeTerms(facts: SummaryFacts, text: string): string[] {
  const bag = new TermBag();
  bag.addText(facts.subject);
  for (const person of [...facts.from, ...facts.to, ...facts.cc]) {
    bag.addText(person.name);
    bag.addText(person.address);
  }
  for (const file of facts.attachments) bag.addText(file.name);
  bag.addText(text.slice(0, limits.message.readableCharacters));
  return bag.sorted();
}

/** Words of a search, all of which must match; the last one may be unfinished. Diacritics count only if typed. */
export function queryTerms(text: string): readonly QueryTerm[] {
  const found: string[] = [];
  wordsOf(text.slice(0, 1_000), (word, isAddress) => {
    // an address stands for the words in it
    if (isAddress) while (found.length > 0 && word.includes(found.at(-1) ?? '')) found.pop();
    found.push(queryForm(word));
  });
  const kept = found.slice(0, limits.message.queryTermsMax);
  return kept.map((term, index) => ({ term, isPrefix: index === kept.length - 1 }));
}

/** "große" has no accent but the ß: its plain form also finds "Größe". Typed accents are meant. */
function queryForm(word: string): string {
  const plain = foldings(word)[0];
  return plain === undefined || /\p{Mn}/u.test(word.normalize('NFD')) ? word : plain;
}

class TermBag {
  readonly #terms = new Set<string>();
  #leftBytes: number = limits.message.termsBytes;

  addText(text: string): void {
    if (text === '' || this.#leftBytes <= 0) return;
    wordsOf(text, (word) => {
      const bytes = this.#add(word);
      // plain ASCII has no other form
      if (bytes > word.length) for (const folded of foldings(word)) this.#add(folded);
      return this.#leftBytes > 0;
    });
  }

  sorted(): string[] {
    return sortWords([...this.#terms]);
  }

  /** The bytes of a new term; 0 when it was there already or the room is used up. */
  #add(term: string): number {
    const sizeBefore = this.#terms.size;
    if (this.#terms.add(term).size === sizeBefore) return 0;
    const bytes = utf8Length(term);
    this.#leftBytes -= bytes + TERM_OVERHEAD_BYTES;
    if (this.#leftBytes >= 0) return bytes;
    this.#terms.delete(term);
    return 0;
  }
}

function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : 3; // a surrogate pair counts six: an upper bound
  }
  return length;
}
