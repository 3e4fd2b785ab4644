// AUTH answers: what is base64 of UTF-8 comes back, nothing else is taken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeSaslLine, parseSaslPlain } from './sasl.ts';

test('every text comes back from its line, and no line makes the reader fall over', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const line = Buffer.from(text, 'utf8').toString('base64');
      assert.equal(decodeSaslLine(line), Buffer.from(text, 'utf8').toString('utf8'));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => {
      const text = decodeSaslLine(line);
      if (text !== undefined && line !== '=') assert.equal(Buffer.from(text).toString('base64').length, line.length);
    }),
  );
});

test('lines that are no base64 of UTF-8 are refused', () => {
  for (const line of ['a', 'ab c', 'YQ', 'YQ===', '////', '*', 'Y=Q=', '_-8='])
    assert.equal(decodeSaslLine(line), undefined, line);
  assert.equal(decodeSaslLine('='), '');
  assert.equal(decodeSaslLine(''), '');
});

test('PLAIN has a name and a password, and nobody acts for somebody else', () => {
  assert.deepEqual(parseSaslPlain('\0anna\0secret'), { name: 'anna', plainPassword: 'secret' });
  assert.deepEqual(parseSaslPlain('anna\0anna\0secret'), { name: 'anna', plainPassword: 'secret' });
  for (const text of ['', 'anna', '\0anna', '\0\0secret', '\0anna\0', 'ben\0anna\0secret', '\0anna\0se\0cret'])
    assert.equal(parseSaslPlain(text), undefined, JSON.stringify(text));
});
