// Rules of PDF/A-2 about the file as bytes: header, trailer, cross-reference, spacing of objects and streams (ISO 19005-2 §6.1.2–§6.1.9).

import { readCrossReference } from '#formats/pdf-read/cross-reference.ts';
import { readBudget, readObjectAt } from '#formats/pdf-read/pdf-object.ts';
import { isArray, isStream, isString, nameOf, type PdfStream } from '#formats/pdf-read/pdf-value.ts';
import type { ArchiveFile, Blame } from './archive-values.ts';

const OBJECTS_MAX = 8_388_607;
const LINE_END = '(?:\\r\\n|\\n|\\r)';
const HEADER = new RegExp(`^%PDF-1\\.[0-7]${LINE_END}%[\\x80-\\xff]{4}`);
const OBJECT = new RegExp(`^\\d+ \\d+ obj${LINE_END}`);
const CLOSED = new RegExp(`${LINE_END}endobj${LINE_END}$`);
const STREAM_END = new RegExp(`^${LINE_END}endstream${LINE_END}endobj${LINE_END}`);
const TABLE = new RegExp(`^xref${LINE_END}\\d+ \\d+ ?${LINE_END}`);

export function judgeFrame(file: ArchiveFile, blame: Blame): void {
  const { bytes, document } = file;
  if (!HEADER.test(textAt(bytes, 0, 24))) blame('6.1.2', 'a header that says no version, or that the file is text');
  if (!new RegExp(`%%EOF${LINE_END}?$`).test(textAt(bytes, bytes.length - 8, bytes.length)))
    blame('6.1.3', 'something behind the end');
  for (const trailer of document.trailers) {
    if (trailer.entries.has('Encrypt')) blame('6.1.3', 'a file that is encrypted');
    const id = document.resolve(trailer.entries.get('ID'));
    const parts = isArray(id) ? id.items.map(document.resolve) : [];
    if (parts.length !== 2 || !parts.every((part) => isString(part) && part.bytes.length > 0))
      blame('6.1.3', 'no identifier of the file');
    // its values would have to say what the metadata say
    if (trailer.entries.has('Info')) blame('6.6.3', 'a document information dictionary');
  }
  const reference = readCrossReference(bytes);
  if (reference === undefined) return blame('6.1.4', 'no cross-reference');
  if (reference.places.size > OBJECTS_MAX) blame('6.1.13', 'more objects than there may be');
  for (const start of tablesOf(bytes))
    if (!TABLE.test(textAt(bytes, start, start + 48))) blame('6.1.4', 'a cross-reference with other spacing');
  const way = { resolve: document.resolve, mode: 'strict', budget: readBudget(bytes) } as const;
  for (const place of reference.places.values()) {
    if (place.kind !== 'at') continue;
    const object = readObjectAt(bytes, place.offset, way);
    if (object === undefined) {
      blame('6.1.9', 'an object that cannot be read');
      continue;
    }
    const head = textAt(bytes, place.offset - 1, place.offset + 32);
    if (!/^[\r\n]/.test(head) || !OBJECT.test(head.slice(1))) blame('6.1.9', 'an object with other spacing');
    if (isStream(object.value)) {
      judgeStreamFrame(bytes, object.value, blame);
      judgeHex(bytes.subarray(place.offset, startOf(bytes, object.value)), blame);
      if (nameOf(object.value.dict.entries.get('Type')) === 'ObjStm') {
        const decoded = document.decode(object.value);
        if (decoded.ok) judgeHex(decoded.value, blame);
      }
    } else {
      if (!CLOSED.test(textAt(bytes, object.end - 9, object.end + 1))) blame('6.1.9', 'an object with other spacing');
      judgeHex(bytes.subarray(place.offset, object.end), blame);
    }
  }
  return undefined;
}

/** Where tables of the old kind begin. */
function tablesOf(bytes: Uint8Array): readonly number[] {
  const text = textAt(bytes, 0, bytes.length);
  return [...text.matchAll(/[\r\n]xref(?=[\s])/g)].map(({ index }) => index + 1);
}

function startOf(bytes: Uint8Array, { raw }: PdfStream): number {
  return raw.byteOffset - bytes.byteOffset;
}

/** §6.1.7.1; that the length is right the strict reader has seen. */
function judgeStreamFrame(bytes: Uint8Array, stream: PdfStream, blame: Blame): void {
  const start = startOf(bytes, stream);
  const end = start + stream.raw.length;
  if (!/stream\r?\n$/.test(textAt(bytes, start - 8, start)))
    blame('6.1.7.1', 'the word stream without its end of line');
  if (!STREAM_END.test(textAt(bytes, end, end + 24))) blame('6.1.7.1', 'the word endstream without its end of line');
}

/** §6.1.6: pairs of hexadecimal digits; looks at all strings between `<` and `>`. */
export function judgeHex(bytes: Uint8Array, blame: Blame): void {
  let open = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (open > 0) {
      if (byte === 0x5c) at++;
      else if (byte === 0x28) open++;
      else if (byte === 0x29) open--;
    } else if (byte === 0x28) open = 1;
    else if (byte === 0x25) while (at + 1 < bytes.length && bytes[at + 1] !== 10 && bytes[at + 1] !== 13) at++;
    else if (byte === 0x3c && bytes[at + 1] === 0x3c) at++;
    else if (byte === 0x3c) {
      const end = bytes.indexOf(0x3e, at);
      const digits = textAt(bytes, at + 1, end < 0 ? bytes.length : end).replaceAll(/[\0\t\n\f\r ]/g, '');
      if (end < 0 || digits.length % 2 === 1 || !/^[0-9a-fA-F]*$/.test(digits))
        blame('6.1.6', 'a string of odd hexadecimal digits');
      if (end >= 0) at = end;
    }
  }
}

function textAt(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  const part = bytes.subarray(Math.max(0, from), Math.max(0, to));
  for (let at = 0; at < part.length; at += 8192) text += String.fromCharCode(...part.subarray(at, at + 8192));
  return text;
}
