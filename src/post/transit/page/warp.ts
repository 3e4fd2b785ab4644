// A raster looked up through a projective map, bilinear; what lies outside the source is paper.

import type { Raster } from '../contract.ts';
import type { Homography } from './homography.ts';

export interface Target {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

const SPAN = 16; // pixels between two exact look-ups; between them the map is as good as straight
/** Places are counted in 256ths of a pixel. */
const BITS = 8;
const PART = 1 << BITS;
const PART_MASK = PART - 1;

/** `map`: target pixels → source pixels, both by their edges; `paper`: by channel. */
export function warp(source: Raster, map: Homography, target: Target, paper: readonly number[]): Raster {
  const { channels } = source;
  const pixels = new Uint8Array(target.width * target.height * channels);
  const row = new Int32Array(2 * (target.width + SPAN));
  for (let y = 0; y < target.height; y++) {
    placesOf(map, y, target.width, row);
    const out = pixels.subarray(y * target.width * channels, (y + 1) * target.width * channels);
    const [from, to] = innerPart(source, row, target.width);
    warpRim(source, row, out, { from: 0, to: from, paper });
    warpRim(source, row, out, { from: to, to: target.width, paper });
    if (channels === 1) warpGrey(source, row, out, { from, to });
    else warpRgb(source, row, out, { from, to });
  }
  return { width: target.width, height: target.height, channels, pixels, dpi: target.dpi };
}

/** Source places (x, y, x, y …) of the pixels of one row, as places of pixels' middles. */
function placesOf([a, b, c, d, e, f, g, h]: Homography, y: number, width: number, row: Int32Array): void {
  const v = y + 0.5;
  for (let start = 0; start < width; start += SPAN) {
    const u = start + 0.5;
    const w = PART / (g * u + h * v + 1);
    const w2 = PART / (g * (u + SPAN) + h * v + 1);
    let px = (a * u + b * v + c) * w - PART / 2;
    let py = (d * u + e * v + f) * w - PART / 2;
    const stepX = ((a * (u + SPAN) + b * v + c) * w2 - PART / 2 - px) / SPAN;
    const stepY = ((d * (u + SPAN) + e * v + f) * w2 - PART / 2 - py) / SPAN;
    for (let x = start, end = start + SPAN; x < end; x++) {
      row[2 * x] = Math.floor(px);
      row[2 * x + 1] = Math.floor(py);
      px += stepX;
      py += stepY;
    }
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Pixels of the row whose four neighbours in the source all exist: they follow one another, and need no further look. */
function innerPart({ width, height }: Raster, row: Int32Array, count: number): readonly [number, number] {
  const [right, bottom] = [(width - 1) << BITS, (height - 1) << BITS];
  const isInner = (i: number): boolean => {
    const x = row[2 * i] ?? 0;
    const y = row[2 * i + 1] ?? 0;
    return x >= 0 && y >= 0 && x < right && y < bottom;
  };
  let from = 0;
  while (from < count && !isInner(from)) from++;
  let to = count;
  while (to > from && !isInner(to - 1)) to--;
  return [from, to];
}

/** Paper, or what lies at the source's very edge. */
function warpRim(
  source: Raster,
  row: Int32Array,
  out: Uint8Array,
  { from, to, paper }: Span & { readonly paper: readonly number[] },
): void {
  const { width, height, channels, pixels: s } = source;
  const [dx, dy] = [width > 1 ? channels : 0, height > 1 ? width * channels : 0];
  for (let i = from; i < to; i++) {
    const px = (row[2 * i] ?? 0) / PART;
    const py = (row[2 * i + 1] ?? 0) / PART;
    const isOutside = !(px > -1 && py > -1 && px < width && py < height);
    const x = Math.max(0, Math.min(width - 2, Math.floor(px)));
    const y = Math.max(0, Math.min(height - 2, Math.floor(py)));
    const fx = Math.max(0, Math.min(1, px - x));
    const fy = Math.max(0, Math.min(1, py - y));
    for (let k = 0; k < channels; k++) {
      const at = (y * width + x) * channels + k;
      const upper = (s[at] ?? 0) * (1 - fx) + (s[at + dx] ?? 0) * fx;
      const lower = (s[at + dy] ?? 0) * (1 - fx) + (s[at + dy + dx] ?? 0) * fx;
      out[i * channels + k] = isOutside ? (paper[k] ?? 255) : upper * (1 - fy) + lower * fy + 0.5;
    }
  }
}

function warpGrey({ width, pixels: s }: Raster, row: Int32Array, out: Uint8Array, { from, to }: Span): void {
  for (let i = from; i < to; i++) {
    const px = row[2 * i] ?? 0;
    const py = row[2 * i + 1] ?? 0;
    const fx = px & PART_MASK;
    const fy = py & PART_MASK;
    const at = (py >> BITS) * width + (px >> BITS);
    const upper = (s[at] ?? 0) * (PART - fx) + (s[at + 1] ?? 0) * fx;
    const lower = (s[at + width] ?? 0) * (PART - fx) + (s[at + width + 1] ?? 0) * fx;
    out[i] = (upper * (PART - fy) + lower * fy + 32_768) >> 16;
  }
}

function warpRgb({ width, pixels: s }: Raster, row: Int32Array, out: Uint8Array, { from, to }: Span): void {
  const below = 3 * width;
  for (let i = from, at = 3 * from; i < to; i++, at += 3) {
    const px = row[2 * i] ?? 0;
    const py = row[2 * i + 1] ?? 0;
    const fx = px & PART_MASK;
    const fy = py & PART_MASK;
    const br = fx * fy;
    const bl = (PART - fx) * fy;
    const tr = fx * (PART - fy);
    const tl = 65_536 - br - bl - tr;
    const a = (py >> BITS) * below + 3 * (px >> BITS);
    const c = a + below;
    out[at] = ((s[a] ?? 0) * tl + (s[a + 3] ?? 0) * tr + (s[c] ?? 0) * bl + (s[c + 3] ?? 0) * br + 32_768) >> 16;
    out[at + 1] =
      ((s[a + 1] ?? 0) * tl + (s[a + 4] ?? 0) * tr + (s[c + 1] ?? 0) * bl + (s[c + 4] ?? 0) * br + 32_768) >> 16;
    out[at + 2] =
      ((s[a + 2] ?? 0) * tl + (s[a + 5] ?? 0) * tr + (s[c + 2] ?? 0) * bl + (s[c + 5] ?? 0) * br + 32_768) >> 16;
  }
}
