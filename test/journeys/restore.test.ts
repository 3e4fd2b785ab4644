// Issue 4, R16: the machine is gone; out of a backup and the key kit the house stands again, and every letter of the backup opens.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DKIM_FILE } from '../../src/vault/keykit/dkim-keys.ts';
import { createLetterReader } from '../../src/web/client/letter-reader.ts';
import { readLetterIds } from '../../src/web/client/mail-reads.ts';
import { openSession } from '../../src/web/client/open-session.ts';
import { Day, moveIn, type Resident } from '../house-life.ts';
import { readTables } from '../own-database.ts';
import { runSiegel, startProgram, type RunningProgram } from '../running-program.ts';
import { PASSWORD } from '../signed-in.ts';

const PASSPHRASE = 'a passphrase for the kit';

async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'siegel-restore-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

test('a blank machine becomes the house again, from a backup and the kit', async (t) => {
  await using folder = await openFolder();
  const place = join(folder.path, 'place');
  const kitFile = join(folder.path, 'kit.sealed');
  const env = { SIEGEL_BACKUP_DIR: place, SIEGEL_SECOND_PLACE: join(folder.path, 'elsewhere') };
  let program = await startProgram({ directory: join(folder.path, 'first'), env });
  await using _ = { [Symbol.asyncDispose]: () => program.stop() };
  const running = (): RunningProgram => program;
  const residents = [await moveIn(running, 'anna'), await moveIn(running, 'ben')];
  await using day = new Day(running, residents);
  await day.steps(60);
  const appPassword = ['user', 'app-password', 'create', 'phone', '--address', 'anna@siegel.test', '--password-stdin'];
  assert.equal((await program.siegel(appPassword, PASSWORD)).code, 0);
  const taken = await program.siegel(['backup', 'take', '--json']);
  assert.equal(taken.code, 0, taken.stdout + taken.stderr);
  const facts = JSON.parse(taken.stdout) as Record<string, unknown>;
  t.diagnostic(taken.stdout);
  const before = await openAll(running, ['anna', 'ben']);
  const validity = await validityOf(program);
  const exported = await program.siegel(['kit', 'export', '--to', kitFile, '--passphrase-stdin'], PASSPHRASE);
  assert.equal(exported.code, 0, exported.stderr);
  const verified = await program.siegel(['kit', 'verify', kitFile, '--passphrase-stdin', '--json'], PASSPHRASE);
  assert.deepEqual(JSON.parse(verified.stdout)['isOfThisHouse'], true);
  assert.deepEqual(JSON.parse(verified.stdout)['signingKeys'], 'ofNow');
  const signingKeys = await readFile(join(folder.path, 'first', 'data-kit', DKIM_FILE), 'utf8');
  await t.test('what the guide says about every month, about paper, and about one person works', async () => {
    const verifiedAgain = await program.siegel(['backup', 'verify', '--json']);
    assert.equal(verifiedAgain.code, 0, verifiedAgain.stdout);
    const pruned = await program.siegel(['backup', 'prune', '--json']);
    assert.deepEqual(JSON.parse(pruned.stdout)['backups'], []);
    const paper = join(folder.path, 'kit.txt');
    assert.equal((await program.siegel(['kit', 'export', '--to', paper, '--printable'])).code, 0);
    assert.equal((await program.siegel(['kit', 'verify', paper])).code, 0);
    const lost = await annaLoses(residents[0]);
    assert.equal(lost.length, 3);
    const restoring = ['restore', 'account', 'anna@siegel.test', '--json'];
    const seen = JSON.parse((await program.siegel(restoring)).stdout) as Record<string, unknown>;
    assert.deepEqual([seen['placed'], seen['isApplied']], [3, false]);
    const done = await program.siegel([...restoring, '--apply']);
    assert.equal(done.code, 0, done.stdout);
    assert.deepEqual(await openAll(running, ['anna', 'ben']), before);
    const second = await readdir(join(folder.path, 'elsewhere', 'backups'));
    assert.deepEqual(second, [`${String(facts['id'])}.manifest`]);
  });

  await t.test('no fresh backup: status says so', async () => {
    const ports = { smtp: program.smtpPort, http: program.httpPort };
    await day[Symbol.asyncDispose]();
    await program.stop();
    const moved = { ...env, SIEGEL_CLOCK: '+27h' };
    program = await startProgram({ directory: join(folder.path, 'first'), env: moved, ports });
    const status = await program.siegel(['status', '--json']);
    assert.match(status.stdout, /hours old: changes that could lose something are refused/);
  });

  // what comes after the copy is lost with the machine
  await day.deliver();
  const [anna] = residents;
  assert.ok(anna);
  const oldCookie = anna.jmap;
  await day[Symbol.asyncDispose]();
  await program.stop();
  await rm(join(folder.path, 'first'), { recursive: true, force: true });

  const to = join(folder.path, 'second', 'data');
  await mkdir(join(folder.path, 'second'));
  // the first place went with the machine
  await rm(place, { recursive: true });
  const elsewhere = join(folder.path, 'elsewhere');
  const order = ['restore', '--to', to, '--backup', elsewhere, '--kit', kitFile, '--passphrase-stdin', '--json'];
  const restore = (words: readonly string[], input = PASSPHRASE): ReturnType<typeof runSiegel> =>
    runSiegel(words, input, { ...process.env, SIEGEL_DATA_DIR: join(folder.path, 'nowhere') });

  await t.test('without --apply it says what it would do and writes nothing', async () => {
    const planned = await restore(order);
    assert.equal(planned.code, 0, planned.stdout);
    assert.equal(JSON.parse(planned.stdout)['backup'], facts['id']);
    assert.equal(JSON.parse(planned.stdout)['hasSigningKeys'], true);
    assert.deepEqual(await readdir(join(folder.path, 'second')), []);
  });

  await t.test('the wrong kit, a wrong passphrase and a folder with something in it are refused', async () => {
    const other = await startProgram({ directory: join(folder.path, 'other') });
    await other.stop();
    const kitOf = (path: string): string[] => order.map((word) => (word === kitFile ? path : word));
    const wrong = await restore([...kitOf(join(folder.path, 'other', 'data-kit')), '--apply']);
    assert.equal(errorOf(wrong.stdout), 'manifestForeign', wrong.stdout);
    assert.equal(errorOf((await restore([...order, '--apply'], 'no')).stdout), 'kitCopyNotOpened');
    const full = join(folder.path, 'full');
    await mkdir(full);
    await writeFile(join(full, 'something'), '');
    const onto = await restore(order.map((word) => (word === to ? full : word)));
    assert.equal(errorOf(onto.stdout), 'not-empty', onto.stdout);
    assert.deepEqual(await readdir(full), ['something']);
  });

  await t.test('with --apply the house stands: everybody signs in anew, every letter of the backup opens', async () => {
    const done = await restore([...order, '--apply']);
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.deepEqual((await readdir(join(folder.path, 'second'))).toSorted(), ['data', 'data-kit']);
    assert.ok(!(await readdir(to)).includes('.restore-begun'));
    program = await startProgram({ directory: join(folder.path, 'second'), env: { SIEGEL_BACKUP_DIR: elsewhere } });
    // no new DNS records: what signs is what signed
    assert.equal(await readFile(join(folder.path, 'second', 'data-kit', DKIM_FILE), 'utf8'), signingKeys);
    await assert.rejects(oldCookie('Mailbox/get', {}), /401|403/);
    const tables = await readTables(program.dataDir);
    assert.deepEqual([tables.get('session'), tables.get('app_password')], [[], []]);
    for (const [mailbox, given] of await validityOf(program))
      assert.ok(given > (validity.get(mailbox) ?? 0), 'a new UIDVALIDITY');
    assert.deepEqual(await openAll(running, ['anna', 'ben']), before);
    const status = await program.siegel(['status', '--json']);
    assert.ok(!status.stdout.includes('lacks records'), status.stdout);
    const queue = await program.siegel(['queue', 'list', '--json']);
    assert.equal(JSON.parse(queue.stdout)['held'], 'restored');
    const ledger = await program.siegel(['ledger', 'check', '--json']);
    assert.equal(JSON.parse(ledger.stdout)['isEqual'], true);
  });

  await t.test('it takes letters and backups again, which go on from the one it was made of', async () => {
    await using next = new Day(running, [await moveIn(running, 'anna')]);
    await next.deliver();
    const again = await program.siegel(['backup', 'take', '--json']);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    const listed = JSON.parse((await program.siegel(['backup', 'list', '--json'])).stdout) as { backups: unknown[] };
    assert.equal(listed.backups.length, 2);
  });
});

function errorOf(stdout: string): unknown {
  const { error } = JSON.parse(stdout) as { error?: { kind: string } };
  return error?.kind;
}

async function validityOf({ dataDir }: RunningProgram): Promise<ReadonlyMap<string, number>> {
  const rows = (await readTables(dataDir)).get('mailbox') ?? [];
  return new Map(rows.map((row) => [String(row['mailbox_id']), Number(row['uid_validity'])]));
}

/** Three letters go for good, as far as she can tell. */
async function annaLoses(anna: Resident | undefined): Promise<readonly string[]> {
  const letters = await anna?.jmap('Email/query', {});
  const destroy = ((letters?.['ids'] ?? []) as string[]).slice(0, 3);
  const set = await anna?.jmap('Email/set', { destroy });
  return (set?.['destroyed'] ?? []) as string[];
}

/** Every letter of everybody, opened: address, place, text. */
async function openAll(program: () => RunningProgram, names: readonly string[]): Promise<readonly string[]> {
  const opened: string[] = [];
  for (const name of names) {
    const resident: Resident = await moveIn(program, name);
    const session = await openSession(resident.reach, resident.signedIn);
    assert.ok(session.ok);
    const ids = await readLetterIds(session.value.jmap, null);
    assert.ok(ids.ok);
    const letters = createLetterReader(session.value);
    for (const id of ids.value) {
      const read = await letters.read(id);
      assert.ok(read.ok, `letter ${id} does not open`);
      opened.push(`${name} ${id} ${Buffer.from(read.value.plainOriginal).toString('base64')}`);
    }
  }
  assert.ok(opened.length > 10);
  return opened.toSorted();
}
