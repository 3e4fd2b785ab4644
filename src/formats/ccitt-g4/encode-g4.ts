// A bitmap as fax group 4, as PDF's CCITTFaxDecode with /K −1 and TIFF's compression 4 have it (ITU-T T.6 §2).

import { blackRuns, whiteRuns, type RunCodes } from './run-codes.ts';

/** One bit a pixel, 1 is ink, most significant first, rows padded to whole bytes. */
export interface InkBitmap {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Vertical modes for a1 − b1 = −3 … 3: code and bits (T.4 table 4). */
const VERTICAL = [
  [0b0000010, 7],
  [0b000010, 6],
  [0b010, 3],
  [0b1, 1],
  [0b011, 3],
  [0b000011, 6],
  [0b0000011, 7],
] as const;
const PASS = [0b0001, 4] as const;
const HORIZONTAL = [0b001, 3] as const;
const END = [0b000000000001, 12] as const; // twice: EOFB
const RUN_MAX = 2_560;
/** A row with a change at every pixel, each in horizontal mode, takes less. */
const PIXEL_BITS_MAX = 16;

/** Throws when the bitmap’s rows do not fit its size, which is a mistake of ours. */
export function encodeG4({ width, height, bytes }: InkBitmap): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  if (bytes.length < rowBytes * height) throw new Error('a bitmap with fewer rows than it says');
  const writer = new BitWriter();
  // Four more than there can be: rows end in the width several times over, so that no search runs out.
  let above = new Int32Array(width + 4).fill(width);
  let own = new Int32Array(width + 4);
  for (let y = 0; y < height; y++) {
    findChanges(bytes.subarray(y * rowBytes, (y + 1) * rowBytes), width, own);
    writer.room(width * PIXEL_BITS_MAX);
    encodeRow(writer, own, above, width);
    [above, own] = [own, above];
  }
  writer.room(0);
  writer.put(...END);
  writer.put(...END);
  return writer.end();
}

/** Where colours change, beginning with white: even places turn to black, odd ones to white. */
function findChanges(row: Uint8Array, width: number, changes: Int32Array): void {
  let count = 0;
  let colour = 0;
  for (let b = 0; b < row.length; b++) {
    const byte = row[b] ?? 0;
    if (byte === (colour ? 0xff : 0)) continue;
    for (let k = 7; k >= 0; k--) {
      const bit = (byte >> k) & 1;
      if (bit === colour) continue;
      const x = 8 * b + 7 - k;
      if (x >= width) break;
      changes[count++] = x;
      colour = bit;
    }
  }
  changes.fill(width, count, Math.min(changes.length, count + 4));
}

function encodeRow(writer: BitWriter, own: Int32Array, above: Int32Array, width: number): void {
  let a0 = -1;
  let colour = 0;
  let next = 0; // place of a1 in `own`
  let over = 0; // place of b1 in `above`, of the parity of the colour
  while (a0 < width) {
    // b1: the first change above, right of a0, from the colour of a0 to the other.
    if ((over & 1) !== colour) over += over > 0 ? -1 : 1;
    while (over > 1 && (above[over - 2] ?? 0) > a0) over -= 2;
    while ((above[over] ?? width) <= a0 && (above[over] ?? width) < width) over += 2;
    const a1 = own[next] ?? width;
    const b1 = above[over] ?? width;
    const b2 = b1 < width ? (above[over + 1] ?? width) : width;
    if (b2 < a1) {
      writer.put(...PASS);
      a0 = b2;
      continue;
    }
    const vertical = VERTICAL[a1 - b1 + 3];
    if (vertical) {
      writer.put(vertical[0], vertical[1]);
      a0 = a1;
      colour ^= 1;
      next++;
      continue;
    }
    const a2 = a1 < width ? (own[next + 1] ?? width) : width;
    writer.put(...HORIZONTAL);
    putRun(writer, a1 - Math.max(0, a0), colour ? blackRuns : whiteRuns);
    putRun(writer, a2 - a1, colour ? whiteRuns : blackRuns);
    a0 = a2;
    next += 2;
  }
}

function putRun(writer: BitWriter, length: number, { codes, bits }: RunCodes): void {
  let left = length;
  while (left >= 64) {
    const part = Math.min(left, RUN_MAX) >> 6;
    writer.put(codes[63 + part] ?? 0, bits[63 + part] ?? 0);
    left -= part << 6;
  }
  writer.put(codes[left] ?? 0, bits[left] ?? 0);
}

class BitWriter {
  #bytes = new Uint8Array(1 << 14);
  #at = 0;
  #held = 0;
  #heldBits = 0;

  room(bits: number): void {
    const needed = this.#at + (bits >> 3) + 64;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  /** At most 13 bits. */
  put(code: number, bits: number): void {
    this.#held = (this.#held << bits) | code;
    this.#heldBits += bits;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#bytes[this.#at++] = this.#held >> this.#heldBits;
      this.#held &= (1 << this.#heldBits) - 1;
    }
  }

  end(): Uint8Array {
    if (this.#heldBits > 0) this.#bytes[this.#at++] = this.#held << (8 - this.#heldBits);
    return this.#bytes.slice(0, this.#at);
  }
}
