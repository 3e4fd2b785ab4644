// A grey raster as a BMP file in memory: the form of pixels that the reading core takes in whole rows.

import type { Raster } from '../contract.ts';

const FILE_HEADER = 14;
const INFO_HEADER = 40;
const PALETTE = 256 * 4;
const INCH_M = 0.0254;

/** One channel only; `dpi` is written where it is known. */
export function greyBmp(grey: Raster): Uint8Array {
  if (grey.channels !== 1) throw new Error('only a grey raster can be read');
  const stride = (grey.width + 3) & ~3;
  const pixelsAt = FILE_HEADER + INFO_HEADER + PALETTE;
  const bmp = new Uint8Array(pixelsAt + stride * grey.height);
  const view = new DataView(bmp.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, bmp.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, INFO_HEADER, true);
  view.setInt32(18, grey.width, true);
  view.setInt32(22, grey.height, true); // positive: the last row comes first
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  view.setUint32(34, stride * grey.height, true);
  const perMetre = Math.round((grey.dpi ?? 300) / INCH_M);
  view.setInt32(38, perMetre, true);
  view.setInt32(42, perMetre, true);
  view.setUint32(46, 256, true);
  for (let value = 0; value < 256; value++) bmp.fill(value, 54 + value * 4, 57 + value * 4);
  for (let row = 0; row < grey.height; row++) {
    const from = (grey.height - 1 - row) * grey.width;
    bmp.set(grey.pixels.subarray(from, from + grey.width), pixelsAt + row * stride);
  }
  return bmp;
}
