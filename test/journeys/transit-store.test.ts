// The whole house with a store named by its operator: documents wait on a Redis server, which is watched; what is wrong with it is said, and costs no letter. Skips by name without it.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, runSiegel, startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { PROGRAM_USER, redisSkip, startRedis, type RedisServer } from '../suites/transit-store/redis-server.ts';
import { documentLetter } from '../transit/alone.ts';

const PASSWORD = 'a long password for tests';
const LOOKS_MAX = 300;
const LOOK_MS = 200;
const skip = redisSkip ?? false;

interface House {
  readonly program: RunningProgram;
  /** The reply to a letter with documents that a member's mail program hands in. */
  send(id: string): Promise<string>;
}

/** Options that name the server; the login may be another. */
function optionsFor(t: TestContext, server: RedisServer, login = server.place.login): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-store-options-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [loginFile, caFile] = [join(folder, 'login'), join(folder, 'ca.pem')];
  writeFileSync(loginFile, `${login.user}\n${login.password}\n`, { mode: 0o600 });
  const { place } = server;
  if (place.kind === 'tls') writeFileSync(caFile, place.caPem ?? '');
  for (const path of [folder, loginFile]) if (PROGRAM_USER) chownSync(path, PROGRAM_USER.uid, PROGRAM_USER.gid);
  chmodSync(folder, 0o755);
  return {
    SIEGEL_TRANSIT: '1',
    SIEGEL_TRANSIT_ACCEPT: 'swap, piped-cores',
    SIEGEL_TRANSIT_STORE: place.kind === 'socket' ? place.path : `rediss://${place.host}:${place.port}`,
    SIEGEL_TRANSIT_STORE_LOGIN: loginFile,
    ...(place.kind === 'tls' && { SIEGEL_TRANSIT_STORE_CA: caFile }),
  };
}

async function openHouse(t: TestContext, env: Readonly<Record<string, string>>): Promise<House> {
  const port = await freePort();
  const readyWaitMs = 120_000;
  const program = await startProgram({ env: { SIEGEL_SUBMISSION_PORT: String(port), ...env }, readyWaitMs });
  t.after(() => program.stop());
  // the page answers a moment before everything stands
  await until('all stands', async () => /http:\/\/|https:\/\//.test(program.output()));
  await program.signUp('anna', PASSWORD);
  const words = ['user', 'app-password', 'create', 'Rechner', '--address', 'anna@siegel.test', '--password-stdin'];
  const made = await program.siegel([...words, '--json'], PASSWORD);
  assert.equal(made.code, 0, made.stderr);
  const { appPassword } = JSON.parse(made.stdout) as { appPassword: string };
  const plain = Buffer.from(`\0anna@siegel.test\0${appPassword}`).toString('base64');
  return {
    program,
    async send(id) {
      await using client = await openSmtp(port);
      assert.equal((await client.command(`AUTH PLAIN ${plain}`)).code, 235);
      const bytes = Buffer.from(documentLetter({ from: 'anna@siegel.test', id, words: 'no document' }));
      const order = { from: 'anna@siegel.test', to: ['optimise@siegel.test'], bytes, by: 'data' } as const;
      const reply = await client.send(order);
      return `${reply.code} ${reply.text}`;
    },
  };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    if (await isSo()) return;
    await wait(LOOK_MS);
  }
  assert.fail(`it never came: ${what}`);
}

async function putsOf(server: RedisServer): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return Number(/cmdstat_set:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

test(
  'a house works on documents by its store, stops when the server begins to write, and goes on afterwards',
  { skip },
  async (t) => {
    using server = await startRedis({ owner: PROGRAM_USER });
    const { program, send } = await openHouse(t, optionsFor(t, server));
    assert.doesNotMatch(program.output(), /Documents are not worked on/);
    assert.match(await send('1'), /^250 2\.0\.0 processed, returned, erased; receipt=[a-z2-7]{26}/);
    assert.ok((await putsOf(server)) >= 4, 'the order, the document, the report and the result lay there');
    assert.equal(await server.command('DBSIZE'), 0);
    const check = (await (await fetch(`${program.url}/transit/self-check`)).json()) as { store?: { over?: string } };
    assert.equal(check.store?.over, 'socket');
    await server.command('CONFIG', 'SET', 'save', '3600 1');
    const heard: string[] = [];
    let tries = 1;
    await until('refused', async () => {
      heard.push(await send(`during-${tries++}`));
      return heard.at(-1)?.startsWith('452 4.3.1') === true;
    });
    assert.match(program.output(), /"event":"transit\.storeNotUsed","reason":"disk"/);
    assert.equal(await server.command('DBSIZE'), 0);
    await server.command('CONFIG', 'SET', 'save', '');
    await until('taken again', async () => (await send(`after-${tries++}`)).startsWith('250 '));
  },
);

test(
  'a house whose store does not know it keeps its mail, says why documents wait, and takes none',
  { skip },
  async (t) => {
    using server = await startRedis({ owner: PROGRAM_USER, isTls: true });
    const login = { user: 'siegel', password: 'not this one' };
    const { program, send } = await openHouse(t, optionsFor(t, server, login));
    await until('the reason', async () => program.output().includes('Documents are not worked on'));
    assert.match(
      program.output(),
      /Documents are not worked on: the store does not know this user.*transit-store-login/,
    );
    assert.match(await send('1'), /^451 4\.3\.2 documents are not taken/);
    assert.equal(await putsOf(server), 0);
  },
);

test('with options that cannot be meant, house and room alone do not start, and name the file', { skip }, async (t) => {
  using server = await startRedis({ owner: PROGRAM_USER, isTls: true });
  const options = { ...optionsFor(t, server), SIEGEL_TRANSIT_STORE_CA: '/nonexistent/ca.pem' };
  const folder = mkdtempSync(join(tmpdir(), 'siegel-store-none-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const words of [['start'], ['transit', 'start']]) {
    const ports = { SIEGEL_SMTP_PORT: String(await freePort()), SIEGEL_HTTP_PORT: String(await freePort()) };
    const env = { ...process.env, ...ports, SIEGEL_DATA_DIR: join(folder, words.join('-')), ...options };
    const ended = await runSiegel(words, '', env);
    assert.equal(ended.code, 1, words.join(' '));
    assert.match(ended.stderr + ended.stdout, /transit-store-ca names \/nonexistent\/ca\.pem, which cannot be read/);
  }
});

test('the room alone does not start with a store that does not know it, and says what to do', { skip }, async (t) => {
  using server = await startRedis({ owner: PROGRAM_USER });
  const folder = mkdtempSync(join(tmpdir(), 'siegel-store-login-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const options = optionsFor(t, server, { user: 'nobody-there', password: 'x' });
  const ports = { SIEGEL_SMTP_PORT: String(await freePort()), SIEGEL_HTTP_PORT: String(await freePort()) };
  const kit = { SIEGEL_DATA_DIR: join(folder, 'data'), SIEGEL_KIT_DIR: join(folder, 'kit') };
  const ended = await runSiegel(['transit', 'start'], '', { ...process.env, ...ports, ...kit, ...options });
  assert.equal(ended.code, 1);
  assert.match(ended.stderr + ended.stdout, /the store does not know this user with this password.*users\.acl/);
});

test('`siegel transit burglary` looks into the named store too', { skip }, async (t) => {
  using server = await startRedis({ owner: PROGRAM_USER });
  const ended = await runSiegel(['transit', 'burglary'], '', { ...process.env, ...optionsFor(t, server) });
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  assert.match(ended.stdout, /^0 hits: /);
  assert.match(
    ended.stdout,
    /The store outside took \d+ objects\. Of 0 keys there now, 0 are left of the room and 0 hold the mark/,
  );
  assert.match(ended.stdout, /2 objects left in the store, 1 of them not sealed and \d+ places in the store’s memory/);
});
