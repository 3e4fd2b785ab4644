// Ways out of a list, as letters write them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseListUnsubscribe } from './list-unsubscribe.ts';

test('the first https and the first mailto are the ways out', () => {
  const ways = parseListUnsubscribe(
    '<mailto:leave@list.test?subject=off>, (by page) <https://list.test/u?id=1>, <https://list.test/u?id=2>',
  );
  assert.deepEqual(ways, { https: 'https://list.test/u?id=1', mailto: 'mailto:leave@list.test?subject=off' });
});

test('an address that was folded is put together again', () => {
  assert.equal(parseListUnsubscribe('<https://list.test/u\r\n /very/long>').https, 'https://list.test/u/very/long');
});

test('parentheses inside the brackets belong to the address', () => {
  assert.equal(parseListUnsubscribe('(a(b)c) <https://list.test/u(1)>').https, 'https://list.test/u(1)');
});

test('what is neither https nor mailto, or stands outside of brackets, is no way out', () => {
  for (const value of [
    '<http://list.test/u>',
    'https://list.test/u',
    '<javascript:alert(1)>',
    '<https://>',
    '<mailto:>',
    '<mailto:nobody>',
    '(<https://list.test/u>)',
    `<https://list.test/${'x'.repeat(3_000)}>`,
    '',
  ])
    assert.deepEqual(parseListUnsubscribe(value), { https: undefined, mailto: undefined }, value);
});

test('any value gets an answer, and only https and mailto ever come out', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    ',',
    '(',
    ')',
    'https://a.test/',
    'mailto:',
    'a@b',
    'javascript:',
    ' ',
    '\r\n ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { https, mailto } = parseListUnsubscribe(pieces.join(''));
      assert.ok(https === undefined || /^https:\/\/\S+$/i.test(https));
      assert.ok(mailto === undefined || /^mailto:\S+@\S+$/i.test(mailto));
    }),
  );
});
