// The driver for a Redis server, with Debian's: the common suite, what a start refuses, and a server that dies. Skips by name without it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { manualClock, systemClock } from '#base/clock.ts';
import { createLog } from '#base/log/log.ts';
import { ACL_RULES } from '#post/transit/store/check-redis.ts';
import { JobBox } from '#post/transit/store/job-box.ts';
import type { RamStore } from '#post/transit/store/ram-store.ts';
import { openStore } from '../../../src/programs/transit/open-store.ts';
import { countInMemory, formsOf } from '../../../src/programs/transit/search-memory.ts';
import { describeRoomRefusal } from '../../../src/programs/transit/start-sentences.ts';
import { guideLines, redisSkip, startRedis, type RedisServer } from './redis-server.ts';
import { testStore } from './store-suite.ts';

const log = createLog('silent');
const skip = redisSkip ?? false;
const HOUR_MS = 3_600_000;

async function faultsOf(server: RedisServer, place = server.place): Promise<readonly string[]> {
  const opened = await openStore(place, { clock: systemClock, log, key: randomBytes(32) });
  if (!opened.ok) return opened.error.faults.map(({ kind }) => kind);
  await opened.value.store[Symbol.asyncDispose]();
  return [];
}

async function storeOn(server: RedisServer, key = randomBytes(32), clock = manualClock(0)): Promise<RamStore> {
  const opened = await openStore(server.place, { clock, log, key });
  assert.ok(opened.ok, 'the store opens');
  return opened.value.store;
}

for (const isTls of [false, true])
  testStore({
    name: isTls ? 'redis behind TLS' : 'redis on a private socket',
    skip: redisSkip,
    async open(bytesMax) {
      const server = await startRedis({ isTls });
      const clock = manualClock(0);
      const opened = await openStore(server.place, { clock, log, key: randomBytes(32), bytesMax });
      assert.ok(opened.ok);
      const { store } = opened.value;
      const close = store[Symbol.asyncDispose].bind(store);
      store[Symbol.asyncDispose] = async () => {
        await close();
        server[Symbol.dispose]();
      };
      return { store, advanceMs: async (byMs) => clock.advanceMs(byMs) };
    },
  });

test('the guide gives exactly the rights that the program asks for', () => {
  assert.ok(guideLines().acl.includes(`>PASSWORD ${ACL_RULES}\n`));
});

for (const { what, lines, rules, kinds } of [
  { what: 'saves to a disk', lines: ['save 60 1'], kinds: ['disk'] },
  { what: 'appends to a file', lines: ['appendonly yes'], kinds: ['disk'] },
  { what: 'throws away what is old', lines: ['maxmemory-policy allkeys-lru'], kinds: ['eviction'] },
  { what: 'is a copy of another', lines: ['replicaof 127.0.0.1 1'], kinds: ['copies'] },
  { what: 'lets us do everything', rules: '~* &* +@all', kinds: ['rights'] },
  { what: 'lets us watch others', rules: `${ACL_RULES} +monitor`, kinds: ['rights'] },
  { what: 'denies us CONFIG GET', rules: ACL_RULES.replace(' +config|get', ''), kinds: ['not-provable'] },
  { what: 'denies us the dry trial', rules: ACL_RULES.replace(' +acl|dryrun', ''), kinds: ['not-provable'] },
  { what: 'would not let us erase', rules: ACL_RULES.replace(' +del', ''), kinds: ['rights'] },
  { what: 'lets others reach its socket', lines: ['unixsocketperm 777'], kinds: ['place'] },
])
  test(`the room does not start with a server that ${what}`, { skip }, async () => {
    using server = await startRedis({ ...(lines && { lines }), ...(rules !== undefined && { rules }) });
    assert.deepEqual(await faultsOf(server), kinds);
  });

test('a server that does not know us, or that nobody vouches for, is not used, and says which', { skip }, async () => {
  using server = await startRedis({ isTls: true });
  using other = await startRedis({ isTls: true });
  const { place } = server;
  assert.ok(place.kind === 'tls' && other.place.kind === 'tls');
  const said = async (change: Partial<typeof place>): Promise<string> => {
    const opened = await openStore({ ...place, ...change }, { clock: systemClock, log, key: randomBytes(32) });
    if (!opened.ok) return describeRoomRefusal(opened.error);
    await opened.value.store[Symbol.asyncDispose]();
    return 'it is used';
  };
  assert.equal(await said({}), 'it is used');
  const login = { user: 'siegel', password: 'wrong' };
  for (const change of [{ login }, { login: { ...place.login, user: 'nobody-there' } }])
    assert.match(await said(change), /^the store does not know this user .*transit-store-login/);
  for (const caPem of [other.place.caPem, undefined])
    assert.match(await said({ caPem }), /^nobody we trust vouches for .*transit-store-ca/);
  assert.match(await said({ host: '127.0.0.1' }), /^the store’s certificate is for another host\. .*transit-store/);
  await server.kill('SIGKILL');
  assert.match(await said({}), /^the store does not answer\. Start it/);
});

test('the server itself ends what everybody forgot', { skip }, async () => {
  using server = await startRedis();
  await using store = await storeOn(server);
  await store.put('job', 'a', Buffer.from('x'), 60);
  assert.notEqual(await store.get('job', 'a'), undefined);
  await wait(120);
  assert.equal(await store.get('job', 'a'), undefined, 'our own clock stands still');
  assert.deepEqual(await store.size(), { objects: 0, bytes: 0 });
});

test(
  'a key of ours without an end is deleted by the sweep, with an alarm; nobody else’s is touched',
  { skip },
  async () => {
    using server = await startRedis({ rules: ACL_RULES });
    await using store = await storeOn(server);
    await using other = await storeOn(server);
    await store.put('job', 'a', Buffer.from('x'), HOUR_MS);
    await other.put('job', 'a', Buffer.from('y'), HOUR_MS);
    assert.equal(await store.sweep(), 0);
    const { place } = server;
    assert.ok(place.kind === 'socket');
    const client = createClient({
      socket: { path: place.path, tls: false },
      username: 'siegel',
      password: place.login.password,
      disableClientInfo: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    const [, keys] = await client.sendCommand<[string, string[]]>(['SCAN', '0']);
    for (const key of keys) await client.sendCommand(['SET', `${key}-planted`, 'x']);
    client.destroy();
    assert.equal(await store.sweep(), 1);
    assert.deepEqual(await store.size(), { objects: 1, bytes: 1 });
    assert.equal((await other.size()).objects, 2, 'the other room’s, planted one and all');
  },
);

test('what a killed room left is erased when it starts again, and only that', { skip }, async () => {
  using server = await startRedis();
  const key = randomBytes(32);
  const killed = await storeOn(server, key);
  await using other = await storeOn(server);
  await killed.put('job', 'left', Buffer.from('x'), HOUR_MS);
  await other.put('job', 'a', Buffer.from('y'), HOUR_MS);
  await using again = await storeOn(server, key);
  assert.equal((await killed.size()).objects, 0);
  assert.equal((await other.size()).objects, 1);
  assert.equal((await again.size()).objects, 0);
});

test('a full server is full, and takes again what fits', { skip }, async () => {
  using server = await startRedis({ lines: ['maxmemory 8mb'] });
  await using store = await storeOn(server);
  let count = 0;
  for (; count < 20; count++) {
    const put = await store.put('job', `${count}`, randomBytes(1_000_000), HOUR_MS);
    if (put.ok) continue;
    assert.equal(put.error.kind, 'full');
    break;
  }
  assert.ok(count > 1 && count < 20);
  assert.ok((await store.room()) < 2_000_000);
  for (let n = 0; n < count; n++) await store.drop('job', `${n}`);
  assert.equal((await store.put('job', 'again', randomBytes(1_000_000), HOUR_MS)).ok, true);
});

test(
  'a server that dies is unavailable, and is used again when it is back and still writes nothing',
  { skip },
  async () => {
    using server = await startRedis();
    await using store = await storeOn(server);
    await store.put('job', 'a', Buffer.from('x'), HOUR_MS);
    await server.kill('SIGKILL');
    assert.deepEqual(await store.put('job', 'b', Buffer.from('x'), HOUR_MS), {
      ok: false,
      error: { kind: 'unavailable' },
    });
    assert.equal(await store.get('job', 'a'), undefined);
    assert.equal(await store.room(), 0);
    assert.equal(await store.drop('job', 'a'), false);
    await server.start(['save 60 1']);
    await wait(600);
    assert.deepEqual(
      await store.put('job', 'b', Buffer.from('x'), HOUR_MS),
      { ok: false, error: { kind: 'unavailable' } },
      'it saves now',
    );
    await server.kill('SIGKILL');
    await server.start();
    await wait(600);
    assert.equal((await store.put('job', 'c', Buffer.from('x'), HOUR_MS)).ok, true);
    assert.equal(await store.sweep(), 0);
    assert.deepEqual(await store.size(), { objects: 1, bytes: 1 });
  },
);

test(
  'a server that hangs is unavailable within the bound, over the connection there is and over a new one',
  { skip, timeout: 60_000 },
  async () => {
    using server = await startRedis();
    const parts = { clock: manualClock(0), log, key: randomBytes(32) };
    const opened = await openStore(server.place, { ...parts, answerMs: 1_000 });
    const patient = await openStore(server.place, { ...parts, key: randomBytes(32), answerMs: 600_000 });
    assert.ok(opened.ok && patient.ok);
    const { store } = opened.value;
    const unavailable = { ok: false, error: { kind: 'unavailable' } };
    await server.kill('SIGSTOP');
    const unbounded = patient.value.store.put('job', 'a', Buffer.from('x'), HOUR_MS).then(() => 'answered');
    assert.deepEqual(await store.put('job', 'a', Buffer.from('x'), HOUR_MS), unavailable);
    // it takes connections and answers no login
    assert.deepEqual(await store.put('job', 'b', Buffer.from('x'), HOUR_MS), unavailable);
    assert.equal(
      await Promise.race([unbounded, Promise.resolve('still waiting')]),
      'still waiting',
      'without the bound',
    );
    await server.kill('SIGCONT');
    assert.equal(await unbounded, 'answered');
    await store[Symbol.asyncDispose]();
    await patient.value.store[Symbol.asyncDispose]();
  },
);

test('the server’s memory and folder hold no word of a document; unsealed, the search finds it', { skip }, async () => {
  using server = await startRedis();
  await using store = await storeOn(server);
  const mark = `Mark ${randomBytes(24).toString('hex')}`;
  const forms = formsOf(mark);
  const box = new JobBox(store, manualClock(0), 'job');
  await box.put('sent', Buffer.from(mark.repeat(50)));
  assert.equal(Buffer.from((await box.get('sent')) ?? []).includes(mark), true);
  assert.equal(countInMemory(server.pid, forms), 0);
  assert.deepEqual(await box.destroy(), { created: 1, erased: 1, isKeyDestroyed: true });
  assert.equal(countInMemory(server.pid, forms), 0);
  const inFolder = (): boolean =>
    readdirSync(server.folder, { withFileTypes: true }).some(
      (entry) => entry.isFile() && forms.some((form) => readFileSync(join(server.folder, entry.name)).includes(form)),
    );
  assert.equal(inFolder(), false);
  assert.equal(existsSync(join(server.folder, 'dump.rdb')), false);
  await store.put('job', 'open', Buffer.from(mark.repeat(50)), HOUR_MS);
  assert.ok(countInMemory(server.pid, forms) > 0, 'with the seal off');
});

test('a socket that others may open later is not used again', { skip }, async () => {
  using server = await startRedis();
  await using store = await storeOn(server);
  assert.ok(server.place.kind === 'socket');
  await server.kill('SIGKILL');
  await server.start();
  chmodSync(server.place.path, 0o777);
  assert.equal((await store.put('job', 'a', Buffer.from('x'), HOUR_MS)).ok, false);
});
