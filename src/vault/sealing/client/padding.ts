// Length ‖ content ‖ zeros: sizes of sealed items, pages and segments tell little.

import { number32, readNumber32 } from '../bytes.ts';
import { padmeLength } from '../sealed-blob.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Padded to a multiple of `stepBytes`. */
export function padToStep(plain: Uint8Array, stepBytes: number): Bytes {
  return padded(plain, Math.ceil((4 + plain.length) / stepBytes) * stepBytes);
}

/** Padded to a Padmé size. */
export function padToPadme(plain: Uint8Array): Bytes {
  return padded(plain, padmeLength(4 + plain.length));
}

/** The content; undefined when the length does not fit. */
export function unpad(bytes: Bytes): Bytes | undefined {
  const length = readNumber32(bytes, 0);
  return bytes.length >= 4 && 4 + length <= bytes.length ? bytes.subarray(4, 4 + length) : undefined;
}

function padded(plain: Uint8Array, length: number): Bytes {
  const bytes = new Uint8Array(length);
  bytes.set(number32(plain.length));
  bytes.set(plain, 4);
  return bytes;
}
