// The frames of a TIFF as its directories tell them, in their order: where their strips or tiles lie and how they are coded (TIFF 6.0 §2). Decodes nothing.

import { limits } from '#base/limits.ts';

export interface TiffFrame {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  readonly compression: number;
  readonly photometric: number;
  readonly predictor: number;
  /** Bit 0: two-dimensional; bit 2: rows end with whole bytes (§11). */
  readonly t4Options: number;
  readonly isLowBitFirst: boolean;
  /** One sample behind the other, whole numbers, and of 16 bits those of the big order: all others nobody sends. */
  readonly isUsual: boolean;
  readonly palette: readonly number[];
  readonly jpegTables: Uint8Array | undefined;
  readonly pieces: readonly TiffPiece[];
}

/** A strip or a tile: where it stands on the page, and its bytes as they are coded. */
export interface TiffPiece {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly coded: Uint8Array;
}

const CLASSIC = 42;
const ENTRY = 12;
const ENTRIES_MAX = 512;
const VALUES_MAX = 200_000;
const PIECES_MAX = 10_000;
/** Bytes of a value by its type; others are not read. */
const SIZES: ReadonlyMap<number, 1 | 2 | 4> = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [7, 1],
]);

/** Undefined: no classic TIFF, or its directories lead nowhere, in a circle, or on for ever. */
export function tiffFrames(bytes: Uint8Array): readonly TiffFrame[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isTiff(bytes)) return undefined;
  const isLittle = bytes[0] === 0x49;
  const frames: TiffFrame[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, isLittle); at !== 0;) {
    if (seen.has(at) || at + 2 > bytes.length || frames.length > limits.transit.pagesMax) return undefined;
    seen.add(at);
    const entries = view.getUint16(at, isLittle);
    const end = at + 2 + entries * ENTRY;
    if (entries > ENTRIES_MAX || end + 4 > bytes.length) return undefined;
    const frame = frameOf(new Directory(view, { from: at + 2, end, isLittle }));
    if (frame === undefined) return undefined;
    frames.push(frame);
    at = view.getUint32(end, isLittle);
  }
  return frames;
}

export function isTiff(bytes: Uint8Array): boolean {
  const [first, second, low, high] = bytes;
  if (bytes.length < 8 || first !== second) return false;
  return first === 0x49 ? low === CLASSIC && high === 0 : first === 0x4d && low === 0 && high === CLASSIC;
}

class Directory {
  readonly bytes: Uint8Array;
  readonly isLittle: boolean;
  readonly #view: DataView;
  readonly #places = new Map<number, number>();

  constructor(
    view: DataView,
    { from, end, isLittle }: { readonly from: number; readonly end: number; readonly isLittle: boolean },
  ) {
    this.#view = view;
    this.bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.isLittle = isLittle;
    for (let at = from; at < end; at += ENTRY) this.#places.set(view.getUint16(at, isLittle), at);
  }

  /** Empty: it is not there, or lies outside of the file. */
  all(tag: number): readonly number[] {
    const found = this.#find(tag);
    if (found === undefined) return [];
    const { at, count, size } = found;
    return Array.from({ length: count }, (_, nth) => this.#read(at + nth * size, size));
  }

  one(tag: number, otherwise: number): number {
    return this.all(tag)[0] ?? otherwise;
  }

  raw(tag: number): Uint8Array | undefined {
    const found = this.#find(tag);
    return found && this.bytes.subarray(found.at, found.at + found.count * found.size);
  }

  #find(tag: number): { readonly at: number; readonly count: number; readonly size: 1 | 2 | 4 } | undefined {
    const place = this.#places.get(tag);
    if (place === undefined) return undefined;
    const size = SIZES.get(this.#view.getUint16(place + 2, this.isLittle));
    const count = this.#view.getUint32(place + 4, this.isLittle);
    if (size === undefined || count > VALUES_MAX) return undefined;
    const at = count * size <= 4 ? place + 8 : this.#view.getUint32(place + 8, this.isLittle);
    return at + count * size <= this.bytes.length ? { at, count, size } : undefined;
  }

  #read(at: number, size: 1 | 2 | 4): number {
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at, this.isLittle) : this.#view.getUint32(at, this.isLittle);
  }
}

/** Undefined: a page of no size. */
function frameOf(directory: Directory): TiffFrame | undefined {
  const [width, height] = [directory.one(256, 0), directory.one(257, 0)];
  if (width === 0 || height === 0) return undefined;
  const depths = directory.all(258);
  const bits = depths[0] ?? 1;
  const samples = directory.one(277, 1);
  return {
    width,
    height,
    bits,
    samples,
    compression: directory.one(259, 1),
    photometric: directory.one(262, 1),
    predictor: directory.one(317, 1),
    t4Options: directory.one(292, 0),
    isLowBitFirst: directory.one(266, 1) === 2,
    isUsual:
      depths.every((depth) => depth === bits) &&
      (samples === 1 || directory.one(284, 1) === 1) &&
      directory.one(339, 1) === 1 &&
      (bits <= 8 || (bits === 16 && !directory.isLittle)),
    palette: directory.all(320),
    jpegTables: directory.raw(347),
    pieces: piecesOf(directory, { width, height }),
  };
}

/** Empty: too many, or not all of them there. */
function piecesOf(
  directory: Directory,
  { width, height }: { readonly width: number; readonly height: number },
): readonly TiffPiece[] {
  const isTiled = directory.one(322, 0) > 0;
  const [wide, high] = isTiled
    ? [directory.one(322, 0), directory.one(323, 0)]
    : [width, Math.min(height, directory.one(278, height))];
  const places = directory.all(isTiled ? 324 : 273);
  const lengths = directory.all(isTiled ? 325 : 279);
  const across = Math.ceil(width / Math.max(1, wide));
  const count = across * Math.ceil(height / Math.max(1, high));
  if (wide === 0 || high === 0 || count > PIECES_MAX || places.length < count || lengths.length < count) return [];
  return Array.from({ length: count }, (_, nth): TiffPiece => {
    const top = Math.floor(nth / across) * high;
    const [at, length] = [places[nth] ?? 0, lengths[nth] ?? 0];
    const coded = directory.bytes.subarray(at, at + length);
    // only the last strip is shorter; a tile is whole wherever it ends
    return {
      left: (nth % across) * wide,
      top,
      width: wide,
      height: isTiled ? high : Math.min(high, height - top),
      coded,
    };
  });
}
