// Killed with -9 again and again while requests are filed and refused: what was answered is there, nothing is half there, and the register verifies.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { askOperator } from '#programs/operator-socket.ts';
import { openGpgDesk, runSiegel, type GpgDesk } from '../desk/gpg-desk.ts';
import { noGpg } from '../gpg-people.ts';
import { tamper } from '../own-database.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const FAX = {
  corrects: null,
  received: '2026-03-01',
  authority: { class: 'PROSECUTION', country: 'DE' },
  channel: 'FAX',
  instrument: 'REQUEST',
  urgency: 'NORMAL',
  items: [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null }],
  targets: 1,
};
/** How many answers come before each kill. */
const KILLS = [0, 1, 3, 7, 12];
const AT_ONCE = 4;

let folder = '';
let desk: GpgDesk | undefined;
let running: RunningProgram | undefined;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgl-desk-kills-'));
});
after(async () => {
  await running?.stop();
  await desk?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** Files until nobody answers any more; the numbers of those that were answered. */
async function fileUntilGone(dataDir: string, onAnswer: (filing: string) => void): Promise<void> {
  for (;;) {
    const params = { given: FAX, by: 'Mara Kaya', caseFile: null, arrival: null };
    const filed = await askOperator(dataDir, 'request.file', params, () => undefined).catch(() => undefined);
    if (filed?.ok !== true) return;
    onAnswer(filed.value.filing);
  }
}

test('killed in the middle of filing', { skip: noGpg ?? false, timeout: 300_000 }, async () => {
  desk = await openGpgDesk();
  let program = await startProgram({ directory: join(folder, 'house'), env: { SIEGEL_DESK_TRUST: desk.trust } });
  running = program;
  await desk.putPolicy(program);
  const answered: string[] = [];
  for (const after of KILLS) {
    const before = answered.length;
    const filing = Array.from({ length: AT_ONCE }, () => fileUntilGone(program.dataDir, (one) => answered.push(one)));
    while (answered.length < before + after) await wait(1);
    await program.kill();
    await Promise.all(filing);
    program = await program.restart();
    running = program;
    const shown = (await runSiegel(program, 'request', 'list'))['filings'] as { filing: string; state: string }[];
    const there = new Set(shown.map(({ filing: number }) => number));
    assert.deepEqual(
      answered.filter((number) => !there.has(number)),
      [],
      'whoever was answered has it',
    );
    assert.ok(
      shown.every(({ state }) => state === 'FORMAL_CHECK'),
      'no filing without what follows from it',
    );
    const numbers = shown.map(({ filing: number }) => Number(number.slice(5))).toSorted((one, other) => one - other);
    assert.deepEqual(
      numbers,
      numbers.map((_, at) => at + 1),
      'no gap, none twice',
    );
    assert.deepEqual((await runSiegel(program, 'report', 'verify'))['findings'], []);
  }
  assert.equal(new Set(answered).size, answered.length);
  // the newest request cut off from the rows, its entries and all: rows alone are whole, the journal misses it
  const newest = answered.toSorted((one, other) => Number(other.slice(5)) - Number(one.slice(5)))[0] ?? '';
  await tamper(
    program.dataDir,
    `DELETE FROM desk_entry WHERE nth >= (SELECT min(nth) FROM desk_entry WHERE filing = '${newest}')`,
  );
  await tamper(
    program.dataDir,
    `DELETE FROM desk_filing WHERE filing >= '${newest}' AND length(filing) = ${newest.length}`,
  );
  const checked = await program.siegel(['report', 'verify', '--json']);
  assert.equal(checked.code, 1, checked.stderr);
  const { findings } = JSON.parse(checked.stdout) as { findings: { what: string }[] };
  assert.deepEqual([...new Set(findings.map(({ what }) => what))], ['shorterThanKnown']);
  assert.ok(answered.length >= KILLS.reduce((sum, one) => sum + one, 0));
});
