// Multiprecision integers of OpenPGP: two bytes of bit count, then the number (RFC 9580 §3.2).

import { err, ok, type Result } from '#base/result.ts';
import { readNumber } from './packet.ts';

export interface Mpi {
  readonly bits: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset behind it. */
  readonly end: number;
}

/** The MPI at `at`. The bit count must fit the bytes exactly, so that every number has one encoding. */
export function parseMpi(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
): Result<Mpi, { kind: 'truncatedMpi' | 'looseMpi' }> {
  const bits = readNumber(bytes, at, 2);
  if (bits === undefined) return err({ kind: 'truncatedMpi' });
  const end = at + 2 + ((bits + 7) >> 3);
  if (end > bytes.length) return err({ kind: 'truncatedMpi' });
  const value = bytes.subarray(at + 2, end);
  if (bitLength(value) !== bits) return err({ kind: 'looseMpi' });
  return ok({ bits, bytes: value, end });
}

/** The MPI of a big-endian number; leading zero bytes are dropped. */
export function encodeMpi(value: Uint8Array): Uint8Array<ArrayBuffer> {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  const digits = value.subarray(start);
  const bits = bitLength(digits);
  const bytes = new Uint8Array(2 + digits.length);
  bytes[0] = bits >> 8;
  bytes[1] = bits & 0xff;
  bytes.set(digits, 2);
  return bytes;
}

function bitLength(value: Uint8Array): number {
  const first = value[0];
  return first === undefined ? 0 : (value.length - 1) * 8 + (32 - Math.clz32(first));
}
