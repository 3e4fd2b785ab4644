// Reads one numbered object at its place in the file, its stream included (ISO 32000-2 §7.3.8, §7.3.10).

import { PdfLexer } from './pdf-lexer.ts';
import { countOf, isDict, type PdfObject, type PdfValue } from './pdf-value.ts';

export interface ObjectRead extends PdfObject {
  /** First byte behind its value (and `endstream`). */
  readonly end: number;
}

export interface ReadWay {
  /** What a reference used as `/Length` stands for. */
  readonly resolve: (value: PdfValue | undefined) => PdfValue | undefined;
  /** `strict`: lengths are right or it is no object; `mending`: the stream goes on to its `endstream`. */
  readonly mode: 'strict' | 'mending';
  /** Bytes that may still be looked at: without it, a file of open brackets costs the square of its length. */
  readonly budget: { bytes: number };
}

const ENDSTREAM = new TextEncoder().encode('endstream');

/** Where `word` stands next from `from` on; -1: nowhere. */
export function findBytes(bytes: Uint8Array, word: Uint8Array, from: number): number {
  const first = word[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < word.length && bytes[at + i] === word[i]) i++;
    if (i === word.length) return at;
  }
  return -1;
}

/** What a sound file costs many times over. */
export function readBudget(bytes: Uint8Array): { bytes: number } {
  return { bytes: 16 * bytes.length + 65_536 };
}

/** Undefined: there is no whole object here. */
export function readObjectAt(bytes: Uint8Array, offset: number, way: ReadWay): ObjectRead | undefined {
  if (way.budget.bytes <= 0) return undefined;
  const lexer = new PdfLexer(bytes, offset);
  const object = readWith(lexer, bytes, way);
  way.budget.bytes -= Math.max(lexer.at - offset, 32);
  return object;
}

function readWith(lexer: PdfLexer, bytes: Uint8Array, way: ReadWay): ObjectRead | undefined {
  const number = lexer.takeCount();
  const generation = number === undefined ? undefined : lexer.takeCount();
  if (number === undefined || generation === undefined || !lexer.takeWord('obj')) return undefined;
  // "obj endobj" is an object that is null
  const value = lexer.takeWord('endobj') ? null : lexer.readValue();
  if (value === undefined) return undefined;
  if (!isDict(value) || !lexer.takeWord('stream')) {
    const isClosed = value === null || lexer.takeWord('endobj');
    return isClosed || way.mode === 'mending' ? { number, generation, value, end: lexer.at } : undefined;
  }
  const start = behindLineEnd(bytes, lexer.at);
  const length = countOf(way.resolve(value.entries.get('Length')));
  const end = endOfStream(bytes, start, length, way);
  if (end === undefined) return undefined;
  const raw = bytes.subarray(start, end.data);
  return { number, generation, value: { kind: 'stream', dict: value, raw }, end: end.word };
}

function behindLineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 13) return bytes[at + 1] === 10 ? at + 2 : at + 1;
  return bytes[at] === 10 ? at + 1 : at;
}

function endOfStream(
  bytes: Uint8Array,
  start: number,
  length: number | undefined,
  { mode, budget }: ReadWay,
): { readonly data: number; readonly word: number } | undefined {
  if (length !== undefined && start + length <= bytes.length) {
    const lexer = new PdfLexer(bytes, start + length, start + length + 32);
    if (lexer.takeWord('endstream')) return { data: start + length, word: lexer.at };
  }
  if (mode === 'strict') return undefined;
  const found = findBytes(bytes, ENDSTREAM, start);
  budget.bytes -= (found < 0 ? bytes.length : found) - start;
  return found < 0 ? undefined : { data: found, word: found + ENDSTREAM.length };
}
