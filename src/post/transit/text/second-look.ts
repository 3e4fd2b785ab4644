// Words of a part that was read once more, put among those of the page: in place of what was badly read there, only where they are surely read.

import type { Box, PageText, Word } from '../contract.ts';

type Lines = PageText['lines'];

const SURE = 60; // below it a second reading is no better than none
const SAME_LINE = 0.35; // of a word's height between two baselines
const GAP = 4; // heights between words of one line

/**
 * `found`: lines read in `part` alone. The page's lines as they were, where the part gave nothing. `keepsFrom`: words of the page
 * read with that confidence stay, and nothing is put over them.
 */
export function addPart(lines: Lines, part: Box, found: Lines, keepsFrom = Infinity): Lines {
  const within = lines.flat().filter(({ box }) => isWithin(box, part));
  const kept = lines.flat().filter(({ confidence }) => confidence >= keepsFrom);
  const before = within.filter((word) => !kept.includes(word));
  const isFree = ({ box }: Word): boolean => !kept.some((word) => isWithin(box, word.box) || isWithin(word.box, box));
  const sure = found
    .map((line) => line.filter((word) => (isSure(word) || isPageNumber(line)) && isFree(word)))
    .filter((line) => line.length > 0);
  if (letters(sure.flat()) <= letters(before)) return lines;
  const rest = lines.map((line) => line.filter((word) => !before.includes(word))).filter((line) => line.length > 0);
  return sure.reduce(addLine, rest);
}

/** A lone sign is more often a speck than a letter. */
function isSure({ text, confidence }: Word): boolean {
  return confidence >= SURE && /[\p{L}\p{N}]/u.test(text);
}

/** "– 2 –": its dashes are no specks. */
function isPageNumber(line: readonly Word[]): boolean {
  return (
    line.every(({ confidence }) => confidence > 0) &&
    /^[-–—] \d{1,3} [-–—]$/.test(line.map(({ text }) => text).join(' '))
  );
}

function letters(words: readonly Word[]): number {
  return words.reduce((sum, { text }) => sum + text.length, 0);
}

function isWithin(box: Box, part: Box): boolean {
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  return x > part.left && x < part.left + part.width && y > part.top && y < part.top + part.height;
}

/** Into the line it belongs to, or as one of its own below those that stand higher. */
function addLine(lines: Lines, line: readonly Word[]): Lines {
  const index = lines.findIndex((other) => isSameLine(other, line));
  if (index >= 0) {
    const joined = [...(lines[index] ?? []), ...line].toSorted((a, b) => a.box.left - b.box.left);
    return lines.with(index, joined);
  }
  const below = lines.findLastIndex((other) => (other[0]?.baseline ?? 0) <= (line[0]?.baseline ?? 0));
  return lines.toSpliced(below + 1, 0, line);
}

function isSameLine(other: readonly Word[], line: readonly Word[]): boolean {
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined) return false;
  const height = Math.max(...line.map(({ box }) => box.height));
  return other.some(
    ({ box, baseline }) =>
      Math.abs(baseline - first.baseline) < SAME_LINE * height &&
      box.left - (last.box.left + last.box.width) < GAP * height &&
      first.box.left - (box.left + box.width) < GAP * height,
  );
}
