// The clocks of open requests, for lists and for the first look at the desk.

import { clockless, deadlinesOf } from '#office/desk/clocks/deadlines.ts';
import type { DueClock } from '#office/desk/clocks/notices.ts';
import type { Register } from '#office/desk/book/desk-book.ts';
import { parseFilingRow } from '#office/desk/book/parse-entry.ts';
import type { FilingRow } from '#office/desk/register/fold.ts';
import { states } from '#formats/desk/model.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { readDeskFilings } from '#vault/database/read-desk.ts';

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
  register: Register,
  policy: Policy,
): Promise<{ readonly overdue: number; readonly soon: number }> {
  let [overdue, soon] = [0, 0];
  for await (const row of openFilings(register)) {
    const [first] = deadlinesOf(row, policy, register.nowMs);
    if (first?.state === 'OVERDUE') overdue += 1;
    if (first?.state === 'SOON') soon += 1;
  }
  return { overdue, soon };
}

/** Every clock that is in its last quarter or over. */
export async function dueClocks(register: Register, policy: Policy): Promise<readonly DueClock[]> {
  const clocks: DueClock[] = [];
  for await (const row of openFilings(register)) {
    for (const { kind, dueMs, state } of deadlinesOf(row, policy, register.nowMs))
      if (state !== 'RUNNING') clocks.push({ filing: row.filing, kind, dueMs, isOver: state === 'OVERDUE' });
  }
  return clocks;
}

async function* openFilings({ read }: Register): AsyncGenerator<FilingRow> {
  for (const state of states) {
    // so that a register of many years is not read through
    if (clockless.has(state)) continue;
    for await (const page of readDeskFilings(read.db, { state }))
      for (const { contents } of page) yield parseFilingRow(contents);
  }
}
