// The values that PDF files are made of, and questions to them that never throw (ISO 32000-2 §7.3).

export interface PdfName {
  readonly kind: 'name';
  readonly name: string;
}
export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
}
export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}
export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}
export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfValue>;
}
export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  /** As they stand in the file, still coded. */
  readonly raw: Uint8Array;
}
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfArray | PdfDict | PdfStream;

/** A thing with a number, as it stands in the file. */
export interface PdfObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
}

function kindOf(value: PdfValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null ? value.kind : undefined;
}

export function isDict(value: PdfValue | undefined): value is PdfDict {
  return kindOf(value) === 'dict';
}

export function isArray(value: PdfValue | undefined): value is PdfArray {
  return kindOf(value) === 'array';
}

export function isStream(value: PdfValue | undefined): value is PdfStream {
  return kindOf(value) === 'stream';
}

export function isRef(value: PdfValue | undefined): value is PdfRef {
  return kindOf(value) === 'ref';
}

export function isString(value: PdfValue | undefined): value is PdfString {
  return kindOf(value) === 'string';
}

/** The name without its slash; undefined when it is none. */
export function nameOf(value: PdfValue | undefined): string | undefined {
  return typeof value === 'object' && value?.kind === 'name' ? value.name : undefined;
}

/** The dictionary of a dictionary or of a stream. */
export function dictOf(value: PdfValue | undefined): PdfDict | undefined {
  if (isDict(value)) return value;
  return isStream(value) ? value.dict : undefined;
}

/** One entry as it stands: a reference stays one. */
export function entry(value: PdfValue | undefined, key: string): PdfValue | undefined {
  return dictOf(value)?.entries.get(key);
}

/** A whole number within 0 … 2^53. */
export function countOf(value: PdfValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Text of a text string: UTF-16, UTF-8 or one byte a character (§7.9.2.2, near enough for names). */
export function textOf(value: PdfValue | undefined): string | undefined {
  if (!isString(value)) return undefined;
  const [first, second, third] = value.bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(value.bytes.subarray(2));
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(value.bytes.subarray(3));
  return new TextDecoder('windows-1252').decode(value.bytes);
}

/** Each dictionary in a value, its own first, to a depth; references are not followed. */
export function* dictsIn(value: PdfValue | undefined, depth = 32): Generator<PdfDict> {
  const dict = dictOf(value);
  if (dict !== undefined) yield dict;
  if (depth === 0) return;
  const inner = dict === undefined ? (isArray(value) ? value.items : []) : dict.entries.values();
  for (const one of inner) yield* dictsIn(one, depth - 1);
}
