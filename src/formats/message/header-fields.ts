// Splits a header section into fields with byte offsets (RFC 5322 §2.2; tolerant of bare LF, junk lines and missing sections).
import { limits } from '#base/limits.ts';
import { binaryText, decodeCharset } from './charset.ts';

export type HeaderField = {
  /** Lower-case name without the colon. */
  readonly name: string;
  /** One character a byte, still folded, without the final line end. */
  readonly rawValue: string;
  /** Offset of the first byte of the name. */
  readonly startOffset: number;
  /** Offset of the first byte behind the colon. */
  readonly valueOffset: number;
  /** Offset behind the line end of the field. */
  readonly endOffset: number;
};

export type HeaderSection = {
  readonly fields: readonly HeaderField[];
  /** Where the body starts: behind the empty line, or at the start when there is no header section. */
  readonly bodyOffset: number;
  /** False when the first line is neither a field nor empty: the whole letter is body. */
  readonly isPresent: boolean;
  /** True when a bound was reached and fields were left out. */
  readonly isCut: boolean;
};

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;

type Range = { readonly start: number; readonly end: number };
/** Says whether the line of these offsets (without its line end) ends the section early, as a boundary line does. */
export type LineCheck = (lineStart: number, lineEnd: number) => boolean;

/**
 * Reads the fields that start at `range.start`. Lines end at LF, with or without CR; a bare CR is white space.
 * Lines that are no field are skipped, so that a damaged line hides nothing behind it.
 */
export function readHeaderSection(bytes: Uint8Array, range?: Range, endsAt?: LineCheck): HeaderSection {
  const start = range?.start ?? 0;
  const end = range?.end ?? bytes.length;
  const fields: HeaderField[] = [];
  let isCut = false;
  let isPresent = false;
  let pending: Pending | undefined;
  let at = start;
  while (at < end) {
    const next = lineEndFrom(bytes, at, end);
    const textEnd = withoutLineEnd(bytes, at, next);
    if (textEnd === at) {
      if (pending) fields.push(finish(bytes, pending, at));
      return { fields, bodyOffset: next, isPresent: true, isCut };
    }
    if (endsAt?.(at, textEnd)) break;
    const isFolded = pending !== undefined && isBlank(bytes[at]);
    if (!isFolded) {
      if (pending) fields.push(finish(bytes, pending, at));
      pending = undefined;
      const colon = colonOf(bytes, at, textEnd);
      if (colon < 0 && !isPresent && !isEnvelopeLine(bytes, at)) {
        return { fields: [], bodyOffset: start, isPresent: false, isCut: false };
      }
      isPresent = true;
      if (colon >= 0) {
        if (fields.length < limits.message.headerFieldsMax && at - start < limits.message.headerBytes) {
          pending = { start: at, colon };
        } else isCut = true;
      }
    }
    at = next;
  }
  if (pending) fields.push(finish(bytes, pending, at));
  return { fields, bodyOffset: at, isPresent, isCut };
}

/** The value as text: unfolded, trimmed, 8-bit bytes as UTF-8 if they are, else windows-1252 (RFC 6532). */
export function fieldText(field: HeaderField): string {
  return binaryToText(field.rawValue.replace(/\r?\n/g, '')).trim();
}

/** Text of one character a byte → real text. */
export function binaryToText(binary: string): string {
  if (!hasHighByte(binary)) return binary;
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return decodeCharset(bytes, undefined);
}

type Pending = { readonly start: number; readonly colon: number };

function finish(bytes: Uint8Array, pending: Pending, end: number): HeaderField {
  let nameEnd = pending.colon;
  while (nameEnd > pending.start && isBlank(bytes[nameEnd - 1])) nameEnd--;
  const valueEnd = withoutLineEnd(bytes, pending.colon + 1, end);
  const valueCut = Math.min(valueEnd, pending.colon + 1 + limits.message.headerBytes);
  return {
    name: binaryText(bytes, pending.start, nameEnd).toLowerCase(),
    rawValue: binaryText(bytes, pending.colon + 1, valueCut),
    startOffset: pending.start,
    valueOffset: pending.colon + 1,
    endOffset: end,
  };
}

/** Offset behind the next LF, or `end`. */
export function lineEndFrom(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.indexOf(LF, at);
  return found < 0 || found >= end ? end : found + 1;
}

/** `next` moved in front of LF or CRLF. */
export function withoutLineEnd(bytes: Uint8Array, start: number, next: number): number {
  let end = next;
  if (end > start && bytes[end - 1] === LF) {
    end--;
    if (end > start && bytes[end - 1] === CR) end--;
  }
  return end;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** Offset of the colon if the line is a field, else -1. White space before the colon is allowed (RFC 5322 §4.5). */
function colonOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let byte = bytes[at] ?? 0;
  while (at < end && byte > SPACE && byte < 127 && byte !== COLON) byte = bytes[++at] ?? 0;
  if (at === start) return -1;
  while (at < end && isBlank(bytes[at])) at++;
  return at < end && bytes[at] === COLON ? at : -1;
}

/** "From " or ">From " as mbox files leave it in front of a letter. */
function isEnvelopeLine(bytes: Uint8Array, start: number): boolean {
  return /^>?From /.test(binaryText(bytes, start, Math.min(start + 6, bytes.length)));
}

function hasHighByte(binary: string): boolean {
  return /[\x80-\xff]/.test(binary);
}
