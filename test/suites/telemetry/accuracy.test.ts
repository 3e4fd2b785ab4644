// What is published is near the truth, as near as its error bars say: they hold it in 95 of 100 cases.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chancesOf } from '#office/telemetry/report/randomise.ts';
import { estimate } from '#office/telemetry/report/estimate.ts';
import { measureAccuracy, SHAPES } from './accuracy.ts';

/** [houses, times it is counted]. */
const SIZES = [
  [100, 1000],
  [1_000, 160],
] as const;

/** Of a normal error with the deviation of the counts: chance of the answers alone, the houses being known. */
function expectedPp(shape: readonly number[], homes: number): number {
  const { truth, other } = chancesOf(shape.length);
  const deviations = shape.map((share) =>
    Math.sqrt((share * truth * (1 - truth) + (1 - share) * other * (1 - other)) / homes),
  );
  const mean = deviations.reduce((sum, deviation) => sum + deviation, 0) / shape.length / (truth - other);
  return 100 * Math.sqrt(2 / Math.PI) * mean;
}

for (const [name, shape] of Object.entries(SHAPES)) {
  for (const [homes, trials] of SIZES) {
    test(`${homes} houses, shares ${name}: the error is what the mechanism costs, and the bars hold the truth`, (t) => {
      const seen = measureAccuracy({ shape, homes, trials });
      t.diagnostic(JSON.stringify(seen));
      const expected = expectedPp(shape, homes);
      assert.ok(Math.abs(seen.errorPpRaw / expected - 1) < 0.06, `${seen.errorPpRaw}, expected ${expected}`);
      assert.ok(seen.errorPp <= seen.errorPpRaw, 'the nearest shares are never farther');
      assert.ok(seen.covers >= 93 && seen.covers <= 97, `${seen.covers} of 100 hold the share drawn from`);
      assert.ok(seen.coversHouses >= 93, `${seen.coversHouses} of 100 hold that of the houses`);
    });
  }
}

test('twin: shares read off the counts without undoing the chance miss the truth, and bars of half the width do not hold it', () => {
  const trials = { shape: SHAPES['falling'] ?? [], homes: 1_000, trials: 60 };
  const naive = measureAccuracy({
    ...trials,
    estimateOf: (counts) => {
      const sum = counts.reduce((total, count) => total + count, 0);
      return estimate(counts).map((share, nth) => ({ ...share, raw: (counts[nth] ?? 0) / sum, share: (counts[nth] ?? 0) / sum })); // prettier-ignore
    },
  });
  assert.ok(naive.covers < 60, `${naive.covers}`);
  const narrow = measureAccuracy({
    ...trials,
    estimateOf: (counts) => estimate(counts).map((share) => ({ ...share, error: share.error / 2 })),
  });
  assert.ok(narrow.covers < 80, `${narrow.covers}`);
});
