// What an answer gives away about its truth: at most e², counted exactly over every draw that the mechanism can make, and measured over seeds.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { answerTo, chancesOf, EPSILON, randomise, type Draws } from '#office/telemetry/report/randomise.ts';
import { asked, seedOf } from './homes.ts';

const BOUND = Math.exp(EPSILON);
/** Draws have 48 bits: what they round away. */
const ROUNDING = 1e-12;
/** Every value a draw can have: 0 up to one below it, divided by it. */
const DRAWS = 2 ** 48;
const QUARTERS = 20;

type Mechanism = (draws: Draws, buckets: number, truth: number) => number;

/** The same with ε = 3. */
const truerAnswer: Mechanism = ({ keep, other }, buckets, truth) =>
  keep < chancesOf(buckets, 3).truth ? truth : answerTo({ keep: 1 - 1 / DRAWS, other }, buckets, truth);

/** How many of the 2⁴⁸ draws lie below the first that `is` no longer holds for; it holds for the small ones. */
function countWhile(is: (draw: number) => boolean): number {
  let [low, high] = [0, DRAWS];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (is(middle / DRAWS)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Chance of each answer to one truth, over all pairs of draws: both steps of the mechanism are thresholds. */
function chancesBy(mechanism: Mechanism, buckets: number, truth: number): readonly number[] {
  const kept = countWhile((keep) => mechanism({ keep, other: 0 }, buckets, truth) === truth) / DRAWS;
  const last = (DRAWS - 1) / DRAWS;
  const below = Array.from(
    { length: buckets },
    (_, answer) => countWhile((other) => mechanism({ keep: last, other }, buckets, truth) <= answer) / DRAWS,
  );
  return below.map((upTo, answer) => {
    const lied = upTo - (below[answer - 1] ?? 0);
    return (answer === truth ? kept : 0) + (1 - kept) * lied;
  });
}

/** By how much one observation can be likelier from one truth than from another. */
function worstRatio(byTruth: readonly (readonly number[])[]): number {
  const [first = []] = byTruth;
  return Math.max(
    ...first.map((_, seen) => {
      const chances = byTruth.map((chances) => requireValue(chances[seen], 'a chance'));
      return Math.max(...chances) / Math.min(...chances);
    }),
  );
}

function truthsOf(buckets: number): readonly number[] {
  return Array.from({ length: buckets }, (_, truth) => truth);
}

for (const buckets of [2, 3, 4, 5, 6]) {
  test(`of ${buckets} answers none is more than e² times likelier from one truth than from another, over all draws`, () => {
    const byTruth = truthsOf(buckets).map((truth) => chancesBy(answerTo, buckets, truth));
    const { truth: kept, other } = chancesOf(buckets);
    for (const [truth, chances] of byTruth.entries())
      for (const [answer, chance] of chances.entries())
        assert.ok(Math.abs(chance - (answer === truth ? kept : other)) < ROUNDING, `${truth} → ${answer}: ${chance}`);
    assert.ok(Math.abs(kept / other - BOUND) < 1e-9);
    assert.ok(worstRatio(byTruth) <= BOUND * (1 + ROUNDING), `${worstRatio(byTruth)}`);
    const truer = truthsOf(buckets).map((truth) => chancesBy(truerAnswer, buckets, truth));
    assert.ok(worstRatio(truer) > 2 * BOUND, `twin: keeps the truth more often, ${worstRatio(truer)}`);
  });
}

/** How often each answer came from so many seeds. */
function measure(answerOf: (home: number, truth: number) => number, buckets: number, homes: number) {
  return truthsOf(buckets).map((truth) => {
    const counts = truthsOf(buckets).map(() => 0);
    for (let home = 0; home < homes; home++) {
      const answer = answerOf(home, truth);
      counts[answer] = requireValue(counts[answer], 'an answer of the question') + 1;
    }
    return counts;
  });
}

test('measured over 20,000 seeds, each answer comes as often as it should and the ratio keeps to e²', () => {
  const homes = 20_000;
  const seeds = Array.from({ length: homes }, (_, home) => seedOf(home));
  for (const buckets of [2, 3, 4, 5, 6]) {
    const hash = createHash('sha256').update(`${buckets}`).digest('hex');
    const counts = measure(
      (home, truth) => randomise(requireValue(seeds[home], 'a seed'), { hash, buckets, truth }),
      buckets,
      homes,
    );
    const { truth: kept, other } = chancesOf(buckets);
    for (const [truth, own] of counts.entries())
      for (const [answer, count] of own.entries()) {
        const expected = homes * (answer === truth ? kept : other);
        assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${truth} → ${answer}: ${count}`);
      }
    const least = homes * other;
    // both counts by five deviations the wrong way
    const most = BOUND * (1 + 5 / Math.sqrt(least * BOUND)) * (1 / (1 - 5 / Math.sqrt(least)));
    assert.ok(worstRatio(counts) < most, `${buckets}: ${worstRatio(counts)}`);
    const truer = measure((home, truth) => (home % 20 === 0 ? (truth + home / 20) % buckets : truth), buckets, homes);
    assert.ok(worstRatio(truer) > most, 'twin: one of twenty lies');
  }
});

/** Chance of every row of answers to one truth: what may come first and, from that, what comes next. */
function transcripts(
  chances: readonly number[],
  quarters: number,
  next: (first: number) => readonly number[],
): ReadonlyMap<string, number> {
  let rows = new Map(chances.map((chance, answer) => [`${answer}`, chance]));
  for (let quarter = 1; quarter < quarters; quarter++)
    rows = new Map(
      [...rows].flatMap(([row, chance]) =>
        next(Number(row[0])).flatMap((after, answer) =>
          after === 0 ? [] : [[`${row}${answer}`, chance * after] as const],
        ),
      ),
    );
  return rows;
}

/** The same for rows of which only the number of each answer is kept: as many quarters as one likes, for fresh chance. */
function worstOfFresh(byTruth: readonly (readonly number[])[], quarters: number): number {
  return worstRatio(byTruth) ** quarters; // each quarter alone; the worst row is the worst answer again and again
}

test('asked for 20 quarters, the whole row of answers to one truth gives away no more than the first', () => {
  for (const { hash, buckets } of asked) {
    for (let home = 0; home < 200; home++)
      for (const truth of truthsOf(buckets)) {
        const row = Array.from({ length: QUARTERS }, () => randomise(seedOf(home), { hash, buckets, truth }));
        assert.equal(new Set(row).size, 1, 'the mechanism repeats itself');
      }
    const byTruth = truthsOf(buckets).map((truth) => chancesBy(answerTo, buckets, truth));
    const rows = byTruth.map((chances) =>
      transcripts(chances, QUARTERS, (first) => truthsOf(buckets).map((answer) => (answer === first ? 1 : 0))),
    );
    const seen = [...new Set(rows.flatMap((own) => [...own.keys()]))];
    assert.equal(seen.length, buckets);
    const worst = worstRatio(rows.map((own) => seen.map((row) => own.get(row) ?? 0)));
    assert.ok(worst <= BOUND * (1 + ROUNDING), `${worst}`);
  }
});

test('twin: with fresh chance each quarter the row of answers gives away more and more', () => {
  const byTruth = truthsOf(3).map((truth) => chancesBy(answerTo, 3, truth));
  for (const quarters of [2, 5]) {
    const rows = byTruth.map((chances) => transcripts(chances, quarters, () => chances));
    const seen = [...new Set(rows.flatMap((own) => [...own.keys()]))];
    assert.equal(seen.length, 3 ** quarters);
    const worst = worstRatio(rows.map((own) => seen.map((row) => own.get(row) ?? 0)));
    assert.ok(worst > BOUND * 2, `${worst}`);
    assert.ok(Math.abs(worst / worstOfFresh(byTruth, quarters) - 1) < 1e-6);
  }
  assert.ok(worstOfFresh(byTruth, QUARTERS) > 1e17, 'e⁴⁰ after five years');
  // the real chance, fresh each quarter because the quarter is drawn in too
  const row = Array.from({ length: QUARTERS }, (_, quarter) =>
    randomise(seedOf(1), { hash: `${quarter}`, buckets: 6, truth: 2 }),
  );
  assert.ok(new Set(row).size > 1);
});
