// Issue 4, part 5: a change goes its whole way in the real program, two people sign with ssh-keygen, and it is taken back with every letter since.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChangeView } from '../../src/programs/methods/change-methods.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const PASSWORD = 'a long password for tests';
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

interface Desk {
  readonly program: RunningProgram;
  readonly folder: string;
  /** A command’s JSON; fails with its sentence. */
  ask(words: readonly string[]): Promise<Record<string, unknown>>;
  refused(words: readonly string[]): Promise<string>;
  /** A key of its own for each person. */
  key(name: string): string;
  sign(name: string, file: string, namespace: string): string;
}

async function withDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-change-'));
  const program = await startProgram({ env: { SIEGEL_BACKUP_DIR: join(folder, 'backups'), SIEGEL_BACKUP_AT: 'none' } });
  const ask: Desk['ask'] = async (words) => {
    const { code, stdout, stderr } = await program.siegel([...words, '--json']);
    if (code !== 0) throw new Error(`siegel ${words.join(' ')}: ${stdout}${stderr}${program.output()}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const desk: Desk = {
    program,
    folder,
    ask,
    async refused(words) {
      const { code, stdout, stderr } = await program.siegel(words);
      assert.equal(code, 1, `siegel ${words.join(' ')}: ${stdout}`);
      return stderr;
    },
    key(name) {
      const file = join(folder, name);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
      return `${file}.pub`;
    },
    sign(name, file, namespace) {
      const signature = execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', join(folder, name)], {
        input: readAll(file),
      });
      const out = `${file}.${name}.sig`;
      execFileSync('/bin/sh', ['-c', 'cat > "$1"', 'sh', out], { input: signature });
      return out;
    },
  };
  try {
    await work(desk);
  } finally {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function readAll(file: string): Buffer {
  return execFileSync('/bin/cat', [file]);
}

async function plan(desk: Desk, sql: string): Promise<ChangeView> {
  const file = join(desk.folder, 'plan.sql');
  await writeFile(file, sql);
  return (await desk.ask(['change', 'plan', '--sql', file])) as unknown as ChangeView;
}

async function prepare(desk: Desk, number: number): Promise<string> {
  await desk.ask(['change', 'backup', String(number)]);
  await desk.ask(['change', 'rehearse', String(number)]);
  const file = join(desk.folder, `change-${number}.json`);
  await desk.ask(['change', 'approve', String(number), '--out', file]);
  return file;
}

async function letters(desk: Desk): Promise<number> {
  const found = await desk.ask(['ledger', 'check']);
  assert.equal(found['isEqual'], true);
  return Number(found['letters']);
}

test(
  'a change is planned, signed by two people with ssh-keygen, applied, proved and taken back; letters of meanwhile stay',
  { skip: hasSshKeygen ? false : 'no ssh-keygen here' },
  () =>
    withDesk(async (desk) => {
      const { program } = desk;
      await program.signUp('anna', PASSWORD);
      for (let index = 0; index < 3; index++) await program.siegel(['try', 'letter']);
      assert.match(
        await desk.refused(['operator', 'add', 'Kaya', '--ssh-key', desk.key('kaya').replace('.pub', '')]),
        /private key/,
      );
      await desk.ask(['operator', 'add', 'Kaya', '--ssh-key', join(desk.folder, 'kaya.pub'), '--account', 'anna']);

      const added = await desk.ask(['operator', 'add', 'Jonas', '--ssh-key', desk.key('jonas')]);
      const { number: first } = added['change'] as ChangeView;
      const listed = await prepare(desk, first);
      assert.match(await desk.refused(['change', 'apply', String(first), '--apply']), /0 of 2 signatures/);
      await desk.ask(['change', 'approve', String(first), '--signature', desk.sign('kaya', listed, 'siegel-change')]);
      assert.match(await desk.refused(['change', 'apply', String(first), '--apply']), /72 hours|in \d+ hours/);
      assert.equal(((await desk.ask(['operator', 'list']))['operators'] as unknown[]).length, 1);

      const { number, class: risk } = await plan(
        desk,
        `ALTER TABLE letter ADD COLUMN weight integer; UPDATE letter SET weight = size_bytes / 1000;`,
      );
      assert.equal(risk, 'R1');
      const file = await prepare(desk, number);
      const altered = join(desk.folder, 'altered.json');
      await writeFile(altered, (await readFile(file, 'utf8')).replace('/ 1000', '/ 999'));
      assert.match(
        await desk.refused([
          'change',
          'approve',
          String(number),
          '--signature',
          desk.sign('kaya', altered, 'siegel-change'),
        ]),
        /does not hold/,
      );
      assert.match(
        await desk.refused([
          'change',
          'approve',
          String(number),
          '--signature',
          desk.sign('kaya', file, 'siegel-procedure'),
        ]),
        /siegel-procedure/,
      );
      assert.match(
        await desk.refused([
          'change',
          'approve',
          String(number),
          '--signature',
          desk.sign('jonas', file, 'siegel-change'),
        ]),
        /no operator/,
      );
      await desk.ask(['change', 'approve', String(number), '--signature', desk.sign('kaya', file, 'siegel-change')]);
      const before = await letters(desk);
      const applied = (await desk.ask(['change', 'apply', String(number), '--apply']))['change'] as ChangeView;
      assert.equal(applied.standing, 'verified', applied.why ?? '');
      assert.deepEqual(applied.actual?.rows, { letter: before + 0 });
      assert.match(applied.proof?.letter ?? '', /came through/);
      await program.siegel(['try', 'letter']);
      const since = await letters(desk);
      assert.ok(since > before);
      const undone = (await desk.ask(['change', 'undo', String(number), '--apply']))['change'] as ChangeView;
      assert.equal(undone.standing, 'undone');
      assert.ok((await letters(desk)) >= since);
      const columns = await desk.ask([
        'sql',
        `SELECT count(*) FROM information_schema.columns WHERE table_name = 'letter' AND column_name = 'weight'`,
      ]);
      assert.deepEqual(columns['rows'], [[0]]);
      const history = (await desk.ask(['change', 'history']))['changes'] as ChangeView[];
      assert.deepEqual(
        history.map(({ standing }) => standing),
        ['undone', 'rehearsed'],
      );
    }),
);

test(
  'commands that should not have been are left out: shown before, signed by one person, and gone with letters kept',
  { skip: hasSshKeygen ? false : 'no ssh-keygen here' },
  () =>
    withDesk(async (desk) => {
      const { program } = desk;
      await program.signUp('anna', PASSWORD);
      await program.siegel(['try', 'letter']);
      await desk.ask(['operator', 'add', 'Kaya', '--ssh-key', desk.key('kaya')]);
      const from = new Date().toISOString();
      await desk.ask(['address', 'add', 'office', '--for', 'anna']);
      await program.siegel(['try', 'letter']);
      const wide = await desk.refused(['change', 'plan', '--restore', '--to', from]);
      assert.match(wide, /Say which commands/);
      assert.match(await desk.refused(['change', 'plan', '--restore', '--actor', 'everybody']), /An actor is/);
      const planned = await desk.ask(['change', 'plan', '--restore', '--actor', 'operator', '--from', from]);
      const { number, because, class: risk } = planned as unknown as ChangeView;
      assert.deepEqual([risk, because[1]], ['R1', 'R1 1 × addressAdded left out']);
      const file = await prepare(desk, number);
      await desk.ask(['change', 'approve', String(number), '--signature', desk.sign('kaya', file, 'siegel-change')]);
      const count = `SELECT count(*) FROM address WHERE address = 'office@siegel.test'`;
      assert.deepEqual((await desk.ask(['sql', count]))['rows'], [[1]]);
      const before = await letters(desk);
      const done = (await desk.ask(['change', 'apply', String(number), '--apply']))['change'] as ChangeView;
      assert.equal(done.standing, 'verified', done.why ?? '');
      assert.deepEqual((await desk.ask(['sql', count]))['rows'], [[0]]);
      assert.equal(await letters(desk), before);
      assert.match(await desk.refused(['change', 'undo', String(number), '--apply']), /stay in the journal/);
    }),
);
