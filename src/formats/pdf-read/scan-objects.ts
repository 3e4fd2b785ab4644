// Every object that stands anywhere in a file, whatever its cross-reference says: older versions, orphans, damaged files.

import { limits } from '#base/limits.ts';
import { readObjectStream } from './object-stream.ts';
import { PdfLexer } from './pdf-lexer.ts';
import { findBytes, readBudget, readObjectAt } from './pdf-object.ts';
import { countOf, entry, isDict, isStream, nameOf, type PdfDict, type PdfObject, type PdfValue } from './pdf-value.ts';

export interface ScannedPdf {
  /** In the order of the file; one number may stand several times. */
  readonly objects: readonly PdfObject[];
  readonly trailers: readonly PdfDict[];
  /** False: a bound was met or a stream of objects could not be read, so something may have gone unseen. */
  readonly isWhole: boolean;
}

const OBJ = Uint8Array.from([0x6f, 0x62, 0x6a]);
const TRAILER = new TextEncoder().encode('trailer');
const SIGN_DIGITS_MAX = 24;

/** What a stream's data hides from the eye (a whole PDF attached, say) is not looked into. */
export function scanObjects(bytes: Uint8Array): ScannedPdf {
  const plain = scanPlain(bytes);
  const lengths = new Map(plain.objects.map(({ number, value }) => [number, value]));
  const resolve = (value: PdfValue | undefined): PdfValue | undefined =>
    typeof value === 'object' && value?.kind === 'ref' ? (lengths.get(value.number) ?? null) : value;
  const objects = [...plain.objects];
  const trailers = [...scanTrailers(bytes)];
  let isWhole = plain.isWhole;
  let budget: number = limits.transit.pdfStructureBytes;
  for (const { value } of plain.objects) {
    if (!isStream(value)) continue;
    const type = nameOf(entry(value, 'Type'));
    if (type === 'XRef') trailers.push(value.dict);
    if (type !== 'ObjStm') continue;
    const read = readObjectStream(value, resolve, budget);
    if (read.ok) {
      budget -= read.value.bytes;
      objects.push(...read.value.objects);
    } else isWhole = false;
    if (objects.length > limits.transit.pdfObjectsMax) return { objects, trailers, isWhole: false };
  }
  return { objects, trailers, isWhole };
}

function scanPlain(bytes: Uint8Array): { readonly objects: readonly PdfObject[]; readonly isWhole: boolean } {
  const objects: PdfObject[] = [];
  const lengths = new Map<number, number>();
  const resolve = (value: PdfValue | undefined): PdfValue | undefined =>
    typeof value === 'object' && value?.kind === 'ref' ? lengths.get(value.number) : value;
  const way = { resolve, mode: 'mending', budget: readBudget(bytes) } as const;
  let at = 0;
  for (;;) {
    const word = findBytes(bytes, OBJ, at);
    if (word < 0) return { objects, isWhole: true };
    if (objects.length >= limits.transit.pdfObjectsMax || way.budget.bytes <= 0) return { objects, isWhole: false };
    const start = startOfHead(bytes, word);
    const object = start === undefined ? undefined : readObjectAt(bytes, start, way);
    if (object !== undefined) {
      objects.push(object);
      const length = countOf(object.value);
      if (length !== undefined) lengths.set(object.number, length);
    }
    at = Math.max(object?.end ?? 0, word + OBJ.length);
  }
}

/** From the word `obj` back over "12 0 " to its first digit. */
function startOfHead(bytes: Uint8Array, word: number): number | undefined {
  const from = Math.max(0, word - SIGN_DIGITS_MAX);
  const head = /(\d{1,10})[\s\0]+\d{1,5}[\s\0]*$/.exec(String.fromCharCode(...bytes.subarray(from, word)));
  return head === null ? undefined : from + head.index;
}

function* scanTrailers(bytes: Uint8Array): Generator<PdfDict> {
  let budget = readBudget(bytes).bytes;
  for (let at = findBytes(bytes, TRAILER, 0); at >= 0 && budget > 0;) {
    const lexer = new PdfLexer(bytes, at + TRAILER.length);
    const value = lexer.readValue();
    budget -= Math.max(lexer.at - at, 32);
    at = findBytes(bytes, TRAILER, at + TRAILER.length);
    if (isDict(value)) yield value;
  }
}
