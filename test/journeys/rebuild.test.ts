// Issue 2, "what it must show" 5: the database is deleted, stopped and running; from the journal alone everything is as it was.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { Follower } from '../follower.ts';
import { Day, moveIn, type Resident } from '../house-life.ts';
import { readTables, tamper, type Row } from '../own-database.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { PASSWORD } from '../signed-in.ts';
import { openSession } from '../../src/web/client/open-session.ts';
import { createLetterReader } from '../../src/web/client/letter-reader.ts';
import { readLetterIds } from '../../src/web/client/mail-reads.ts';

const isLong = process.env['SIEGEL_LONG'] !== undefined;
const STEPS = isLong ? 400 : 80;
const FOLLOWED_STEPS = isLong ? 1_000 : 240;
const REBUILDS = isLong ? 5 : 2;
const AVAILABLE_WAIT_MS = 60_000;

/** In a folder so deep that no socket's path reaches into it. */
async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const top = await mkdtemp(join(tmpdir(), 'siegel-rebuild-'));
  await chmod(top, 0o755); // else the program reaches all in it through an open handle anyway
  const path = join(top, 'as-deep-as-some-people-keep-their-data'.repeat(3));
  await mkdir(path);
  return {
    path,
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

test('a database that was deleted is refilled from the journal: stopped, and running', async (t) => {
  await using folder = await openFolder();
  let program = await startProgram({ directory: folder.path });
  await using _ = { [Symbol.asyncDispose]: () => program.stop() };
  const running = (): RunningProgram => program;
  const residents = [await moveIn(running, 'anna'), await moveIn(running, 'ben')];
  await furnish(program, residents);
  const day = new Day(running, residents);
  await day.steps(STEPS);
  await day[Symbol.asyncDispose]();
  const before = await describe(program, residents);

  await t.test('a row changed behind the house’s back is seen: the twin', async () => {
    const sql = 'UPDATE placement SET uid = uid + 1000000 WHERE uid = (SELECT max(uid) FROM placement)';
    await tamper(program.dataDir, sql);
    assert.notDeepEqual((await describe(program, residents)).tables, before.tables);
  });

  await t.test(
    'the program stopped and the database’s folder deleted: at the next start all is as it was',
    async () => {
      await program.stop();
      await rm(join(program.dataDir, 'postgres'), { recursive: true });
      program = await program.restart();
      assert.deepEqual(await describe(program, residents), before);
    },
  );

  await t.test(
    'deleted while it runs: people get 503, letters are kept or put off; after the rebuild all is there',
    async () => {
      await using missing = new Day(running, residents);
      const pidFile = join(program.dataDir, 'postgres', 'gen-0001', 'cluster', 'postmaster.pid');
      const postmaster = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
      await rm(join(program.dataDir, 'postgres'), { recursive: true });
      for (let n = 0; n < 5; n++) await missing.deliver();
      // it goes on for a while with files that have no name any more
      process.kill(postmaster, 'SIGKILL');
      const untilMs = performance.now() + AVAILABLE_WAIT_MS;
      while ((await residents[0]?.jmap('Mailbox/get', {})) && performance.now() < untilMs) await wait(10);
      assert.ok(performance.now() < untilMs, 'people were answered although there is no database');
      for (let n = 0; n < 10; n++) await missing.deliver();
      await missing[Symbol.asyncDispose]();
      await rebuild(program);
      const after = await describe(program, residents);
      assert.deepEqual(withoutLetters(after, missing), withoutLetters(before, missing));
      for (const [table, rows] of before.tables) {
        if (!['letter', 'placement'].includes(table)) continue;
        const now = new Set(after.tables.get(table));
        assert.deepEqual(
          rows.filter((row) => !now.has(row)),
          [],
          `rows of ${table}`,
        );
      }
      const subjects = new Set(after.letters.map(({ subject }) => subject));
      assert.ok([...missing.taken.values()].flat().every((subject) => subjects.has(subject)));
      await rebuild(program);
      assert.deepEqual(await describe(program, residents), after);
    },
  );

  await t.test('everybody can sign in, and no letter came twice', async () => {
    for (const { address } of residents) {
      const resident = await moveIn(running, address.split('@')[0] ?? '');
      const { letters } = await describe(program, [resident]);
      assert.equal(new Set(letters.map(({ subject }) => subject)).size, letters.length);
      assert.ok(letters.length > 10);
    }
  });
});

test(`a client that follows changes through ${REBUILDS} rebuilds ends equal to a reload, and no uid names two letters`, async (t) => {
  await using program = await startProgram();
  const running = (): RunningProgram => program;
  const anna = await moveIn(running, 'anna');
  const names = new Names();
  await using day = new Day(running, [anna]);
  await day.steps(10);
  const follower = new Follower(program.url, anna);
  await follower.load();
  for (let part = 0; part <= REBUILDS; part++) {
    // what happens during a rebuild happens too
    const rebuilding = part === 0 ? undefined : rebuild(program);
    await Promise.all([day.steps(Math.floor(FOLLOWED_STEPS / (REBUILDS + 1))), rebuilding]);
    await quiet(program);
    names.take(await readTables(program.dataDir));
    await follower.catchUp();
  }
  const swapped = new Map(await readTables(program.dataDir));
  swapped.set('placement', swapped.get('placement')?.map((row) => ({ ...row, letter_id: 'another' })) ?? []);
  assert.throws(() => names.take(swapped), /named .* and now another/);
  const followed = await follower.catchUp();
  const reloaded = await new Follower(program.url, anna).load();
  t.diagnostic(
    JSON.stringify({
      steps: FOLLOWED_STEPS,
      unavailable: day.unavailable,
      letters: reloaded.emails.size,
      uids: names.size,
      reloads: follower.reloads,
    }),
  );
  assert.equal(follower.reloads, REBUILDS, 'each rebuild tells it to load again, and nothing else does');
  assert.deepEqual(followed, reloaded);
  assert.ok(reloaded.emails.size > 20 && reloaded.mailboxes.size > 6);
});

/** Addresses, rules, a phrase, settings: everything that is not a letter. */
async function furnish(program: RunningProgram, residents: readonly Resident[]): Promise<void> {
  for (const words of [
    ['address', 'alias', 'office@siegel.test', '--for', 'anna@siegel.test'],
    ['domain', 'add', 'second.test', '--catch-all', 'ben@siegel.test'],
    ['invite', 'create', '--role', 'lawyer'],
  ]) {
    assert.equal((await program.siegel(words)).code, 0, words.join(' '));
  }
  for (const { address } of residents) {
    const made = await program.siegel(['user', 'phrase', '--address', address, '--password-stdin', '--json'], PASSWORD);
    assert.equal(made.code, 0, made.stdout);
  }
}

interface Description {
  /** Every row of every table as text, sorted. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  readonly states: unknown;
  /** Every letter, opened by its owner. */
  readonly letters: readonly { readonly address: string; readonly subject: string; readonly sha256: string }[];
}

async function describe(program: RunningProgram, residents: readonly Resident[]): Promise<Description> {
  await quiet(program);
  const tables = new Map<string, readonly string[]>();
  for (const [name, rows] of await readTables(program.dataDir)) {
    // when the tables were made is the one thing a database knows of itself; each rebuild is a record and an era more
    if (['schema_migration', 'applied'].includes(name)) continue;
    const eraless = rows.map((row) => (name === 'instance' ? { ...row, era: 0 } : row));
    tables.set(name, eraless.map((row) => JSON.stringify(row)).toSorted());
  }
  const states: unknown[] = [];
  const letters: Description['letters'][number][] = [];
  for (const resident of residents) {
    states.push(await statesOf(resident));
    letters.push(...(await openAll(resident)));
  }
  return {
    tables,
    states,
    letters: letters.toSorted((a, b) => (a.sha256 + a.address < b.sha256 + b.address ? -1 : 1)),
  };
}

async function statesOf({ jmap }: Resident): Promise<unknown> {
  const mailboxes = await jmap('Mailbox/get', {});
  const emails = await jmap('Email/get', {
    ids: null,
    properties: ['id', 'blobId', 'mailboxIds', 'keywords', 'receivedAt'],
  });
  const query = await jmap('Email/query', { sort: [{ property: 'receivedAt', isAscending: false }] });
  const identities = await jmap('Identity/get', {});
  const quota = await jmap('Quota/get', { ids: null });
  const items = await jmap('SealedItem/get', { collection: 'settings', ids: null });
  const states = JSON.stringify({ mailboxes, emails, query, identities, quota, items });
  return JSON.parse(states.replaceAll(/"((?:\w+S|s)tate)":"\d+\./g, '"$1":"'));
}

async function openAll({ address, reach, signedIn }: Resident): Promise<Description['letters'][number][]> {
  const session = await openSession(reach, signedIn);
  if (!session.ok) throw new Error(`the session does not open: ${session.error.kind}`);
  const ids = await readLetterIds(session.value.jmap, null);
  if (!ids.ok) throw new Error(`letters are not listed: ${ids.error.kind}`);
  const letters = createLetterReader(session.value);
  const opened: Description['letters'][number][] = [];
  for (const id of ids.value) {
    const read = await letters.read(id);
    if (!read.ok) throw new Error(`letter ${id} does not open: ${read.error.kind}`);
    const bytes = Buffer.from(read.value.plainOriginal);
    const subject = /Subject: (\S+)/.exec(bytes.toString())?.[1] ?? '';
    opened.push({ address, subject, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return opened;
}

/** Tables that letters do not change, and the letters that were there before. */
function withoutLetters({ tables, letters }: Description, { taken }: Day): unknown {
  const changed = ['letter', 'placement', 'mailbox', 'account_counter'];
  const later = new Set([...taken.values()].flat());
  return {
    tables: [...tables].filter(([name]) => !changed.includes(name)),
    letters: letters.filter(({ subject }) => !later.has(subject)),
  };
}

async function rebuild(program: RunningProgram): Promise<void> {
  const done = await program.siegel(['database', 'rebuild', '--apply', '--json']);
  assert.equal(done.code, 0, done.stdout + done.stderr);
}

/** Until everything journalled stands in the rows. */
async function quiet(program: RunningProgram): Promise<void> {
  for (const untilMs = performance.now() + AVAILABLE_WAIT_MS; performance.now() < untilMs; await wait(100)) {
    const { stdout } = await program.siegel(['status', '--json']);
    const facts = JSON.parse(stdout) as Record<string, unknown>;
    if (facts['database'] === 'up' && facts['records applied'] === facts['journal record']) return;
  }
  throw new Error('the rows do not follow the journal');
}

/** (mailbox, uidvalidity, uid) → letter, over the whole life of the house. */
class Names {
  readonly #letters = new Map<string, string>();

  get size(): number {
    return this.#letters.size;
  }

  take(tables: ReadonlyMap<string, readonly Row[]>): void {
    const validity = new Map((tables.get('mailbox') ?? []).map((row) => [row['mailbox_id'], row['uid_validity']]));
    for (const { mailbox_id: mailbox, uid, letter_id: letter } of tables.get('placement') ?? []) {
      const name = [mailbox, validity.get(mailbox), uid].join(' ');
      const known = this.#letters.get(name);
      assert.ok(known === undefined || known === letter, `${name} named ${known} and now ${String(letter)}`);
      this.#letters.set(name, String(letter));
    }
  }
}
