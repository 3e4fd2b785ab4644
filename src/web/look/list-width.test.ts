// The list is between 320 and 520 pixels wide, whatever is kept or pressed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundListWidth, listWidthAfter } from './list-width.ts';

test('a width stays within its bounds, and nonsense is the first width', () => {
  assert.deepEqual([100, 333.4, 9_000, Number.NaN].map(boundListWidth), [320, 333, 520, 400]);
});

test('arrows step, Home and End go to the ends, Enter back to the first width', () => {
  assert.equal(listWidthAfter('ArrowLeft', 400), 384);
  assert.equal(listWidthAfter('ArrowRight', 516), 520);
  assert.equal(listWidthAfter('Home', 400), 320);
  assert.equal(listWidthAfter('End', 400), 520);
  assert.equal(listWidthAfter('Enter', 333), 400);
  assert.equal(listWidthAfter('e', 400), undefined);
});
