// JPEG, PNG, TIFF, WebP and HEIC to pixels: upright as they say, on white, grey or RGB of eight bits, never larger than a page needs.

import sharp, { type Metadata, type Sharp } from 'sharp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { heifSort } from '#formats/heif/heif-sort.ts';
import type { Raster } from '../contract.ts';
import { type HeicPixels, onHeic } from './open-heic.ts';
import { readFacts, type PictureRefusal } from './read-facts.ts';
import { tiffMeasure, type TiffMeasure } from './tiff-measure.ts';

/** Two sheets of A4 at 300 dpi: a photo of one has room around it. */
const WORK_PIXELS_MAX = 17_500_000;
const DPI_MIN = 100; // cameras and screens write 72 and 96 and mean nothing by it
const DPI_MAX = 1_200;
const SIDE_INCHES_MAX = 18;
const TURNED_FROM = 5; // EXIF orientations from here on exchange width and height
const UNEQUAL = 0.02; // dots across and down differ by more than that
const STRETCH_MAX = 4;
const JPEG_END = [0xff, 0xd9] as const;
const PAPER = '#ffffff';
const GROUND_SIDE = 500;
const LIGHT_FROM = 160;
const DARK_SHARE = 0.002; // of what is seen: a page with any letters on it has more
const SHEET_SHARE = 0.9; // so much of the picture seen: nothing to speak of shows through
const TAIL = 4_096; // where cameras leave padding or a note behind the end

/** `frame` from 0. */
export async function decodePicture(bytes: Uint8Array, frame: number): Promise<Result<Raster, PictureRefusal>> {
  if (heifSort(bytes) !== undefined) return onHeic(bytes, frame, fromRgba);
  const facts = await readFacts(bytes, frame);
  if (!facts.ok) return facts;
  const { channels, orientation = 1 } = facts.value;
  const { width, height, dpi } = squareDots(facts.value, tiffMeasure(bytes, frame));
  const share = Math.min(1, Math.sqrt(WORK_PIXELS_MAX / (width * height)));
  const [wide, high] = orientation >= TURNED_FROM ? [height, width] : [width, height];
  const limitInputPixels = limits.transit.pictureMegapixels * 1_000_000;
  const whole = withEnd(bytes);
  // A JPEG that only wants its end mark shows every pixel; one that is torn in the midst is told by a warning.
  const failOn = whole === bytes ? 'error' : 'warning';
  const image = sharp(whole, { page: frame, limitInputPixels, failOn, sequentialRead: true }).autoOrient();
  if (share < 1 || width !== facts.value.width || height !== facts.value.height)
    image.resize(Math.round(wide * share), Math.round(high * share), { fit: 'fill', kernel: 'linear' });
  const ground = facts.value.hasAlpha ? await groundFor(whole, frame) : PAPER;
  return toRaster(
    image,
    { colours: channels < 3 ? 'b-w' : 'srgb', ground },
    credibleDpi({ width, height, density: dpi }, share),
  );
}

/** libheif has turned it as the file says; a camera's measure means nothing. */
async function fromRgba({ width, height, rgba }: HeicPixels): Promise<Result<Raster, PictureRefusal>> {
  const share = Math.min(1, Math.sqrt(WORK_PIXELS_MAX / (width * height)));
  const image = sharp(rgba, { raw: { width, height, channels: 4 } });
  if (share < 1) image.resize(Math.round(width * share), Math.round(height * share), { fit: 'fill', kernel: 'linear' });
  return toRaster(image, { colours: 'srgb', ground: PAPER }, undefined);
}

async function toRaster(
  image: Sharp,
  { colours, ground }: { readonly colours: 'b-w' | 'srgb'; readonly ground: string },
  dpi: number | undefined,
): Promise<Result<Raster, PictureRefusal>> {
  try {
    const { data, info } = await image
      .flatten({ background: ground })
      .toColourspace(colours)
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const found = info.channels;
    if (found !== 1 && found !== 3) return err({ kind: 'damaged' });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return ok({ width: info.width, height: info.height, channels: found, pixels, dpi });
  } catch {
    return err({ kind: 'damaged' }); // whatever the decoder says of it
  }
}

/** What shows through is paper, unless only light things stand on it: white letters for a dark ground would be gone. Never throws. */
async function groundFor(bytes: Uint8Array, frame: number): Promise<string> {
  const limitInputPixels = limits.transit.pictureMegapixels * 1_000_000;
  const small = await sharp(bytes, { page: frame, limitInputPixels, sequentialRead: true })
    .resize(GROUND_SIDE, GROUND_SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer()
    .catch(() => new Uint8Array());
  let [seen, dark] = [0, 0];
  for (let at = 0; at + 3 < small.length; at += 4) {
    const alpha = small[at + 3] ?? 0;
    seen += alpha;
    if (Math.min(small[at] ?? 0, small[at + 1] ?? 0, small[at + 2] ?? 0) < LIGHT_FROM) dark += alpha;
  }
  const isSheet = seen >= (SHEET_SHARE * 255 * small.length) / 4;
  return seen === 0 || isSheet || dark > DARK_SHARE * seen ? PAPER : '#000000';
}

/** A fax has 204 dots across and 98 or 196 down: it is made as large as its finer side says. */
function squareDots(
  { width, height, density }: Metadata,
  measure: TiffMeasure | undefined,
): { readonly width: number; readonly height: number; readonly dpi: number | undefined } {
  if (measure === undefined) return { width, height, dpi: density };
  const { acrossDpi, downDpi } = measure;
  const ratio = acrossDpi / downDpi;
  if (Math.abs(ratio - 1) <= UNEQUAL || ratio > STRETCH_MAX || ratio < 1 / STRETCH_MAX)
    return { width, height, dpi: density };
  return ratio > 1
    ? { width, height: Math.round(height * ratio), dpi: acrossDpi }
    : { width: Math.round(width / ratio), height, dpi: downDpi };
}

/** The same bytes, or, of a JPEG that does not say where it ends, those with the mark that says so. */
function withEnd(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return bytes;
  for (let at = bytes.length - 2; at > 1 && at > bytes.length - TAIL; at--)
    if (bytes[at] === JPEG_END[0] && bytes[at + 1] === JPEG_END[1]) return bytes;
  const whole = new Uint8Array(bytes.length + 2);
  whole.set(bytes);
  whole.set(JPEG_END, bytes.length);
  return whole;
}

function credibleDpi(
  { density, width, height }: { readonly density: number | undefined; readonly width: number; readonly height: number },
  share: number,
): number | undefined {
  if (density === undefined || density < DPI_MIN || density > DPI_MAX) return undefined;
  return Math.max(width, height) / density > SIDE_INCHES_MAX ? undefined : density * share;
}
