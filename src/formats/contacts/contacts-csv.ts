// A CSV file as address books export it → cards: commas, semicolons or tabs, quotes, columns named in English or German (RFC 4180).

import { limits } from '#base/limits.ts';
import type { Card } from './card.ts';

type Column = 'name' | 'first' | 'middle' | 'last' | 'address' | 'phone' | 'organisation' | 'note';

/** The first that fits decides; `undefined` is a column that looks like another and is none. */
const COLUMNS: readonly (readonly [pattern: RegExp, column: Column | undefined])[] = [
  [
    /\b(?:type|typ|label|bezeichnung|display name|anzeigename|yomi|phonetic|fax|pager)\b.*e-?mail|e-?mail.*\b(?:type|typ|label|display name|anzeigename)\b/,
    undefined,
  ],
  [/e-?mail/, 'address'],
  [/fax|pager|telex/, undefined],
  [/(?:phone|tel(?:efon)?|mobil).*\b(?:type|typ|label)\b/, undefined],
  [/phone|telefon|^tel\b|mobile number|mobil/, 'phone'],
  [/phonetic|yomi|nickname|spitzname|username|benutzer/, undefined],
  [/^(?:first|given) name$|^vorname$/, 'first'],
  [/^(?:middle|additional) name$|^(?:weitere|zweiter) vornamen?$/, 'middle'],
  [/^(?:last|family) name$|^surname$|^(?:nach|familien)name$/, 'last'],
  [/^(?:full |display )?name$|^anzeigename$|^vollständiger name$|^file as$/, 'name'],
  [/^(?:organi[sz]ation|company)(?: 1 -)?(?: name)?$|^organisation$|^firma$|^unternehmen$/, 'organisation'],
  [/^notes?$|^notiz(?:en)?$|^(?:an|be)merkung(?:en)?$/, 'note'],
];

/** Undefined when the first row names no column of an address. */
export function parseContactsCsv(text: string): readonly Card[] | undefined {
  const [header, ...rows] = parseRows(text);
  const columns = header?.map(columnOf) ?? [];
  if (!columns.includes('address')) return undefined;
  return rows.filter((row) => row.some((cell) => cell.trim() !== '')).map((row) => cardOf(columns, row));
}

function columnOf(heading: string): Column | undefined {
  const clean = heading.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  return COLUMNS.find(([pattern]) => pattern.test(clean))?.[1];
}

function cardOf(columns: readonly (Column | undefined)[], row: readonly string[]): Card {
  const all = (column: Column): readonly string[] =>
    row.filter((cell, n) => columns[n] === column && cell.trim() !== '').map((cell) => cell.trim());
  // Several values of one column are divided by ":::".
  const values = (column: Column): readonly string[] => all(column).flatMap((cell) => cell.split(/\s*:::\s*/));
  const spoken = (['first', 'middle', 'last'] as const).flatMap((column) => all(column)[0] ?? []).join(' ');
  return {
    name: all('name')[0] ?? spoken,
    addresses: values('address'),
    phones: values('phone'),
    organisation: all('organisation')[0] ?? '',
    note: all('note').join('\n'),
    certificates: [],
  };
}

/** Rows of cells; the mark that divides the first line most often divides all. */
export function parseRows(text: string): readonly (readonly string[])[] {
  const mark = markOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const closeRow = (): void => {
    row.push(cell);
    rows.push(row);
    row = [];
    cell = '';
  };
  for (let at = 0; at < text.length && rows.length <= limits.compose.importContactsMax; at++) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === mark) {
      row.push(cell);
      cell = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text.charAt(at + 1) === '\n') at++;
      closeRow();
    } else cell += character;
  }
  if (cell !== '' || row.length > 0) closeRow();
  return rows;
}

function markOf(text: string): string {
  const head =
    text
      .slice(0, 20_000)
      .replaceAll(/"[^"]*"/g, '')
      .split(/[\r\n]/, 1)[0] ?? '';
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: head.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}
