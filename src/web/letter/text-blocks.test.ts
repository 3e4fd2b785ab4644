// A plain letter reads as it was written: quotes apart, links where links are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textBlocks, textPieces } from './text-blocks.ts';

test('what is quoted stands apart from what was written', () => {
  assert.deepEqual(textBlocks('Hallo\n\n> alt\n> älter\nneu'), [
    { quoted: false, text: 'Hallo' },
    { quoted: true, text: '> alt\n> älter' },
    { quoted: false, text: 'neu' },
  ]);
  assert.deepEqual(textBlocks('\n \n'), []);
});

test('links end before punctuation, brackets stay with their partner', () => {
  const links = (text: string): string[] =>
    textPieces(text).flatMap((piece) => (piece.kind === 'link' ? piece.href : []));
  assert.deepEqual(links('Siehe https://a.test/x, oder (https://b.test/y).'), ['https://a.test/x', 'https://b.test/y']);
  assert.deepEqual(links('https://de.test/Siegel_(Wachs)'), ['https://de.test/Siegel_(Wachs)']);
  assert.deepEqual(links('www.kanzlei.test'), ['https://www.kanzlei.test']);
  assert.deepEqual(links('javascript:alert(1) data:text/html,x'), []);
});

test('no text is lost or made up', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(
        textPieces(text)
          .map((piece) => piece.text)
          .join(''),
        text,
      );
    }),
  );
});
