// How far the affected are back, as the ledger counts it now; counted once for all who ask within a while.

import type { AccountId } from '#base/ids.ts';
import type { Affected } from './incident-state.ts';
import type { AccountCount } from './neighbours.ts';

export interface Progress {
  readonly expected: number;
  readonly found: number;
  readonly atMs: number;
}

/**
 * As it stood when it was opened, with what is counted now in its place. `noticed`: who has this incident’s own notice, and in
 * which record. Nobody missed it: where it is counted, it is no letter of theirs that came back.
 */
export function countedNow(
  affected: readonly Affected[],
  counts: readonly AccountCount[],
  noticed: ReadonlyMap<AccountId, number>,
): readonly Affected[] {
  const now = new Map<AccountId, AccountCount>(counts.map((count) => [count.accountId, count]));
  return affected.map((one) => {
    const count = now.get(one.accountId);
    if (count === undefined) return one;
    const { accountId, mailboxes, throughSeq, isOfPlaces = false } = count;
    const noticeSeq = noticed.get(accountId);
    const notices = noticeSeq !== undefined && noticeSeq <= throughSeq && !isOfPlaces ? 1 : 0;
    const expected = Math.max(0, count.expected - notices);
    return { accountId, mailboxes, expected, found: Math.max(0, Math.min(count.found - notices, expected)) };
  });
}

/** Letters that came since count too, so that nobody is ever “more than all”. */
export function progressOf(affected: readonly Affected[], atMs: number): Progress {
  const sum = (of: (one: Affected) => number): number => affected.reduce((total, one) => total + of(one), 0);
  return { expected: sum(({ expected }) => expected), found: sum(({ found }) => found), atMs };
}
