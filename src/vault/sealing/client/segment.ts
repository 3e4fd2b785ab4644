// A search segment: words front-coded in blocks of 16 kB, each with its letters as differences of varints (decision 0003 §12).

import { err, ok, type Result } from '#base/result.ts';
import { sameBytes } from '../bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FORMAT = 1;
const ID_BYTES = 16;
const BLOCK_BYTES = 16 * 1024;
const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Word → numbers of letters, ascending. Numbers count through `letters`. */
export interface SegmentContent {
  readonly tokeniser: number;
  /** 16 bytes each. */
  readonly letters: readonly Uint8Array[];
  readonly words: ReadonlyMap<string, readonly number[]>;
}

export type SegmentError = { readonly kind: 'notASegment' };

/**
 * 0x01 ‖ tokeniser ‖ letters ‖ ids ‖ blocks ‖ for each block its length ‖ blocks. A block is a run of
 * (shared bytes with the word before, rest, rest's length first, number of letters, differences); the first word of a
 * block shares nothing, so that a block is read alone. Words stand in order of their UTF-8 bytes.
 */
export function encodeSegment(content: SegmentContent): Bytes {
  const words = [...content.words]
    .map(([word, letters]) => ({ bytes: utf8.encode(word), letters }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes));
  const blocks: number[][] = [];
  let block: number[] = [];
  let before: Uint8Array = new Uint8Array(0);
  for (const { bytes, letters } of words) {
    if (block.length >= BLOCK_BYTES) {
      blocks.push(block);
      block = [];
      before = new Uint8Array(0);
    }
    writeEntry(block, before, bytes, letters);
    before = bytes;
  }
  if (block.length > 0) blocks.push(block);
  const head: number[] = [FORMAT];
  writeVarint(head, content.tokeniser);
  writeVarint(head, content.letters.length);
  for (const id of content.letters) head.push(...id);
  writeVarint(head, blocks.length);
  for (const { length } of blocks) writeVarint(head, length);
  return joinNumbers([head, ...blocks]);
}

function joinNumbers(parts: readonly (readonly number[])[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function writeEntry(block: number[], before: Uint8Array, word: Uint8Array, letters: readonly number[]): void {
  let shared = 0;
  while (shared < before.length && shared < word.length && before[shared] === word[shared]) shared++;
  writeVarint(block, shared);
  writeVarint(block, word.length - shared);
  for (let i = shared; i < word.length; i++) block.push(word[i] ?? 0);
  writeVarint(block, letters.length);
  let last = 0;
  for (const letter of letters) {
    writeVarint(block, letter - last);
    last = letter;
  }
}

/** A decoded segment that answers queries without unpacking all of its words. */
export interface Segment {
  readonly tokeniser: number;
  readonly letters: readonly Bytes[];
  /** Numbers of the letters that hold the word, or any word that begins with it; ascending. */
  find(word: string, isPrefix: boolean): readonly number[];
  /** Every word with its letters, in order. */
  entries(): IterableIterator<readonly [string, readonly number[]]>;
}

export function decodeSegment(bytes: Bytes): Result<Segment, SegmentError> {
  try {
    return ok(readSegment(bytes));
  } catch {
    return err({ kind: 'notASegment' });
  }
}

function readSegment(bytes: Bytes): Segment {
  const reader = new Reader(bytes, 0, bytes.length);
  if (reader.byte() !== FORMAT) throw new Error('format');
  const tokeniser = reader.varint();
  const letterCount = reader.varint();
  const letters = Array.from({ length: reader.bounded(letterCount, ID_BYTES) }, () => reader.take(ID_BYTES));
  const lengths = Array.from({ length: reader.bounded(reader.varint(), 1) }, () => reader.varint());
  const blocks: Block[] = [];
  let at = reader.at;
  for (const length of lengths) {
    if (at + length > bytes.length) throw new Error('block');
    blocks.push({ start: at, end: at + length, first: firstWord(bytes, at, at + length) });
    at += length;
  }
  if (at !== bytes.length) throw new Error('rest');
  const entries = function* (from: number): IterableIterator<readonly [Bytes, readonly number[]]> {
    for (const block of blocks.slice(from)) yield* blockEntries(bytes, block, letterCount);
  };
  return {
    tokeniser,
    letters,
    find: (word, isPrefix) => findIn(utf8.encode(word), isPrefix, entries, blocks),
    *entries() {
      for (const [word, numbers] of entries(0)) yield [text.decode(word), numbers] as const;
    },
  };
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly first: Bytes;
}

function findIn(
  wanted: Uint8Array,
  isPrefix: boolean,
  entries: (from: number) => IterableIterator<readonly [Bytes, readonly number[]]>,
  blocks: readonly Block[],
): readonly number[] {
  let from = 0;
  let behind = blocks.length;
  while (from + 1 < behind) {
    const middle = (from + behind) >> 1;
    const block = blocks[middle];
    if (block !== undefined && compareBytes(block.first, wanted) <= 0) from = middle;
    else behind = middle;
  }
  const found = new Set<number>();
  for (const [word, letters] of entries(from)) {
    const matches = isPrefix ? sameBytes(word.subarray(0, wanted.length), wanted) : sameBytes(word, wanted);
    if (matches) for (const letter of letters) found.add(letter);
    else if (compareBytes(word, wanted) > 0) break;
  }
  return [...found].sort((a, b) => a - b);
}

function* blockEntries(
  bytes: Bytes,
  { start, end }: Block,
  letterCount: number,
): IterableIterator<readonly [Bytes, readonly number[]]> {
  const reader = new Reader(bytes, start, end);
  let word: Bytes = new Uint8Array(0);
  while (reader.at < end) {
    const shared = reader.varint();
    if (shared > word.length) throw new Error('shared');
    const rest = reader.take(reader.varint());
    const next = new Uint8Array(shared + rest.length);
    next.set(word.subarray(0, shared));
    next.set(rest, shared);
    word = next;
    let last = 0;
    const letters: number[] = [];
    for (let left = reader.bounded(reader.varint(), 1); left > 0; left--) {
      last += reader.varint();
      if (last >= letterCount) throw new Error('letter');
      letters.push(last);
    }
    yield [word, letters] as const;
  }
}

function firstWord(bytes: Bytes, start: number, end: number): Bytes {
  const reader = new Reader(bytes, start, end);
  if (reader.varint() !== 0) throw new Error('shared');
  return reader.take(reader.varint());
}

class Reader {
  at: number;
  readonly #bytes: Bytes;
  readonly #end: number;

  constructor(bytes: Bytes, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
  }

  byte(): number {
    const byte = this.at < this.#end ? this.#bytes[this.at++] : undefined;
    if (byte === undefined) throw new Error('end');
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1; shift <= 2 ** 28; shift *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw new Error('varint');
  }

  take(count: number): Bytes {
    if (this.at + count > this.#end) throw new Error('end');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  /** A count whose items take at least `itemBytes` each must fit what is left: nobody makes us reserve more. */
  bounded(count: number, itemBytes: number): number {
    if (count * itemBytes > this.#end - this.at) throw new Error('count');
    return count;
  }
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
