// Where ink lies in lines like letters and no word was read: a footer whose columns were taken apart, the number of a page.

import type { Box, PageText, Raster, Word } from '../contract.ts';
import { isAddress } from './clean-word.ts';

const CELL = 8;
const DARK = 150;
const CONTRAST = 70; // within a cell: shades have less
const SURE = 45; // a word read with less covers nothing
const ACROSS = 5; // cells between letters and words of one part,
const DOWN = 3; // between its lines
const RUN_ACROSS = 24; // as many dark cells in a row are a rule
const RUN_DOWN = 12;
const CELLS_MIN = 6;
const HIGH_MIN = 2;
const FILLED_MAX = 0.86;
const AREA_MAX = 0.12; // of the page: what is larger is a picture or a drawing
const PARTS_MAX = 6;
const SMALL_INCHES = 0.086; // of a line’s words: type under eight points
const LINE_GAP_INCHES = 0.08;

interface Cells {
  readonly wide: number;
  readonly high: number;
  /** 1: dark and unread. */
  readonly values: Uint8Array;
}

/** Lines of small print, such as footers have: a page read at less than its full size loses columns there. */
export function smallPrint({ width, height, dpi }: Raster, lines: PageText['lines']): readonly Box[] {
  if (dpi === undefined) return [];
  const small = lines
    .filter((line) => medianHeight(line) <= SMALL_INCHES * dpi)
    .map((line) =>
      boxAround(
        line.map(({ box }) => box),
        { width, height },
      ),
    )
    .toSorted((a, b) => a.top - b.top);
  const parts: Box[] = [];
  for (const box of small) {
    const above = parts.at(-1);
    const isNear = above !== undefined && box.top - above.top - above.height < LINE_GAP_INCHES * dpi;
    if (isNear) parts[parts.length - 1] = boxAround([above, box], { width, height }, 0);
    else parts.push(box);
  }
  return parts.filter((box) => box.width * box.height <= AREA_MAX * width * height).slice(0, PARTS_MAX);
}

/** Of the words: one that was torn may be of any height. */
function medianHeight(line: readonly Word[]): number {
  return line.map(({ box }) => box.height).toSorted((a, b) => a - b)[Math.floor(line.length / 2)] ?? 0;
}

function boxAround(boxes: readonly Box[], page: { readonly width: number; readonly height: number }, by = CELL): Box {
  const left = Math.max(0, Math.floor(Math.min(...boxes.map((box) => box.left))) - by);
  const top = Math.max(0, Math.floor(Math.min(...boxes.map((box) => box.top))) - by);
  const right = Math.min(page.width, Math.ceil(Math.max(...boxes.map((box) => box.left + box.width))) + by);
  const foot = Math.min(page.height, Math.ceil(Math.max(...boxes.map((box) => box.top + box.height))) + by);
  return { left, top, width: right - left, height: foot - top };
}

/** Boxes in pixels of the page, largest first. */
export function unreadParts(grey: Raster, lines: PageText['lines']): readonly Box[] {
  const cells = darkCells(grey);
  dropRules(cells);
  for (const word of lines.flat()) if (word.confidence >= SURE || isAddress(word.text)) coverWord(cells, word);
  const areaMax = AREA_MAX * cells.wide * cells.high;
  const parts: { readonly box: Box; readonly count: number }[] = [];
  for (let start = 0; start < cells.values.length; start++) {
    if (cells.values[start] !== 1) continue;
    const part = takePart(cells, start);
    const area = part.box.width * part.box.height;
    const isLikeText = part.count >= CELLS_MIN && part.box.height >= HIGH_MIN && part.count < FILLED_MAX * area;
    if (isLikeText && area <= areaMax) parts.push(part);
  }
  return parts
    .sort((a, b) => b.count - a.count)
    .slice(0, PARTS_MAX)
    .map(({ box }) => inPixels(box, grey));
}

function darkCells({ width, height, pixels }: Raster): Cells {
  const [wide, high] = [width >> 3, height >> 3];
  const values = new Uint8Array(wide * high);
  const least = new Uint8Array(wide);
  const most = new Uint8Array(wide);
  for (let row = 0; row < high; row++) {
    least.fill(255);
    most.fill(0);
    for (let y = row * CELL; y < (row + 1) * CELL; y++)
      for (let cell = 0, at = y * width; cell < wide; cell++)
        for (let k = 0; k < CELL; k++, at++) {
          const value = pixels[at] ?? 255;
          if (value < (least[cell] ?? 0)) least[cell] = value;
          if (value > (most[cell] ?? 0)) most[cell] = value;
        }
    for (let cell = 0; cell < wide; cell++)
      if ((least[cell] ?? 255) < DARK && (most[cell] ?? 0) - (least[cell] ?? 0) >= CONTRAST)
        values[row * wide + cell] = 1;
  }
  return { wide, high, values };
}

/** Long runs across or down. */
function dropRules({ wide, high, values }: Cells): void {
  const isRule = new Uint8Array(values.length);
  const mark = (from: number, step: number, count: number, runMin: number): void => {
    for (let i = 0, start = 0; i <= count; i++) {
      if (i < count && values[from + i * step] === 1) continue;
      if (i - start >= runMin) for (let k = start; k < i; k++) isRule[from + k * step] = 1;
      start = i + 1;
    }
  };
  for (let y = 0; y < high; y++) mark(y * wide, 1, wide, RUN_ACROSS);
  for (let x = 0; x < wide; x++) mark(x, wide, high, RUN_DOWN);
  for (let at = 0; at < values.length; at++) if (isRule[at] === 1) values[at] = 0;
}

function coverWord({ wide, high, values }: Cells, { box }: Word): void {
  const left = Math.max(0, Math.floor(box.left / CELL) - 1);
  const right = Math.min(wide, Math.ceil((box.left + box.width) / CELL) + 1);
  const foot = Math.min(high, Math.ceil((box.top + box.height) / CELL) + 1);
  for (let y = Math.max(0, Math.floor(box.top / CELL) - 1); y < foot; y++)
    values.fill(0, y * wide + left, y * wide + right);
}

function takePart({ wide, high, values }: Cells, start: number): { readonly box: Box; readonly count: number } {
  const part = [start];
  values[start] = 2;
  let [left, right, top, foot] = [wide, 0, high, 0];
  for (let next = 0; next < part.length; next++) {
    const at = part[next] ?? 0;
    const [x, y] = [at % wide, Math.floor(at / wide)];
    [left, right, top, foot] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(foot, y)];
    for (let row = Math.max(0, y - DOWN); row <= Math.min(high - 1, y + DOWN); row++)
      for (let column = Math.max(0, x - ACROSS); column <= Math.min(wide - 1, x + ACROSS); column++) {
        const to = row * wide + column;
        if (values[to] !== 1) continue;
        values[to] = 2;
        part.push(to);
      }
  }
  return { box: { left, top, width: right - left + 1, height: foot - top + 1 }, count: part.length };
}

/** With a cell of paper around. */
function inPixels({ left, top, width, height }: Box, grey: Raster): Box {
  const [x, y] = [Math.max(0, (left - 1) * CELL), Math.max(0, (top - 1) * CELL)];
  return {
    left: x,
    top: y,
    width: Math.min(grey.width - x, (width + 2) * CELL),
    height: Math.min(grey.height - y, (height + 2) * CELL),
  };
}
