// Operators and pictures of one page: grounds below, ink as a stencil above them, painted black and in its colours (ISO 32000-1 §8.9).

import { encodeG4 } from '../ccitt-g4/encode-g4.ts';
import { encodeJbig2 } from '../jbig2/encode-jbig2.ts';
import type { MaskCoding, PdfBox, PdfMask, PdfPage, PdfPicture } from './pages.ts';
import { ref, short, type ObjectNumber, type PdfFile } from './pdf-file.ts';

export interface Layers {
  readonly operators: string;
  /** Entries of the page's /XObject dictionary. */
  readonly images: string;
}

type Rgb = readonly [number, number, number];

const SOF_FIRST = 0xc0;
const SOF_LAST = 0xcf;
const NOT_FRAMES: readonly number[] = [0xc4, 0xc8, 0xcc];

export function putLayers(file: PdfFile, page: PdfPage, coding: MaskCoding): Layers {
  const images: string[] = [];
  let operators = '';
  page.grounds.forEach((picture, index) => {
    images.push(`/G${index} ${ref(putPicture(file, picture))}`);
    operators += `q ${placeOf(page, picture.box)} cm /G${index} Do Q\n`;
  });
  if (hasInk(page.mask)) {
    images.push(`/M ${ref(putMask(file, page.mask, coding))}`);
    operators += paintInk(page);
  }
  return { operators, images: images.join('') };
}

function hasInk(mask: PdfMask): boolean {
  return mask.bytes.some((byte) => byte !== 0);
}

/** Black outside the boxes of the colours, each colour inside its own. */
function paintInk(page: PdfPage): string {
  const stencil = `${placeOf(page, undefined)} cm /M Do`;
  const colours = new Map<string, { readonly rgb: Rgb; readonly boxes: PdfBox[] }>();
  for (const { rgb, box } of page.inks) {
    const key = rgb.join(' ');
    const known = colours.get(key);
    if (known) known.boxes.push(box);
    else colours.set(key, { rgb, boxes: [box] });
  }
  const all = page.inks.map(({ box }) => box);
  // Even-odd leaves the boxes out of the page, unless two lie over each other; then black goes below all and the colours over it.
  const clip = all.length === 0 || overlap(all) ? '' : `${wholePage(page)}${rectangles(page, all)}W* n `;
  const painted = [`q ${clip}0 g ${stencil} Q\n`];
  for (const { rgb, boxes } of colours.values()) {
    const fill = rgb.map((value) => short(value / 255)).join(' ');
    painted.push(`q ${rectangles(page, boxes)}W n ${fill} rg ${stencil} Q\n`);
  }
  return painted.join('');
}

function overlap(boxes: readonly PdfBox[]): boolean {
  return boxes.some((a, index) =>
    boxes
      .slice(index + 1)
      .some(
        (b) =>
          a.left < b.left + b.width &&
          b.left < a.left + a.width &&
          a.top < b.top + b.height &&
          b.top < a.top + a.height,
      ),
  );
}

function wholePage(page: PdfPage): string {
  return `0 0 ${short(page.widthPt)} ${short(page.heightPt)} re `;
}

function rectangles(page: PdfPage, boxes: readonly PdfBox[]): string {
  return boxes.map((box) => `${inPoints(page, box).map(short).join(' ')} re `).join('');
}

/** Left, foot, width, height. */
function inPoints(page: PdfPage, box: PdfBox): readonly [number, number, number, number] {
  const across = page.widthPt / page.mask.width;
  const up = page.heightPt / page.mask.height;
  const foot = page.heightPt - (box.top + box.height) * up;
  return [box.left * across, foot, box.width * across, box.height * up];
}

function placeOf(page: PdfPage, box: PdfBox | undefined): string {
  const [left, foot, width, height] = box ? inPoints(page, box) : [0, 0, page.widthPt, page.heightPt];
  return [width, 0, 0, height, left, foot].map(short).join(' ');
}

/** Both codings give ink as 0, which is what a stencil paints (§7.4.6, §7.4.7, §8.9.6.2). */
function putMask(file: PdfFile, mask: PdfMask, coding: MaskCoding): ObjectNumber {
  const head = `/Type/XObject/Subtype/Image/Width ${mask.width}/Height ${mask.height}/ImageMask true/BitsPerComponent 1`;
  if (coding === 'jbig2') return file.putStream(`${head}/Filter/JBIG2Decode`, encodeJbig2(mask), 'asIs');
  const parameters = `/DecodeParms<</K -1/Columns ${mask.width}/Rows ${mask.height}>>`;
  return file.putStream(`${head}/Filter/CCITTFaxDecode${parameters}`, encodeG4(mask), 'asIs');
}

function putPicture(file: PdfFile, picture: PdfPicture): ObjectNumber {
  const space = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' }[componentsOf(picture.jpeg)];
  return file.putStream(
    `/Type/XObject/Subtype/Image/Width ${picture.width}/Height ${picture.height}` +
      `/ColorSpace/${space}/BitsPerComponent 8/Filter/DCTDecode`,
    picture.jpeg,
    'asIs',
  );
}

/** From the frame header (ISO/IEC 10918-1 §B.2.2); throws for what is no JPEG, which is our own mistake. */
function componentsOf(jpeg: Uint8Array): 1 | 3 | 4 {
  let at = 2;
  while (at + 9 < jpeg.length) {
    const marker = jpeg[at + 1] ?? 0;
    if (jpeg[at] !== 0xff) break;
    if (marker >= SOF_FIRST && marker <= SOF_LAST && !NOT_FRAMES.includes(marker)) {
      const components = jpeg[at + 9];
      if (components === 1 || components === 3 || components === 4) return components;
      break;
    }
    at += 2 + ((jpeg[at + 2] ?? 0) << 8) + (jpeg[at + 3] ?? 0);
  }
  throw new Error('a ground of a page is no JPEG that PDF knows');
}
