// What a signature covers: bodies and fields against RFC 6376 word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalBody, cutBody } from './canonical-body.ts';
import { canonicalField, signedHeader } from './canonical-header.ts';
import { parseTagList, trimBlank } from './tag-list.ts';

const textOf = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString('latin1');

/** RFC 6376 §3.4.3 and §3.4.4 word for word, slowly. */
function reference(body: string, how: 'simple' | 'relaxed'): string {
  const lines =
    how === 'simple'
      ? body
      : body
          .replace(/[ \t]+(?=\r\n)/g, '')
          .replace(/[ \t]+$/, '')
          .replace(/[ \t]+/g, ' ');
  const trimmed = lines.replace(/(?:\r\n)+$/, '');
  return trimmed === '' && how === 'relaxed' ? '' : `${trimmed}\r\n`;
}

test('any body is canonicalised as RFC 6376 words it, and cut at any length', () => {
  const piece = fc.constantFrom(' ', '  ', '\t', '\r\n', '\r\n\r\n', 'a', 'b c', '\r', '\n', '.', 'ü');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(60), (pieces, bytesMax) => {
      const body = pieces.join('');
      for (const how of ['simple', 'relaxed'] as const) {
        const canonical = canonicalBody(Buffer.from(body, 'latin1'), how);
        const expected = reference(body, how);
        assert.equal(textOf(canonical.pieces), expected);
        assert.equal(canonical.sizeBytes, expected.length);
        assert.equal(textOf(cutBody(canonical, bytesMax).pieces), expected.slice(0, bytesMax));
      }
    }),
    { numRuns: 5_000 },
  );
});

test('fields are taken from below, each once, and a missing one counts as nothing', () => {
  const field = (text: string): { name: string; text: string } => ({
    name: text.split(':', 1)[0]?.toLowerCase() ?? '',
    text,
  });
  const fields = [field('From: one'), field('To:  a\r\n b '), field('From: two')];
  const signature = field('DKIM-Signature: v=1; b=abc\r\n def; bh=x');
  assert.equal(
    signedHeader(fields, ['from', 'from', 'from', 'to', 'cc'], signature, 'relaxed'),
    'from:two\r\nfrom:one\r\nto:a b\r\ndkim-signature:v=1; b=; bh=x',
  );
  assert.equal(canonicalField('To:  a\r\n b ', 'simple'), 'To:  a\r\n b ');
});

test('tag lists are read or refused, blanks fall away', () => {
  assert.deepEqual(
    [...(parseTagList(' a = b c ;\r\n d=;') ?? [])],
    [
      ['a', 'b c'],
      ['d', ''],
    ],
  );
  for (const bad of ['a', 'a=1;a=2', 'a=1;;b=2', '=x', '1=x']) assert.equal(parseTagList(bad), undefined, bad);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n', 'a') }), (text) => {
      assert.equal(trimBlank(text), text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, ''));
    }),
  );
});
