// The clocks of open requests, for lists and for the first look at the desk.

import { deadlinesOf, type Deadline } from '#office/desk/clocks/deadlines.ts';
import type { Register } from '#office/desk/book/desk-book.ts';
import type { FilingRow } from '#office/desk/register/fold.ts';
import { states } from '#formats/desk/model.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { readDeskFilings } from '#vault/database/read-desk.ts';

/** In these none runs: so that a register of many years is not read through. */
const OVER: ReadonlySet<string> = new Set(['CORRECTED', 'DISCLOSED', 'NO_DATA_HELD', 'CLOSED']);

export function parseFilingRow(contents: string): FilingRow {
  return JSON.parse(contents) as FilingRow;
}

/** The end of the first clock, where one runs. */
export function firstDue(
  row: FilingRow,
  policy: Policy | undefined,
  nowMs: number,
): { readonly dueMs: number | null; readonly isOverdue: boolean } {
  const [first] = policy === undefined ? [] : deadlinesOf(row, policy, nowMs);
  return { dueMs: first?.dueMs ?? null, isOverdue: first?.state === 'OVERDUE' };
}

export async function countDue(
  { read, nowMs }: Register,
  policy: Policy,
): Promise<{ readonly overdue: number; readonly soon: number }> {
  const firsts: Deadline['state'][] = [];
  for (const state of states) {
    if (OVER.has(state)) continue;
    for await (const page of readDeskFilings(read.db, { state }))
      for (const { contents } of page) {
        const [first] = deadlinesOf(parseFilingRow(contents), policy, nowMs);
        if (first !== undefined) firsts.push(first.state);
      }
  }
  const count = (state: Deadline['state']): number => firsts.filter((one) => one === state).length;
  return { overdue: count('OVERDUE'), soon: count('SOON') };
}
