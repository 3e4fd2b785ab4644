// What a stream holds once its filters are undone: Flate, ASCIIHex, ASCII85, RunLength, with predictors (ISO 32000-2 §7.4).

import { Inflate } from 'fflate';
import { err, ok, type Result } from '#base/result.ts';
import { countOf, dictOf, isArray, nameOf, type PdfStream, type PdfValue } from './pdf-value.ts';

/** `unknown`: a filter that is left to those who show pictures (JPEG, JBIG2 …), or one that nobody knows. */
export type FilterRefusal = { readonly kind: 'damaged' } | { readonly kind: 'tooLarge' } | { readonly kind: 'unknown' };
export type Resolve = (value: PdfValue | undefined) => PdfValue | undefined;

const CHUNK_BYTES = 16 * 1024;
const FILTERS_MAX = 8;
const SHORT: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  AHx: 'ASCIIHexDecode',
  A85: 'ASCII85Decode',
  RL: 'RunLengthDecode',
};

/** Names of the filters, outermost first. */
export function filtersOf(stream: PdfStream, resolve: Resolve): readonly string[] {
  const filter = resolve(stream.dict.entries.get('Filter') ?? stream.dict.entries.get('F'));
  const names = isArray(filter) ? filter.items.map((item) => nameOf(resolve(item))) : [nameOf(filter)];
  return names.filter((name) => name !== undefined).map((name) => SHORT[name] ?? name);
}

/** At most `bytesMax` bytes, at every step in between too. */
export function decodeStream(stream: PdfStream, resolve: Resolve, bytesMax: number): Result<Uint8Array, FilterRefusal> {
  const filters = filtersOf(stream, resolve);
  if (filters.length > FILTERS_MAX) return err({ kind: 'damaged' });
  const parameters = resolve(stream.dict.entries.get('DecodeParms') ?? stream.dict.entries.get('DP'));
  let bytes = stream.raw;
  for (const [i, filter] of filters.entries()) {
    const own = isArray(parameters) ? resolve(parameters.items[i]) : i === 0 ? parameters : undefined;
    const undone = undo(filter, bytes, bytesMax);
    if (!undone.ok) return undone;
    const straight = filter === 'FlateDecode' ? undoPredictor(undone.value, own, resolve) : undone.value;
    if (straight === undefined) return err({ kind: 'damaged' });
    bytes = straight;
  }
  return bytes.length > bytesMax ? err({ kind: 'tooLarge' }) : ok(bytes);
}

function undo(filter: string, bytes: Uint8Array, bytesMax: number): Result<Uint8Array, FilterRefusal> {
  switch (filter) {
    case 'FlateDecode':
      return inflate(bytes, bytesMax);
    case 'ASCIIHexDecode':
      return settled(undoHex(bytes));
    case 'ASCII85Decode':
      return settled(undoAscii85(bytes));
    case 'RunLengthDecode':
      return undoRuns(bytes, bytesMax);
    default:
      return err({ kind: 'unknown' });
  }
}

function settled(bytes: Uint8Array | undefined): Result<Uint8Array, FilterRefusal> {
  return bytes === undefined ? err({ kind: 'damaged' }) : ok(bytes);
}

/** zlib within a bound: fed in small pieces, so that a bomb is noticed before it has gone off. */
export function inflate(bytes: Uint8Array, bytesMax: number): Result<Uint8Array, FilterRefusal> {
  const method = (bytes[0] ?? 0) & 15;
  if (bytes.length < 6 || method !== 8 || (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 !== 0)
    return err({ kind: 'damaged' });
  const parts: Uint8Array[] = [];
  const read = { size: 0, isWhole: false };
  const stream = new Inflate((part, isLast) => {
    // the library may hand out its own buffer again
    if (part.length > 0) parts.push(part.slice());
    read.size += part.length;
    read.isWhole ||= isLast;
  });
  try {
    for (let at = 2; at < bytes.length && !read.isWhole; at += CHUNK_BYTES) {
      stream.push(bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
      if (read.size > bytesMax) return err({ kind: 'tooLarge' });
    }
  } catch {
    return err({ kind: 'damaged' });
  }
  const out = new Uint8Array(read.size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return ok(out);
}

function undoHex(bytes: Uint8Array): Uint8Array | undefined {
  let digits = '';
  for (const byte of bytes) {
    if (byte === 0x3e) break;
    if (byte > 32) digits += String.fromCharCode(byte);
  }
  if (!/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  const even = digits.length % 2 === 0 ? digits : `${digits}0`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

function undoAscii85(bytes: Uint8Array): Uint8Array | undefined {
  const out: number[] = [];
  let group: number[] = [];
  const close = (): void => {
    const missing = 5 - group.length;
    const value = [...group, ...Array<number>(missing).fill(84)].reduce((sum, digit) => sum * 85 + digit, 0);
    for (let i = 0; i < 4 - missing; i++) out.push(Math.floor(value / 256 ** (3 - i)) & 255);
    group = [];
  };
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (byte <= 32) continue;
    if (byte === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
    else if (byte < 0x21 || byte > 0x75) return undefined;
    else if (group.push(byte - 0x21) === 5) close();
  }
  if (group.length > 1) close();
  return Uint8Array.from(out);
}

function undoRuns(bytes: Uint8Array, bytesMax: number): Result<Uint8Array, FilterRefusal> {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at++] ?? 128;
    if (length === 128) break;
    if (length < 128) for (let i = 0; i <= length && at < bytes.length; i++) out.push(bytes[at++] ?? 0);
    else for (let i = 0, byte = bytes[at++] ?? 0; i < 257 - length; i++) out.push(byte);
    if (out.length > bytesMax) return err({ kind: 'tooLarge' });
  }
  return ok(Uint8Array.from(out));
}

/** Undefined: the parameters make no sense. TIFF (2) for eight bits, PNG (10 … 15) for all. */
function undoPredictor(bytes: Uint8Array, parameters: PdfValue | undefined, resolve: Resolve): Uint8Array | undefined {
  const dict = dictOf(parameters);
  const ask = (key: string, fallback: number): number => countOf(resolve(dict?.entries.get(key))) ?? fallback;
  const predictor = ask('Predictor', 1);
  if (predictor === 1) return bytes;
  const [colors, bits, columns] = [ask('Colors', 1), ask('BitsPerComponent', 8), ask('Columns', 1)];
  if (colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1_000_000) return undefined;
  const pixelBytes = Math.max(1, (colors * bits) >> 3);
  const rowBytes = Math.ceil((colors * bits * columns) / 8);
  if (predictor === 2) return bits === 8 ? undoTiff(bytes, rowBytes, pixelBytes) : undefined;
  return predictor >= 10 && predictor <= 15 ? undoPng(bytes, rowBytes, pixelBytes) : undefined;
}

function undoTiff(bytes: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const out = bytes.slice();
  for (let at = 0; at < out.length; at++) {
    if (at % rowBytes >= pixelBytes) out[at] = (out[at] ?? 0) + (out[at - pixelBytes] ?? 0);
  }
  return out;
}

function undoPng(bytes: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array | undefined {
  const rows = Math.ceil(bytes.length / (rowBytes + 1));
  const out = new Uint8Array(rows * rowBytes);
  let written = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1);
    const kind = bytes[start] ?? 0;
    if (kind > 4) return undefined;
    const width = Math.min(rowBytes, bytes.length - start - 1);
    for (let i = 0; i < width; i++) {
      const at = row * rowBytes + i;
      const left = i >= pixelBytes ? (out[at - pixelBytes] ?? 0) : 0;
      const above = row > 0 ? (out[at - rowBytes] ?? 0) : 0;
      const corner = row > 0 && i >= pixelBytes ? (out[at - rowBytes - pixelBytes] ?? 0) : 0;
      out[at] = (bytes[start + 1 + i] ?? 0) + guess(kind, left, above, corner);
    }
    written += Math.max(width, 0);
  }
  return out.subarray(0, written);
}

function guess(kind: number, left: number, above: number, corner: number): number {
  if (kind === 1) return left;
  if (kind === 2) return above;
  if (kind === 3) return (left + above) >> 1;
  if (kind !== 4) return 0;
  const sum = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
