// The recovery phrase is understood as people type it; three different words are asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { askedPositions, tidyPhrase } from './phrase-check.ts';

test('capitals, commas, numbers and line breaks do not matter', () => {
  assert.deepEqual(tidyPhrase(' 1. Kelp  2. amber,\nTUNNEL '), ['kelp', 'amber', 'tunnel']);
});

test('three different words are asked, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 3, maxLength: 3 }),
      (randoms) => {
        const asked = askedPositions(12, randoms);
        assert.equal(new Set(asked).size, 3);
        assert.ok(asked.every((position) => position >= 0 && position < 12));
        assert.deepEqual(
          asked.toSorted((a, b) => a - b),
          asked,
        );
      },
    ),
  );
});
