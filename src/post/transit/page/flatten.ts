// A page whose lines bend is looked up anew, each column by itself, so that they lie level; a flat one stays as it is.

import type { Raster } from '../contract.ts';
import { findCurl, type Curl } from './find-curl.ts';
import { shrinkRaster } from './plane.ts';

const LOOK_SIDE = 1_754; // A4 at 150 dpi

/** The very same raster where nothing is bent. `page`: upright, evenly lit; `grey`: its grey pixels. */
export function flatten(page: Raster, grey: Raster): Raster {
  const factor = Math.max(1, Math.round(Math.max(grey.width, grey.height) / LOOK_SIDE));
  const curl = findCurl(shrinkRaster(grey, factor));
  return curl === undefined ? page : lookUp(page, curl, factor);
}

/** `factor`: how much smaller the page was when the curl was seen. At least two rows. */
export function lookUp(page: Raster, { step, across, shifts }: Curl, factor: number): Raster {
  const { width, height, channels, pixels: source } = page;
  const pixels = new Uint8Array(source.length);
  const stride = width * channels;
  const cell = step * factor;
  const line = new Float32Array(across);
  for (let y = 0; y < height; y++) {
    const top = Math.min(Math.floor(y / cell), shifts.length / across - 2);
    const part = y / cell - top;
    for (let i = 0; i < across; i++)
      line[i] = factor * ((shifts[top * across + i] ?? 0) * (1 - part) + (shifts[(top + 1) * across + i] ?? 0) * part);
    for (let x = 0, at = y * stride; x < width; x++) {
      const left = Math.min(across - 2, Math.floor(x / cell));
      const here = line[left] ?? 0;
      const place = y + here + ((line[left + 1] ?? 0) - here) * (x / cell - left);
      const row = Math.max(0, Math.min(height - 2, Math.floor(place)));
      const below = Math.max(0, Math.min(1, place - row));
      for (let from = row * stride + x * channels, k = 0; k < channels; k++, from++, at++)
        pixels[at] = (source[from] ?? 0) * (1 - below) + (source[from + stride] ?? 0) * below + 0.5;
    }
  }
  return { ...page, pixels };
}
