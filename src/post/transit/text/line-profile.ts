// How ink lies in lines: which way the lines of a page run, and which side of them is up, from counts of dark pixels alone.

import type { Raster } from '../contract.ts';

export interface Standing {
  /** Lines run across (`level`) or up and down; undefined: there is no telling. */
  readonly isLevel: boolean | undefined;
  /** −1 … 1 for lines taken as they run: above 0 they stand on their feet, below 0 on their heads. */
  readonly upness: number;
  /** Lines that were long and clear enough to count. */
  readonly lines: number;
}

const LONG_SIDE = 1400; // pixels to look at: letters are still some eight high
const STRIPS = 8; // side by side, so that a crooked line is still narrow within one
const LEVEL_RATIO = 1.35;
const INK_SHARE_MIN = 0.0015;
const DARK_STEP = 40; // below the paper around
const CORE_SHARE = 0.45; // of a line's densest row: the rows of small letters
const BAND_ROWS_MIN = 5;
const BAND_ROWS_MAX = 60;

/** The page counted once, for both directions. */
export function lookAtLines(grey: Raster): { readonly across: Standing; readonly down: Standing } {
  const small = shrinkToDark(grey);
  const isInked = inkShare(small) >= INK_SHARE_MIN;
  const across = { width: small.width, strips: rowsOfStrips(small) };
  const down = { width: small.height, strips: columnsOfStrips(small) };
  const [level, upright] = [crispness(across), crispness(down)];
  const isLevel = !isInked
    ? undefined
    : level > upright * LEVEL_RATIO
      ? true
      : upright > level * LEVEL_RATIO
        ? false
        : undefined;
  return { across: { isLevel, ...upness(across) }, down: { isLevel, ...upness(down) } };
}

interface Dark {
  readonly width: number;
  readonly height: number;
  /** 1 is ink. */
  readonly pixels: Uint8Array;
}

/** Means over squares, then what is darker than its surroundings. */
function shrinkToDark(grey: Raster): Dark {
  const by = Math.max(1, Math.floor(Math.max(grey.width, grey.height) / LONG_SIDE));
  const width = Math.floor(grey.width / by);
  const height = Math.floor(grey.height / by);
  const means = new Uint8Array(width * height);
  const sums = new Int32Array(width);
  const area = by * by;
  for (let y = 0, to = 0; y < height; y++) {
    sums.fill(0);
    for (let row = y * by; row < (y + 1) * by; row++) addSquares(sums, grey.pixels, row * grey.width, by);
    if (area === 4) for (let x = 0; x < width; x++, to++) means[to] = (sums[x] ?? 0) >> 2;
    else for (let x = 0; x < width; x++, to++) means[to] = (sums[x] ?? 0) / area;
  }
  return { width, height, pixels: darkOf(means, width, height) };
}

/** Two by two is what a page of 300 dpi needs: without a loop within the loop. */
function addSquares(sums: Int32Array, pixels: Uint8Array, from: number, by: number): void {
  if (by === 2) {
    for (let x = 0, at = from; x < sums.length; x++, at += 2)
      sums[x] = (sums[x] ?? 0) + (pixels[at] ?? 0) + (pixels[at + 1] ?? 0);
    return;
  }
  for (let x = 0, at = from; x < sums.length; x++) {
    let sum = 0;
    for (let step = 0; step < by; step++) sum += pixels[at++] ?? 0;
    sums[x] = (sums[x] ?? 0) + sum;
  }
}

/** Against the mean of a window of 1/16 of the page, whose columns are summed once and carried on from row to row. */
function darkOf(means: Uint8Array, width: number, height: number): Uint8Array {
  const reach = Math.max(8, Math.round(Math.max(width, height) / 32));
  const columns = new Int32Array(width);
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < Math.min(height, reach); y++) addRow(columns, means, y * width, 1);
  for (let y = 0; y < height; y++) {
    if (y + reach < height) addRow(columns, means, (y + reach) * width, 1);
    if (y > reach) addRow(columns, means, (y - reach - 1) * width, -1);
    const rows = Math.min(height, y + reach + 1) - Math.max(0, y - reach);
    markDark({ columns, rows, reach }, means, dark, y * width);
  }
  return dark;
}

function addRow(columns: Int32Array, means: Uint8Array, from: number, sign: 1 | -1): void {
  for (let x = 0; x < columns.length; x++) columns[x] = (columns[x] ?? 0) + sign * (means[from + x] ?? 0);
}

interface Window {
  readonly columns: Int32Array;
  readonly rows: number;
  readonly reach: number;
}

/** Of the row that begins at `from`; in whole numbers, the mean's divisor on the other side. */
function markDark({ columns, rows, reach }: Window, means: Uint8Array, dark: Uint8Array, from: number): void {
  const width = columns.length;
  let sum = 0;
  for (let x = 0; x < Math.min(width, reach); x++) sum += columns[x] ?? 0;
  for (let x = 0; x < width; x++) {
    if (x + reach < width) sum += columns[x + reach] ?? 0;
    if (x > reach) sum -= columns[x - reach - 1] ?? 0;
    const across = (x + reach + 1 < width ? x + reach + 1 : width) - (x > reach ? x - reach : 0);
    if (((means[from + x] ?? 0) + DARK_STEP) * rows * across < sum) dark[from + x] = 1;
  }
}

function inkShare(dark: Dark): number {
  let ink = 0;
  for (let at = 0; at < dark.pixels.length; at++) ink += dark.pixels[at] ?? 0;
  return ink / dark.pixels.length;
}

/** Ink of each row of the strips of a page, or of one that lies on its side. */
interface Rows {
  /** Of all strips. */
  readonly width: number;
  readonly strips: readonly Uint32Array[];
}

function rowsOfStrips({ width, height, pixels }: Dark): readonly Uint32Array[] {
  return Array.from({ length: STRIPS }, (_, strip) => {
    const [from, to] = [Math.floor((width * strip) / STRIPS), Math.floor((width * (strip + 1)) / STRIPS)];
    const rows = new Uint32Array(height);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let at = y * width + from, end = y * width + to; at < end; at++) sum += pixels[at] ?? 0;
      rows[y] = sum;
    }
    return rows;
  });
}

/** Columns taken for rows, row by row. */
function columnsOfStrips({ width, height, pixels }: Dark): readonly Uint32Array[] {
  return Array.from({ length: STRIPS }, (_, strip) => {
    const columns = new Uint32Array(width);
    const end = Math.floor((height * (strip + 1)) / STRIPS);
    for (let y = Math.floor((height * strip) / STRIPS); y < end; y++)
      for (let x = 0, at = y * width; x < width; x++, at++) columns[x] = (columns[x] ?? 0) + (pixels[at] ?? 0);
    return columns;
  });
}

/** How sharply ink changes from row to row: high where rows are lines of text. */
function crispness({ width, strips }: Rows): number {
  let changes = 0;
  for (const rows of strips)
    for (let y = 2; y < rows.length; y++) changes += ((rows[y] ?? 0) - (rows[y - 2] ?? 0)) ** 2;
  return changes / width;
}

/** Capitals and tall letters reach above the small ones far more often than g, p, q and y below them. */
function upness({ width, strips }: Rows): { readonly upness: number; readonly lines: number } {
  let above = 0;
  let below = 0;
  let lines = 0;
  const least = Math.max(1, width / STRIPS / 60);
  for (const rows of strips) {
    let top = -1;
    for (let y = 0; y <= rows.length; y++) {
      const isInked = y < rows.length && (rows[y] ?? 0) >= least;
      if (isInked && top < 0) top = y;
      if (isInked || top < 0) continue;
      const band = rows.subarray(top, y);
      top = -1;
      if (band.length < BAND_ROWS_MIN || band.length > BAND_ROWS_MAX) continue;
      const tails = tailsOf(band);
      above += tails.above;
      below += tails.below;
      lines++;
    }
  }
  return { upness: above + below === 0 ? 0 : (above - below) / (above + below), lines: lines / STRIPS };
}

function tailsOf(band: Uint32Array): { readonly above: number; readonly below: number } {
  const edge = Math.max(...band) * CORE_SHARE;
  const first = band.findIndex((ink) => ink >= edge);
  const last = band.findLastIndex((ink) => ink >= edge);
  const total = band.reduce((sum, ink) => sum + ink, 0);
  const sum = (from: number, to: number): number => band.subarray(from, to).reduce((all, ink) => all + ink, 0);
  return { above: sum(0, first) / total, below: sum(last + 1, band.length) / total };
}
