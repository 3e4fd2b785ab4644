// Reads the records of one segment in order, checks chain and checksums, and says what is wrong where; never stops at one bad record.

import type { DiskFile } from './disk.ts';
import {
  chainHash,
  decodeHeader,
  FRAME_BYTES,
  HASH_BYTES,
  HEADER_BYTES,
  payloadDigest,
  type RecordHeader,
} from './record.ts';
import { SEGMENT_HEADER_BYTES } from './segment.ts';

export interface ScannedRecord {
  readonly kind: 'record';
  readonly header: RecordHeader;
  readonly hash: Buffer;
  readonly offset: number;
  /** Undefined: not asked for (`payloads: 'skip'`) or erased (`stored` false). */
  readonly payload: Buffer | undefined;
  readonly stored: boolean;
}

export type ScanEvent =
  | ScannedRecord
  /** Bytes that are no record although valid ones follow, or a record whose payload does not fit its digest. */
  | {
      readonly kind: 'damage';
      readonly offset: number;
      readonly bytes: number;
      readonly seq: number | undefined;
      readonly what: 'frame' | 'payload' | 'chain';
    }
  /** Nothing valid follows. `tail`: zero (clean), or other bytes (a torn write). */
  | { readonly kind: 'end'; readonly offset: number; readonly tail: 'clean' | 'torn' };

export interface ScanOptions {
  readonly from?: number;
  /** Chain hash before the first record read; undefined: trust the first frame's own. */
  readonly previousHash?: Uint8Array | undefined;
  readonly payloads: 'check' | 'skip';
  /** `skip`: for finding places again in segments that were checked; each header's own checksum still holds. */
  readonly chain?: 'check' | 'skip';
}

const WINDOW_BYTES = 1 << 20;

/** Events in file order; always closes with one `end`. */
export async function* scanSegment(file: DiskFile, options: ScanOptions): AsyncGenerator<ScanEvent, void, undefined> {
  const reader = new WindowReader(file, await file.size());
  let offset = options.from ?? SEGMENT_HEADER_BYTES;
  let previous = options.previousHash;
  for (;;) {
    const frame = await readFrame(reader, offset);
    if (frame === undefined) {
      const next = await findNextFrame(reader, offset + 1);
      if (next === undefined) {
        yield { kind: 'end', offset, tail: (await isZero(reader, offset)) ? 'clean' : 'torn' };
        return;
      }
      yield { kind: 'damage', offset, bytes: next - offset, seq: undefined, what: 'frame' };
      previous = undefined;
      offset = next;
      continue;
    }
    const { header, headerBytes, hash, stored, storedBytes } = frame;
    if (previous !== undefined && options.chain !== 'skip' && !chainHash(previous, headerBytes).equals(hash)) {
      yield { kind: 'damage', offset, bytes: FRAME_BYTES, seq: header.seq, what: 'chain' };
    }
    const payload =
      stored && options.payloads === 'check' ? await reader.read(offset + FRAME_BYTES, storedBytes) : undefined;
    if (payload !== undefined && !payloadDigest(payload).equals(header.digest)) {
      yield { kind: 'damage', offset, bytes: FRAME_BYTES + storedBytes, seq: header.seq, what: 'payload' };
    } else {
      yield { kind: 'record', header, hash, offset, payload, stored };
    }
    previous = hash;
    offset += FRAME_BYTES + storedBytes;
  }
}

interface Frame {
  readonly header: RecordHeader;
  readonly headerBytes: Buffer;
  readonly hash: Buffer;
  readonly stored: boolean;
  readonly storedBytes: number;
}

/** The frame at `offset`, or undefined when there is none that is whole. */
async function readFrame(reader: WindowReader, offset: number): Promise<Frame | undefined> {
  const bytes = await reader.read(offset, FRAME_BYTES);
  if (bytes.length < FRAME_BYTES) return undefined;
  const storedBytes = bytes.readUInt32BE(0);
  const headerBytes = bytes.subarray(4, 4 + HEADER_BYTES);
  const header = decodeHeader(headerBytes);
  if (!header.ok) return undefined;
  if (storedBytes !== header.value.payloadBytes && storedBytes !== 0) return undefined;
  if (offset + FRAME_BYTES + storedBytes > reader.sizeBytes) return undefined;
  const hash = Buffer.from(bytes.subarray(4 + HEADER_BYTES, 4 + HEADER_BYTES + HASH_BYTES));
  const stored = storedBytes > 0 || header.value.payloadBytes === 0;
  return { header: header.value, headerBytes: Buffer.from(headerBytes), hash, stored, storedBytes };
}

/** After damage: the next place where a header's checksum holds. */
async function findNextFrame(reader: WindowReader, from: number): Promise<number | undefined> {
  const magic = Buffer.from('SGLR', 'latin1');
  let at = from;
  while (at < reader.sizeBytes) {
    const window = await reader.read(at, WINDOW_BYTES);
    if (window.length < FRAME_BYTES) return undefined;
    for (let hit = window.indexOf(magic); hit >= 0; hit = window.indexOf(magic, hit + 1)) {
      const offset = at + hit - 4;
      if (offset >= from && (await readFrame(reader, offset)) !== undefined) return offset;
    }
    at += window.length - magic.length + 1;
  }
  return undefined;
}

const ZERO = Buffer.alloc(WINDOW_BYTES);

/** Compared whole, not byte by byte: the preallocated rest of a segment is large. */
async function isZero(reader: WindowReader, from: number): Promise<boolean> {
  for (let at = from; at < reader.sizeBytes;) {
    const window = await reader.read(at, WINDOW_BYTES);
    if (window.length === 0) return true;
    if (!window.equals(ZERO.subarray(0, window.length))) return false;
    at += window.length;
  }
  return true;
}

/** Sequential reads through blocks, of which the next is read while this one is looked at: small frames cost no system call each. */
class WindowReader {
  readonly sizeBytes: number;
  readonly #file: DiskFile;
  #number = -1;
  #block: Buffer = Buffer.alloc(0);
  #ahead: { readonly number: number; readonly bytes: Promise<Buffer> } | undefined;

  constructor(file: DiskFile, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const number = Math.floor(offset / WINDOW_BYTES);
    const at = offset - number * WINDOW_BYTES;
    if (number === this.#number && at + length <= this.#block.length) return this.#block.subarray(at, at + length);
    if (length > WINDOW_BYTES / 2) return this.#file.read(offset, length);
    if (number !== this.#number) await this.#load(number);
    const head = this.#block.subarray(at, at + length);
    if (head.length === length || this.#block.length < WINDOW_BYTES) return head;
    await this.#load(number + 1);
    return Buffer.concat([head, this.#block.subarray(0, length - head.length)]);
  }

  async #load(number: number): Promise<void> {
    this.#block = await (this.#ahead?.number === number ? this.#ahead.bytes : this.#readBlock(number));
    this.#number = number;
    if (this.#block.length < WINDOW_BYTES) return;
    const bytes = this.#readBlock(number + 1);
    // whoever stops early never asks for it
    bytes.catch(() => undefined);
    this.#ahead = { number: number + 1, bytes };
  }

  #readBlock(number: number): Promise<Buffer> {
    return this.#file.read(number * WINDOW_BYTES, WINDOW_BYTES);
  }
}
