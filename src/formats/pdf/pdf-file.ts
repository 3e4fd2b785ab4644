// The frame of a PDF 1.7 file: numbered objects, object streams, cross-reference stream (ISO 32000-1 §7.5). Same objects, same bytes.

import { sha256 } from '@noble/hashes/sha2.js';
import { zlibSync } from 'fflate';

/** Number of an object; its generation is always 0. */
export type ObjectNumber = number;

export interface PdfFile {
  /** A number for an object that others name before it is put. */
  readonly reserve: () => ObjectNumber;
  /** An object that is not a stream, in PDF syntax; it is packed with others of its kind. Put again, it takes its own place. */
  readonly put: (body: string, number?: ObjectNumber) => ObjectNumber;
  /** `packed`: deflated here; `asIs`: already in the form its own /Filter names. */
  readonly putStream: (entries: string, data: Uint8Array, form: 'packed' | 'asIs') => ObjectNumber;
  /** The whole file. What is put afterwards stands in the next closing only; all before the first packed object stays where it was. */
  readonly close: (root: ObjectNumber) => Uint8Array;
}

interface Place {
  /** Byte of the file, or the object stream that it is packed in. */
  readonly at: number;
  readonly packedIndex: number | undefined;
}

const TOGETHER = 200; // objects in one object stream: readers unpack a stream whole
const DEFLATE_LEVEL = 9;
// A comment of bytes above 127, by which transports see that the file is not text (§7.5.2).
const HEADER = Uint8Array.of(...latin1('%PDF-1.7\n%'), 0xe2, 0xe3, 0xcf, 0xd3, 0x0a);
const ID_BYTES = 16;

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
}

export function ref(number: ObjectNumber): string {
  return `${number} 0 R`;
}

/** A number as short as a page needs it: thousandths, no exponent. */
export function short(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

export function openPdfFile(): PdfFile {
  const chunks: Uint8Array[] = [HEADER];
  const places = new Map<ObjectNumber, Place>();
  const loose = new Map<ObjectNumber, string>();
  let length = HEADER.length;
  let next = 1;

  const write = (bytes: Uint8Array): void => {
    chunks.push(bytes);
    length += bytes.length;
  };
  const writeStream = (number: ObjectNumber, entries: string, data: Uint8Array): void => {
    places.set(number, { at: length, packedIndex: undefined });
    write(latin1(`${number} 0 obj\n<<${entries}/Length ${data.length}>>stream\n`));
    write(data);
    write(latin1('\nendstream\nendobj\n'));
  };
  const packLoose = (): void => {
    const all = [...loose].map(([number, body]) => ({ number, body }));
    for (let from = 0; from < all.length; from += TOGETHER) {
      const group = all.slice(from, from + TOGETHER);
      const stream = next++;
      const packed = packObjects(group);
      group.forEach(({ number }, packedIndex) => places.set(number, { at: stream, packedIndex }));
      writeStream(
        stream,
        `/Type/ObjStm/N ${group.length}/First ${packed.first}/Filter/FlateDecode`,
        deflate(packed.bytes),
      );
    }
  };

  return {
    reserve: () => next++,
    put: (body, number = next++) => {
      loose.set(number, body);
      return number;
    },
    putStream: (entries, data, form) => {
      const number = next++;
      const packed = form === 'packed' ? deflate(data) : data;
      writeStream(number, form === 'packed' ? `${entries}/Filter/FlateDecode` : entries, packed);
      return number;
    },
    close: (root) => {
      const open = { chunks: chunks.length, length, next };
      packLoose();
      const start = length;
      const table = next++;
      places.set(table, { at: start, packedIndex: undefined });
      const id = Array.from(digestOf(chunks).subarray(0, ID_BYTES), (byte) => byte.toString(16).padStart(2, '0'));
      const entries =
        `/Type/XRef/Size ${next}/W[1 4 2]/Root ${ref(root)}` +
        `/ID[<${id.join('')}><${id.join('')}>]/Filter/FlateDecode`;
      const data = deflate(crossReference(places, next));
      write(latin1(`${table} 0 obj\n<<${entries}/Length ${data.length}>>stream\n`));
      write(data);
      write(latin1(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`));
      const whole = join(chunks, length);
      chunks.length = open.chunks;
      ({ length, next } = open);
      return whole;
    },
  };
}

function deflate(bytes: Uint8Array): Uint8Array {
  return zlibSync(bytes, { level: DEFLATE_LEVEL });
}

/** §7.5.7: pairs of number and offset, then the objects. */
function packObjects(group: readonly { readonly number: ObjectNumber; readonly body: string }[]): {
  readonly first: number;
  readonly bytes: Uint8Array;
} {
  let offset = 0;
  const heads = group.map(({ number, body }) => {
    const head = `${number} ${offset}`;
    offset += body.length + 1;
    return head;
  });
  const head = `${heads.join(' ')}\n`;
  return { first: head.length, bytes: latin1(head + group.map(({ body }) => `${body}\n`).join('')) };
}

/** §7.5.8.3: kind, four bytes of place, two of index. */
function crossReference(places: ReadonlyMap<ObjectNumber, Place>, size: number): Uint8Array {
  const width = 7;
  const table = new Uint8Array(size * width);
  const view = new DataView(table.buffer);
  view.setUint16(5, 0xffff);
  for (let number = 1; number < size; number++) {
    const place = places.get(number);
    if (!place) continue;
    const at = number * width;
    view.setUint8(at, place.packedIndex === undefined ? 1 : 2);
    view.setUint32(at + 1, place.at);
    view.setUint16(at + 5, place.packedIndex ?? 0);
  }
  return table;
}

function digestOf(chunks: readonly Uint8Array[]): Uint8Array {
  const hash = sha256.create();
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest();
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
