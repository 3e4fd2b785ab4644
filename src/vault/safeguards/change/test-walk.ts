// For tests of this room: a change walked from its plan to its rehearsal, signed, and what its house holds afterwards.

import assert from 'node:assert/strict';
import type { Result } from '#base/result.ts';
import { approvalState, approve } from './approve-change.ts';
import type { Change } from './change-state.ts';
import type { ChangeParts } from './parts.ts';
import { planChange } from './plan-change.ts';
import type { ChangeRefusal } from './refusals.ts';
import { backUp, rehearse } from './rehearse-change.ts';
import { makeOperator, type TestChanges, type TestOperator } from './test-changes.ts';

export const kaya = makeOperator('Kaya');
export const jonas = makeOperator('Jonas');
export const FILL = `ALTER TABLE note ADD COLUMN words integer; UPDATE note SET words = length(text) WHERE n > 100;`;

export function must<T>(result: Result<T, ChangeRefusal>): T {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.sentence}`);
  return result.value;
}

export function refusal<T>(result: Result<T, ChangeRefusal>): string {
  if (result.ok) return 'done';
  const { kind, sentence } = result.error;
  if (kind !== 'neighbour')
    assert.match(sentence, /siegel|SIEGEL_|again|program|Say which/, `${kind} names no next step: ${sentence}`);
  return kind;
}

/** Planned, backed up, rehearsed. */
export async function ready(parts: ChangeParts, sql = FILL): Promise<Change> {
  const { number } = must(await planChange(parts, { kind: 'sql', sql }));
  must(await backUp(parts, number, () => undefined));
  return must(await rehearse(parts, number));
}

export async function signed(parts: ChangeParts, change: Change, operators: readonly TestOperator[]): Promise<Change> {
  const { plan = '' } = approvalState(parts, change);
  return must(
    await approve(
      parts,
      change.number,
      operators.map((one) => one.sign(plan)),
    ),
  );
}

export async function words(test: TestChanges): Promise<number | undefined> {
  await using session = await test.lasting.live();
  const columns = await session.rows(
    `SELECT 1 FROM pg_attribute WHERE attrelid = 'note'::regclass AND attname = 'words' AND NOT attisdropped`,
  );
  if (columns.length === 0) return undefined;
  const [row] = await session.rows<{ count: number }>('SELECT count(words)::int AS count FROM note');
  return row?.count;
}

export async function rowsOf(house: TestChanges): Promise<number> {
  await using session = await house.lasting.live();
  const [row] = await session.rows<{ count: number }>('SELECT count(*)::int AS count FROM note');
  return row?.count ?? 0;
}
