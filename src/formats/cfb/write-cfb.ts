// Tree → compound file of version 3 ([MS-CFB] §2): streams, the stream of small ones, directory, and the tables of sectors behind them.

import { joinBytes } from '../message/encoded-words.ts';
import {
  CFB_MAGIC,
  CHAIN_END,
  ENTRY_BYTES,
  FREE,
  HEADER_BYTES,
  HEADER_PLACES,
  MINI_BYTES,
  MINI_CUTOFF,
  NO_ENTRY,
  PLACES_SECTOR,
  ROOT_TYPE,
  STORAGE_TYPE,
  STREAM_TYPE,
  TABLE_SECTOR,
  type CfbNode,
  type CfbStorage,
} from './cfb-tree.ts';

const SECTOR_BYTES = 512;
const PER_SECTOR = SECTOR_BYTES / 4;
const RED = 0;
const BLACK = 1;

interface Row {
  readonly node: CfbNode;
  left: number;
  right: number;
  child: number;
  colour: number;
  start: number;
  size: number;
}

/** Names must be those of one tree: at most 31 units, each once in its storage. */
export function writeCfb(root: CfbStorage): Uint8Array {
  const rows = listRows(root);
  const sectors = new Sectors();
  const small = new SmallStreams();
  for (const row of rows) {
    if (row.node.kind !== 'stream') continue;
    row.size = row.node.bytes.length;
    if (row.size > 0) row.start = row.size < MINI_CUTOFF ? small.add(row.node.bytes) : sectors.add(row.node.bytes);
  }
  const [rootRow] = rows;
  const smallBytes = small.bytes();
  if (rootRow !== undefined && smallBytes.length > 0) {
    rootRow.start = sectors.add(smallBytes);
    rootRow.size = smallBytes.length;
  }
  const smallTable = small.table();
  const smallTableStart = smallTable.length === 0 ? CHAIN_END : sectors.add(smallTable);
  const directoryStart = sectors.add(directoryOf(rows));
  return sectors.finish({ directoryStart, smallTableStart, smallTableSectors: smallTable.length / SECTOR_BYTES });
}

function listRows(root: CfbStorage): readonly Row[] {
  const rows: Row[] = [];
  const add = (node: CfbNode): number => {
    rows.push({ node, left: NO_ENTRY, right: NO_ENTRY, child: NO_ENTRY, colour: BLACK, start: 0, size: 0 });
    return rows.length - 1;
  };
  add(root);
  // the list grows while it is walked: each storage's rows stand behind it
  for (const row of rows) {
    if (row.node.kind === 'stream') continue;
    const ids = row.node.children.toSorted((one, other) => compareNames(one.name, other.name)).map(add);
    row.child = balance(rows, ids, Math.floor(Math.log2(ids.length + 1)));
  }
  return rows;
}

/** A balanced tree whose unfinished last level is red: every way down has as many black ones (§2.6.4). */
function balance(rows: readonly Row[], ids: readonly number[], blackLevels: number): number {
  if (ids.length === 0) return NO_ENTRY;
  const middle = ids.length >> 1;
  const index = ids[middle] ?? NO_ENTRY;
  const row = rows[index];
  if (row === undefined) return NO_ENTRY;
  row.colour = blackLevels > 0 ? BLACK : RED;
  row.left = balance(rows, ids.slice(0, middle), blackLevels - 1);
  row.right = balance(rows, ids.slice(middle + 1), blackLevels - 1);
  return index;
}

/** Shorter first, then by unit, in capitals (§2.6.4). */
function compareNames(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  const [left, right] = [one.toUpperCase(), other.toUpperCase()];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function directoryOf(rows: readonly Row[]): Uint8Array {
  const count = Math.ceil((rows.length * ENTRY_BYTES) / SECTOR_BYTES) * (SECTOR_BYTES / ENTRY_BYTES);
  const bytes = new Uint8Array(count * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) {
    const at = index * ENTRY_BYTES;
    const row = rows[index];
    for (const place of [68, 72, 76]) view.setUint32(at + place, NO_ENTRY, true);
    if (row === undefined) continue;
    const { node } = row;
    for (let unit = 0; unit < node.name.length; unit++) view.setUint16(at + 2 * unit, node.name.charCodeAt(unit), true);
    view.setUint16(at + 64, 2 * node.name.length + 2, true);
    view.setUint8(at + 66, typeOf(node, index));
    view.setUint8(at + 67, row.colour);
    view.setUint32(at + 68, row.left, true);
    view.setUint32(at + 72, row.right, true);
    view.setUint32(at + 76, row.child, true);
    if (node.kind === 'storage') bytes.set(node.head, at + 80);
    view.setUint32(at + 116, row.size === 0 && index > 0 && node.kind === 'stream' ? CHAIN_END : row.start, true);
    view.setUint32(at + 120, row.size, true);
  }
  return bytes;
}

function typeOf(node: CfbNode, index: number): number {
  if (index === 0) return ROOT_TYPE;
  return node.kind === 'storage' ? STORAGE_TYPE : STREAM_TYPE;
}

/** Small streams one behind the other, in parts of 64 bytes. */
class SmallStreams {
  readonly #parts: Uint8Array[] = [];
  readonly #next: number[] = [];

  add(bytes: Uint8Array): number {
    const start = this.#next.length;
    const count = Math.ceil(bytes.length / MINI_BYTES);
    const padded = new Uint8Array(count * MINI_BYTES);
    padded.set(bytes);
    this.#parts.push(padded);
    for (let at = 1; at <= count; at++) this.#next.push(at === count ? CHAIN_END : start + at);
    return start;
  }

  bytes(): Uint8Array {
    return joinBytes(this.#parts);
  }

  table(): Uint8Array {
    const words = Math.ceil(this.#next.length / PER_SECTOR) * PER_SECTOR;
    return wordsOf([...this.#next, ...Array.from({ length: words - this.#next.length }, () => FREE)]);
  }
}

class Sectors {
  readonly #parts: Uint8Array[] = [];
  readonly #next: number[] = [];

  /** Number of the first of its sectors. */
  add(bytes: Uint8Array): number {
    const start = this.#next.length;
    const count = Math.ceil(bytes.length / SECTOR_BYTES);
    const padded = new Uint8Array(count * SECTOR_BYTES);
    padded.set(bytes);
    this.#parts.push(padded);
    for (let at = 1; at <= count; at++) this.#next.push(at === count ? CHAIN_END : start + at);
    return start;
  }

  finish(facts: {
    readonly directoryStart: number;
    readonly smallTableStart: number;
    readonly smallTableSectors: number;
  }): Uint8Array {
    const dataSectors = this.#next.length;
    let [tables, placeSectors] = [0, 0];
    // the tables name themselves too
    while (tables * PER_SECTOR < dataSectors + tables + placeSectors) {
      tables += 1;
      placeSectors = Math.ceil(Math.max(0, tables - HEADER_PLACES) / (PER_SECTOR - 1));
    }
    for (let at = 0; at < tables; at++) this.#next.push(TABLE_SECTOR);
    for (let at = 0; at < placeSectors; at++) this.#next.push(PLACES_SECTOR);
    while (this.#next.length < tables * PER_SECTOR) this.#next.push(FREE);
    const places = Array.from({ length: tables }, (_, at) => dataSectors + at);
    const header = headerOf({ ...facts, places, placesStart: dataSectors + tables, placeSectors });
    return joinBytes([header, ...this.#parts, wordsOf(this.#next), placesOf(places, dataSectors + tables)]);
  }
}

/** What the header has no room for, 127 in a sector and the number of the next (§2.5.1). */
function placesOf(places: readonly number[], start: number): Uint8Array {
  const words: number[] = [];
  for (let from = HEADER_PLACES; from < places.length; from += PER_SECTOR - 1) {
    const some = places.slice(from, from + PER_SECTOR - 1);
    const isLast = from + PER_SECTOR - 1 >= places.length;
    words.push(...some, ...Array.from({ length: PER_SECTOR - 1 - some.length }, () => FREE));
    words.push(isLast ? CHAIN_END : start + (words.length + 1) / PER_SECTOR);
  }
  return wordsOf(words);
}

interface Header {
  readonly directoryStart: number;
  readonly smallTableStart: number;
  readonly smallTableSectors: number;
  readonly places: readonly number[];
  readonly placesStart: number;
  readonly placeSectors: number;
}

function headerOf(facts: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(CFB_MAGIC);
  view.setUint16(24, 0x3e, true);
  view.setUint16(26, 3, true);
  view.setUint16(28, 0xfffe, true);
  view.setUint16(30, 9, true);
  view.setUint16(32, 6, true);
  view.setUint32(44, facts.places.length, true);
  view.setUint32(48, facts.directoryStart, true);
  view.setUint32(56, MINI_CUTOFF, true);
  view.setUint32(60, facts.smallTableStart, true);
  view.setUint32(64, facts.smallTableSectors, true);
  view.setUint32(68, facts.placeSectors === 0 ? CHAIN_END : facts.placesStart, true);
  view.setUint32(72, facts.placeSectors, true);
  for (let at = 0; at < HEADER_PLACES; at++) view.setUint32(76 + 4 * at, facts.places[at] ?? FREE, true);
  return bytes;
}

function wordsOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(4 * index, word, true);
  return bytes;
}
