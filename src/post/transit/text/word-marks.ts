// The single marks of ink that a word is made of: what a sign looks like, where its letters alone leave two readings.

import type { Box, Raster } from '../contract.ts';

const INK_SHARE = 0.55; // of the way from the darkest to the lightest of the box
const CONTRAST_MIN = 40;
const PIXELS_MIN = 4;
const AREA_MAX = 200_000; // a box beyond that is no word

/** From left to right, in pixels of the page; empty where there is no telling ink from paper. */
export function marksOf(grey: Raster, box: Box): readonly Box[] {
  const left = Math.max(0, Math.floor(box.left));
  const top = Math.max(0, Math.floor(box.top));
  const width = Math.min(grey.width, Math.ceil(box.left + box.width)) - left;
  const height = Math.min(grey.height, Math.ceil(box.top + box.height)) - top;
  if (width < 1 || height < 1 || width * height > AREA_MAX) return [];
  const isInk = inkOf(grey, { left, top, width, height });
  if (isInk === undefined) return [];
  const marks: Box[] = [];
  for (let start = 0; start < isInk.length; start++) {
    if (isInk[start] !== 1) continue;
    const { box: mark, pixels } = takeMark(isInk, start, { width, height });
    if (pixels >= PIXELS_MIN) marks.push({ ...mark, left: mark.left + left, top: mark.top + top });
  }
  return marks.sort((a, b) => a.left - b.left);
}

/** 1 is ink. */
function inkOf({ width, pixels }: Raster, box: Box): Uint8Array | undefined {
  let [darkest, lightest] = [255, 0];
  const values = new Uint8Array(box.width * box.height);
  for (let y = 0, to = 0; y < box.height; y++)
    for (let x = 0, at = (box.top + y) * width + box.left; x < box.width; x++, at++, to++) {
      const value = pixels[at] ?? 255;
      values[to] = value;
      darkest = Math.min(darkest, value);
      lightest = Math.max(lightest, value);
    }
  if (lightest - darkest < CONTRAST_MIN) return undefined;
  const level = darkest + INK_SHARE * (lightest - darkest);
  return values.map((value) => (value < level ? 1 : 0));
}

/** Takes all that touches `start` out of the ink. */
function takeMark(
  isInk: Uint8Array,
  start: number,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly box: Box; readonly pixels: number } {
  const found = [start];
  isInk[start] = 2;
  let [left, right, top, foot] = [width, 0, height, 0];
  for (let next = 0; next < found.length; next++) {
    const at = found[next] ?? 0;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, right, top, foot] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(foot, y)];
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const to = row * width + column;
        if (isInk[to] !== 1) continue;
        isInk[to] = 2;
        found.push(to);
      }
  }
  return { box: { left, top, width: right - left + 1, height: foot - top + 1 }, pixels: found.length };
}
