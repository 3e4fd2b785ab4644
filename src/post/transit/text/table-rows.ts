// Rows of tables: what was read cell by cell, column after column, is put into one line for each row; all other text stays as it was read.

import type { Box, PageText, Raster, Word } from '../contract.ts';
import { boxAround, cellsOf, gapBetween, cellRowsOf, wordHeight, type Cell, type CellRow } from './cells.ts';
import { ROW_REACH, tableRows } from './find-tables.ts';

const HELD = 0.35; // heights between two words of a row: readers part columns from some seven tenths of the size on

/** `grey`: where rules are looked for. */
export function joinRows(lines: PageText['lines'], grey: Raster): PageText['lines'] {
  const height = wordHeight(lines);
  return joinCells(lines, tableRows(cellRowsOf(cellsOf(lines, height), height), { grey, height }));
}

/** `rows`: of tables, from top to foot; cells of each are read as one line. */
export function joinCells(lines: PageText['lines'], rows: readonly CellRow[]): PageText['lines'] {
  const height = wordHeight(lines);
  const cells = cellsOf(lines, height);
  const tables = tablesOf(rows, height).map((table) => withLoneCells(table, cells));
  if (tables.length === 0) return lines;
  const taken = new Set(tables.flat(2).flatMap(({ words }) => words));
  return lines.flatMap((line, index) => {
    const begun = tables.filter((table) => index === Math.min(...table.flat().map((cell) => cell.line)));
    const rest = line.filter((word) => !taken.has(word));
    return [...(rest.length > 0 ? [rest] : []), ...begun.flatMap((table) => table.map((row) => oneLine(row, height)))];
  });
}

type Table = readonly CellRow[];

function tablesOf(rows: readonly CellRow[], height: number): readonly Table[] {
  const tables: CellRow[][] = [];
  for (const row of rows) {
    const last = tables.at(-1)?.at(-1);
    const isNext = last !== undefined && footOf(row) - footOf(last) < ROW_REACH * height && areOver(last, row);
    if (isNext) tables.at(-1)?.push(row);
    else tables.push([row]);
  }
  return tables;
}

/** With what stands alone between its rows: second lines of a cell, heads of parts. */
function withLoneCells(table: Table, cells: readonly Cell[]): Table {
  const known = new Set(table.flat().map(({ words }) => words[0]));
  const around = boxAround(table.flat().map(({ box }) => box));
  const [first, last] = [footOf(table[0] ?? []), footOf(table.at(-1) ?? [])];
  const lone = cells.filter(
    ({ words, box, baseline }) => !known.has(words[0]) && baseline > first && baseline < last && isWithin(box, around),
  );
  return [...table, ...lone.map((cell) => [cell])].toSorted((a, b) => footOf(a) - footOf(b));
}

function oneLine(row: CellRow, height: number): readonly Word[] {
  const words = row.flatMap((cell) => cell.words);
  if (row.length < 2) return words;
  return words.map((word, index) => {
    const next = words[index + 1];
    const isFar = next !== undefined && gapBetween(word.box, next.box) > HELD * height;
    return isFar ? { ...word, holdsNext: true } : word;
  });
}

function footOf(row: CellRow): number {
  return row[0]?.baseline ?? 0;
}

function areOver(one: CellRow, other: CellRow): boolean {
  return gapBetween(boxAround(one.map(({ box }) => box)), boxAround(other.map(({ box }) => box))) < 0;
}

function isWithin(box: Box, around: Box): boolean {
  const middle = box.left + box.width / 2;
  return middle > around.left && middle < around.left + around.width;
}
