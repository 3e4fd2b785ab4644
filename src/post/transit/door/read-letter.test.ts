// What is read out of a letter: every document or none, so that nothing is missing from what goes back without a word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import { readTransitLetter } from './read-letter.ts';

function letter(top: string): Uint8Array {
  return Buffer.from(`From: anna@sender.test\r\nMessage-ID: <1@sender.test>\r\nMIME-Version: 1.0\r\n${top}\r\n`);
}

function mixed(parts: readonly string[], boundary = 'b'): string {
  const all = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${all}--${boundary}--`;
}

const WORDS = 'Content-Type: text/plain\r\n\r\nplease';
const HTML = 'Content-Type: text/html\r\n\r\n<p>please <img src="cid:shown">';
const pdf = (name: string): string =>
  `Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n%PDF-1.7`;
const shown = (type: string): string => `Content-Type: ${type}; name=shown\r\nContent-ID: <shown>\r\n\r\nfew bytes`;

/** Names of its documents, or why there are none. */
function namesIn(top: string): readonly string[] | string {
  const read = readTransitLetter(letter(top));
  return read.ok ? read.value.files.map(({ name }) => name) : read.error.kind;
}

test('of a letter with very many documents each is read, or the letter is refused; none is dropped', () => {
  const many = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => pdf(`${at}.pdf`));
  const fits = limits.message.mimePartsMax - 3; // the whole, its words, and the place that is never filled
  assert.equal(namesIn(mixed([WORDS, ...many(fits)])).length, fits);
  for (const count of [fits + 1, fits + 2, fits + 200])
    assert.equal(namesIn(mixed([WORDS, ...many(count)])), 'transitTangled', `${count}`);
});

test('a letter with documents deeper in it than the reader goes is refused; one at the edge is read', () => {
  const deep = (depth: number): string => {
    let inside = pdf('deep.pdf');
    for (let at = 0; at < depth; at++) inside = mixed([inside], `b${at}`);
    return mixed([WORDS, pdf('beside.pdf'), inside]);
  };
  const edge = limits.message.mimeDepthMax - 1;
  assert.deepEqual(namesIn(deep(edge)), ['beside.pdf', 'deep.pdf']);
  for (const depth of [edge + 1, edge + 9]) assert.equal(namesIn(deep(depth)), 'transitTangled');
});

test('small pictures that the text shows are left out, but not what a fax comes as', () => {
  assert.deepEqual(namesIn(mixed([HTML, shown('image/png'), pdf('a.pdf')])), ['a.pdf']);
  for (const type of ['image/tiff', 'image/heic'])
    assert.deepEqual(namesIn(mixed([HTML, shown(type), pdf('a.pdf')])), ['shown', 'a.pdf'], type);
});
