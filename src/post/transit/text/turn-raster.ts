// A grey raster turned by quarters, cut, and the strip of it that carries most ink.

import type { Box, Raster } from '../contract.ts';

/** Clockwise. */
export function turnRaster(grey: Raster, degrees: 0 | 90 | 180 | 270): Raster {
  if (degrees === 0) return grey;
  const { width, height, pixels } = grey;
  if (degrees === 180) return { ...grey, pixels: pixels.toReversed() };
  const turned = new Uint8Array(pixels.length);
  // Step of the target for one column and one row of the source.
  const [start, byColumn, byRow] = degrees === 90 ? [height - 1, height, -1] : [(width - 1) * height, -height, 1];
  for (let y = 0; y < height; y++) {
    let to = start + y * byRow;
    for (let x = 0; x < width; x++) {
      turned[to] = pixels[y * width + x] ?? 0;
      to += byColumn;
    }
  }
  return { ...grey, width: height, height: width, pixels: turned };
}

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
