// Two pictures of one page: how much of what was dark in the first is light in the second.

import type { Raster } from '../contract.ts';

const DARK_BELOW = 160;
const LIGHTER_BY = 64;

/** 0 … 1 of the dark pixels of `before`; 1 when the pictures are not of one size. */
export function compareInk(before: Raster, after: Raster): number {
  if (before.width !== after.width || before.height !== after.height) return 1;
  let dark = 0;
  let lost = 0;
  for (let i = 0; i < before.width * before.height; i++) {
    const was = darkest(before, i);
    if (was >= DARK_BELOW) continue;
    dark += 1;
    if (darkest(after, i) > was + LIGHTER_BY) lost += 1;
  }
  return dark === 0 ? 0 : lost / dark;
}

function darkest({ pixels, channels }: Raster, index: number): number {
  if (channels === 1) return pixels[index] ?? 255;
  const at = 3 * index;
  return Math.min(pixels[at] ?? 255, pixels[at + 1] ?? 255, pixels[at + 2] ?? 255);
}
