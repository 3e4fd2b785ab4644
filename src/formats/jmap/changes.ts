// What /changes tells: rows in order of their last change → created, updated, destroyed, and where to go on (RFC 8620 §5.2).

import { formatState, type State } from './state.ts';

/** Something that changed after a state. */
export interface ChangedRow {
  readonly id: string;
  /**
   * Of what is there: when it came, the last time if it came back. Of what is gone: when it first came, because a client
   * may know it from then.
   */
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
 * `rows`: those after `since` in order of (modseq, id), at most `max` + 1 of them. `current` is the newest modseq. One
 * command can touch many things at one modseq (a mailbox that goes with its letters), so a page may end between them.
 */
export function splitChanges(rows: readonly ChangedRow[], since: State, current: number, max: number): Changes {
  const taken = rows.slice(0, max);
  const created: string[] = [];
  const updated: string[] = [];
  const destroyed: string[] = [];
  for (const row of taken) {
    if (row.isRemoved) {
      if (row.createdModseq <= since.modseq) destroyed.push(row.id);
    } else if (row.createdModseq > since.base) created.push(row.id);
    else updated.push(row.id);
  }
  return {
    newState: stateAfter(rows, since, current, max),
    hasMoreChanges: rows.length > max,
    created,
    updated,
    destroyed,
  };
}

function stateAfter(rows: readonly ChangedRow[], since: State, current: number, max: number): string {
  const [last, next] = [rows[max - 1], rows[max]];
  if (last === undefined || next === undefined) {
    return formatState({ era: since.era, modseq: current, base: current, untilId: undefined });
  }
  const untilId = next.modseq === last.modseq ? last.id : undefined;
  return formatState({ era: since.era, modseq: last.modseq, base: since.base, untilId });
}
