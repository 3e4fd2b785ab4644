// How near the published shares come to the truth: real chance of many houses, estimated as the collector does, against what was known.

import { createHash } from 'node:crypto';
import { throwDice } from '../../../bench/transit/dice.ts';
import { requireValue } from '#base/assert.ts';
import { estimate, type Share } from '#office/telemetry/report/estimate.ts';
import { randomise } from '#office/telemetry/report/randomise.ts';
import type { Seed } from '#office/telemetry/report/chance.ts';

/** Shares of six answers: alike, falling as most figures of houses do, nearly all one. */
export const SHAPES: Readonly<Record<string, readonly number[]>> = {
  alike: [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6],
  falling: [0.4, 0.25, 0.15, 0.1, 0.07, 0.03],
  oneSided: [0.9, 0.06, 0.02, 0.01, 0.01, 0],
};

export interface Trials {
  readonly shape: readonly number[];
  readonly homes: number;
  readonly trials: number;
  /** Another one gives other houses. */
  readonly start?: number;
  readonly estimateOf?: (counts: readonly number[]) => readonly Share[];
}

export interface Accuracy {
  /** Mean |error| of the published shares in percentage points, against the shares of the houses themselves. */
  readonly errorPp: number;
  /** The same without moving to the nearest shares. */
  readonly errorPpRaw: number;
  /** Mean half width of the error bars, in percentage points. */
  readonly barPp: number;
  /** How many of 100 error bars hold the share that the houses were drawn from, and that of these houses. */
  readonly covers: number;
  readonly coversHouses: number;
}

export function measureAccuracy({ shape, homes, trials, start = 0, estimateOf = estimate }: Trials): Accuracy {
  const dice = throwDice(start + homes);
  const sums = { errorPp: 0, errorPpRaw: 0, barPp: 0, covers: 0, coversHouses: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const truths = Array.from({ length: homes }, () => draw(shape, dice.next()));
    const counts = shape.map(() => 0);
    const hash = `${start + trial}`;
    for (const [home, truth] of truths.entries()) {
      const answer = randomise(seedOf(home), { hash, buckets: shape.length, truth });
      counts[answer] = requireValue(counts[answer], 'an answer') + 1;
    }
    for (const [answer, { raw, share, error }] of estimateOf(counts).entries()) {
      const known = truths.filter((truth) => truth === answer).length / homes;
      sums.errorPp += 100 * Math.abs(share - known);
      sums.errorPpRaw += 100 * Math.abs(raw - known);
      sums.barPp += 100 * error;
      sums.covers += Math.abs(raw - (shape[answer] ?? 0)) <= error ? 100 : 0;
      sums.coversHouses += Math.abs(raw - known) <= error ? 100 : 0;
    }
  }
  const count = trials * shape.length;
  return {
    errorPp: sums.errorPp / count,
    errorPpRaw: sums.errorPpRaw / count,
    barPp: sums.barPp / count,
    covers: sums.covers / count,
    coversHouses: sums.coversHouses / count,
  };
}

const seeds: Seed[] = [];

/** The houses' secrets, the same in every trial; each trial asks another question. */
function seedOf(home: number): Seed {
  return (seeds[home] ??= createHash('sha256').update(`house ${home}`).digest());
}

function draw(shape: readonly number[], unit: number): number {
  let left = unit;
  for (const [answer, share] of shape.entries()) {
    if (left < share) return answer;
    left -= share;
  }
  return shape.findLastIndex((share) => share > 0);
}
