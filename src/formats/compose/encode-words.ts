// Text → encoded words of a header field (RFC 2047 §§2, 5): UTF-8, B or Q, whichever is shorter, never cut within a character.

import { toBase64 } from '../base64/base64.ts';

/** RFC 2047 §2: an encoded word is at most 75 characters long. */
const WORD_CHARACTERS = 75;
const FRAME = '=?utf-8?b??='.length;
/** What Q may leave as it is even within a phrase (§5 rule 3). */
const Q_PLAIN = /[A-Za-z0-9!*+/-]/;
const utf8 = new TextEncoder();

/** One or more encoded words, each a token that must not be broken; the first at most `firstCharacters` long. */
export function encodeWords(text: string, firstCharacters: number = WORD_CHARACTERS): readonly string[] {
  const characters = Array.from(text.toWellFormed());
  const asQ = characters.map(qOf);
  const qLength = asQ.reduce((sum, coded) => sum + coded.length, 0);
  const bLength = Math.ceil(utf8.encode(text).length / 3) * 4;
  const fits = qLength <= bLength ? qFits : bFits;
  const words: string[] = [];
  let roomLeft = Math.max(24, Math.min(firstCharacters, WORD_CHARACTERS)) - FRAME;
  let chunk = '';
  for (const character of characters) {
    if (chunk !== '' && !fits(chunk + character, roomLeft)) {
      words.push(encoded(chunk, qLength <= bLength));
      chunk = '';
      roomLeft = WORD_CHARACTERS - FRAME;
    }
    chunk += character;
  }
  if (chunk !== '') words.push(encoded(chunk, qLength <= bLength));
  return words;
}

function encoded(chunk: string, isQ: boolean): string {
  return isQ ? `=?utf-8?q?${Array.from(chunk, qOf).join('')}?=` : `=?utf-8?b?${toBase64(utf8.encode(chunk))}?=`;
}

function qFits(chunk: string, roomLeft: number): boolean {
  return Array.from(chunk).reduce((sum, character) => sum + qOf(character).length, 0) <= roomLeft;
}

function bFits(chunk: string, roomLeft: number): boolean {
  return Math.ceil(utf8.encode(chunk).length / 3) * 4 <= roomLeft;
}

function qOf(character: string): string {
  if (character === ' ') return '_';
  if (Q_PLAIN.test(character)) return character;
  return [...utf8.encode(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
