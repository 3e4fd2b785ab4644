// The real program on the operator's own PostgreSQL 15: changes are rehearsed and taken back beside, rows made anew, backups tried; or it says what to give.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { startTestCluster } from '../../src/vault/database/test-cluster.ts';
import { asLogin } from '../../src/vault/database/test-tamper.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const BIN = '/usr/lib/postgresql/15/bin';
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const skip = !existsSync(BIN) ? 'PostgreSQL 15 is not installed' : hasSshKeygen ? false : 'no ssh-keygen here';

interface House {
  readonly program: RunningProgram;
  readonly folder: string;
  /** As the server's superuser. */
  asRoot(...statements: readonly string[]): Promise<void>;
  ask(...words: readonly string[]): Promise<Record<string, unknown>>;
  refused(...words: readonly string[]): Promise<string>;
}

async function withHouse(rights: string, work: (house: House) => Promise<void>): Promise<void> {
  await using cluster = await startTestCluster(BIN);
  const rootUrl = cluster.url('postgres');
  chmodSync(dirname(decodeURIComponent(new URL(rootUrl).searchParams.get('host') ?? '') + '/x'), 0o755);
  await asLogin(rootUrl, `CREATE ROLE mail_user LOGIN ${rights}`, 'CREATE DATABASE mail OWNER mail_user');
  const folder = await mkdtemp(join(tmpdir(), 'siegel-own-'));
  const program = await startProgram({
    env: {
      DATABASE_URL: cluster.url('mail').replace('siegel@', 'mail_user@'),
      SIEGEL_BACKUP_DIR: join(folder, 'backups'),
      SIEGEL_BACKUP_AT: 'none',
    },
  });
  try {
    await work({
      program,
      folder,
      asRoot: (...statements) => asLogin(rootUrl, ...statements),
      async ask(...words) {
        const { code, stdout, stderr } = await program.siegel([...words, '--json']);
        assert.equal(code, 0, `siegel ${words.join(' ')}: ${stdout}${stderr}${program.output()}`);
        return JSON.parse(stdout) as Record<string, unknown>;
      },
      async refused(...words) {
        const { code, stdout, stderr } = await program.siegel(words);
        assert.equal(code, 1, `siegel ${words.join(' ')}: ${stdout}`);
        return stderr;
      },
    });
  } finally {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function letters({ ask }: House): Promise<number> {
  const found = await ask('ledger', 'check');
  assert.equal(found['isEqual'], true);
  return Number(found['letters']);
}

test(
  'a change is rehearsed beside, signed, applied and taken back with every letter since; rows are made anew, a backup counts',
  { skip },
  () =>
    withHouse('CREATEDB CREATEROLE', async (house) => {
      const { program, folder, ask } = house;
      await program.signUp('anna', 'a long password for tests');
      for (let index = 0; index < 3; index++) await program.siegel(['try', 'letter']);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'kaya', '-f', join(folder, 'kaya')]);
      await ask('operator', 'add', 'Kaya', '--ssh-key', join(folder, 'kaya.pub'), '--account', 'anna');
      const sql = join(folder, 'plan.sql');
      await writeFile(
        sql,
        'ALTER TABLE letter ADD COLUMN weight integer; UPDATE letter SET weight = size_bytes / 1000;',
      );
      const planned = await ask('change', 'plan', '--sql', sql);
      assert.equal(planned['class'], 'R1');
      assert.match(String(planned['undo']), /^The journal alone/);
      const number = String(planned['number']);
      await ask('change', 'backup', number);
      const rehearsed = await ask('change', 'rehearse', number);
      assert.match(JSON.stringify(rehearsed['predicted']), /"letter":\d/);
      const plan = join(folder, 'change.json');
      await ask('change', 'approve', number, '--out', plan);
      const signature = execFileSync(
        'ssh-keygen',
        ['-q', '-Y', 'sign', '-n', 'siegel-change', '-f', join(folder, 'kaya')],
        {
          input: await readFile(plan),
        },
      );
      await writeFile(`${plan}.sig`, signature);
      await ask('change', 'approve', number, '--signature', `${plan}.sig`);
      await ask('change', 'apply', number, '--apply');
      const weighed = await ask('sql', 'SELECT count(*) AS n FROM letter WHERE weight IS NOT NULL');
      assert.ok(Number((weighed['rows'] as unknown[][])[0]?.[0]) >= 3, JSON.stringify(weighed));
      await program.siegel(['try', 'letter']);
      const before = await letters(house);

      await ask('database', 'rebuild', '--apply');
      assert.ok((await letters(house)) >= before);
      const undone = await ask('change', 'undo', number, '--apply');
      assert.equal((undone['change'] as Record<string, unknown>)['standing'], 'undone', JSON.stringify(undone));
      assert.ok((await letters(house)) >= before, 'letters of meanwhile are kept');
      assert.match(await house.refused('sql', 'SELECT weight FROM letter'), /weight/);
      const list = (await ask('generation', 'list')) as { live: string; generations: { name: string }[] };
      assert.equal(list.generations.length, 3);
      assert.equal(list.live, list.generations.at(-1)?.name);
      const taken = await ask('backup', 'take');
      assert.ok(Number(taken['verifiedMs']) > 0, JSON.stringify(taken));
      const { stdout } = await program.siegel(['status']);
      assert.match(stdout, /Not active: restore points\. .*the journal is the restore point/);
      assert.doesNotMatch(stdout, /Not active: generations/);
    }),
);

test(
  'where the user may not make databases each command refuses with the way that is left, and mail goes on',
  { skip },
  () =>
    withHouse('', async (house) => {
      const { program, refused, ask } = house;
      await program.signUp('anna', 'a long password for tests');
      assert.match(await refused('generation', 'list'), /new, empty database/);
      assert.match(await refused('database', 'rebuild', '--apply'), /new, empty database/);
      const { stdout } = await program.siegel(['status']);
      assert.match(stdout, /Not active: generations, fence, restore points\. .*ALTER ROLE … CREATEDB/);
      await program.siegel(['try', 'letter']);
      assert.ok((await letters(house)) >= 1);
      assert.ok(
        Number((await ask('backup', 'take'))['verifiedMs']) > 0,
        'the journal is backed up and tried all the same',
      );
      await house.asRoot('ALTER ROLE mail_user CREATEDB');
      await using again = await program.restart();
      const { code, stdout: shown } = await again.siegel(['generation', 'list', '--json']);
      assert.equal(code, 0, shown);
    }),
);
