// Which addresses in a letter are pictures that could be shown, and which only count readers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bestOfSrcset, looksLikeCounter, outsideAddress } from './outside-address.ts';

test('a picture elsewhere is asked for over HTTPS, without its fragment', () => {
  assert.equal(outsideAddress(' http://a.test/x.png#top '), 'https://a.test/x.png');
  assert.equal(outsideAddress('//a.test/x y.png'), 'https://a.test/x%20y.png');
  assert.equal(outsideAddress('HTTPS://A.test/"x".png'), 'https://a.test/%22x%22.png');
});

test('what is no address elsewhere is not asked for', () => {
  for (const text of [
    'cid:1@a',
    'data:image/png;base64,AA',
    'blob:https://a.test/1',
    'javascript:1',
    'x.png',
    '/x.png',
    'file:///etc/passwd',
    'https://user:pass@a.test/x.png',
    'https://a.test/x.png?a=\\"',
    'https://',
    `https://a.test/${'x'.repeat(5_000)}`,
  ])
    assert.equal(outsideAddress(text), undefined, text);
});

test('any text gives an https address that a style can quote, or none', () => {
  const piece = fc.constantFrom('https://', '//', 'a.test', '/', '"', "'", '\\', ')', '\n', '#', '?', '<', 'é', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const address = outsideAddress(pieces.join(''));
      assert.ok(address === undefined || /^https:\/\/[^\s"\\<>#]+$/.test(address), address);
    }),
  );
});

test('of a srcset one picture is taken, for two points a pixel', () => {
  assert.equal(
    bestOfSrcset('https://a.test/1.png 1x, https://a.test/2.png 2x, https://a.test/3.png 3x'),
    'https://a.test/2.png',
  );
  assert.equal(bestOfSrcset('https://a.test/3.png 3000w, https://a.test/1.png 700w'), 'https://a.test/1.png');
  assert.equal(bestOfSrcset('https://a.test/4.png 4x'), 'https://a.test/4.png');
  assert.equal(bestOfSrcset('data:image/png;base64,AA 1x'), undefined);
  assert.equal(bestOfSrcset(''), undefined);
});

test('counters are told by their shape', () => {
  for (const address of [
    'https://a.test/o.gif?u=8841',
    'https://a.test/open.php?id=1',
    'https://a.test/pixel.png',
    'https://a.test/spacer.gif',
    'https://mail.a.test/track/open/0123456789abcdef0123456789abcdef',
    'https://a.test/beacon/x.gif?r=YW5uYUBzaWVnZWwudGVzdA',
    'https://a.test/wf/open?upn=abcdefghijklmnopqrstuvwx',
  ])
    assert.equal(looksLikeCounter(address), true, address);
  for (const address of [
    'https://a.test/logo.png',
    'https://a.test/images/open-house.jpg',
    'https://a.test/track/shoes.jpg',
    'https://a.test/img/0123456789abcdef0123456789abcdef.jpg',
    'https://a.test/',
    'https://a.test/open',
  ])
    assert.equal(looksLikeCounter(address), false, address);
});
