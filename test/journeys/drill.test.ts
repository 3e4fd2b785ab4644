// Issue 4, part 7: every replay in its short form, from a house that runs: nothing lost, every twin fails, and the result is a receipt.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readDrillRecord } from '../../src/programs/drill/drill-record.ts';
import type { DrillReport } from '../../src/programs/drill/drill-report.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const IDS = Array.from({ length: 19 }, (_, number) => `R${number}`);

let program: RunningProgram;
before(async () => {
  program = await startProgram();
});
after(() => program.stop());

test('siegel drill loses no letter in any replay, each twin does, and the house keeps a receipt of it', async () => {
  const { code, stdout, stderr } = await program.siegel(['drill', '--json']);
  const report = JSON.parse(stdout || '{"replays":[]}') as DrillReport & { readonly receipt: string };
  for (const replay of report.replays) {
    const words = JSON.stringify(replay);
    assert.equal(replay.trouble, undefined, words);
    assert.equal(replay.lettersLost + replay.lettersDoubled + replay.lettersBroken, 0, words);
    assert.equal(replay.sabotageFailed, true, words);
  }
  assert.deepEqual(
    report.replays.map(({ id }) => id),
    IDS,
  );
  assert.equal(code, 0, stderr);
  const kept = await readDrillRecord(program.dataDir);
  assert.equal(kept?.report.passed, true);
  const file = join(program.dataDir, '..', 'drill-receipt.json');
  await writeFile(file, kept.receipt ?? '');
  const checked = await program.siegel(['receipt', 'check', file, '--json']);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  assert.match(await readFile(file, 'utf8'), /"kind":"drill-passed"/);
});
