// Which words on one height are a row of a table and which are columns of running text: told by rules between rows, or by figures that stand below one another.

import type { Raster } from '../contract.ts';
import { gapBetween, type Cell, type CellRow } from './cells.ts';
import { isRuled } from './rules.ts';

/** Heights of a word: rows of one table are nearer to one another. */
export const ROW_REACH = 6;
const ROWS_MIN = 3;
const RULED_MIN = 2;
const IN_LINE = 1; // heights: figures below one another begin or end within it
const HEAD_REACH = 3; // heights between the first row and the head of its columns
const WORDS_OF_PROSE = 3;
const FILLED = 0.7; // of its column's width, as lines of running text are
const PROSE_SHARE = 0.2; // of its lines

export interface TableLook {
  readonly grey: Raster;
  /** Of the page's words, as most have it. */
  readonly height: number;
}

/** Of each row the cells that belong to a table, two at least; rows of running text are left out. From top to foot. */
export function tableRows(rows: readonly CellRow[], look: TableLook): readonly CellRow[] {
  const ruled = ruledRows(rows, look);
  const figured = chainsOf(rows, look.height).flatMap((chain) => rowsOfChain(rows, chain, look.height));
  return rows.flatMap((row) => {
    const found = row.filter((cell) => ruled.has(cell) || figured.includes(cell));
    return found.length < 2 ? [] : [found];
  });
}

/** Cells with a rule across the white between them, close above and close below. */
function ruledRows(rows: readonly CellRow[], look: TableLook): ReadonlySet<Cell> {
  const found = rows.map((row) =>
    row.filter((cell, at) => {
      const [before, after] = [row[at - 1], row[at + 1]];
      return (before && isRuled(before, cell, look)) === true || (after && isRuled(cell, after, look)) === true;
    }),
  );
  return new Set(found.filter((row) => row.length > 1).length < RULED_MIN ? [] : found.flat());
}

/** A sum, a date, a number, a quantity with its unit. */
function isFigure({ words }: Cell): boolean {
  const text = words.map((word) => word.text).join('');
  if (!/^[-–+±(]?[€$£]?\d/.test(text)) return false;
  return (text.match(/\p{L}/gu) ?? []).length <= 3;
}

/** Three rows and more with figures below one another, behind something else. */
function chainsOf(rows: readonly CellRow[], height: number): readonly (readonly CellRow[])[] {
  const chains: CellRow[][] = [];
  for (const row of rows) {
    if (!row.slice(1).some(isFigure)) continue;
    const last = chains.at(-1)?.at(-1);
    const isNear = last !== undefined && footOf(row) - footOf(last) < ROW_REACH * height;
    if (isNear && areInLine(last, row, height)) chains.at(-1)?.push(row);
    else chains.push([row]);
  }
  return chains.filter((chain) => chain.length >= ROWS_MIN);
}

function areInLine(one: CellRow, other: CellRow, height: number): boolean {
  const near = (a: number, b: number): boolean => Math.abs(a - b) < IN_LINE * height;
  return one
    .slice(1)
    .filter(isFigure)
    .some(({ box: a }) =>
      other
        .slice(1)
        .filter(isFigure)
        .some(({ box: b }) => near(a.left, b.left) || near(a.left + a.width, b.left + b.width)),
    );
}

/** The cells of its rows, of rows between them, and of the head above, without columns of running text or of an address beside it. */
function rowsOfChain(rows: readonly CellRow[], chain: readonly CellRow[], height: number): readonly Cell[] {
  const columns = tableColumns(chain);
  if (columns.length < 2) return [];
  const [first, last] = [footOf(chain[0] ?? []), footOf(chain.at(-1) ?? [])];
  return rows.flatMap((row) => {
    const foot = footOf(row);
    if (foot < first - HEAD_REACH * height || foot > last) return [];
    const cells = row.filter((cell) => columns.some((column) => column.some((one) => isOver(one, cell))));
    const isHead = foot < first;
    return cells.length < 2 || (isHead && cells.length < row.length) ? [] : cells;
  });
}

/** Those around the figures, as far as they are neither running text nor an address. */
function tableColumns(chain: readonly CellRow[]): readonly (readonly Cell[])[] {
  const columns = columnsOf(chain.flat());
  const mayBelong = columns.map((column) => !isProse(column) && !isAddress(column));
  const figures = columns.findLastIndex((column) => column.filter(isFigure).length * 2 > column.length);
  if (figures < 0) return [];
  const from = mayBelong.lastIndexOf(false, figures) + 1;
  const behind = mayBelong.indexOf(false, figures);
  return columns.slice(from, behind < 0 ? columns.length : behind);
}

/** Cells that stand below one another, from left to right. */
function columnsOf(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const columns: Cell[][] = [];
  for (const cell of cells.toSorted((a, b) => a.box.left - b.box.left)) {
    const column = columns.at(-1);
    if (column?.some((one) => isOver(one, cell)) === true) column.push(cell);
    else columns.push([cell]);
  }
  return columns;
}

/** Its lines go on from one to the next: several words to the end, and some begin small. */
function isProse(column: readonly Cell[]): boolean {
  const widest = Math.max(...column.map(({ box }) => box.width));
  const goingOn = column.filter(
    ({ words, box }) =>
      words.length >= WORDS_OF_PROSE && box.width >= FILLED * widest && /^\p{Ll}/u.test(words[0]?.text ?? ''),
  );
  return goingOn.length >= PROSE_SHARE * column.length;
}

/** "70173 Stuttgart": lines beside it are facts about a letter, and no row goes through both. */
function isAddress(column: readonly Cell[]): boolean {
  return column.some(({ words }) => /^(D-)?\d{5} \p{Lu}/u.test(words.map(({ text }) => text).join(' ')));
}

function isOver(one: Cell, other: Cell): boolean {
  return gapBetween(one.box, other.box) < 0;
}

function footOf(row: CellRow): number {
  return row[0]?.baseline ?? 0;
}
