// Addresses: what compares equal, what is refused, what survives writing and reading.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAddress, normaliseAddress, parseAddress, parseDomain, splitSuffix } from './address.ts';

const normal = (text: string): string => {
  const result = parseAddress(text);
  return result.ok ? formatAddress(normaliseAddress(result.value)) : result.error.kind;
};

test('addresses that mean the same mailbox compare equal', () => {
  assert.equal(normal('Anna@Example.ORG'), 'anna@example.org');
  assert.equal(normal('"anna"@example.org'), 'anna@example.org');
  assert.equal(normal('Jürgen@BÜCHER.example'), 'jürgen@xn--bcher-kva.example');
  assert.equal(normal('ju\u0308rgen@example.org'), 'j\u00fcrgen@example.org');
  assert.equal(normal('"a b"@example.org'), '"a b"@example.org');
  assert.equal(normal('a@[192.0.2.1]'), 'a@[192.0.2.1]');
});

test('what is no address is refused', () => {
  for (const text of [
    '',
    '@',
    'a@',
    '@b',
    'a',
    'a@b@',
    '.a@b',
    'a.@b',
    'a b@c',
    'a@-b',
    'a@b..c',
    'a@b/',
    'a@ü:80',
    'a@1。1',
    `${'x'.repeat(65)}@a`,
  ])
    assert.equal(normal(text), 'badAddress', text);
  assert.equal(parseDomain('a'.repeat(256)), undefined);
});

test('the part behind a plus is a suffix, except at the beginning', () => {
  assert.deepEqual(splitSuffix('anna+shop+x'), { base: 'anna', suffix: 'shop+x' });
  assert.deepEqual(splitSuffix('+anna'), { base: '+anna', suffix: undefined });
  assert.deepEqual(splitSuffix('anna'), { base: 'anna', suffix: undefined });
});

test('an address written and read again is the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 20 }), (local) => {
      const first = parseAddress(formatAddress({ local, domain: 'example.org' }));
      if (!first.ok) return;
      assert.deepEqual(parseAddress(formatAddress(first.value)), first);
      assert.deepEqual(normaliseAddress(normaliseAddress(first.value)), normaliseAddress(first.value));
    }),
    { numRuns: 3_000 },
  );
});
