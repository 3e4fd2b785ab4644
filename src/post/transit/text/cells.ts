// Words that stand together, and who stands beside whom: the pieces that tables and columns are told apart by.

import type { Box, PageText, Word } from '../contract.ts';

/** Words of one line without a wide gap between them. */
export interface Cell {
  readonly words: readonly Word[];
  /** Index of the line it was read in. */
  readonly line: number;
  readonly box: Box;
  readonly baseline: number;
}

/** Cells on one height of the page, from left to right. */
export type CellRow = readonly Cell[];

const GAP = 1.2; // heights of a word: wider than any gap within a line but a very loose one
const SAME_LINE = 0.35; // heights between two baselines

/** `height`: of the page's words, as most have it. */
export function cellsOf(lines: PageText['lines'], height: number): readonly Cell[] {
  return lines.flatMap((line, index) => {
    const cells: Word[][] = [];
    for (const word of line) {
      const before = cells.at(-1)?.at(-1);
      if (before === undefined || gapBetween(before.box, word.box) > GAP * height) cells.push([word]);
      else cells.at(-1)?.push(word);
    }
    return cells.map((words) => ({
      words,
      line: index,
      box: boxAround(words.map(({ box }) => box)),
      baseline: median(words.map(({ baseline }) => baseline)),
    }));
  });
}

/** From the top of the page to its foot. */
export function cellRowsOf(cells: readonly Cell[], height: number): readonly CellRow[] {
  const rows: Cell[][] = [];
  for (const cell of cells.toSorted((a, b) => a.baseline - b.baseline)) {
    const row = rows.findLast(([first]) => first && Math.abs(cell.baseline - first.baseline) < SAME_LINE * height);
    if (row?.every(({ box }) => gapBetween(box, cell.box) > 0) === true) row.push(cell);
    else rows.push([cell]);
  }
  return rows.map((row) => row.toSorted((a, b) => a.box.left - b.box.left));
}

/** Below zero where they overlap across. */
export function gapBetween(one: Box, other: Box): number {
  return Math.max(other.left - one.left - one.width, one.left - other.left - other.width);
}

export function wordHeight(lines: PageText['lines']): number {
  return median(lines.flatMap((line) => line.map(({ box }) => box.height)));
}

export function boxAround(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const foot = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: foot - top };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
