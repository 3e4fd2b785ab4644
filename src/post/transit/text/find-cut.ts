// Where a page may be parted into an upper and a lower half that are read apart: between two lines, never across columns or a picture.

import type { CleanPage, Raster } from '../contract.ts';

/** Parts of the page's ink above the cut: nearer to a half is better, farther off is not worth it. */
const INK_ABOVE_MIN = 0.3;
const INK_ABOVE_MAX = 0.7;
const GAP_INCHES = 0.012; // of white above and below, at least
const BAND_INCHES = 1; // above and below the cut, seen for columns
const COLUMN_GAP_INCHES = 0.1; // white from top to foot of the band: wider than any row of words leaves
const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** The first row of the lower half; undefined: the page is read as a whole. */
export function findCut({ mask, grounds, dpi }: Pick<CleanPage, 'mask' | 'grounds' | 'dpi'>): number | undefined {
  if (grounds.some(({ box }) => box === undefined)) return undefined;
  const { height, bytes } = mask;
  const rowBytes = Math.ceil(mask.width / 8);
  const inks = Uint32Array.from({ length: height }, (_, row) => inkOf(bytes, row * rowBytes, rowBytes));
  const total = inks.reduce((sum, ink) => sum + ink, 0);
  const gapMin = Math.max(2, Math.round(GAP_INCHES * dpi));
  let best: { readonly row: number; readonly off: number } | undefined;
  for (let row = 0, above = 0, blank = 0; row < height && above <= INK_ABOVE_MAX * total; row++) {
    const ink = inks[row] ?? 0;
    above += ink;
    blank = ink === 0 ? blank + 1 : 0;
    const isEnd = (inks[row + 1] ?? 0) > 0;
    if (!isEnd || blank < gapMin || above < INK_ABOVE_MIN * total) continue;
    const cut = row - (blank >> 1);
    const off = Math.abs(above / total - 0.5);
    if (off >= (best?.off ?? 1) || grounds.some(({ box }) => box && box.top < cut && cut < box.top + box.height))
      continue;
    if (!hasColumns(bytes, rowBytes, bandAround(cut, height, dpi), dpi)) best = { row: cut, off };
  }
  return best?.row;
}

function inkOf(bytes: Uint8Array, from: number, count: number): number {
  let ink = 0;
  for (let at = from; at < from + count; at++) ink += BITS[bytes[at] ?? 0] ?? 0;
  return ink;
}

interface Band {
  readonly top: number;
  readonly foot: number;
}

function bandAround(cut: number, height: number, dpi: number): Band {
  const reach = Math.round(BAND_INCHES * dpi);
  return { top: Math.max(0, cut - reach), foot: Math.min(height, cut + reach) };
}

/** Between its first and its last ink the band is white somewhere from top to foot: a table, two columns, or too few lines to tell. */
function hasColumns(bytes: Uint8Array, rowBytes: number, { top, foot }: Band, dpi: number): boolean {
  const seen = new Uint8Array(rowBytes);
  for (let row = top, at = top * rowBytes; row < foot; row++)
    for (let x = 0; x < rowBytes; x++, at++) seen[x] = (seen[x] ?? 0) | (bytes[at] ?? 0);
  const white = Math.max(1, Math.floor((COLUMN_GAP_INCHES * dpi) / 8));
  const first = seen.findIndex((byte) => byte !== 0);
  const last = seen.findLastIndex((byte) => byte !== 0);
  for (let x = first, run = 0; x < last; x++) {
    run = seen[x] === 0 ? run + 1 : 0;
    if (run >= white) return true;
  }
  return false;
}

export interface Parts {
  readonly upper: Raster;
  /** `top` counts on the page and may lie above its first row: the margin belongs to it. */
  readonly lower: { readonly grey: Raster; readonly top: number };
}

/** White rows at the cut, as a page has around its lines. */
const MARGIN = 16;

/** `cut`: the first row of the lower part. */
export function partPage(grey: Raster, cut: number): Parts {
  const { width, height, pixels } = grey;
  const upper = new Uint8Array(width * (cut + MARGIN)).fill(255, width * cut);
  upper.set(pixels.subarray(0, width * cut));
  const lower = new Uint8Array(width * (height - cut + MARGIN)).fill(255, 0, width * MARGIN);
  lower.set(pixels.subarray(width * cut), width * MARGIN);
  return {
    upper: { ...grey, height: cut + MARGIN, pixels: upper },
    lower: { grey: { ...grey, height: height - cut + MARGIN, pixels: lower }, top: cut - MARGIN },
  };
}
