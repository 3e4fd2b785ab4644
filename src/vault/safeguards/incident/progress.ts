// How far the affected are back, as the ledger counts it now; counted once for all who ask within a while.

import type { AccountId } from '#base/ids.ts';
import type { Affected } from './incident-state.ts';
import type { AccountCount } from './neighbours.ts';

export interface Progress {
  readonly expected: number;
  readonly found: number;
  readonly atMs: number;
}

/** As it stood when it was opened, with what is counted now in its place. */
export function countedNow(affected: readonly Affected[], counts: readonly AccountCount[]): readonly Affected[] {
  const now = new Map<AccountId, AccountCount>(counts.map((count) => [count.accountId, count]));
  return affected.map((one) => {
    const count = now.get(one.accountId);
    return count === undefined ? one : { ...one, ...count, found: Math.min(count.found, count.expected) };
  });
}

/** Letters that came since count too, so that nobody is ever “more than all”. */
export function progressOf(affected: readonly Affected[], atMs: number): Progress {
  const sum = (of: (one: Affected) => number): number => affected.reduce((total, one) => total + of(one), 0);
  return { expected: sum(({ expected }) => expected), found: sum(({ found }) => found), atMs };
}
