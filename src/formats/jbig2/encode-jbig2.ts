// A bitmap as the JBIG2 stream that PDF embeds: page information and one lossless generic region (ITU-T T.88 §6.2, §7.4; ISO 32000-1 §7.4.7).

import { mqStates } from './mq-states.ts';

/** One bit a pixel, 1 is ink, most significant first, rows padded to whole bytes. */
export interface InkBitmap {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

const PAGE_INFORMATION = 48;
const IMMEDIATE_LOSSLESS_GENERIC_REGION = 39;
const LOSSLESS_PAGE = 0x01;
/** Template 0 with its adaptive pixels at their usual places: (3,−1) (−3,−1) (2,−2) (−2,−2). */
const TEMPLATE_0 = [0x00, 0x03, 0xff, 0xfd, 0xff, 0x02, 0xfe, 0xfe, 0xfe] as const;
const CONTEXTS = 1 << 16;
const TOP = 0x8000;
/** No pixel takes more than two bytes, whatever the coder has learnt. */
const PIXEL_BYTES_MAX = 2;
const SPARE_BYTES = 64;

/** Throws when the bitmap’s rows do not fit its size, which is a mistake of ours. */
export function encodeJbig2(bitmap: InkBitmap): Uint8Array {
  const { width, height } = bitmap;
  const region = [...long(width), ...long(height), ...long(0), ...long(0), 0];
  const data = encodeRows(bitmap);
  const page = [...long(width), ...long(height), ...long(0), ...long(0), LOSSLESS_PAGE, 0, 0];
  const head = [
    ...segmentHead(0, PAGE_INFORMATION, page.length),
    ...page,
    ...segmentHead(1, IMMEDIATE_LOSSLESS_GENERIC_REGION, region.length + TEMPLATE_0.length + data.length),
    ...region,
    ...TEMPLATE_0,
  ];
  const stream = new Uint8Array(head.length + data.length);
  stream.set(head);
  stream.set(data, head.length);
  return stream;
}

/** Number, type, no segments referred to, page 1, length (§7.2). */
function segmentHead(number: number, type: number, length: number): readonly number[] {
  return [...long(number), type, 0, 1, ...long(length)];
}

function long(value: number): readonly number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function encodeRows(bitmap: InkBitmap): Uint8Array {
  const { width, height } = bitmap;
  const { cells, stride } = withMargins(bitmap);
  const coder = new MqEncoder();
  for (let y = 0; y < height; y++) {
    coder.room(width);
    coder.row(cells, (y + 2) * stride + 1, stride, width);
  }
  return coder.end();
}

/** Two empty rows above, an empty byte left and right of each row, and nothing in the padding. */
function withMargins({ width, height, bytes }: InkBitmap): { readonly cells: Uint8Array; readonly stride: number } {
  const rowBytes = Math.ceil(width / 8);
  if (bytes.length < rowBytes * height) throw new Error('a bitmap with fewer rows than it says');
  const stride = rowBytes + 2;
  const cells = new Uint8Array(stride * (height + 2));
  const keep = (0xff << (rowBytes * 8 - width)) & 0xff;
  for (let y = 0; y < height; y++) {
    const to = (y + 2) * stride + 1;
    cells.set(bytes.subarray(y * rowBytes, (y + 1) * rowBytes), to);
    if (rowBytes > 0) cells[to + rowBytes - 1] = (cells[to + rowBytes - 1] ?? 0) & keep;
  }
  return { cells, stride };
}

/** The arithmetic coder (Annex E.2), with a leap over white where nothing was near. */
class MqEncoder {
  readonly #states = new Uint8Array(CONTEXTS);
  #interval = TOP;
  #code = 0;
  #shifts = 12;
  /** The first byte is the one before the first; it stays 0. */
  #bytes = new Uint8Array(1 << 14);
  #at = 0;

  /** So that one row more fits. */
  room(pixels: number): void {
    const needed = this.#at + pixels * PIXEL_BYTES_MAX + SPARE_BYTES;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#at + 1));
    this.#bytes = larger;
  }

  /** `at`: first byte of the row in `cells`. */
  row(cells: Uint8Array, at: number, stride: number, width: number): void {
    const rowBytes = (width + 7) >> 3;
    const above = at - stride;
    const top = above - stride;
    let blank = 0;
    for (let b = 0; b < rowBytes; b++) {
      const upper = window(cells, top + b);
      const middle = window(cells, above + b);
      const own = ((cells[at + b - 1] ?? 0) << 8) | (cells[at + b] ?? 0);
      const count = b === rowBytes - 1 ? width - 8 * b : 8;
      if (((upper & 0x3ffc0) | (middle & 0x7ffe0) | (own & 0xfff)) === 0) {
        blank += count;
        continue;
      }
      if (blank > 0) this.#leap(blank);
      blank = 0;
      for (let k = 0; k < count; k++) {
        const context =
          (((upper >> (13 - k)) & 0x1f) << 11) | (((middle >> (12 - k)) & 0x7f) << 4) | ((own >> (8 - k)) & 0xf);
        this.#encode(context, (own >> (7 - k)) & 1);
      }
    }
    if (blank > 0) this.#leap(blank);
  }

  /** So many white pixels whose whole neighbourhood is white. */
  #leap(pixels: number): void {
    let left = pixels;
    while (left > 0) {
      const state = this.#states[0] ?? 0;
      const qe = mqStates.qe[state] ?? 0;
      // As long as no shift is due the likelier symbol only adds.
      const steps = state & 1 ? 0 : Math.min(left, Math.floor((this.#interval - TOP) / qe));
      this.#interval -= steps * qe;
      this.#code += steps * qe;
      left -= steps;
      if (left > 0) {
        this.#encode(0, 0);
        left--;
      }
    }
  }

  #encode(context: number, bit: number): void {
    const state = this.#states[context] ?? 0;
    const qe = mqStates.qe[state] ?? 0;
    const rest = this.#interval - qe;
    if ((state & 1) === bit) {
      if (rest >= TOP) {
        this.#interval = rest;
        this.#code += qe;
        return;
      }
      this.#states[context] = mqStates.afterLikely[state] ?? 0;
      this.#choose(rest, qe, rest < qe);
    } else {
      this.#states[context] = mqStates.afterUnlikely[state] ?? 0;
      this.#choose(rest, qe, rest >= qe);
    }
    this.#shift();
  }

  /** The lower part of the interval is `qe` wide, the upper one the rest. */
  #choose(rest: number, qe: number, isLower: boolean): void {
    if (isLower) this.#interval = qe;
    else {
      this.#interval = rest;
      this.#code += qe;
    }
  }

  #shift(): void {
    do {
      this.#interval <<= 1;
      this.#code <<= 1;
      this.#shifts--;
      if (this.#shifts === 0) this.#byteOut();
    } while (this.#interval < TOP);
  }

  /** Figure E.8: after 0xFF a byte has seven bits, so that a carry stops there. */
  #byteOut(): void {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== 0xff && this.#code >= 0x8000000) {
      bytes[this.#at] = (bytes[this.#at] ?? 0) + 1;
      this.#code &= 0x7ffffff;
    }
    const isStuffed = bytes[this.#at] === 0xff;
    this.#at++;
    bytes[this.#at] = this.#code >> (isStuffed ? 20 : 19);
    this.#code &= isStuffed ? 0xfffff : 0x7ffff;
    this.#shifts = isStuffed ? 7 : 8;
  }

  /** Figure E.11: all that is needed to find the interval, and the end marker 0xFF 0xAC. */
  end(): Uint8Array {
    this.room(0);
    const highest = this.#code + this.#interval;
    this.#code |= 0xffff;
    if (this.#code >= highest) this.#code -= TOP;
    this.#code <<= this.#shifts;
    this.#byteOut();
    this.#code <<= this.#shifts;
    this.#byteOut();
    if (this.#bytes[this.#at] !== 0xff) this.#bytes[++this.#at] = 0xff;
    this.#bytes[++this.#at] = 0xac;
    return this.#bytes.slice(1, this.#at + 1);
  }
}

/** The byte at `at` with its neighbours left and right. */
function window(cells: Uint8Array, at: number): number {
  return ((cells[at - 1] ?? 0) << 16) | ((cells[at] ?? 0) << 8) | (cells[at + 1] ?? 0);
}
