// Compound file → its tree, each sector and each entry looked at once ([MS-CFB] §2): what lies, lies as a whole.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { joinBytes } from '../message/encoded-words.ts';
import {
  CFB_MAGIC,
  CHAIN_END,
  ENTRY_BYTES,
  FREE,
  HEAD_BYTES,
  HEADER_BYTES,
  HEADER_PLACES,
  MINI_BYTES,
  MINI_CUTOFF,
  NO_ENTRY,
  ROOT_TYPE,
  STORAGE_TYPE,
  STREAM_TYPE,
  type CfbNode,
  type CfbStorage,
} from './cfb-tree.ts';

export type CfbRefusal =
  { readonly kind: 'damaged' } | { readonly kind: 'tooManyEntries' } | { readonly kind: 'tooDeep' };

const SECTOR_SHIFTS: ReadonlyMap<number, number> = new Map([
  [3, 9],
  [4, 12],
]);
const utf16 = new TextDecoder('utf-16le');

export function isCfb(bytes: Uint8Array): boolean {
  return CFB_MAGIC.every((byte, index) => bytes[index] === byte);
}

/** Streams are copies. */
export function readCfb(bytes: Uint8Array): Result<CfbStorage, CfbRefusal> {
  return guarded(() => {
    const file = new CfbFile(bytes);
    return file.storage({ index: 0, depth: 0 });
  });
}

/** Whether a stream of that name lies at the root; the directory is read, and nothing else. */
export function hasRootStream(bytes: Uint8Array, name: string): Result<boolean, CfbRefusal> {
  return guarded(() => {
    const file = new CfbFile(bytes);
    return file.children(0).some((index) => file.entry(index).type === STREAM_TYPE && file.entry(index).name === name);
  });
}

/** Thrown and caught in this file alone: a chain breaks far below whoever asked for it. */
class Broken extends Error {
  readonly refusal: CfbRefusal;

  constructor(refusal: CfbRefusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

function guarded<T>(read: () => T): Result<T, CfbRefusal> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof Broken) return err(error.refusal);
    throw error;
  }
}

function damaged(): never {
  throw new Broken({ kind: 'damaged' });
}

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
  readonly at: number;
}

class CfbFile {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sectorBytes: number;
  /** Sectors of the file, each of which may stand in one chain only. */
  readonly #used: Uint8Array;
  readonly #table: Uint32Array;
  readonly #directory: Uint8Array;
  readonly #entryUsed: Uint8Array;
  readonly #isLarge: boolean;
  #mini: MiniStream | undefined;

  constructor(bytes: Uint8Array) {
    if (bytes.length < HEADER_BYTES || !isCfb(bytes)) damaged();
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const version = this.#view.getUint16(26, true);
    const shift = SECTOR_SHIFTS.get(version);
    if (shift === undefined || this.#view.getUint16(30, true) !== shift || this.#view.getUint16(32, true) !== 6)
      damaged();
    this.#isLarge = version === 4;
    this.#sectorBytes = 2 ** shift;
    this.#used = new Uint8Array(Math.max(0, Math.ceil(bytes.length / this.#sectorBytes) - 1));
    this.#table = this.#readTable();
    this.#directory = this.#chain(this.#view.getUint32(48, true), undefined);
    const entries = Math.floor(this.#directory.length / ENTRY_BYTES);
    if (entries > limits.transit.cfbEntriesMax) throw new Broken({ kind: 'tooManyEntries' });
    this.#entryUsed = new Uint8Array(entries);
    if (entries === 0 || this.entry(0).type !== ROOT_TYPE) damaged();
  }

  entry(index: number): Entry {
    if (index >= this.#entryUsed.length) damaged();
    const at = index * ENTRY_BYTES;
    const view = new DataView(this.#directory.buffer, this.#directory.byteOffset + at, ENTRY_BYTES);
    const nameBytes = view.getUint16(64, true);
    if (nameBytes > 64 || nameBytes % 2 !== 0) damaged();
    const high = this.#isLarge ? view.getUint32(124, true) : 0; // version 3 leaves rubbish there (§2.6.1)
    return {
      name: utf16.decode(this.#directory.subarray(at, at + Math.max(0, nameBytes - 2))),
      type: view.getUint8(66),
      left: view.getUint32(68, true),
      right: view.getUint32(72, true),
      child: view.getUint32(76, true),
      start: view.getUint32(116, true),
      size: high * 2 ** 32 + view.getUint32(120, true),
      at,
    };
  }

  /** Entries of what a storage holds, in the order of their tree; no entry is met twice in the whole file. */
  children(storage: number): readonly number[] {
    const found: number[] = [];
    const path: number[] = [];
    let next = this.entry(storage).child;
    while (next !== NO_ENTRY || path.length > 0) {
      while (next !== NO_ENTRY) {
        if (next >= this.#entryUsed.length || this.#entryUsed[next] === 1) damaged();
        this.#entryUsed[next] = 1;
        path.push(next);
        next = this.entry(next).left;
      }
      const index = path.pop() ?? damaged();
      found.push(index);
      next = this.entry(index).right;
    }
    return found;
  }

  storage({ index, depth }: { readonly index: number; readonly depth: number }): CfbStorage {
    if (depth > limits.transit.cfbDepthMax) throw new Broken({ kind: 'tooDeep' });
    const { name, at } = this.entry(index);
    const names = new Set<string>();
    const children = this.children(index).map((child): CfbNode => {
      const entry = this.entry(child);
      if (names.has(entry.name.toUpperCase())) damaged();
      names.add(entry.name.toUpperCase());
      if (entry.type === STORAGE_TYPE) return this.storage({ index: child, depth: depth + 1 });
      if (entry.type !== STREAM_TYPE) damaged();
      return { kind: 'stream', name: entry.name, bytes: this.#stream(entry) };
    });
    return { kind: 'storage', name, head: this.#directory.slice(at + 80, at + 80 + HEAD_BYTES), children };
  }

  #stream({ start, size }: Entry): Uint8Array {
    if (size === 0) return new Uint8Array();
    if (size >= MINI_CUTOFF) return this.#chain(start, size);
    this.#mini ??= this.#openMini();
    return this.#mini.read(start, size);
  }

  #openMini(): MiniStream {
    const { start, size } = this.entry(0);
    const bytes = size === 0 ? new Uint8Array() : this.#chain(start, size);
    const tableStart = this.#view.getUint32(60, true);
    const table = tableStart === CHAIN_END ? new Uint8Array() : this.#chain(tableStart, undefined);
    return new MiniStream(bytes, table);
  }

  /** Places of the sector table: 109 in the header, the others in a chain of their own (§2.5). */
  #readTable(): Uint32Array {
    const perSector = this.#sectorBytes / 4;
    const count = this.#view.getUint32(44, true);
    if (count > this.#used.length) damaged();
    const places: number[] = [];
    for (let at = 0; at < HEADER_PLACES && places.length < count; at++)
      places.push(this.#view.getUint32(76 + 4 * at, true));
    for (let sector = this.#view.getUint32(68, true); places.length < count;) {
      const from = this.#claim(sector);
      for (let at = 0; at < perSector - 1 && places.length < count; at++) places.push(this.#word(from + 4 * at));
      sector = this.#word(from + 4 * (perSector - 1));
    }
    const table = new Uint32Array(count * perSector).fill(FREE);
    for (const [index, place] of places.entries()) {
      const from = this.#claim(place);
      for (let at = 0; at < perSector; at++) table[index * perSector + at] = this.#word(from + 4 * at);
    }
    return table;
  }

  /** Behind the end of the file is nothing. */
  #word(at: number): number {
    return at + 4 <= this.#bytes.length ? this.#view.getUint32(at, true) : FREE;
  }

  /** Where a sector begins that belongs to nobody yet. */
  #claim(sector: number): number {
    if (sector >= this.#used.length || this.#used[sector] === 1) damaged();
    this.#used[sector] = 1;
    return (sector + 1) * this.#sectorBytes;
  }

  /** `size` bytes of a chain; undefined: all of it. */
  #chain(start: number, size: number | undefined): Uint8Array {
    if (size !== undefined && size > this.#bytes.length) damaged();
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let sector = start; size === undefined ? sector !== CHAIN_END : length < size;) {
      const from = this.#claim(sector);
      const part = this.#bytes.subarray(from, Math.min(from + this.#sectorBytes, from + (size ?? Infinity) - length));
      parts.push(part);
      length += part.length;
      sector = this.#table[sector] ?? FREE;
      // the last sector of a file may be cut short behind what is used of it, and no other
      if (part.length < this.#sectorBytes && length !== (size ?? length)) damaged();
    }
    // a view would hold the whole file in memory as long as its smallest stream lives
    return parts.length === 1 ? joinBytes(parts).slice() : joinBytes(parts);
  }
}

class MiniStream {
  readonly #bytes: Uint8Array;
  readonly #table: DataView;
  readonly #used: Uint8Array;

  constructor(bytes: Uint8Array, table: Uint8Array) {
    this.#bytes = bytes;
    this.#table = new DataView(table.buffer, table.byteOffset, table.byteLength);
    this.#used = new Uint8Array(Math.ceil(bytes.length / MINI_BYTES));
  }

  read(start: number, size: number): Uint8Array {
    const out = new Uint8Array(size);
    let sector = start;
    for (let length = 0; length < size; length += MINI_BYTES) {
      if (sector >= this.#used.length || this.#used[sector] === 1) damaged();
      this.#used[sector] = 1;
      const from = sector * MINI_BYTES;
      const part = this.#bytes.subarray(from, from + Math.min(MINI_BYTES, size - length));
      if (part.length < Math.min(MINI_BYTES, size - length)) damaged();
      out.set(part, length);
      sector = 4 * sector + 4 <= this.#table.byteLength ? this.#table.getUint32(4 * sector, true) : FREE;
    }
    return out;
  }
}
