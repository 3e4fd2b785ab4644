// Content-Type and Content-Disposition with their parameters (RFC 2045 §5, RFC 2183, continuations and charsets of RFC 2231).
import { limits } from '#base/limits.ts';
import { binaryBytes, decodeCharset } from './charset.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { binaryToText } from './header-fields.ts';
import { hexDigit } from './transfer-encoding.ts';

export type Parameters = ReadonlyMap<string, string>;

export type ContentType = {
  /** Lower-case, as `text`. */
  readonly type: string;
  readonly subtype: string;
  /** Lower-case `type/subtype`. */
  readonly mediaType: string;
  readonly parameters: Parameters;
  /** Offset within the raw value directly behind the subtype: where a parameter may be put (RFC 9788 hp). */
  readonly typeEnd: number;
};

export type Disposition = { readonly kind: string; readonly parameters: Parameters };

export const PLAIN_TEXT: ContentType = {
  type: 'text',
  subtype: 'plain',
  mediaType: 'text/plain',
  parameters: new Map(),
  typeEnd: 0,
};

/** Parses a raw value (one character a byte, folded or not); undefined when no type/subtype stands first. */
export function findContentType(rawValue: string): ContentType | undefined {
  const typeStart = skipBlanksAndComments(rawValue, 0);
  const typeEnd = skipToken(rawValue, typeStart);
  const slash = skipBlanksAndComments(rawValue, typeEnd);
  if (typeEnd === typeStart || rawValue.charCodeAt(slash) !== SLASH) return undefined;
  const subtypeStart = skipBlanksAndComments(rawValue, slash + 1);
  const subtypeEnd = skipToken(rawValue, subtypeStart);
  if (subtypeEnd === subtypeStart) return undefined;
  const type = rawValue.slice(typeStart, typeEnd).toLowerCase();
  const subtype = rawValue.slice(subtypeStart, subtypeEnd).toLowerCase();
  const parameters = readParameters(rawValue, subtypeEnd);
  return { type, subtype, mediaType: `${type}/${subtype}`, parameters, typeEnd: subtypeEnd };
}

/** Parses a raw Content-Disposition value; undefined when it names no disposition. */
export function findDisposition(rawValue: string): Disposition | undefined {
  const start = skipBlanksAndComments(rawValue, 0);
  const end = skipToken(rawValue, start);
  if (end === start) return undefined;
  return { kind: rawValue.slice(start, end).toLowerCase(), parameters: readParameters(rawValue, end) };
}

/** A file name without directories, control characters or direction overrides; empty when nothing is left. */
export function safeFileName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  // U+202E and its kind make "fdp.exe" look like "exe.pdf"
  const clean = last.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '').trim();
  const cut = clean.slice(0, limits.message.fileNameCharacters).toWellFormed();
  return /^\.+$/.test(cut) ? '' : cut;
}

const SLASH = 47;
const SEMICOLON = 59;
const EQUALS = 61;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 40;
const CLOSE = 41;

type Piece = { readonly index: number; readonly isEncoded: boolean; readonly value: string };

/** Everything from `start`: `;` name `=` value. What is no parameter is skipped to the next semicolon. */
function readParameters(raw: string, start: number): Parameters {
  const plain = new Map<string, string>();
  const pieces = new Map<string, Piece[]>();
  let count = 0;
  let at = start;
  while (at < raw.length && count < limits.message.parametersMax) {
    at = skipBlanksAndComments(raw, at);
    if (raw.charCodeAt(at) === SEMICOLON) at = skipBlanksAndComments(raw, at + 1);
    const nameEnd = skipToken(raw, at);
    const equals = skipBlanksAndComments(raw, nameEnd);
    if (nameEnd === at || raw.charCodeAt(equals) !== EQUALS) {
      at = skipToSemicolon(raw, nameEnd);
      continue;
    }
    const name = raw.slice(at, nameEnd).toLowerCase();
    const value = readValue(raw, skipBlanksAndComments(raw, equals + 1));
    at = value.end;
    count++;
    const star = name.indexOf('*');
    if (star < 0) {
      if (!plain.has(name)) plain.set(name, decodeEncodedWords(binaryToText(value.text)));
    } else addPiece(pieces, name, value.text);
  }
  // the extended form is the truer one (RFC 2231, RFC 6266 §4.3)
  for (const [name, list] of pieces) plain.set(name, joinPieces(list));
  return plain;
}

/** `name*0*`, `name*1`, `name*` → a numbered piece of `name`. */
function addPiece(pieces: Map<string, Piece[]>, name: string, value: string): void {
  const match = /^([^*]+)\*(?:(\d{1,3})(\*?))?$/.exec(name);
  if (!match?.[1]) return;
  const isEncoded = match[2] === undefined || match[3] === '*';
  const piece = { index: Number(match[2] ?? '0'), isEncoded, value };
  const list = pieces.get(match[1]);
  if (list) list.push(piece);
  else pieces.set(match[1], [piece]);
}

function joinPieces(list: Piece[]): string {
  let charset: string | undefined;
  let binary = '';
  list.sort((a, b) => a.index - b.index);
  for (const [position, piece] of list.entries()) {
    let { value } = piece;
    if (piece.isEncoded) {
      const parts = position === 0 ? /^([^']*)'[^']*'/.exec(value) : null;
      if (parts) {
        charset = parts[1] === '' ? undefined : parts[1];
        value = value.slice(parts[0].length);
      }
      value = percentDecoded(value);
    }
    binary += value;
  }
  return decodeCharset(binaryBytes(binary), charset);
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(hexDigit(hex.charCodeAt(0)) * 16 + hexDigit(hex.charCodeAt(1))),
  );
}

/** A quoted string without its quotes, or everything up to a semicolon, blank or comment. */
function readValue(raw: string, start: number): { text: string; end: number } {
  if (raw.charCodeAt(start) === QUOTE) {
    const end = skipQuoted(raw, start);
    const isClosed = end > start + 1 && raw.charCodeAt(end - 1) === QUOTE;
    const inner = raw.slice(start + 1, isClosed ? end - 1 : end);
    return { text: inner.replace(/\r?\n/g, '').replace(/\\([\s\S])/g, '$1'), end };
  }
  let end = start;
  while (end < raw.length && !endsBareValue(raw.charCodeAt(end))) end++;
  // name=annual report.pdf; blanks belong to it when no further parameter follows before the semicolon
  let stretch = end;
  while (stretch < raw.length && !endsBareStretch(raw.charCodeAt(stretch))) stretch++;
  if (stretch === raw.length || raw.charCodeAt(stretch) === SEMICOLON) end = stretch;
  return { text: raw.slice(start, end).replace(/\r?\n/g, '').trim(), end };
}

function endsBareStretch(code: number): boolean {
  return code === SEMICOLON || code === OPEN || code === QUOTE || code === EQUALS;
}

function endsBareValue(code: number): boolean {
  return code === SEMICOLON || code === OPEN || code === QUOTE || code <= 32;
}

/** Offset behind the quoted string that starts at `start`; the end of the text when it is never closed. */
export function skipQuoted(raw: string, start: number): number {
  let at = start + 1;
  while (at < raw.length) {
    const code = raw.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return raw.length;
}

/** Offset behind blanks, line ends and nested comments; the end of the text when a comment is never closed. */
export function skipBlanksAndComments(raw: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < raw.length) {
    const code = raw.charCodeAt(at);
    if (code === OPEN) depth++;
    else if (depth > 0) {
      if (code === CLOSE) depth--;
      else if (code === BACKSLASH) at++;
    } else if (code !== 32 && code !== 9 && code !== 13 && code !== 10) return at;
    at++;
  }
  return raw.length;
}

function skipToSemicolon(raw: string, start: number): number {
  let at = start;
  while (at < raw.length) {
    const code = raw.charCodeAt(at);
    if (code === SEMICOLON) return at;
    if (code === QUOTE) at = skipQuoted(raw, at);
    else if (code === OPEN) at = skipBlanksAndComments(raw, at);
    else at++;
  }
  return raw.length;
}

/** RFC 2045 §5.1 token: ASCII without blanks, controls and tspecials. */
function skipToken(raw: string, start: number): number {
  let at = start;
  while (at < raw.length && isTokenCode(raw.charCodeAt(at))) at++;
  return at;
}

function isTokenCode(code: number): boolean {
  if (code <= 32 || code >= 127) return false;
  return !TSPECIALS.has(code);
}

const TSPECIALS = new Set('()<>@,;:\\"/[]?='.split('').map((character) => character.charCodeAt(0)));
