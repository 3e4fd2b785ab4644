// Pictures, fonts and other streams that stand in a PDF several times are kept once: same bytes, same entries, one object.

import { createHash } from 'node:crypto';
import {
  PDFArray,
  PDFDict,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFStream,
  type PDFContext,
  type PDFObject,
} from '@cantoo/pdf-lib';

/** A picture with a mask is equal once the masks are one; a font once its parts are. */
const ROUNDS = 4;
/** Dictionaries that say the same wherever they stand; pages, notes and fields do not. */
const SHARED = new Set(['Font', 'FontDescriptor', 'ExtGState', 'Encoding']);

export function shareEqual(context: PDFContext): void {
  for (let round = 0; round < ROUNDS; round++) {
    const instead = findEqual(context);
    if (instead.size === 0) return;
    for (const [ref, object] of context.enumerateIndirectObjects()) {
      if (instead.has(ref)) context.delete(ref);
      else redirect(object, instead, 0);
    }
  }
}

const DEPTH_MAX = 64;

function findEqual(context: PDFContext): ReadonlyMap<PDFRef, PDFRef> {
  const first = new Map<string, PDFRef>();
  const instead = new Map<PDFRef, PDFRef>();
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    const key = keyOf(object);
    if (key === undefined) continue;
    const known = first.get(key);
    if (known === undefined) first.set(key, ref);
    else instead.set(ref, known);
  }
  return instead;
}

function keyOf(object: PDFObject): string | undefined {
  if (object instanceof PDFRawStream) {
    const hash = createHash('sha256').update(object.dict.toString()).update('\n').update(object.contents);
    return hash.digest('hex');
  }
  if (!(object instanceof PDFDict)) return undefined;
  const type = object.get(PDFName.of('Type'));
  return type instanceof PDFName && SHARED.has(type.decodeText()) ? object.toString() : undefined;
}

function redirect(value: PDFObject, instead: ReadonlyMap<PDFRef, PDFRef>, depth: number): void {
  if (depth > DEPTH_MAX) throw new Error('deeper than the cleaner lets through');
  if (value instanceof PDFArray)
    value.asArray().forEach((item, index) => {
      const other = item instanceof PDFRef ? instead.get(item) : undefined;
      if (other === undefined) redirect(item, instead, depth + 1);
      else value.set(index, other);
    });
  const dict = value instanceof PDFStream ? value.dict : value;
  if (!(dict instanceof PDFDict)) return;
  for (const [key, item] of dict.entries()) {
    const other = item instanceof PDFRef ? instead.get(item) : undefined;
    if (other === undefined) redirect(item, instead, depth + 1);
    else dict.set(key, other);
  }
}
