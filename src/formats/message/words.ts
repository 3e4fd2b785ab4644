// Text → words: letters and digits with their marks, NFKC and lower case, whole addresses beside their words, CJK by pairs.
import { limits } from '#base/limits.ts';

/** Called for every word in order, repeats included; answering false ends the walk. */
export type WordTaker = (word: string, isAddress: boolean) => boolean | void;

const UNKNOWN = 0;
const OTHER = 1;
const LETTER = 2;
const MARK = 3;
const PAIRED = 4;
/** Kind of each UTF-16 unit, filled as letters bring them: asking a regular expression each time costs ten times as much. */
const KINDS = new Uint8Array(0x10000);

const PAIRED_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const AT = 64;

/** Walks over the words of a text of any kind. */
export function wordsOf(text: string, take: WordTaker): void {
  const plain = /[\u0080-\uffff]/.test(text) ? text.normalize('NFKC').toLowerCase() : text.toLowerCase();
  const { termCharactersMin, termCharactersMax } = limits.message;
  let start = -1; // of the word being read
  let at = 0;
  while (at <= plain.length) {
    const code = at < plain.length ? plain.charCodeAt(at) : 0;
    const kind = at < plain.length ? kindAt(plain, at, code) : OTHER;
    if (kind === LETTER || (kind === MARK && start >= 0)) {
      if (start < 0) start = at;
      at = isHighSurrogate(code) ? at + 2 : letterRunEnd(plain, at + 1);
      continue;
    }
    if (start >= 0) {
      const length = at - start;
      if (
        length >= termCharactersMin &&
        take(cutWord(plain, start, Math.min(length, termCharactersMax)), false) === false
      )
        return;
      start = -1;
    }
    if (kind === PAIRED) {
      const end = pairedEnd(plain, at);
      if (!takePairs(plain.slice(at, end), take)) return;
      at = end;
      continue;
    }
    if (code === AT) {
      const address = addressAround(plain, at);
      if (address) {
        if (!takeAddress(plain, address, take)) return;
        at = address.end;
        continue;
      }
    }
    at += isHighSurrogate(code) ? 2 : 1;
  }
}

/** Further forms under which a word is found: without diacritics, and German umlauts written out. */
export function foldings(word: string): readonly string[] {
  if (!/[\u0080-\uffff]/.test(word)) return [];
  const folded = word
    .normalize('NFD')
    .replace(/\p{Mn}+/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøłđðþı]/g, (character) => LETTERS.get(character) ?? character);
  const forms = folded === word || folded === '' ? [] : [folded];
  if (/[äöü]/.test(word)) {
    forms.push(word.replace(/[äöüß]/g, (character) => UMLAUTS.get(character) ?? character));
  }
  return forms;
}

const LETTERS = new Map(Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }));
const UMLAUTS = new Map(Object.entries({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }));

function kindAt(text: string, at: number, code: number): number {
  if (isHighSurrogate(code)) return classify(String.fromCodePoint(text.codePointAt(at) ?? code));
  const known = KINDS[code] ?? UNKNOWN;
  if (known !== UNKNOWN) return known;
  const kind = classify(String.fromCharCode(code));
  KINDS[code] = kind;
  return kind;
}

/** The hot loop of the walk: letters known already, up to the first unit that is none or was never seen. */
function letterRunEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && KINDS[text.charCodeAt(at)] === LETTER) at++;
  return at;
}

function classify(character: string): number {
  if (PAIRED_SCRIPTS.test(character)) return PAIRED;
  if (/[\p{L}\p{N}]/u.test(character)) return LETTER;
  return /\p{M}/u.test(character) ? MARK : OTHER;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** At most `length` units, never half a surrogate pair at the end. */
function cutWord(text: string, start: number, length: number): string {
  const word = text.slice(start, start + length);
  return isHighSurrogate(word.charCodeAt(length - 1)) ? word.slice(0, -1) : word;
}

function pairedEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const kind = kindAt(text, at, code);
    if (kind !== PAIRED && kind !== MARK) break;
    at += isHighSurrogate(code) ? 2 : 1;
  }
  return at;
}

/** "東京都" → "東京", "京都"; a character that stands alone is a word. */
function takePairs(run: string, take: WordTaker): boolean {
  let before = '';
  let count = 0;
  for (const character of run) {
    if (before !== '' && take(before + character, false) === false) return false;
    before = character;
    count++;
  }
  return count !== 1 || take(run, false) !== false;
}

const ADDRESS_SIDE_MAX = 64;

/** The address whose "@" stands at `at`; the looks to both sides are bounded, and stop at the next "@". */
function addressAround(text: string, at: number): { start: number; end: number } | undefined {
  let start = at;
  while (start > 0 && at - start < ADDRESS_SIDE_MAX && isAddressCode(text, start - 1)) start--;
  let end = at + 1;
  while (end < text.length && end - at <= ADDRESS_SIDE_MAX && isAddressCode(text, end)) end++;
  while (end > at + 1 && text.charCodeAt(end - 1) === 46) end--;
  return start === at || end === at + 1 ? undefined : { start, end };
}

function isAddressCode(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 46 || code === 45 || code === 95 || code === 43) return true; // . - _ +
  return !isHighSurrogate(code) && kindAt(text, at, code) === LETTER;
}

/** The words behind the "@", then the whole address (those in front of it were taken already). */
function takeAddress(text: string, range: { start: number; end: number }, take: WordTaker): boolean {
  const address = text.slice(range.start, range.end);
  const domain = address.slice(address.indexOf('@') + 1);
  const { termCharactersMin, termCharactersMax } = limits.message;
  for (const word of domain.split(/[.\-_+]+/)) {
    if (word.length >= termCharactersMin && take(word.slice(0, termCharactersMax), false) === false) return false;
  }
  return take(address, true) !== false;
}
