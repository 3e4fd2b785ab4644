// vCard 3.0 and 4.0 ↔ cards (RFC 2426, RFC 6350 §§3.2–3.4, 6).

import { fromBase64, toBase64 } from '../base64/base64.ts';
import type { Card } from './card.ts';

interface Property {
  readonly name: string;
  /** Upper-case names; several values of one name joined by commas. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly rawValue: string;
}

/** Every card between BEGIN and END; undefined when there is no BEGIN:VCARD. */
export function parseVcards(text: string): readonly Card[] | undefined {
  const lines = unfold(text);
  if (!lines.some((line) => /^BEGIN:VCARD\s*$/i.test(line))) return undefined;
  const cards: Card[] = [];
  let open: Property[] | undefined;
  for (const line of lines) {
    if (/^BEGIN:VCARD\s*$/i.test(line)) open = [];
    else if (/^END:VCARD\s*$/i.test(line)) {
      if (open) cards.push(cardOf(open));
      open = undefined;
    } else {
      const property = open && parseProperty(line);
      if (property) open?.push(property);
    }
  }
  return cards;
}

function unfold(text: string): readonly string[] {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n[ \t]/g, '')
    .split('\n');
}

function parseProperty(line: string): Property | undefined {
  const colon = colonOf(line);
  if (colon < 1) return undefined;
  const [head = '', ...pieces] = splitOutsideQuotes(line.slice(0, colon), ';');
  const parameters = new Map<string, string>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    // version 2.1 and lax writers leave TYPE= out
    const key = equals < 0 ? 'TYPE' : piece.slice(0, equals).trim().toUpperCase();
    const value = piece.slice(equals + 1).replaceAll('"', '');
    parameters.set(key, [parameters.get(key), value].filter(Boolean).join(','));
  }
  const name = head
    .slice(head.lastIndexOf('.') + 1)
    .trim()
    .toUpperCase();
  return { name, parameters, rawValue: line.slice(colon + 1) };
}

/** The first colon outside quotes. */
function colonOf(line: string): number {
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '"') isQuoted = !isQuoted;
    else if (character === ':' && !isQuoted) return at;
  }
  return -1;
}

function splitOutsideQuotes(text: string, mark: string): readonly string[] {
  const pieces: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === '"') isQuoted = !isQuoted;
    else if (text.charAt(at) === mark && !isQuoted) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}

function cardOf(properties: readonly Property[]): Card {
  const all = (name: string): readonly Property[] =>
    properties.filter((property) => property.name === name).toSorted((a, b) => preference(a) - preference(b));
  const text = (name: string): string => unescaped(all(name)[0]?.rawValue ?? '');
  return {
    name: text('FN') || nameOf(all('N')[0]?.rawValue ?? ''),
    addresses: all('EMAIL').map(({ rawValue }) =>
      unescaped(rawValue)
        .replace(/^mailto:/i, '')
        .trim(),
    ),
    phones: all('TEL').map(({ rawValue }) => unescaped(rawValue).replace(/^tel:/i, '').trim()),
    organisation: components(all('ORG')[0]?.rawValue ?? '')
      .filter(Boolean)
      .join(', '),
    note: text('NOTE'),
    certificates: all('KEY').flatMap((property) => certificateOf(property) ?? []),
  };
}

/** 1 is the first choice; `TYPE=pref` of version 3 counts like it. */
function preference({ parameters }: Property): number {
  const given = Number(parameters.get('PREF'));
  if (given >= 1 && given <= 100) return given;
  return /\bpref\b/i.test(parameters.get('TYPE') ?? '') ? 1 : 101;
}

/** Family; given; additional; prefixes; suffixes → the order they are spoken in. */
function nameOf(rawValue: string): string {
  const [family = '', given = '', additional = '', prefix = '', suffix = ''] = components(rawValue);
  return [prefix, given, additional, family, suffix].filter((part) => part !== '').join(' ');
}

function components(rawValue: string): readonly string[] {
  return rawValue.split(/(?<!\\)(?:\\\\)*;/).map((part) => unescaped(part).trim());
}

function unescaped(rawValue: string): string {
  return rawValue.replaceAll(/\\([\s\S])/g, (_, character: string) => (/[nN]/.test(character) ? '\n' : character));
}

function certificateOf({ rawValue, parameters }: Property): Uint8Array<ArrayBuffer> | undefined {
  const data = /^data:application\/pgp-keys;base64,(.*)$/is.exec(rawValue.replaceAll('\\,', ','))?.[1];
  const isBinary = /^b(?:ase64)?$/i.test(parameters.get('ENCODING') ?? '');
  const encoded = data ?? (isBinary ? rawValue : undefined);
  return encoded === undefined ? undefined : fromBase64(encoded.replaceAll(/\s+/g, ''));
}

/** Cards as one vCard 4.0 file. */
export function writeVcards(cards: readonly Card[]): string {
  return cards.map(writeVcard).join('');
}

function writeVcard(card: Card): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `FN:${escaped(card.name)}`,
    ...card.addresses.map(
      (address, n) => `EMAIL${n === 0 && card.addresses.length > 1 ? ';PREF=1' : ''}:${escaped(address)}`,
    ),
    ...card.phones.map((phone) => `TEL:${escaped(phone)}`),
    ...(card.organisation === '' ? [] : [`ORG:${escaped(card.organisation)}`]),
    ...(card.note === '' ? [] : [`NOTE:${escaped(card.note)}`]),
    ...card.certificates.map((bytes) => `KEY:data:application/pgp-keys;base64,${toBase64(bytes)}`),
    'END:VCARD',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\,;]/g, '\\$&').replaceAll(/\r\n?|\n/g, '\\n');
}

/** Lines of at most 75 bytes (§3.2), never cut within a character. */
function folded(line: string): string {
  const lines: string[] = [];
  let current = '';
  let bytes = 0;
  for (const character of line.toWellFormed()) {
    const size = new TextEncoder().encode(character).length;
    if (bytes + size > 75) {
      lines.push(current);
      current = ' ';
      bytes = 1;
    }
    current += character;
    bytes += size;
  }
  lines.push(current);
  return lines.join('\r\n');
}
