// Header fields as folded lines: unstructured text, address lists, message ids, parameters (RFC 5322 §§2.1.1, 2.2.3, 3.4; RFC 2231 §§3, 4).

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, isAscii, parseAddress } from '../smtp/address.ts';
import { encodeWords } from './encode-words.ts';

/** A person as a letter names one. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export type ComposeRefusal = { readonly kind: 'badAddress'; readonly address: string };

const LINE_CHARACTERS = 78;
/** An unbroken word longer than this is encoded, so that no line comes near 998. */
const WORD_CHARACTERS = 70;
const ATOMS = /^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/;
const CRLF = '\r\n';

/** `Name: tokens` folded in front of tokens, with CRLF at the end. Tokens are never broken. */
export function foldedField(name: string, tokens: readonly string[]): string {
  let text = `${name}:`;
  let column = text.length;
  for (const [index, token] of tokens.entries()) {
    if (index > 0 && column + 1 + token.length > LINE_CHARACTERS) {
      text += `${CRLF} ${token}`;
      column = 1 + token.length;
    } else {
      text += ` ${token}`;
      column += 1 + token.length;
    }
  }
  return text + CRLF;
}

/** Subject and its kin: blanks collapsed, controls gone, encoded where it must be. */
export function textField(name: string, text: string): string {
  const clean = oneLine(text);
  const words = clean.split(' ');
  const isPlain = isAscii(clean) && !clean.includes('=?') && words.every((word) => word.length <= WORD_CHARACTERS);
  return foldedField(name, isPlain ? words : encodeWords(clean, LINE_CHARACTERS - name.length - 2));
}

/** No character that could end a field or move what stands beside it. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export interface AddressField {
  readonly line: string;
  /** An address with letters beyond ASCII before the @: the letter needs SMTPUTF8 (RFC 6531, RFC 6532). */
  readonly needsUtf8: boolean;
}

/** From, To, Cc, Reply-To. Domains are written as A-labels. */
export function addressField(name: string, people: readonly Mailbox[]): Result<AddressField, ComposeRefusal> {
  const tokens: string[] = [];
  let needsUtf8 = false;
  for (const [index, person] of people.entries()) {
    const address = parseAddress(person.address.trim());
    if (!address.ok) return err({ kind: 'badAddress', address: person.address });
    const written = formatAddress(address.value);
    needsUtf8 ||= !isAscii(written);
    const phrase = phraseTokens(person.name);
    const comma = index < people.length - 1 ? ',' : '';
    tokens.push(...phrase, (phrase.length > 0 ? `<${written}>` : written) + comma);
  }
  return ok({ line: foldedField(name, tokens), needsUtf8 });
}

function phraseTokens(name: string): readonly string[] {
  const clean = oneLine(name).slice(0, limits.message.nameCharacters).trim();
  if (clean === '') return [];
  if (!isAscii(clean) || clean.includes('=?') || clean.length > WORD_CHARACTERS) return encodeWords(clean, 60);
  return ATOMS.test(clean) ? clean.split(' ') : [`"${clean.replaceAll(/["\\]/g, '\\$&')}"`];
}

/** Message-ID, In-Reply-To, References: ids without angle brackets; what could not be an id is left out. */
export function idsField(name: string, ids: readonly string[]): string | undefined {
  const tokens = ids.filter(isMessageId).map((id) => `<${id}>`);
  return tokens.length === 0 ? undefined : foldedField(name, tokens);
}

export function isMessageId(id: string): boolean {
  return id.length <= limits.compose.identifierCharacters && /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(id);
}

/** A field with parameters: `Content-Type: text/plain; charset=utf-8`. */
export function parameterField(
  name: string,
  value: string,
  parameters: readonly (readonly [name: string, value: string])[],
): string {
  const pieces = [value, ...parameters.flatMap(([key, text]) => parameterTokens(key, text))];
  return foldedField(
    name,
    pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece};` : piece)),
  );
}

const TOKEN = /^[\w!#$%&'*+.^`{|}~-]+$/;
const PIECE_CHARACTERS = 60;

function parameterTokens(key: string, value: string): readonly string[] {
  if (isAscii(value)) {
    if (value.length <= WORD_CHARACTERS) return [`${key}=${plainValue(value)}`];
    const pieces = value.match(/.{1,50}/g) ?? [];
    return pieces.map((piece, index) => `${key}*${index}=${quoted(piece)}`);
  }
  const pieces = percentPieces(value);
  if (pieces.length === 1) return [`${key}*=utf-8''${pieces[0] ?? ''}`];
  return pieces.map((piece, index) => `${key}*${index}*=${index === 0 ? "utf-8''" : ''}${piece}`);
}

function plainValue(value: string): string {
  return TOKEN.test(value) ? value : quoted(value);
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** RFC 2231 §4.1; each character is whole within its piece. */
function percentPieces(value: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of value.toWellFormed()) {
    const coded = /[A-Za-z0-9._~-]/.test(character) ? character : encodeURIComponent(character).replaceAll("'", '%27');
    const safe = coded.replaceAll(/[!()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
    if (piece.length + safe.length > PIECE_CHARACTERS) {
      pieces.push(piece);
      piece = '';
    }
    piece += safe;
  }
  pieces.push(piece);
  return pieces;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 5322 §3.3, always UTC: where the writer sits is nobody's business. */
export function dateField(name: string, ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${DAYS[at.getUTCDay()] ?? ''}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()] ?? ''}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  return `${name}: ${day} ${String(at.getUTCFullYear()).padStart(4, '0')} ${time} +0000${CRLF}`;
}
