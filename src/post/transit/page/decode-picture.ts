// JPEG, PNG and TIFF to pixels: upright by their EXIF orientation, on white, grey or RGB of eight bits, never larger than a page needs.

import sharp, { type Metadata } from 'sharp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Raster } from '../contract.ts';
import { readFacts, type PictureRefusal } from './read-facts.ts';

/** Two sheets of A4 at 300 dpi: a photo of one has room around it. */
const WORK_PIXELS_MAX = 17_500_000;
const DPI_MIN = 100; // cameras and screens write 72 and 96 and mean nothing by it
const DPI_MAX = 1_200;
const SIDE_INCHES_MAX = 18;
const TURNED_FROM = 5; // EXIF orientations from here on exchange width and height

/** `frame` from 0. */
export async function decodePicture(bytes: Uint8Array, frame: number): Promise<Result<Raster, PictureRefusal>> {
  const facts = await readFacts(bytes, frame);
  if (!facts.ok) return facts;
  const { width, height, channels, orientation = 1 } = facts.value;
  const share = Math.min(1, Math.sqrt(WORK_PIXELS_MAX / (width * height)));
  const [wide, high] = orientation >= TURNED_FROM ? [height, width] : [width, height];
  const limitInputPixels = limits.transit.pictureMegapixels * 1_000_000;
  const image = sharp(bytes, { page: frame, limitInputPixels, failOn: 'error', sequentialRead: true }).autoOrient();
  if (share < 1) image.resize(Math.round(wide * share), Math.round(high * share), { fit: 'fill', kernel: 'linear' });
  try {
    const { data, info } = await image
      .flatten({ background: '#ffffff' })
      .toColourspace(channels < 3 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const found = info.channels;
    if (found !== 1 && found !== 3) return err({ kind: 'damaged' });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return ok({
      width: info.width,
      height: info.height,
      channels: found,
      pixels,
      dpi: credibleDpi(facts.value, share),
    });
  } catch {
    return err({ kind: 'damaged' }); // whatever the decoder says of it
  }
}

function credibleDpi({ density, width, height }: Metadata, share: number): number | undefined {
  if (density === undefined || density < DPI_MIN || density > DPI_MAX) return undefined;
  return Math.max(width, height) / density > SIDE_INCHES_MAX ? undefined : density * share;
}
