// Who wants to know whether two reports are of one home: learns on pairs of some homes what speaks for it, and is tried on pairs of others.

import { throwDice, type Dice } from '../../../bench/transit/dice.ts';
import { requireValue } from '#base/assert.ts';
import type { SeenReport } from './homes.ts';
import { areaUnderCurve } from './statistics.ts';

export interface Pair {
  readonly first: SeenReport;
  readonly second: SeenReport;
  readonly isSame: boolean;
}

/** Names of what was noticed about a pair; each is learned a weight. */
export type Look = (pair: Pair) => readonly string[];

export interface Attack {
  readonly look: Look;
  /** Pairs to learn from, and as many to be tried on; of different homes. */
  readonly pairs: number;
  /** Only of such pairs. */
  readonly isWanted?: (pair: Pair) => boolean;
}

const ROUNDS = 3;
const RATE = 0.1;
/** Weights of what was seen a few times only stay near nothing. */
const SHRINK = 2e-5;

/** Half of the pairs of one home; all of two different weeks, as two reports of one week never are of one home. */
function drawPairs(reports: readonly SeenReport[], { pairs: count, isWanted }: Attack, seed: number): readonly Pair[] {
  const dice = throwDice(seed);
  const byHome = [...Map.groupBy(reports, ({ home }) => home).values()].filter((own) => own.length > 1);
  const drawHome = (): readonly SeenReport[] => pick(dice, byHome);
  return Array.from({ length: count }, (_, nth) => {
    const isSame = nth % 2 === 0;
    for (;;) {
      const own = drawHome();
      const [one, other] = [pick(dice, own), pick(dice, isSame ? own : drawHome())];
      if (one.week === other.week || (one.home === other.home) !== isSame) continue;
      const pair =
        one.week < other.week ? { first: one, second: other, isSame } : { first: other, second: one, isSame };
      if (isWanted === undefined || isWanted(pair)) return pair;
    }
  });
}

function pick<T>(dice: Dice, from: readonly T[]): T {
  return requireValue(from[Math.floor(dice.next() * from.length)], 'something to draw from');
}

/** Area under the curve on pairs of homes that nothing was learned of. 0.5: the attacker might as well throw a coin. */
export function attack(reports: readonly SeenReport[], options: Attack): number {
  const { look } = options;
  const [known, unknown] = [reports.filter(({ home }) => home % 2 === 0), reports.filter(({ home }) => home % 2 === 1)];
  const weights = learn(drawPairs(known, options, 1), look);
  const tried = drawPairs(unknown, options, 2).map((pair) => ({ ...pair, score: scoreOf(weights, look(pair)) }));
  const scores = (isSame: boolean): number[] =>
    tried.filter((pair) => pair.isSame === isSame).map(({ score }) => score);
  return areaUnderCurve(scores(true), scores(false));
}

interface Weight {
  value: number;
  /** Sum of squared steps: what is often seen is moved less by each. */
  moved: number;
}

/** Logistic regression over what was noticed, by single steps (AdaGrad). */
function learn(pairs: readonly Pair[], look: Look): ReadonlyMap<string, Weight> {
  const weights = new Map<string, Weight>();
  const noticed = pairs.map((pair) => ({ isSame: pair.isSame, names: look(pair) }));
  for (let round = 0; round < ROUNDS; round++)
    for (const { isSame, names } of noticed) {
      const chance = 1 / (1 + Math.exp(-scoreOf(weights, names)));
      for (const name of names) {
        const weight = weights.get(name) ?? { value: 0, moved: 1 };
        const slope = (isSame ? 1 : 0) - chance - SHRINK * weight.value;
        weight.moved += slope * slope;
        weight.value += (RATE * slope) / Math.sqrt(weight.moved);
        weights.set(name, weight);
      }
    }
  return weights;
}

function scoreOf(weights: ReadonlyMap<string, Weight>, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (weights.get(name)?.value ?? 0), 0);
}
