// The directory of a zip archive, read from its end and held against what stands in front of each entry (APPNOTE 6.3.10 §4.3).

import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import { zipName } from './zip-name.ts';

export interface ZipEntry {
  /** As the archive says it, with its folders; a folder ends in a slash. */
  readonly path: string;
  /** 0 stored, 8 deflated; others cannot be opened. */
  readonly method: number;
  readonly packedBytes: number;
  /** What the archive claims. */
  readonly plainBytes: number;
  readonly crc: number;
  /** Where its header in front of them begins. */
  readonly localAt: number;
  /** Where its packed bytes begin. */
  readonly offset: number;
  readonly isSymlink: boolean;
}

export type ZipRefusal = { readonly kind: KeepReason };

const END_MARK = 0x06054b50;
const END64_PLACE_MARK = 0x07064b50;
const END64_MARK = 0x06064b50;
const ENTRY_MARK = 0x02014b50;
const LOCAL_MARK = 0x04034b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const IN_ZIP64 = 0xffffffff;
/** Bit 0: encrypted; bit 6: strongly; bit 13: the directory is masked. */
const ENCRYPTED_FLAGS = 0x2041;
const AES_METHOD = 99;
const UNIX_LINK = 0o12;

interface Directory {
  readonly entries: number;
  readonly offset: number;
  readonly end: number;
}

/** All entries in the archive's order, none overlapping another, none in front of what the directory tells of: what an archive lies about, it lies about as a whole. */
export function readZipEntries(bytes: Uint8Array, entriesMax: number): Result<readonly ZipEntry[], ZipRefusal> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = findDirectory(view);
  if (directory === undefined) return err({ kind: 'damaged' });
  if (directory.entries > entriesMax) return err({ kind: 'tooManyEntries' });
  const found: ZipEntry[] = [];
  let at = directory.offset;
  for (let index = 0; index < directory.entries; index++) {
    const entry = readEntry(bytes, view, { at, end: directory.end });
    if (!entry.ok) return entry;
    found.push(entry.value.entry);
    at = entry.value.next;
  }
  return isApart(found, directory.offset) && beginsAtOnce(found) ? ok(found) : err({ kind: 'damaged' });
}

/** The last end record whose comment reaches to the end of the file. */
function findDirectory(view: DataView): Directory | undefined {
  const size = view.byteLength;
  for (let at = size - END_BYTES; at >= 0 && at >= size - END_BYTES - COMMENT_BYTES_MAX; at--) {
    if (view.getUint32(at, true) !== END_MARK || at + END_BYTES + view.getUint16(at + 20, true) !== size) continue;
    const isOneDisk = view.getUint16(at + 4, true) === 0 && view.getUint16(at + 6, true) === 0;
    const found = {
      entries: view.getUint16(at + 10, true),
      offset: view.getUint32(at + 16, true),
      end: view.getUint32(at + 16, true) + view.getUint32(at + 12, true),
    };
    const isLarge = found.entries === 0xffff || found.offset === IN_ZIP64 || view.getUint32(at + 12, true) === IN_ZIP64;
    const directory = isLarge ? (findLargeDirectory(view, at) ?? found) : found;
    // an end that does not follow its directory is that of another archive, glued on behind this one
    const isNext = isLarge ? directory.end <= at : directory.end === at;
    return isOneDisk && isNext && directory.offset <= directory.end ? directory : undefined;
  }
  return undefined;
}

/** §4.3.14, §4.3.15. */
function findLargeDirectory(view: DataView, endAt: number): Directory | undefined {
  const placeAt = endAt - 20;
  if (placeAt < 0 || view.getUint32(placeAt, true) !== END64_PLACE_MARK) return undefined;
  const at = Number(view.getBigUint64(placeAt + 8, true));
  if (at + 56 > placeAt || view.getUint32(at, true) !== END64_MARK) return undefined;
  const offset = Number(view.getBigUint64(at + 48, true));
  const end = offset + Number(view.getBigUint64(at + 40, true));
  return end !== at ? undefined : { entries: Number(view.getBigUint64(at + 32, true)), offset, end };
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  { at, end }: { readonly at: number; readonly end: number },
): Result<{ readonly entry: ZipEntry; readonly next: number }, ZipRefusal> {
  if (at + 46 > end || view.getUint32(at, true) !== ENTRY_MARK) return err({ kind: 'damaged' });
  const [nameBytes, extraBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
  if (next > end) return err({ kind: 'damaged' });
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  if ((flags & ENCRYPTED_FLAGS) !== 0 || method === AES_METHOD) return err({ kind: 'encrypted' });
  const name = bytes.subarray(at + 46, at + 46 + nameBytes);
  const extra = bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
  const sizes = largeSizes(view, { at, extraAt: at + 46 + nameBytes, extraEnd: at + 46 + nameBytes + extraBytes });
  const offset = sizes && dataOffset(bytes, view, { at: sizes.localAt, name, method });
  if (sizes === undefined || offset === undefined) return err({ kind: 'damaged' });
  const entry: ZipEntry = {
    path: zipName(name, extra, (flags & 0x0800) !== 0),
    method,
    packedBytes: sizes.packedBytes,
    plainBytes: sizes.plainBytes,
    crc: view.getUint32(at + 16, true),
    localAt: sizes.localAt,
    offset,
    isSymlink: view.getUint16(at + 40, true) >> 12 === UNIX_LINK,
  };
  return ok({ entry, next });
}

interface Sizes {
  readonly packedBytes: number;
  readonly plainBytes: number;
  readonly localAt: number;
}

/** Sizes and place, from the zip64 field where the usual ones do not hold them (§4.5.3). */
function largeSizes(
  view: DataView,
  { at, extraAt, extraEnd }: { readonly at: number; readonly extraAt: number; readonly extraEnd: number },
): Sizes | undefined {
  const usual = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  if (!usual.includes(IN_ZIP64)) return sizesOf(usual);
  for (let place = extraAt; place + 4 <= extraEnd;) {
    const fieldEnd = place + 4 + view.getUint16(place + 2, true);
    if (fieldEnd > extraEnd) return undefined;
    if (view.getUint16(place, true) === 0x0001) {
      let value = place + 4;
      const full = usual.map((one) => {
        if (one !== IN_ZIP64) return one;
        value += 8;
        return value > fieldEnd ? Number.NaN : Number(view.getBigUint64(value - 8, true));
      });
      return full.every(Number.isSafeInteger) ? sizesOf(full) : undefined;
    }
    place = fieldEnd;
  }
  return undefined;
}

function sizesOf([plainBytes = 0, packedBytes = 0, localAt = 0]: readonly number[]): Sizes {
  return { plainBytes, packedBytes, localAt };
}

/** Behind the local header, which must tell the same name and method as the directory: two readers see one archive. */
function dataOffset(
  bytes: Uint8Array,
  view: DataView,
  { at, name, method }: { readonly at: number; readonly name: Uint8Array; readonly method: number },
): number | undefined {
  if (at + 30 > view.byteLength || view.getUint32(at, true) !== LOCAL_MARK) return undefined;
  const nameEnd = at + 30 + view.getUint16(at + 26, true);
  const local = bytes.subarray(at + 30, nameEnd);
  if (view.getUint16(at + 8, true) !== method || local.length !== name.length) return undefined;
  return local.every((byte, index) => byte === name[index]) ? nameEnd + view.getUint16(at + 28, true) : undefined;
}

/** What stands in front of the first entry would be lost with the archive around it. */
function beginsAtOnce(entries: readonly ZipEntry[]): boolean {
  return entries.length === 0 || entries.some(({ localAt }) => localAt === 0);
}

/** Quines and overlapping bombs use the same bytes twice. */
function isApart(entries: readonly ZipEntry[], end: number): boolean {
  const placed = entries.toSorted((left, right) => left.offset - right.offset);
  return placed.every(({ offset, packedBytes }, index) => offset + packedBytes <= (placed[index + 1]?.offset ?? end));
}
