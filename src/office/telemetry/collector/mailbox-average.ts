// The one derived figure: how large a mailbox is on average, over installations, from the randomised answers of the size question.

import { MAILBOX_BOUNDS_MB } from '../catalogue/questions.ts';
import { chancesOf } from '../report/randomise.ts';

export interface MailboxAverage {
  /** Each house alike, however many mailboxes it has; each at the middle of its answer, those of the open top answer at its lower bound. MB. */
  readonly meanMb: number;
  /** Half the 95 % interval: chance of the randomised answers and of who reported. Not how far a house is from the middle of its answer. */
  readonly errorMb: number;
  /** Were every house at the lower bound of its answer. */
  readonly atLeastMb: number;
  /** Were every house at the upper bound of its answer; those of the open top answer still at its lower one. */
  readonly atMostMb: number;
}

const TWO_SIDED_95 = 1.96;
const TOP = MAILBOX_BOUNDS_MB.length - 1;
const UPPER_MB = MAILBOX_BOUNDS_MB.map((lower, nth) => MAILBOX_BOUNDS_MB[nth + 1] ?? lower);
const MIDDLE_MB = MAILBOX_BOUNDS_MB.map((lower, nth) => (nth === TOP ? lower : (lower + (UPPER_MB[nth] ?? lower)) / 2));

/** Null where the counts are not of that question, or there are none. Unbiased, so no share is cut; what falls below 0 by chance is 0. */
export function mailboxAverage(counts: readonly number[]): MailboxAverage | null {
  const reports = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length !== MAILBOX_BOUNDS_MB.length || reports === 0) return null;
  const { truth, other } = chancesOf(counts.length);
  const seen = counts.map((count) => count / reports);
  const meanOf = (sizes: readonly number[]): number => {
    const asSeen = weigh(seen, sizes);
    const evenly = sizes.reduce((sum, size) => sum + size, 0);
    return (asSeen - other * evenly) / (truth - other);
  };
  const squares = MIDDLE_MB.map((size) => size * size);
  const variance = (weigh(seen, squares) - weigh(seen, MIDDLE_MB) ** 2) / reports;
  return {
    meanMb: positive(meanOf(MIDDLE_MB)),
    errorMb: Math.round((TWO_SIDED_95 * Math.sqrt(Math.max(0, variance))) / (truth - other)),
    atLeastMb: positive(meanOf(MAILBOX_BOUNDS_MB)),
    atMostMb: positive(meanOf(UPPER_MB)),
  };
}

function weigh(shares: readonly number[], sizes: readonly number[]): number {
  return shares.reduce((sum, share, nth) => sum + share * (sizes[nth] ?? 0), 0);
}

function positive(value: number): number {
  return Math.max(0, Math.round(value));
}
