// From PDFium's padded RGB rows to the room's rasters: one channel where no pixel has a colour.

import type { Raster } from '../contract.ts';

export interface Rows {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
}

/** Copies: the memory it reads from is used again. */
export function toRaster(rgb: Uint8Array, { width, height, stride }: Rows): Raster {
  const base = { width, height, dpi: undefined };
  if (isGrey(rgb, { width, height, stride })) {
    const pixels = new Uint8Array(width * height);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0, from = y * stride; x < width; x++, from += 3) pixels[to++] = rgb[from] ?? 0;
    }
    return { ...base, channels: 1, pixels };
  }
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) pixels.set(rgb.subarray(y * stride, y * stride + 3 * width), 3 * y * width);
  return { ...base, channels: 3, pixels };
}

function isGrey(rgb: Uint8Array, { width, height, stride }: Rows): boolean {
  for (let y = 0; y < height; y++) {
    const end = y * stride + 3 * width;
    for (let at = y * stride; at < end; at += 3) {
      if (rgb[at] !== rgb[at + 1] || rgb[at] !== rgb[at + 2]) return false;
    }
  }
  return true;
}
