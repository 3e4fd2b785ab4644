// A raster turned clockwise by quarters.

import type { Raster } from '../contract.ts';

export type Turn = 0 | 90 | 180 | 270;

export function turnRaster(raster: Raster, degrees: Turn): Raster {
  if (degrees === 0) return raster;
  const { width, height, channels, pixels } = raster;
  const turned = new Uint8Array(pixels.length);
  const isLying = degrees !== 180;
  // Where the first pixel goes, and how far the next one in a row and the next row go from there.
  const [start, byColumn, byRow] =
    degrees === 90
      ? [height - 1, height, -1]
      : degrees === 180
        ? [width * height - 1, -1, -width]
        : [(width - 1) * height, -height, 1];
  for (let y = 0, from = 0; y < height; y++) {
    let to = (start + y * byRow) * channels;
    for (let x = 0; x < width; x++, to += byColumn * channels)
      for (let k = 0; k < channels; k++) turned[to + k] = pixels[from++] ?? 0;
  }
  return { ...raster, width: isLying ? height : width, height: isLying ? width : height, pixels: turned };
}
