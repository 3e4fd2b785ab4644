// Words that cannot be: read twice in one place, squeezed into a hair's breadth, or the dots of an umlaut taken for a letter.

import type { Box, PageText, Word } from '../contract.ts';

const NARROW = 0.1; // of its height, a letter's breadth
const LOW = 0.3; // of what the words of its line are high

/** Of two readings of one place the surer, longer one stays. */
export function dropDoubles(lines: PageText['lines']): PageText['lines'] {
  const likely = lines.map((line) => {
    const height = medianHeight(line);
    return line.filter((word) => !isSqueezed(word) && !isDots(word, height));
  });
  const words = likely.flat();
  const isDouble = (word: Word): boolean => words.some((other) => isOutdone(word, other));
  return likely.map((line) => line.filter((word) => !isDouble(word))).filter((line) => line.length > 0);
}

function isSqueezed({ text, box }: Word): boolean {
  return /[\p{L}\p{N}]/u.test(text) && box.width < NARROW * box.height * text.length;
}

function isDots({ text, box }: Word, lineHeight: number): boolean {
  return /^\p{L}+$/u.test(text) && box.height < LOW * lineHeight;
}

function isOutdone(word: Word, other: Word): boolean {
  if (word === other || !areOver(word.box, other.box)) return false;
  const [mine, its] = [word.confidence * word.text.length, other.confidence * other.text.length];
  // of two that are equal the one farther left goes, whatever their order
  return mine < its || (mine === its && word.box.left + word.box.top < other.box.left + other.box.top);
}

/** Half of the smaller one, across and down. */
function areOver(one: Box, other: Box): boolean {
  const across = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const down = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return across >= Math.min(one.width, other.width) / 2 && down >= Math.min(one.height, other.height) / 2;
}

function medianHeight(line: readonly Word[]): number {
  return line.map(({ box }) => box.height).toSorted((a, b) => a - b)[Math.floor(line.length / 2)] ?? 0;
}
