// Whether a page looks like the one it was made from or like another one: both very small, compared in all four turns.

import type { Raster } from '../contract.ts';

/** How dark each of its fields is: 0 … 1, row by row. */
export type Thumb = Float32Array;

const SIDE = 20;
/** Of the values of a picture sorted by brightness: what paper is. */
const PAPER_AT = 0.85;
/** Less ink than this everywhere has no look of its own. */
const LOOK_FROM = 0.004;
const ANOTHER_FROM = 0.75;
const CLEARLY = 0.25;

/** One behind the other as bytes; an empty page is all zeros. */
export function packThumbs(thumbs: readonly (Thumb | undefined)[]): Uint8Array {
  const packed = new Float32Array(thumbs.length * SIDE * SIDE);
  for (const [index, thumb] of thumbs.entries()) if (thumb !== undefined) packed.set(thumb, index * SIDE * SIDE);
  return new Uint8Array(packed.buffer);
}

/** Undefined: an empty page, or none of those. */
export function thumbAt(packed: Uint8Array, index: number): Thumb | undefined {
  const length = SIDE * SIDE * Float32Array.BYTES_PER_ELEMENT;
  const own = packed.slice(index * length, (index + 1) * length);
  if (own.length < length) return undefined;
  const thumb = new Float32Array(own.buffer);
  return thumb.every((value) => value === 0) ? undefined : thumb;
}

/** Undefined: an empty page. */
export function thumbOf({ width, height, channels, pixels }: Raster): Thumb | undefined {
  const counts = new Uint32Array(256);
  for (let at = 0; at < width * height * channels; at += channels) {
    const value = pixels[at] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const paper = paperOf(counts, width * height);
  const thumb = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < height; y++) {
    const row = Math.min(SIDE - 1, Math.floor((y * SIDE) / height)) * SIDE;
    for (let x = 0; x < width; x++) {
      const field = row + Math.min(SIDE - 1, Math.floor((x * SIDE) / width));
      const dark = paper - (pixels[(y * width + x) * channels] ?? 255);
      if (dark > 0) thumb[field] = (thumb[field] ?? 0) + dark;
    }
  }
  const most = (paper * width * height) / (SIDE * SIDE);
  for (let at = 0; at < thumb.length; at++) thumb[at] = (thumb[at] ?? 0) / Math.max(1, most);
  return thumb.reduce((sum, value) => sum + value, 0) / thumb.length < LOOK_FROM ? undefined : thumb;
}

function paperOf(counts: Uint32Array, pixels: number): number {
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += counts[value] ?? 0;
    if (seen >= PAPER_AT * pixels) return Math.max(1, value);
  }
  return 255;
}

/** First page (from 0) that clearly looks like another’s source and not like its own; -1: none. */
export function findMoved(made: readonly (Thumb | undefined)[], sources: readonly (Thumb | undefined)[]): number {
  return made.findIndex((thumb, index) => {
    const own = sources[index];
    if (thumb === undefined) return false;
    const likeOwn = own === undefined ? 0 : likeness(thumb, own);
    if (likeOwn >= ANOTHER_FROM) return false;
    return sources.some((source, i) => {
      if (i === index || source === undefined) return false;
      const like = likeness(thumb, source);
      return like >= ANOTHER_FROM && like >= likeOwn + CLEARLY;
    });
  });
}

/** -1 … 1: the best of four turns. */
export function likeness(one: Thumb, other: Thumb): number {
  let [best, turned] = [-1, other];
  for (let turn = 0; turn < 4; turn++) {
    best = Math.max(best, correlation(one, turned));
    turned = quarterTurn(turned);
  }
  return best;
}

function quarterTurn(thumb: Thumb): Thumb {
  return thumb.map((_, at) => thumb[(SIDE - 1 - (at % SIDE)) * SIDE + Math.floor(at / SIDE)] ?? 0);
}

function correlation(one: Thumb, other: Thumb): number {
  const mean = (thumb: Thumb): number => thumb.reduce((sum, value) => sum + value, 0) / thumb.length;
  const [middle, otherMiddle] = [mean(one), mean(other)];
  let [both, square, otherSquare] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [(one[at] ?? 0) - middle, (other[at] ?? 0) - otherMiddle];
    both += a * b;
    square += a * a;
    otherSquare += b * b;
  }
  return square === 0 || otherSquare === 0 ? 0 : both / Math.sqrt(square * otherSquare);
}
