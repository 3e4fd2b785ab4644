// A room whose documents wait on a Redis server: a letter goes through, and a server that dies in the middle costs no letter. Skips by name without it.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { silentLog } from '#base/log/log.ts';
import type { HandedIn } from '#post/transit/door/door.ts';
import type { DeletionReceipt } from '#post/transit/report/receipt.ts';
import { selfCheckDigest } from '#post/transit/report/self-check.ts';
import { redisSkip, startRedis } from '../../../test/suites/transit-store/redis-server.ts';
import { openRoom, type RoomProcess, type RoomRequest } from './open-room.ts';
import type { StorePlace } from './open-store-place.ts';

const TINY = new URL('../../../test/transit/tiny-room.ts', import.meta.url);
const skip = redisSkip ?? false;
const TRIES_MAX = 40;

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

function start(store: StorePlace, receipts: DeletionReceipt[] = []): ReturnType<typeof openRoom> {
  return openRoom(
    { ...request, store },
    {
      maySend: async () => 'yes',
      deliver: async () => 'taken',
      record: async (receipt) => void receipts.push(receipt),
    },
    { log: silentLog, entry: TINY, flags: [] },
  );
}

async function open(t: TestContext, store: StorePlace): Promise<{ room: RoomProcess; receipts: DeletionReceipt[] }> {
  const receipts: DeletionReceipt[] = [];
  const opened = await start(store, receipts);
  assert.ok(opened.ok, JSON.stringify(opened));
  t.after(() => opened.value[Symbol.asyncDispose]());
  return { room: opened.value, receipts };
}

function letter(words: string): HandedIn {
  const text = `From: anna@sender.test\r\nMessage-ID: <1@sender.test>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n${words}\r\n--b--\r\n`;
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
