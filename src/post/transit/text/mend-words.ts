// Signs that reading takes for others, put right only where the line's grammar or its very ink leaves one reading: §, Roman numbers, I and l, dashes.

import type { Box, Word } from '../contract.ts';
import { mendIbans } from './mend-iban.ts';
import { mendLetters, mendRoman, type Look, type Place } from './mend-letters.ts';

/** What § looks like to a reader that knows it badly, alone, twice, behind a bracket. */
const LIKE_SECTION = /^(\(?)([8$S&5B6]{1,2})$/;
const NUMBERED = /^\d+[a-z]?(ff?\.)?[,;.)]*$/;
/** Within this many words after the number stands what only a law says. */
const LAW_AHEAD = 8;
const LAW_WORDS =
  /^\(?(Abs\.?|Absatz|Nr\.|Satz|S\.|BGB|StGB|ZPO|StPO|HGB|GG|SGB|VwGO|VwVfG|KSchG|InsO|GmbHG|AktG|UWG|UrhG|BauGB|BDSG|AO|EStG|UStG|WEG|FamFG|RVG|GKG|ArbGG|BetrVG|BeurkG|GBO|BRAO|BORA|AufenthG|AsylG|StVO|StVG|MBO-Ä|HeilBG)\b/;
/** § hangs below the line and rises above its figures; no figure and no capital does either by so much. */
const HANGS = 0.08;
const RISES = 1.12;
/** Of the mean width of a letter in the line: a hyphen is about half, an en dash about one. */
const DASH_WIDTH = 0.72;
const EM_DASH_WIDTH = 1.7;
const DOT_SQUARE = 1.5;
const BAR_WIDE = 1.8;

/** Lines that are read before and after: what begins here may end there. */
export interface Around {
  readonly before: readonly Word[];
  readonly after: readonly Word[];
}

const NOTHING: Around = { before: [], after: [] };

/** `look`: undefined where there is no picture; then grammar alone decides. */
export function mendWords(read: readonly Word[], look?: Look, { before, after }: Around = NOTHING): readonly Word[] {
  const own = mendIbans(read);
  const letter = meanLetterWidth(own);
  const earlier = before.slice(-2);
  const line = [...earlier, ...own, ...after.slice(0, LAW_AHEAD)];
  return own.map((word, at) => {
    const place = { line, index: earlier.length + at, look };
    const text =
      mendSection(place) ??
      mendNumber(place) ??
      mendDash(word, letter, look) ??
      mendRoman(place) ??
      mendLetters(word.text);
    return text === undefined || text === word.text ? word : { ...word, text };
  });
}

function mendSection({ line, index, look }: Place): string | undefined {
  const sign = line[index];
  const number = line[index + 1];
  const [, bracket = '', signs = ''] = LIKE_SECTION.exec(sign?.text ?? '') ?? [];
  if (sign === undefined || number === undefined || signs === '' || !NUMBERED.test(number.text)) return undefined;
  const isSure = look !== undefined && areSections(look(sign), raised(look(number), number, sign), signs.length);
  return isSure || isLaw(line, index, signs) ? bracket + '§'.repeat(signs.length) : undefined;
}

/** As if it stood on the same line. */
function raised(marks: readonly Box[], word: Word, on: Word): readonly Box[] {
  const isNext = word.box.top > on.box.top + on.box.height;
  return isNext ? marks.map((mark) => ({ ...mark, top: mark.top - word.baseline + on.baseline })) : marks;
}

/** Seen: each sign's ink stands below the foot of the number's figures, and is taller than they are. */
function areSections(signs: readonly Box[], number: readonly Box[], count: number): boolean {
  const tallest = Math.max(0, ...number.map(({ height }) => height));
  const figures = number.filter(({ height }) => height > 0.7 * tallest);
  const height = median(figures.map((mark) => mark.height));
  const foot = median(figures.map((mark) => mark.top + mark.height));
  const last = signs.slice(-count);
  return (
    last.length === count &&
    height > 0 &&
    last.every((mark) => mark.height >= RISES * height && mark.top + mark.height - foot >= HANGS * height)
  );
}

/** Said: what follows the number is what only a law says. */
function isLaw(line: readonly Word[], index: number, signs: string): boolean {
  if (!/^([8$S&5]|88|\$\$|8\$|\$8|SS|55)$/.test(signs)) return false;
  const ahead = line.slice(index + 2, index + 2 + LAW_AHEAD);
  // A dollar is no money before "280 Abs."; a figure needs the law's word at once.
  const near = signs.includes('$') ? ahead : ahead.slice(0, 1);
  return near.some((word) => LAW_WORDS.test(word.text));
}

/** "Nr." whose stop was taken for the end of an e, and "№" with the bar below its o: what is left of it is seen by itself. */
function mendNumber({ line, index, look }: Place): string | undefined {
  const word = line[index];
  if (word === undefined || !/^N[en]$/.test(word.text) || !/^\d/.test(line[index + 1]?.text ?? '')) return undefined;
  const [first, middle, last, ...more] = look?.(word) ?? [];
  if (first === undefined || middle === undefined || last === undefined || more.length > 0) return undefined;
  const low = [middle, last].find(
    ({ height, top }) => height < 0.3 * first.height && top > first.top + 0.6 * first.height,
  );
  if (low === undefined) return undefined;
  if (low.width > BAR_WIDE * low.height) return '№';
  return low === last ? 'Nr.' : undefined;
}

function mendDash(word: Word, letter: number, look: Look | undefined): string | undefined {
  if (!/^[-–—]$/.test(word.text) || letter === 0) return undefined;
  const [mark, ...more] = look?.(word) ?? [];
  const isSeen = mark !== undefined && more.length === 0;
  // A dot between words, not on the line.
  if (isSeen && mark.width < DOT_SQUARE * mark.height)
    return mark.top + mark.height < word.baseline - mark.height ? '·' : undefined;
  const width = (isSeen ? mark.width : word.box.width) / letter;
  if (width < DASH_WIDTH) return '-';
  return width < EM_DASH_WIDTH ? '–' : '—';
}

function meanLetterWidth(line: readonly Word[]): number {
  let letters = 0;
  let width = 0;
  for (const { text, box } of line) {
    if (text.length < 3) continue;
    letters += text.length;
    width += box.width;
  }
  return letters === 0 ? 0 : width / letters;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
