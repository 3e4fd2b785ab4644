// Which pixels of an evened page are ink: darker than a line between the darkest and the lightest nearby.

import type { Raster } from '../contract.ts';
import { blur, quantile, spread, type Plane } from './plane.ts';

const BLOCK = 8;
const DARK_BLOCKS = 1; // the darkest within so many blocks
const LIGHT_BLOCKS = 4;
const TOWARDS_LIGHT = 0.6; // of the way from dark to light
const ALWAYS = 112; // on an evened page that is ink, whatever stands around it
const CONTRAST_MIN = { scan: 34, photo: 48 } as const;
const NOISE_TIMES = 2.2;
const BLANK_SHARE = 0.3; // at least so many blocks of a page are blank

/** One byte a pixel: 1 is ink. */
export function inkMask(grey: Raster, source: 'scan' | 'photo'): Uint8Array {
  const { darkest, lightest } = extremes(grey);
  const noise = quantile(
    darkest.values.map((dark, i) => (lightest.values[i] ?? 0) - dark),
    BLANK_SHARE,
  );
  const dark = spread(darkest, DARK_BLOCKS, false);
  const light = spread(lightest, LIGHT_BLOCKS, true);
  const contrastMin = Math.max(CONTRAST_MIN[source], NOISE_TIMES * noise);
  const lines = dark.values.map((low, i) => {
    const contrast = (light.values[i] ?? 0) - low;
    return contrast < contrastMin ? ALWAYS : Math.max(ALWAYS, low + TOWARDS_LIGHT * contrast);
  });
  return belowLines(grey, blur({ ...dark, values: lines }, 1));
}

/** Of pairs of pixels in each block: single pixels are noise. */
function extremes({ width, height, pixels }: Raster): { readonly darkest: Plane; readonly lightest: Plane } {
  const [wide, high] = [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)];
  const darkest = new Uint8Array(wide * high).fill(255);
  const lightest = new Uint8Array(wide * high);
  for (let y = 0; y < height; y++) {
    const row = (y >> 3) * wide;
    const end = (y + 1) * width - 1;
    for (let block = 0, at = y * width; block < wide; block++) {
      let low = darkest[row + block] ?? 255;
      let most = lightest[row + block] ?? 0;
      for (let k = 0; k < BLOCK && at < end; k += 2, at += 2) {
        const pair = ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0)) >> 1;
        if (pair < low) low = pair;
        if (pair > most) most = pair;
      }
      darkest[row + block] = low;
      lightest[row + block] = most;
    }
  }
  const size = { width: wide, height: high };
  return { darkest: { ...size, values: darkest }, lightest: { ...size, values: lightest } };
}

/** Lines lie straight between the middles of blocks. */
function belowLines({ width, height, pixels }: Raster, lines: Plane): Uint8Array {
  const isInk = new Uint8Array(width * height);
  const level = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    if (y % 2 === 0) levelsOfRow(lines, y, level);
    for (let x = 0, at = y * width; x < width; x++, at++) if ((pixels[at] ?? 255) < (level[x] ?? 0)) isInk[at] = 1;
  }
  return isInk;
}

function levelsOfRow({ width, height, values }: Plane, y: number, level: Float32Array): void {
  const place = Math.min(height - 1, Math.max(0, (y + 0.5) / BLOCK - 0.5));
  const upper = Math.floor(place) * width;
  const lower = Math.min(height - 1, Math.floor(place) + 1) * width;
  const down = place - Math.floor(place);
  const at = (block: number): number => {
    const inside = Math.min(width - 1, Math.max(0, block));
    return (values[upper + inside] ?? 0) * (1 - down) + (values[lower + inside] ?? 0) * down;
  };
  for (let x = -BLOCK / 2, block = -1; x < level.length; x += BLOCK, block++) {
    const left = at(block);
    const step = (at(block + 1) - left) / BLOCK;
    for (let k = 0; k < BLOCK; k++) if (x + k >= 0 && x + k < level.length) level[x + k] = left + step * (k + 0.5);
  }
}
