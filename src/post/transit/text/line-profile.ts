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
  const turned = transpose(small);
  const isInked = inkShare(small) >= INK_SHARE_MIN;
  const [level, upright] = [crispness(small), crispness(turned)];
  const isLevel = !isInked
    ? undefined
    : level > upright * LEVEL_RATIO
      ? true
      : upright > level * LEVEL_RATIO
        ? false
        : undefined;
  return { across: { isLevel, ...upness(small) }, down: { isLevel, ...upness(turned) } };
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
  const sums = new Uint32Array(width);
  const area = by * by;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let row = y * by; row < (y + 1) * by; row++) {
      let at = row * grey.width;
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let step = 0; step < by; step++) sum += grey.pixels[at++] ?? 0;
        sums[x] = (sums[x] ?? 0) + sum;
      }
    }
    for (let x = 0; x < width; x++) means[y * width + x] = (sums[x] ?? 0) / area;
  }
  return { width, height, pixels: darkOf(means, width, height) };
}

/** Against the mean of a window of 1/16 of the page, by a summed table. */
function darkOf(means: Uint8Array, width: number, height: number): Uint8Array {
  const reach = Math.max(8, Math.round(Math.max(width, height) / 32));
  const line = width + 1;
  const table = new Float64Array(line * (height + 1));
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < width; x++) {
      sum += means[y * width + x] ?? 0;
      table[(y + 1) * line + x + 1] = (table[y * line + x + 1] ?? 0) + sum;
    }
  }
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach) * line;
    const foot = Math.min(height, y + reach + 1) * line;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      const sum =
        (table[foot + right] ?? 0) - (table[foot + left] ?? 0) - (table[top + right] ?? 0) + (table[top + left] ?? 0);
      const mean = (sum * line) / ((foot - top) * (right - left));
      if ((means[y * width + x] ?? 0) < mean - DARK_STEP) dark[y * width + x] = 1;
    }
  }
  return dark;
}

function transpose(dark: Dark): Dark {
  const pixels = new Uint8Array(dark.pixels.length);
  for (let y = 0; y < dark.height; y++)
    for (let x = 0; x < dark.width; x++) pixels[x * dark.height + y] = dark.pixels[y * dark.width + x] ?? 0;
  return { width: dark.height, height: dark.width, pixels };
}

function inkShare(dark: Dark): number {
  let ink = 0;
  for (const pixel of dark.pixels) ink += pixel;
  return ink / dark.pixels.length;
}

/** Ink of each row of one strip. */
function rowsOf(dark: Dark, strip: number): Uint32Array {
  const from = Math.floor((dark.width * strip) / STRIPS);
  const to = Math.floor((dark.width * (strip + 1)) / STRIPS);
  const rows = new Uint32Array(dark.height);
  for (let y = 0; y < dark.height; y++) {
    let sum = 0;
    for (let x = from; x < to; x++) sum += dark.pixels[y * dark.width + x] ?? 0;
    rows[y] = sum;
  }
  return rows;
}

/** How sharply ink changes from row to row: high where rows are lines of text. */
function crispness(dark: Dark): number {
  let changes = 0;
  for (let strip = 0; strip < STRIPS; strip++) {
    const rows = rowsOf(dark, strip);
    for (let y = 2; y < rows.length; y++) changes += ((rows[y] ?? 0) - (rows[y - 2] ?? 0)) ** 2;
  }
  return changes / dark.width;
}

/** Capitals and tall letters reach above the small ones far more often than g, p, q and y below them. */
function upness(dark: Dark): { readonly upness: number; readonly lines: number } {
  let above = 0;
  let below = 0;
  let lines = 0;
  for (let strip = 0; strip < STRIPS; strip++) {
    const rows = rowsOf(dark, strip);
    const least = Math.max(1, dark.width / STRIPS / 60);
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
