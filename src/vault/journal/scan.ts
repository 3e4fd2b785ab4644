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
  for await (const events of scanBatches(file, options)) for (const event of events) yield event;
}

/** The same, as many at a time as memory holds anyway: what reads millions waits for blocks, not for records. */
export async function* scanBatches(
  file: DiskFile,
  options: ScanOptions,
): AsyncGenerator<readonly ScanEvent[], void, undefined> {
  const reader = new WindowReader(file, await file.size(), options.payloads === 'skip');
  const scanner = new Scanner(reader, options);
  let events: ScanEvent[] = [];
  for (let block = reader.number; ;) {
    const event = scanner.takeAtHand() ?? (await scanner.take());
    events.push(event);
    const isFull = block !== reader.number || scanner.isLarge(event);
    if (event.kind !== 'end' && !isFull) continue;
    yield events;
    if (event.kind === 'end') return;
    events = [];
    block = reader.number;
  }
}

/** One event after the other, from where the last one ended. */
class Scanner {
  readonly #reader: WindowReader;
  readonly #options: ScanOptions;
  #offset: number;
  #previous: Uint8Array | undefined;
  /** What a frame has besides its record: the next event. */
  #waiting: ScanEvent | undefined;

  constructor(reader: WindowReader, options: ScanOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#offset = options.from ?? SEGMENT_HEADER_BYTES;
    this.#previous = options.previousHash;
  }

  /** Undefined: it is not whole in memory, or no frame; `take` finds out. */
  takeAtHand(): ScanEvent | undefined {
    const waiting = this.#takeWaiting();
    if (waiting !== undefined) return waiting;
    const bytes = this.#reader.peek(this.#offset, FRAME_BYTES);
    const frame = bytes && frameOf(bytes, this.#offset, this.#reader.sizeBytes);
    if (frame === undefined) return undefined;
    const payload = this.#isRead(frame) ? this.#reader.peek(this.#offset + FRAME_BYTES, frame.storedBytes) : undefined;
    if (this.#isRead(frame) && payload === undefined) return undefined;
    return this.#pass(frame, payload);
  }

  async take(): Promise<ScanEvent> {
    const reader = this.#reader;
    const offset = this.#offset;
    const bytes = await reader.read(offset, FRAME_BYTES);
    const frame = frameOf(bytes, offset, reader.sizeBytes);
    if (frame !== undefined) {
      const isRead = this.#isRead(frame);
      return this.#pass(frame, isRead ? await reader.read(offset + FRAME_BYTES, frame.storedBytes) : undefined);
    }
    const next = await findNextFrame(reader, offset + 1);
    if (next === undefined) return { kind: 'end', offset, tail: (await isZero(reader, offset)) ? 'clean' : 'torn' };
    this.#previous = undefined;
    this.#offset = next;
    return { kind: 'damage', offset, bytes: next - offset, seq: undefined, what: 'frame' };
  }

  isLarge(event: ScanEvent): boolean {
    return event.kind === 'record' && (event.payload?.length ?? 0) > WINDOW_BYTES / 2;
  }

  #takeWaiting(): ScanEvent | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #isRead({ stored }: Frame): boolean {
    return stored && this.#options.payloads === 'check';
  }

  #pass({ header, headerBytes, hash, stored, storedBytes }: Frame, payload: Buffer | undefined): ScanEvent {
    const offset = this.#offset;
    const previous = this.#options.chain === 'skip' ? undefined : this.#previous;
    this.#previous = hash;
    this.#offset += FRAME_BYTES + storedBytes;
    const event: ScanEvent =
      payload !== undefined && !payloadDigest(payload).equals(header.digest)
        ? { kind: 'damage', offset, bytes: FRAME_BYTES + storedBytes, seq: header.seq, what: 'payload' }
        : { kind: 'record', header, hash, offset, payload, stored };
    if (previous === undefined || chainHash(previous, headerBytes).equals(hash)) return event;
    this.#waiting = event;
    return { kind: 'damage', offset, bytes: FRAME_BYTES, seq: header.seq, what: 'chain' };
  }
}

interface Frame {
  readonly header: RecordHeader;
  readonly headerBytes: Buffer;
  readonly hash: Buffer;
  readonly stored: boolean;
  readonly storedBytes: number;
}

/** The frame whose first bytes these are, or undefined when they begin none that is whole. */
function frameOf(bytes: Buffer, offset: number, sizeBytes: number): Frame | undefined {
  if (bytes.length < FRAME_BYTES) return undefined;
  const storedBytes = bytes.readUInt32BE(0);
  const headerBytes = bytes.subarray(4, 4 + HEADER_BYTES);
  const header = decodeHeader(headerBytes);
  if (!header.ok) return undefined;
  if (storedBytes !== header.value.payloadBytes && storedBytes !== 0) return undefined;
  if (offset + FRAME_BYTES + storedBytes > sizeBytes) return undefined;
  const hash = Buffer.from(bytes.subarray(4 + HEADER_BYTES, 4 + HEADER_BYTES + HASH_BYTES));
  const stored = storedBytes > 0 || header.value.payloadBytes === 0;
  return { header: header.value, headerBytes, hash, stored, storedBytes };
}

/** After damage: the next place where a header's checksum holds. */
async function findNextFrame(reader: WindowReader, from: number): Promise<number | undefined> {
  const magic = Buffer.from('SGLR', 'latin1');
  let at = from;
  while (at < reader.sizeBytes) {
    // a copy: what is read below may take the place of the block
    const window = Buffer.from(await reader.read(at, WINDOW_BYTES));
    if (window.length < FRAME_BYTES) return undefined;
    for (let hit = window.indexOf(magic); hit >= 0; hit = window.indexOf(magic, hit + 1)) {
      const offset = at + hit - 4;
      if (offset < from) continue;
      const bytes = await reader.read(offset, FRAME_BYTES);
      if (frameOf(bytes, offset, reader.sizeBytes) !== undefined) return offset;
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
  /** Blocks that were looked at are filled again where nobody keeps what he read: a lane’s gigabytes would be garbage. */
  readonly #isReused: boolean;
  readonly #spare: Buffer[] = [];
  #number = -1;
  #block: Buffer = Buffer.alloc(0);
  #ahead: { readonly number: number; readonly bytes: Promise<Buffer> } | undefined;

  constructor(file: DiskFile, sizeBytes: number, isReused: boolean) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#isReused = isReused;
  }

  /** Which block is in memory. */
  get number(): number {
    return this.#number;
  }

  /** What `read` would give, if it is in memory. */
  peek(offset: number, length: number): Buffer | undefined {
    const at = offset - this.#number * WINDOW_BYTES;
    return at >= 0 && at + length <= this.#block.length ? this.#block.subarray(at, at + length) : undefined;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const atHand = this.peek(offset, length);
    if (atHand !== undefined) return atHand;
    const number = Math.floor(offset / WINDOW_BYTES);
    const at = offset - number * WINDOW_BYTES;
    if (length > WINDOW_BYTES / 2) return this.#file.read(offset, length);
    if (number !== this.#number) await this.#load(number);
    const head = Buffer.from(this.#block.subarray(at, at + length));
    if (head.length === length || this.#block.length < WINDOW_BYTES) return head;
    await this.#load(number + 1);
    return Buffer.concat([head, this.#block.subarray(0, length - head.length)]);
  }

  async #load(number: number): Promise<void> {
    const before = this.#block;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // one that was read in vain may still be written into: its buffer is not used again
    this.#block = await (ahead?.number === number ? ahead.bytes : this.#readBlock(number));
    this.#number = number;
    if (this.#isReused && before.length === WINDOW_BYTES) this.#spare.push(before);
    if (this.#block.length < WINDOW_BYTES) return;
    const bytes = this.#readBlock(number + 1);
    // whoever stops early never asks for it
    bytes.catch(() => undefined);
    this.#ahead = { number: number + 1, bytes };
  }

  #readBlock(number: number): Promise<Buffer> {
    return this.#file.read(number * WINDOW_BYTES, WINDOW_BYTES, this.#spare.pop());
  }
}
