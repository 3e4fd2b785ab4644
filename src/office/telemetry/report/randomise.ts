// k-ary randomised response: the answer that leaves is the true one with a known chance, else any other (Warner 1965; Kairouz et al. 2016).

import { assert } from '#base/assert.ts';
import { choose, drawUnits, type Seed } from './chance.ts';

/** Privacy of one answer: no answer is more than e² times likelier from one truth than from another. */
export const EPSILON = 2;

export interface Chances {
  /** That the true answer is sent. */
  readonly truth: number;
  /** That a given other one is. */
  readonly other: number;
}

/** Of a question with so many answers. */
export function chancesOf(buckets: number, epsilon = EPSILON): Chances {
  const weight = Math.exp(epsilon);
  return { truth: weight / (weight + buckets - 1), other: 1 / (weight + buckets - 1) };
}

export interface Held {
  /** Of the question. */
  readonly hash: string;
  readonly buckets: number;
  /** The true answer, from 0. */
  readonly truth: number;
}

/**
 * What is sent for a truth, from 0. The same for as long as the truth holds, however often it is asked: asked again it gives
 * nothing away that it had not given away before.
 */
export function randomise(seed: Seed, { hash, buckets, truth }: Held): number {
  const [keep = 0, other = 0] = drawUnits(seed, 'answer', `${hash}\0${truth}`, 2);
  return answerTo({ keep, other }, buckets, truth);
}

/** Two numbers in [0, 1): whether the truth is kept, and which other answer is sent where it is not. */
export interface Draws {
  readonly keep: number;
  readonly other: number;
}

/** Pure: the whole mechanism, so that it can be counted over every draw. */
export function answerTo({ keep, other }: Draws, buckets: number, truth: number): number {
  assert(Number.isInteger(truth) && truth >= 0 && truth < buckets, 'a true answer that the question has');
  if (keep < chancesOf(buckets).truth) return truth;
  const drawn = choose(other, buckets - 1);
  return drawn < truth ? drawn : drawn + 1;
}
