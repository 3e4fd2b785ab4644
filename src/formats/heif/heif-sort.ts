// Whether bytes begin as a HEIF file whose pictures are coded with HEVC (ISO/IEC 23008-12 §10.2, annex B.4).

import { fourLetters } from './boxes.ts';

const STILL = new Set(['heic', 'heix', 'heim', 'heis']);
const MOVING = new Set(['hevc', 'hevx', 'hevm', 'hevs']);
/** Says that it is HEIF, and not which coder. */
const ANY_STILL = new Set(['mif1', 'mif2']);
const ANY_MOVING = new Set(['msf1']);
const BRANDS_FROM = 16;
const HEAD_BYTES_MAX = 256;

/** Undefined: something else, or HEIF of another coder. */
export function heifSort(bytes: Uint8Array): 'still' | 'moving' | undefined {
  if (bytes.length < BRANDS_FROM) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(0);
  if (fourLetters(view, 4) !== 'ftyp' || size < BRANDS_FROM || size > HEAD_BYTES_MAX) return undefined;
  const first = fourLetters(view, 8);
  if (STILL.has(first)) return 'still';
  if (MOVING.has(first)) return 'moving';
  const others: string[] = [];
  for (let at = BRANDS_FROM; at + 4 <= Math.min(size, bytes.length); at += 4) others.push(fourLetters(view, at));
  if (ANY_STILL.has(first) && others.some((brand) => STILL.has(brand))) return 'still';
  return ANY_MOVING.has(first) && others.some((brand) => MOVING.has(brand)) ? 'moving' : undefined;
}
