// A grey raster cut, and the strip of it that carries most ink.

import type { Box, Raster } from '../contract.ts';

export function cropRaster(grey: Raster, box: Box): Raster {
  const pixels = new Uint8Array(box.width * box.height);
  for (let row = 0; row < box.height; row++) {
    const from = (box.top + row) * grey.width + box.left;
    pixels.set(grey.pixels.subarray(from, from + box.width), row * box.width);
  }
  return { ...grey, width: box.width, height: box.height, pixels };
}

/** The rows, `height` of them, where letters are densest: most changes between light and dark. */
export function inkiestBand(grey: Raster, height: number): Box {
  const rows = Math.min(grey.height, Math.max(1, height));
  const changes = new Float64Array(grey.height + 1);
  for (let y = 0; y < grey.height; y++) {
    let sum = 0;
    for (let x = 4, at = y * grey.width + 4; x < grey.width; x += 4, at += 4)
      if (Math.abs((grey.pixels[at] ?? 0) - (grey.pixels[at - 4] ?? 0)) > 60) sum++;
    changes[y + 1] = (changes[y] ?? 0) + sum;
  }
  let best = 0;
  for (let top = 0; top + rows <= grey.height; top++) {
    const inked = (changes[top + rows] ?? 0) - (changes[top] ?? 0);
    if (inked > (changes[best + rows] ?? 0) - (changes[best] ?? 0)) best = top;
  }
  return { left: 0, top: best, width: grey.width, height: rows };
}
