// A room whose documents wait on a Redis server: a letter goes through, and a server that dies in the middle costs no letter. Skips by name without it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { silentLog } from '#base/log/log.ts';
import type { HandOver } from '#post/transit/control/transit-letter.ts';
import type { HandedIn } from '#post/transit/door/door.ts';
import type { DeletionReceipt } from '#post/transit/report/receipt.ts';
import { selfCheckDigest } from '#post/transit/report/self-check.ts';
import { redisSkip, startRedis, type RedisServer } from '../../../test/suites/transit-store/redis-server.ts';
import { openRoom, type RoomProcess, type RoomRequest } from './open-room.ts';
import type { StorePlace } from './open-store-place.ts';

const TINY = new URL('../../../test/transit/tiny-room.ts', import.meta.url);
const skip = redisSkip ?? false;
const TRIES_MAX = 40;
const LOOKS_MAX = 1_500;
const LOOK_MS = 20;

const request: RoomRequest = {
  domain: 'siegel.test',
  clock: undefined,
  smtp: undefined,
  http: undefined,
  origin: undefined,
  tls: undefined,
  dns: [],
  key: new Uint8Array(32).fill(1),
  signingSeed: new Uint8Array(32).fill(2),
  accepted: ['swap', 'piped-cores'],
};

interface World {
  readonly receipts: DeletionReceipt[];
  /** Message-IDs that were taken. */
  readonly taken: string[];
  answer: () => HandOver;
}

function start(store: StorePlace, { receipts, taken, answer }: World = newWorld(), bounds: RoomRequest['bounds'] = {}) {
  return openRoom(
    { ...request, store, bounds },
    {
      maySend: async () => 'yes',
      deliver: async ({ messageId }) => {
        const how = answer();
        if (how === 'taken') taken.push(messageId);
        return how;
      },
      record: async (receipt) => void receipts.push(receipt),
    },
    { log: silentLog, entry: TINY, flags: [] },
  );
}

function newWorld(answer: () => HandOver = () => 'taken'): World {
  return { receipts: [], taken: [], answer };
}

async function open(
  t: TestContext,
  store: StorePlace,
  world = newWorld(),
  bounds?: RoomRequest['bounds'],
): Promise<World & { readonly room: RoomProcess }> {
  const opened = await start(store, world, bounds);
  assert.ok(opened.ok, JSON.stringify(opened));
  t.after(() => opened.value[Symbol.asyncDispose]());
  return { ...world, room: opened.value };
}

/** Documents with its path in them are at work until it is let go. */
function hold(t: TestContext): { readonly path: string; letGo(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-held-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'held');
  writeFileSync(path, '');
  return { path, letGo: () => rmSync(path) };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    if (await isSo()) return;
    await wait(LOOK_MS);
  }
  assert.fail(`it never came: ${what}`);
}

const keysIn = async (server: RedisServer): Promise<number> => Number(await server.command('DBSIZE'));

/** As a mail server does: again after each "later", and never after another answer. */
async function sendUntilTaken(room: RoomProcess, words: string, id = '1'): Promise<readonly string[]> {
  const heard: string[] = [];
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await room.take(letter(words, id));
    heard.push(answer.ok ? 'taken' : answer.error.kind);
    if (answer.ok) return heard;
    assert.match(answer.error.kind, /^transit(?:NoRoom|OutLater)$/);
    await wait(100);
  }
  return heard;
}

function letter(words: string, id = '1'): HandedIn {
  const text = `From: anna@sender.test\r\nMessage-ID: <${id}@sender.test>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n${words}\r\n--b--\r\n`;
  return {
    plainLetter: Buffer.from(text),
    sender: { local: 'anna', domain: 'sender.test' },
    recipient: { local: 'optimise', domain: 'siegel.test' },
    source: { protocol: 'submission', peer: '127.0.0.1', greetingName: 'c', tlsVersion: undefined, trusted: false },
    receivedMs: Date.now(),
    isSignedIn: true,
  };
}

test(
  'a letter goes through a room with a store outside, and its receipt holds what the store proved',
  { skip },
  async (t) => {
    using server = await startRedis();
    const { room, receipts } = await open(t, server.place);
    const answer = await room.take(letter('drow'));
    assert.ok(answer.ok, JSON.stringify(answer));
    const check = await room.room.selfCheck();
    assert.equal(check.store?.over, 'socket');
    assert.ok(check.store.denied.includes('MONITOR'));
    assert.equal(receipts[0]?.facts.selfCheck, selfCheckDigest(check));
    assert.equal((await room.room.counters()).objects, 0);
  },
);

test(
  'the store is killed while a letter is at work: it is to come again, the room lives, and works when the store is back',
  { skip },
  async (t) => {
    using server = await startRedis();
    const { room } = await open(t, server.place);
    const { pid } = room;
    const waiting = room.take(letter('wait 800'));
    await wait(400);
    await server.kill('SIGKILL');
    const answer = await waiting;
    assert.deepEqual(answer, { ok: false, error: { kind: 'transitNoRoom' } });
    assert.equal(room.pid, pid);
    assert.equal(await room.hasRoomFor(1_000), false);
    await server.start();
    for (let tries = 0; tries < TRIES_MAX && !(await room.hasRoomFor(1_000)); tries++) await wait(100);
    const again = await room.take(letter('wait 800'));
    assert.ok(again.ok, JSON.stringify(again));
    assert.equal(room.pid, pid);
  },
);

test('the room does not start with a store that writes to a disk', { skip }, async () => {
  using server = await startRedis({ lines: ['appendonly yes'] });
  const opened = await start(server.place);
  assert.ok(!opened.ok && opened.error.kind === 'store');
  assert.deepEqual(
    opened.error.faults.map(({ kind }) => kind),
    ['disk'],
  );
});

test(
  'the server begins to save while letters come: what the room has there is erased, letters are to come again, and it works once that is over',
  { skip, timeout: 120_000 },
  async (t) => {
    using server = await startRedis();
    using unseen = await startRedis();
    const held = hold(t);
    const { room, taken } = await open(t, server.place, newWorld(), { sweepMs: 200 });
    const { room: blind } = await open(t, unseen.place, newWorld(), { sweepMs: 3_600_000 });
    const waiting = room.take(letter(`hold ${held.path}`));
    await until('an object', async () => (await keysIn(server)) > 0);
    for (const one of [server, unseen]) await one.command('CONFIG', 'SET', 'save', '3600 1');
    await until('erased', async () => (await keysIn(server)) === 0);
    assert.equal(await room.hasRoomFor(1_000), false);
    held.letGo();
    assert.deepEqual(await waiting, { ok: false, error: { kind: 'transitNoRoom' } });
    assert.deepEqual(await room.take(letter('drow')), { ok: false, error: { kind: 'transitNoRoom' } });
    assert.equal(await keysIn(server), 0);
    assert.equal(await blind.hasRoomFor(1_000), true, 'a room that does not look again');
    await server.command('CONFIG', 'SET', 'save', '');
    assert.equal((await sendUntilTaken(room, 'drow')).at(-1), 'taken');
    assert.equal(taken.length, 1);
  },
);

for (const { what, lose } of [
  { what: 'all keys are gone', lose: (server: RedisServer) => server.command('FLUSHALL') },
  {
    what: 'the key of one file is gone',
    async lose(server: RedisServer) {
      const keys = await server.command('KEYS', '*/back/0');
      assert.ok(Array.isArray(keys) && keys.length === 1);
      await server.command('DEL', String(keys[0]));
    },
  },
  {
    what: 'the server was started again',
    async lose(server: RedisServer) {
      await server.kill('SIGKILL');
      await server.start();
    },
  },
])
  test(
    `a result that waits is lost (${what}): the sender hears "later", and the letter is worked on anew`,
    { skip, timeout: 120_000 },
    async (t) => {
      using server = await startRedis();
      let isOut = false;
      const world = newWorld(() => (isOut ? 'taken' : 'later'));
      const { room, taken, receipts } = await open(t, server.place, world);
      assert.deepEqual(await room.take(letter('drow')), { ok: false, error: { kind: 'transitOutLater' } });
      assert.ok((await keysIn(server)) > 0, 'the result waits');
      await lose(server);
      isOut = true;
      const heard = await sendUntilTaken(room, 'drow');
      assert.equal(heard[0], 'transitOutLater', 'never "taken" for what was lost');
      assert.equal(heard.at(-1), 'taken');
      assert.equal(taken.length, 1);
      assert.ok(
        receipts.some(({ facts }) => facts.returnedMs === undefined),
        'what was lost has its receipt too',
      );
      assert.equal(await keysIn(server), 0);
    },
  );

test(
  'documents are lost before their work begins: that letter comes again, and each is taken once',
  { skip, timeout: 120_000 },
  async (t) => {
    using server = await startRedis();
    const held = hold(t);
    const { room, taken } = await open(t, server.place, newWorld(), { jobsMax: 1 });
    const first = room.take(letter(`hold ${held.path}`, 'first'));
    await until('the first at work', async () => (await room.room.counters()).atWork === 1);
    await until('its documents are read', async () => (await room.room.counters()).jobs === 1);
    const second = room.take(letter('drow', 'second'));
    await until('the second waits', async () => (await room.room.counters()).waiting === 1);
    await server.command('FLUSHALL');
    held.letGo();
    const answers = [await first, await second];
    assert.deepEqual(answers[1], { ok: false, error: { kind: 'transitNoRoom' } });
    if (answers[0]?.ok !== true) await sendUntilTaken(room, `hold ${held.path}`, 'first');
    assert.equal((await sendUntilTaken(room, 'drow', 'second')).at(-1), 'taken');
    assert.equal(new Set(taken).size, 2);
    assert.equal(taken.length, 2, 'each once');
    assert.equal(await keysIn(server), 0);
  },
);

for (const { what, upset } of [
  {
    what: 'is started again',
    async upset(server: RedisServer, letGo: () => void) {
      await server.kill('SIGKILL');
      await server.start();
      letGo();
    },
  },
  {
    what: 'stands still',
    async upset(server: RedisServer, letGo: () => void, answered: Promise<unknown>) {
      await server.kill('SIGSTOP');
      letGo();
      await answered;
      await server.kill('SIGCONT');
    },
  },
])
  test(
    `the server ${what} in mid-job: nothing hangs, the letter is taken in the end, once`,
    { skip, timeout: 120_000 },
    async (t) => {
      using server = await startRedis();
      const held = hold(t);
      const { room, taken } = await open(t, server.place, newWorld(), { storeAnswerMs: 2_000 });
      const { pid } = room;
      const words = `hold ${held.path}`;
      const first = room.take(letter(words));
      await until('an object', async () => (await keysIn(server)) > 0);
      await upset(server, held.letGo, first);
      const answer = await first;
      if (!answer.ok) {
        assert.match(answer.error.kind, /^transit(?:NoRoom|OutLater)$/);
        assert.equal(taken.length, 0);
        assert.equal((await sendUntilTaken(room, words)).at(-1), 'taken');
      }
      assert.equal(taken.length, 1);
      assert.equal(room.pid, pid);
      await until('erased', async () => (await keysIn(server)) === 0);
    },
  );
