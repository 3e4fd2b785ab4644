// Where each object of a PDF stands: tables, streams, hybrids, and the older ones they point back to (ISO 32000-2 §7.5.4, §7.5.8).

import { limits } from '#base/limits.ts';
import { decodeStream } from './decode-stream.ts';
import { PdfLexer } from './pdf-lexer.ts';
import { readBudget, readObjectAt } from './pdf-object.ts';
import {
  countOf,
  entry,
  isArray,
  isDict,
  isStream,
  nameOf,
  type PdfDict,
  type PdfStream,
  type PdfValue,
} from './pdf-value.ts';

export type Place =
  | { readonly kind: 'at'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'in'; readonly stream: number; readonly index: number }
  | { readonly kind: 'free' };

export interface CrossReference {
  readonly places: ReadonlyMap<number, Place>;
  /** Newest first. */
  readonly trailers: readonly PdfDict[];
}

const TAIL_BYTES = 2048;
const SECTIONS_MAX = 4096;
const STARTXREF = 'startxref';

interface Section {
  readonly places: ReadonlyMap<number, Place>;
  readonly trailer: PdfDict;
}

/** Undefined when anything about it is wrong: this reader does not guess. */
export function readCrossReference(bytes: Uint8Array): CrossReference | undefined {
  const places = new Map<number, Place>();
  const trailers: PdfDict[] = [];
  const seen = new Set<number>();
  const waiting = [findStart(bytes)];
  while (waiting.length > 0) {
    const offset = waiting.shift();
    if (offset === undefined || offset >= bytes.length || seen.has(offset) || seen.size > SECTIONS_MAX)
      return undefined;
    seen.add(offset);
    const section = readTable(bytes, offset) ?? readStream(bytes, offset);
    if (section === undefined || places.size + section.places.size > 2 * limits.transit.pdfObjectsMax) return undefined;
    for (const [number, place] of section.places) if (!places.has(number)) places.set(number, place);
    trailers.push(section.trailer);
    for (const key of ['XRefStm', 'Prev']) {
      const older = section.trailer.entries.get(key);
      if (older !== undefined) waiting.push(countOf(older));
    }
  }
  return { places, trailers };
}

function findStart(bytes: Uint8Array): number | undefined {
  const from = Math.max(0, bytes.length - TAIL_BYTES);
  const tail = String.fromCharCode(...bytes.subarray(from));
  const at = tail.lastIndexOf(STARTXREF);
  return at < 0 ? undefined : new PdfLexer(bytes, from + at + STARTXREF.length).takeCount();
}

function readTable(bytes: Uint8Array, offset: number): Section | undefined {
  const lexer = new PdfLexer(bytes, offset);
  if (!lexer.takeWord('xref')) return undefined;
  const places = new Map<number, Place>();
  while (!lexer.takeWord('trailer')) {
    const first = lexer.takeCount();
    const count = lexer.takeCount();
    if (first === undefined || count === undefined || count > limits.transit.pdfObjectsMax) return undefined;
    for (let i = 0; i < count; i++) {
      const where = lexer.takeCount();
      const generation = lexer.takeCount();
      if (where === undefined || generation === undefined) return undefined;
      if (lexer.takeWord('n')) places.set(first + i, { kind: 'at', offset: where, generation });
      else if (lexer.takeWord('f')) places.set(first + i, { kind: 'free' });
      else return undefined;
    }
  }
  const trailer = lexer.readValue();
  return isDict(trailer) ? { places, trailer } : undefined;
}

function readStream(bytes: Uint8Array, offset: number): Section | undefined {
  // its length must stand in itself: there is no cross-reference yet to look one up
  const way = { resolve: (value: PdfValue | undefined) => value, mode: 'strict', budget: readBudget(bytes) } as const;
  const object = readObjectAt(bytes, offset, way);
  if (object === undefined || !isStream(object.value) || nameOf(entry(object.value, 'Type')) !== 'XRef')
    return undefined;
  const places = readPlaces(object.value);
  return places === undefined ? undefined : { places, trailer: object.value.dict };
}

function readPlaces(stream: PdfStream): ReadonlyMap<number, Place> | undefined {
  const decoded = decodeStream(stream, (value) => value, limits.transit.pdfStructureBytes);
  const widths = numbers(stream, 'W');
  if (!decoded.ok || widths?.length !== 3 || widths.some((width) => width > 7)) return undefined;
  const index = numbers(stream, 'Index') ?? [0, countOf(entry(stream, 'Size')) ?? -1];
  const [kindBytes = 0, middleBytes = 0, lastBytes = 0] = widths;
  const places = new Map<number, Place>();
  let at = 0;
  const take = (width: number): number => {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (decoded.value[at++] ?? 0);
    return value;
  };
  for (let i = 0; i + 1 < index.length; i += 2) {
    const [first = 0, count = 0] = [index[i], index[i + 1]];
    const isThere = at + count * (kindBytes + middleBytes + lastBytes) <= decoded.value.length;
    if (count < 0 || count > limits.transit.pdfObjectsMax || !isThere) return undefined;
    for (let number = first; number < first + count; number++) {
      const kind = kindBytes === 0 ? 1 : take(kindBytes);
      const [middle, last] = [take(middleBytes), take(lastBytes)];
      if (kind === 1) places.set(number, { kind: 'at', offset: middle, generation: last });
      else if (kind === 2) places.set(number, { kind: 'in', stream: middle, index: last });
      else places.set(number, { kind: 'free' });
    }
  }
  return places;
}

function numbers(stream: PdfStream, key: string): readonly number[] | undefined {
  const list = entry(stream, key);
  if (!isArray(list) || list.items.length > 2 * limits.transit.pdfObjectsMax) return undefined;
  const found = list.items.map((item) => countOf(item) ?? -1);
  return found.every((one) => one >= 0) ? found : undefined;
}
