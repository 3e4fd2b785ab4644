// Takes out of JPEG and JPEG 2000 pictures what tells where, when and by whom they were taken; not a pixel changes.

import { PDFArray, PDFName, PDFRawStream } from '@cantoo/pdf-lib';

const MARKER = 0xff;
const START_OF_SCAN = 0xda;
/** APP1 (Exif, XMP), APP3 … APP13 (IPTC among them), APP15, comments. JFIF, colour profiles and Adobe’s colour flag stay. */
const TOLD = new Set([0xe1, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xef, 0xfe]);
const TOLD_BOXES = new Set(['uuid', 'xml ', 'uinf']);

/** Undefined: nothing to take out, or no picture whose parts can be told apart. */
export function stripPicture(stream: PDFRawStream): PDFRawStream | undefined {
  const filter = stream.dict.get(PDFName.of('Filter'));
  const only = filter instanceof PDFArray && filter.size() === 1 ? filter.get(0) : filter;
  const name = only instanceof PDFName ? only.decodeText() : '';
  const slim =
    name === 'DCTDecode' || name === 'DCT'
      ? stripJpeg(stream.contents)
      : name === 'JPXDecode'
        ? stripJpeg2000(stream.contents)
        : undefined;
  return slim === undefined || slim.length === stream.contents.length ? undefined : PDFRawStream.of(stream.dict, slim);
}

/** ISO 10918-1 B.1.1: segments up to the first scan. */
export function stripJpeg(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== MARKER || bytes[1] !== 0xd8) return undefined;
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== MARKER) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === MARKER) {
      at += 1;
      continue;
    }
    if (marker === START_OF_SCAN) return joined([...kept, bytes.subarray(at)]);
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (length < 2 || at + 2 + length > bytes.length) return undefined;
    if (!TOLD.has(marker)) kept.push(bytes.subarray(at, at + 2 + length));
    at += 2 + length;
  }
  return undefined;
}

/** ISO 15444-1 Annex I: boxes; a bare code stream has none. */
export function stripJpeg2000(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[4] !== 0x6a || bytes[5] !== 0x50) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kept: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) return undefined;
    const said = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    // 0: to the end of the file; 1: a length of eight bytes, which no page's picture needs
    const length = said === 0 ? bytes.length - at : said;
    if (length < 8 || at + length > bytes.length) return undefined;
    if (!TOLD_BOXES.has(type)) kept.push(bytes.subarray(at, at + length));
    at += length;
  }
  return joined(kept);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
