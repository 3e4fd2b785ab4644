// From counted randomised answers back to how many hold each truth, with the error of that.

import { chancesOf, EPSILON } from './randomise.ts';

/** Fewer reports than these are not published. */
export const REPORTS_MIN = 100;
/** Of a normal distribution: 95 of 100 lie within. */
const TWO_SIDED_95 = 1.96;

export interface Share {
  /** Of all, as the counts say: may lie below 0 or above 1 by chance. Unbiased. */
  readonly raw: number;
  /** Within 0 and 1, and all together 1: the nearest such shares. */
  readonly share: number;
  /** Half the 95 % interval around `raw`: chance of the answers and of who reported. */
  readonly error: number;
}

/** Empty when nobody answered. */
export function estimate(counts: readonly number[], epsilon = EPSILON): readonly Share[] {
  const reports = counts.reduce((sum, count) => sum + count, 0);
  if (reports === 0) return [];
  const { truth, other } = chancesOf(counts.length, epsilon);
  const raw = counts.map((count) => (count / reports - other) / (truth - other));
  const shares = nearestShares(raw);
  return counts.map((count, index) => {
    // no answer is expected more rarely or more often, so that one which nobody gave is not without error
    const seen = Math.min(truth, Math.max(other, count / reports));
    const deviation = Math.sqrt((seen * (1 - seen)) / reports) / (truth - other);
    return { raw: raw[index] ?? 0, share: shares[index] ?? 0, error: TWO_SIDED_95 * deviation };
  });
}

/** The nearest point of the simplex: what lies below is cut, the rest is moved alike (Duchi et al. 2008). */
export function nearestShares(raw: readonly number[]): readonly number[] {
  const falling = raw.toSorted((a, b) => b - a);
  let sum = 0;
  let shift = 0;
  for (const [index, value] of falling.entries()) {
    sum += value;
    const candidate = (sum - 1) / (index + 1);
    if (value > candidate) shift = candidate;
  }
  return raw.map((value) => Math.max(0, value - shift));
}
