// What one letter or account takes from others: turns with a busy domain, the room of the store, and a disk that is full.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { LiveStore } from '#vault/live/live-store.ts';
import { accountId, makeWorld, until, type World } from './test-queue.ts';
import type { Queue } from './queue.ts';

const MINUTE_MS = 60_000;
const other = newId<AccountId>();
const full = limits.queue.lettersPerDomainMax;

async function send(world: World, queue: Queue, by: AccountId, ...recipients: string[]) {
  const sent = await queue.submit(world.letter(recipients, { accountId: by }));
  assert.ok(sent.ok, JSON.stringify(sent));
  return sent.value.submissionId;
}

/** As many letters to it as may be under way at once; they are answered when `answer` is called. */
async function keepBusy(world: World, queue: Queue, by: AccountId, domain: string): Promise<() => void> {
  let answer: () => void = () => undefined;
  const slow = new Promise<'ok'>((resolve) => (answer = () => resolve('ok')));
  world.say = (address) => (address.endsWith(domain) ? slow : 'ok');
  for (let count = 0; count < full; count += 1) await send(world, queue, by, `a${count}@${domain}`);
  await until(() => queue.status.inFlight === full, 'a busy domain');
  return answer;
}

function reached(world: World): readonly string[] {
  return world.sent.flatMap(({ recipients }) => recipients);
}

async function settled(queue: Queue): Promise<void> {
  await until(() => queue.status.inFlight <= full, 'the rest in line');
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('letters of a held account that stand in line for a domain do not keep those behind them there', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const answer = await keepBusy(world, queue, accountId, 'busy.test');
  for (let count = 0; count < 2 * full; count += 1) await send(world, queue, accountId, `held${count}@busy.test`);
  await send(world, queue, other, 'ben@busy.test');
  await settled(queue);
  await queue.hold(accountId, 'mass');
  answer();
  await until(() => reached(world).includes('ben@busy.test'), 'the letter of somebody else');
  assert.ok(!reached(world).some((address) => address.startsWith('held')));
  await queue.release(accountId);
  await until(() => reached(world).length === 3 * full + 1, 'all, once released');
});

test('a letter that is taken back while it stands in line gives its turn to the next one', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const answer = await keepBusy(world, queue, accountId, 'busy.test');
  const back = await Promise.all(
    Array.from({ length: full }, (_, at) => send(world, queue, accountId, `back${at}@busy.test`)),
  );
  await send(world, queue, accountId, 'ben@busy.test');
  await settled(queue);
  for (const id of back) assert.deepEqual(await queue.cancel(accountId, id), { ok: true, value: undefined });
  answer();
  await until(() => reached(world).includes('ben@busy.test'), 'the letter behind');
});

test('a letter for two domains that has to wait for the second gives its turn at the first to the next one', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const answer = await keepBusy(world, queue, accountId, 'busy.test');
  let free: () => void = () => undefined;
  const stuck = new Promise<'ok'>((resolve) => (free = () => resolve('ok')));
  const before = world.say;
  world.say = (address, tries) => (address.endsWith('stuck.test') ? stuck : before(address, tries));
  for (let count = 0; count < full; count += 1) await send(world, queue, other, `s${count}@stuck.test`);
  await until(() => queue.status.inFlight === 2 * full, 'two busy domains');
  for (let count = 0; count < full; count += 1) await send(world, queue, other, `x@busy.test`, `x${count}@stuck.test`);
  await send(world, queue, accountId, 'ben@busy.test');
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  answer();
  await until(() => reached(world).includes('ben@busy.test'), 'the letter behind');
  free();
  await until(() => queue.status.waiting === 0, 'all');
});

test('while the disk is full an answer cannot be written down, and yet the peer gets no letter twice', async (t) => {
  const world = await makeWorld(t);
  let isFull = false;
  world.disk = {
    ...nodeDisk,
    async create(path) {
      const file = await nodeDisk.create(path);
      const write: typeof file.write = async (parts, position) => {
        if (isFull && path.includes('letters-')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        await file.write(parts, position);
      };
      return { write, read: (at, length) => file.read(at, length), sync: () => file.sync(), size: () => file.size(), close: () => file.close() };
    },
  }; // prettier-ignore
  const queue = await world.open();
  world.say = (address, tries) => (address.startsWith('slow') && tries < 3 ? 'later' : 'ok');
  const sent = await queue.submit(world.letter(['quick@there.test', 'slow@else.test'], { dueMs: world.clock.nowMs() + 1 }));
  assert.ok(sent.ok);
  isFull = true;
  world.clock.advanceMs(1);
  await queue.release(undefined);
  for (let tries = 1; tries < 3; tries += 1) {
    await until(() => queue.list()[0]?.attempts === tries && queue.status.inFlight === 0, `try ${tries}`);
    world.clock.advanceMs(15 * MINUTE_MS);
    await queue.release(undefined);
  }
  await until(() => queue.status.waiting === 0, 'the end');
  assert.equal(reached(world).filter((address) => address.startsWith('quick')).length, 1);
}); // prettier-ignore

test('in a store that is half full an account with much in it puts no more in, and everybody else goes on', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  await queue.hold(undefined, 'operator');
  const { bytesMax, accountShare, sharedFrom } = limits.live;
  const place = { segment: 1, offset: 0, length: bytesMax * accountShare };
  t.mock.method(LiveStore.prototype, 'letters', () => [{ accountId, place }]);
  const submit = async (by: AccountId) => queue.submit(world.letter(['ben@there.test'], { accountId: by }));
  assert.ok((await submit(accountId)).ok, 'there is room for everybody');
  t.mock.getter(LiveStore.prototype, 'bytes', () => bytesMax * sharedFrom);
  assert.deepEqual(await submit(accountId), { ok: false, error: { kind: 'tooManyToday' } });
  assert.ok((await submit(other)).ok);
});
