// A PDF by its cross-reference: any object by number, nothing guessed, everything bounded (ISO 32000-2 §7.5).

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readCrossReference, type CrossReference } from './cross-reference.ts';
import { decodeStream, type FilterRefusal } from './decode-stream.ts';
import { readObjectStream } from './object-stream.ts';
import { readBudget, readObjectAt } from './pdf-object.ts';
import {
  dictOf,
  entry,
  isRef,
  isStream,
  nameOf,
  type PdfDict,
  type PdfObject,
  type PdfStream,
  type PdfValue,
} from './pdf-value.ts';

export type PdfDamage =
  { readonly kind: 'noHeader' } | { readonly kind: 'noCrossReference' } | { readonly kind: 'noCatalog' };

const REFERENCES_MAX = 16;

export class PdfDocument {
  readonly version: string;
  readonly #bytes: Uint8Array;
  readonly #reference: CrossReference;
  readonly #objects = new Map<number, PdfObject | undefined>();
  readonly #streams = new Map<number, readonly PdfObject[] | undefined>();
  readonly #reading = new Set<number>();
  readonly #toRead: { bytes: number };
  #toUnpack: number = limits.transit.pdfStructureBytes;

  constructor(bytes: Uint8Array, reference: CrossReference, version: string) {
    this.#bytes = bytes;
    this.#toRead = readBudget(bytes);
    this.#reference = reference;
    this.version = version;
  }

  /** Newest first. */
  get trailers(): readonly PdfDict[] {
    return this.#reference.trailers;
  }

  /** The newest that names a catalog: that of a linearized file may stand anywhere. */
  get catalog(): PdfDict | undefined {
    const trailer = this.trailers.find((one) => one.entries.has('Root'));
    const root = this.resolve(trailer?.entries.get('Root'));
    return nameOf(this.resolve(entry(root, 'Type'))) === 'Catalog' ? dictOf(root) : undefined;
  }

  get numbers(): readonly number[] {
    return [...this.#reference.places].filter(([, place]) => place.kind !== 'free').map(([number]) => number);
  }

  /** Undefined: free, not there, or not what the cross-reference says. */
  get(number: number): PdfObject | undefined {
    if (this.#objects.has(number)) return this.#objects.get(number);
    if (this.#reading.has(number)) return undefined;
    this.#reading.add(number);
    const object = this.#read(number);
    this.#reading.delete(number);
    this.#objects.set(number, object);
    return object;
  }

  /** Follows references to what they stand for; a reference to nothing is null (§7.3.10). */
  resolve = (value: PdfValue | undefined): PdfValue | undefined => {
    let found = value;
    for (let i = 0; i < REFERENCES_MAX && isRef(found); i++) found = this.get(found.number)?.value ?? null;
    return isRef(found) ? null : found;
  };

  /** Resolved entry of a dictionary, stream or reference to one. */
  ask(value: PdfValue | undefined, key: string): PdfValue | undefined {
    return this.resolve(entry(this.resolve(value), key));
  }

  decode(stream: PdfStream): Result<Uint8Array, FilterRefusal> {
    return decodeStream(stream, this.resolve, limits.transit.pdfContentBytes);
  }

  #read(number: number): PdfObject | undefined {
    const place = this.#reference.places.get(number);
    if (place === undefined || place.kind === 'free') return undefined;
    if (place.kind === 'in') {
      const object = this.#objectsIn(place.stream)?.[place.index];
      return object?.number === number ? object : undefined;
    }
    const object = readObjectAt(this.#bytes, place.offset, {
      resolve: this.resolve,
      mode: 'strict',
      budget: this.#toRead,
    });
    return object?.number === number && object.generation === place.generation ? object : undefined;
  }

  #objectsIn(number: number): readonly PdfObject[] | undefined {
    if (this.#streams.has(number)) return this.#streams.get(number);
    // a stream of objects never stands in another one
    const place = this.#reference.places.get(number);
    const stream = place?.kind === 'at' ? this.get(number)?.value : undefined;
    const read = isStream(stream) ? readObjectStream(stream, this.resolve, this.#toUnpack) : undefined;
    this.#toUnpack -= read?.ok === true ? read.value.bytes : 0;
    const objects = read?.ok === true ? read.value.objects : undefined;
    this.#streams.set(number, objects);
    return objects;
  }
}

/** `%PDF-1.7` → 1.7; the catalog may say a newer one. */
export function headerVersion(bytes: Uint8Array): string | undefined {
  return /^%PDF-(\d\.\d)/.exec(String.fromCharCode(...bytes.subarray(0, 16)))?.[1];
}

export function readPdf(bytes: Uint8Array): Result<PdfDocument, PdfDamage> {
  const header = headerVersion(bytes);
  if (header === undefined) return err({ kind: 'noHeader' });
  const reference = readCrossReference(bytes);
  if (reference === undefined) return err({ kind: 'noCrossReference' });
  const first = new PdfDocument(bytes, reference, header);
  const catalog = first.catalog;
  if (catalog === undefined) return err({ kind: 'noCatalog' });
  const newer = nameOf(first.ask(catalog, 'Version'));
  const version = newer !== undefined && /^\d\.\d$/.test(newer) && newer > header ? newer : header;
  return ok(version === header ? first : new PdfDocument(bytes, reference, version));
}
