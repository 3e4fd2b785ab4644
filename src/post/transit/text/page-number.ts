// "– 2 –": too little for a reader to be sure of; with a dash seen on both sides of it, it is the number of a page.

import type { Box, PageText } from '../contract.ts';
import type { Look } from './mend-letters.ts';

const LIKE_NUMBER = /^[-–—_~]\s?(\d{1,3})\s?[-–—_~]$/;
const FLAT = 1.6; // a dash is wider than it is high by so much
const LONG = 0.78; // of a figure’s width: an en dash, no hyphen
const SURE = 80;

/** What was read in a part that holds nothing else; undefined: it is no page number. */
export function pageNumber(found: PageText['lines'], look: Look): PageText['lines'] | undefined {
  const [line = [], ...more] = found;
  const [first, last] = [line[0], line.at(-1)];
  const [, figures] = LIKE_NUMBER.exec(line.map(({ text }) => text).join(' ')) ?? [];
  if (first === undefined || last === undefined || figures === undefined || more.length > 0) return undefined;
  const marks = line.flatMap((word) => look(word)).toSorted((a, b) => a.left - b.left);
  const [opening, closing] = [marks[0], marks.at(-1)];
  const inner = marks.slice(1, -1);
  if (opening === undefined || closing === undefined || inner.length !== figures.length) return undefined;
  if (!isFlat(opening) || !isFlat(closing) || inner.some(isFlat)) return undefined;
  const figure = inner.reduce((sum, { width }) => sum + width, 0) / inner.length;
  const baseline = Math.max(...inner.map(({ top, height }) => top + height));
  const dash = (mark: Box): string => (mark.width > LONG * figure ? '–' : '-');
  // one word: the gaps are so narrow that readers of the file would drop them
  const text = `${dash(opening)} ${figures} ${dash(closing)}`;
  return [[{ text, box: around(marks), baseline, confidence: SURE }]];
}

function isFlat({ width, height }: Box): boolean {
  return width > FLAT * height;
}

function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const foot = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: foot - top };
}
