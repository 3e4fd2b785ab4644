// What is taken for the number of a page, and what is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, Word } from '../contract.ts';
import { pageNumber } from './page-number.ts';

const read: Word = { text: '_2-', box: { left: 0, top: 0, width: 90, height: 30 }, baseline: 28, confidence: 20 };
const figure: Box = { left: 36, top: 0, width: 18, height: 28 };
const dash = (left: number, width: number): Box => ({ left, top: 16, width, height: 3 });

test('a figure between two dashes is a page number, with dashes as long as they are', () => {
  const textOf = (marks: readonly Box[]): string | undefined => pageNumber([[read]], () => marks)?.[0]?.[0]?.text;
  assert.equal(textOf([dash(0, 20), figure, dash(70, 20)]), '– 2 –');
  assert.equal(textOf([dash(0, 10), figure, dash(70, 10)]), '- 2 -');
});

test('without two dashes in its ink, beside other lines or with other signs it is none', () => {
  const marks = [dash(0, 20), figure, dash(70, 20)];
  assert.equal(
    pageNumber([[read]], () => [figure, figure, figure]),
    undefined,
  );
  assert.equal(
    pageNumber([[read]], () => []),
    undefined,
  );
  assert.equal(
    pageNumber([[read], [read]], () => marks),
    undefined,
  );
  assert.equal(
    pageNumber([[{ ...read, text: '-a-' }]], () => marks),
    undefined,
  );
  assert.equal(
    pageNumber([], () => marks),
    undefined,
  );
});
