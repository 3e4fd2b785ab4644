// The guard of a running house: wrong commands through its own socket, the console, and somebody who goes past it.

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { prepareBinaries } from '../../src/vault/database/postgres/binaries.ts';
import { OWN_FOLDER } from '../../src/vault/database/postgres/cluster.ts';
import { triers, tryWrongCommands } from '../../src/vault/safeguards/guard/wrong-commands.ts';
import { readTables, type Row } from '../own-database.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

let program: RunningProgram;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-'));
  program = await startProgram({ directory: scratch });
  await program.signUp('anna', 'a long enough password');
  for (let n = 0; n < 3; n += 1) assert.equal((await program.siegel(['try', 'letter'])).code, 0);
});
after(async () => {
  await program.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** What is kept of letters and people: sessions and counts move by themselves. */
async function kept(): Promise<ReadonlyMap<string, readonly Row[]>> {
  const tables = await readTables(program.dataDir);
  return new Map(
    ['letter', 'placement', 'account', 'wrap', 'credential'].map((name) => [name, tables.get(name) ?? []]),
  );
}

async function status(): Promise<{ readonly warnings: readonly string[]; readonly guard: string }> {
  const asked = await program.siegel(['status', '--json']);
  return JSON.parse(asked.stdout) as Awaited<ReturnType<typeof status>>;
}

test('status says that the guard is active, and sixteen wrong commands as four roles change nothing in a running house', async () => {
  assert.match((await status()).guard, /^active, \d+ wrong commands refused/);
  const before = await kept();
  assert.ok((before.get('letter')?.length ?? 0) >= 3);
  const host = join(scratch, 'run');
  await symlink(join(program.dataDir, 'postgres', 'run'), host);
  const attempts = await tryWrongCommands({ host, port: 5432, database: 'siegel' });
  assert.equal(attempts.length, 16 * triers.length);
  assert.deepEqual(attempts.filter(({ refusal }) => refusal === undefined), []); // prettier-ignore
  assert.deepEqual(await kept(), before);
  assert.equal((await program.siegel(['try', 'letter'])).code, 0);
});

test('the console answers what reads, and writes a plan of what does not', async () => {
  const read = await program.siegel(['sql', '--json', 'SELECT count(*)::int AS n FROM account']);
  assert.deepEqual(JSON.parse(read.stdout), { kind: 'rows', columns: ['n'], rows: [[1]], isCut: false });
  const plan = join(scratch, 'plan.sql');
  const write = await program.siegel(['sql', '--plan', plan, 'DELETE FROM letter']);
  assert.equal(write.code, 0);
  assert.match(write.stdout, /was not carried out[^]*EVERY row[^]*siegel change plan --sql/);
  assert.equal(await readFile(plan, 'utf8'), 'DELETE FROM letter;\n');
  assert.equal(
    (await program.siegel(['sql', '--plan', plan, 'DELETE FROM letter'])).code,
    1,
    'a file is never written over',
  );
  const refused = await program.siegel(['sql', 'SELECT 1; DELETE FROM letter']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Nothing was carried out/);
});

test('who works on the stopped database past the guard is in status and in the book at the next start', async () => {
  await program.stop();
  const postgres = join(program.dataDir, 'postgres');
  const current = (await readFile(join(postgres, 'current'), 'utf8').catch(() => '')).trim();
  const cluster = join(postgres, current, 'cluster');
  const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  assert.ok(binaries.ok);
  const ran = spawnSync(join(binaries.value.native, 'bin', 'postgres'), ['--single', '-D', OWN_FOLDER, 'siegel'], {
    cwd: cluster,
    input: 'UPDATE mailbox SET sort_order = sort_order + 1\n',
    ...owner,
  });
  assert.equal(ran.status, 0, ran.stderr.toString());
  program = await program.restart();
  const { warnings, guard } = await status();
  assert.ok(warnings.some((warning) => /worked on the stopped database/.test(warning)), JSON.stringify(warnings)); // prettier-ignore
  assert.match(guard, /^active/);
  const receipts = (await readTables(program.dataDir)).get('receipt') ?? [];
  assert.ok(receipts.some((row) => row['kind'] === 'break-glass'));
  program = await program.restart();
  assert.ok(
    !(await status()).warnings.some((warning) => /worked on the stopped/.test(warning)),
    'told once, kept in the book',
  );
});
