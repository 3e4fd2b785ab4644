// Issue 4, ledger tools: `siegel ledger check` on a running house names what somebody changed in the database, and the journal brings it back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Day, moveIn } from '../house-life.ts';
import { tamper } from '../own-database.ts';
import { startProgram, type CommandResult } from '../running-program.ts';

interface Report {
  readonly isEqual: boolean;
  readonly letters: number;
  readonly rows: { readonly letters: string };
  readonly journal: { readonly letters: string };
  readonly differing: readonly { readonly address?: string; readonly rows: number; readonly journal: number }[];
  readonly named: readonly { readonly letter: string; readonly what: string; readonly mailbox?: string }[];
}

const STEPS = 120;

test('siegel ledger check: equal in daily life, names mailbox and letter after a wrong statement, equal after the rebuild', async () => {
  await using program = await startProgram();
  const check = async (...words: string[]): Promise<CommandResult & { readonly report: Report }> => {
    const done = await program.siegel(['ledger', 'check', '--json', ...words]);
    return { ...done, report: JSON.parse(done.stdout) as Report };
  };
  const residents = [await moveIn(() => program, 'anna'), await moveIn(() => program, 'ben')];
  const day = new Day(() => program, residents);
  await day.steps(STEPS);
  await day[Symbol.asyncDispose]();

  const before = await check('--deep');
  assert.equal(before.code, 0, before.stderr);
  assert.equal(before.report.isEqual, true);
  assert(before.report.letters > 10);

  const wrong = `DELETE FROM letter WHERE (account_id, letter_id) IN (
    SELECT account_id, letter_id FROM letter WHERE removed_modseq IS NULL ORDER BY received_ms DESC LIMIT 3)`;
  await tamper(program.dataDir, wrong);
  const after = await check();
  assert.equal(after.code, 1, 'what is wrong ends with 1');
  assert.equal(after.report.isEqual, false);
  assert.equal(after.report.named.filter(({ what, mailbox }) => what === 'missing' && mailbox === undefined).length, 3);
  assert.equal(after.report.differing.reduce((sum, { rows, journal }) => sum + Math.abs(rows - journal), 0) >= 3, true);
  const shown = await program.siegel(['ledger', 'check']);
  assert.match(shown.stdout, /Not equal:[\s\S]*missing [a-z2-7]{26}[\s\S]*siegel database rebuild --apply/);

  const alone = await check('--account', residents[0]?.address ?? '');
  assert(alone.report.differing.every(({ address }) => address === residents[0]?.address));
  const stranger = await program.siegel(['ledger', 'check', '--account', 'nobody']);
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /Nobody here has the address/);

  assert.equal((await program.siegel(['database', 'rebuild', '--apply'])).code, 0);
  const again = await check('--deep');
  assert.equal(again.report.isEqual, true);
  assert.equal(again.report.rows.letters, before.report.rows.letters);
});
