// Zone lines: what a name server reads out of them is the text that went in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutText, zoneLine, zoneValue } from './zone-record.ts';

/** As a name server reads a value of TXT. */
function readTexts(line: string): string {
  const bytes: number[] = [];
  for (const [, inner = ''] of line.matchAll(/"((?:\\\d{3}|\\.|[^"\\])*)"/g)) {
    assert.ok(inner.length > 0 || line === '""');
    for (const [, digits, plain = ''] of inner.matchAll(/\\(\d{3})|\\?(.)/gs))
      bytes.push(digits === undefined ? plain.charCodeAt(0) : Number(digits));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

test('a long text is cut into strings of at most 255 bytes and reads the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
      const wellFormed = text.toWellFormed();
      const pieces = cutText(wellFormed);
      assert.equal(pieces.join(''), wellFormed);
      for (const piece of pieces) assert.ok(new TextEncoder().encode(piece).length <= 255);
      assert.equal(readTexts(zoneValue({ name: 'a.test', type: 'TXT', value: wellFormed })), wellFormed);
    }),
  );
});

test('a line names everything by its whole name', () => {
  assert.match(
    zoneLine({ name: 'example.org', type: 'MX', value: '10 mail.example.org.' }),
    /^example\.org\. +3600 IN MX +10 mail\.example\.org\.$/,
  );
  assert.match(zoneLine({ name: 'a.test', type: 'TXT', value: 'v=DKIM1; p="' }), /TXT +"v=DKIM1; p=\\""$/);
});
