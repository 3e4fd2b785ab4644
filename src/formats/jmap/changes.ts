// What /changes tells: rows in order of their last change → created, updated, destroyed, and where to go on (RFC 8620 §5.2).

import { err, ok, type Result } from '#base/result.ts';
import type { MethodError } from './errors.ts';
import { formatState, type State } from './state.ts';

/** Something that changed after a state. */
export interface ChangedRow {
  readonly id: string;
  readonly createdModseq: number;
  /** Of the last change, whatever it was; for something removed, of its removal. */
  readonly modseq: number;
  readonly isRemoved: boolean;
}

export type Changes = {
  readonly newState: string;
  readonly hasMoreChanges: boolean;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly destroyed: readonly string[];
};

/**
 * `rows`: all with modseq > since.modseq, ascending, at most `max` + 1 of them. `current` is the newest modseq.
 * Rows of one command may share a modseq: an answer never ends between them.
 */
export function splitChanges(
  rows: readonly ChangedRow[],
  since: State,
  current: number,
  max: number,
): Result<Changes, MethodError> {
  const hasMoreChanges = rows.length > max;
  let taken = rows;
  if (hasMoreChanges) {
    const cut = rows[max]?.modseq ?? 0;
    taken = rows.filter((row) => row.modseq < cut);
    if (taken.length === 0) {
      return err({ kind: 'cannotCalculateChanges', description: 'One change touched more than maxChanges objects.' });
    }
  }
  const created: string[] = [];
  const updated: string[] = [];
  const destroyed: string[] = [];
  for (const row of taken) {
    if (row.isRemoved) {
      if (row.createdModseq <= since.modseq) destroyed.push(row.id);
    } else if (row.createdModseq > since.base) created.push(row.id);
    else updated.push(row.id);
  }
  const modseq = hasMoreChanges ? (taken.at(-1)?.modseq ?? current) : current;
  const base = hasMoreChanges ? since.base : modseq;
  return ok({ newState: formatState({ era: since.era, modseq, base }), hasMoreChanges, created, updated, destroyed });
}
