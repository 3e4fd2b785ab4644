// Keywords of letters: which words may be one, and the set of a new letter (RFC 8621 §4.1.1).

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { SetError } from './errors.ts';
import { readMembers } from './patch.ts';

const PATTERN = /^[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c-\x7e]{1,255}$/;

/** The keyword in lower case, or undefined when the text may not be one: white space, controls and ( ) { ] % * " \ are out. */
export function parseKeyword(text: string): string | undefined {
  return PATTERN.test(text) ? text.toLowerCase() : undefined;
}

/** {word: true} → the words in lower case, sorted, each once. */
export function readKeywords(value: unknown): Result<readonly string[], SetError> {
  const words = readMembers(value)?.map(parseKeyword);
  const keywords = words?.filter((word) => word !== undefined);
  if (words === undefined || keywords === undefined || keywords.length < words.length) {
    return err({
      kind: 'invalidProperties',
      properties: ['keywords'],
      description: 'Keywords, each with the value true.',
    });
  }
  if (keywords.length > limits.jmap.keywordsPerLetterMax) return err({ kind: 'tooManyKeywords' });
  return ok([...new Set(keywords)].toSorted());
}
