// The driver for one program, and the box that seals a job's objects: what the suite cannot see from outside.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { createEmbeddedStore, type StoredObject } from '#post/transit/store/embedded-store.ts';
import { JobBox } from '#post/transit/store/job-box.ts';
import { testStore } from './store-suite.ts';

testStore({
  name: 'embedded',
  open: async (bytesMax) => {
    const clock = manualClock(0);
    return { store: createEmbeddedStore({ clock, bytesMax }), advanceMs: async (byMs) => clock.advanceMs(byMs) };
  },
});

const MARK = 'Aktenzeichen 4711';
const holds = (objects: Map<string, StoredObject>, text: string): boolean =>
  [...objects.values()].some(({ sealed }) => Buffer.from(sealed).includes(text));

test('a forgotten deletion is counted as an alarm, and so is an object without an end', async () => {
  const clock = manualClock(0);
  const objects = new Map<string, StoredObject>();
  const store = createEmbeddedStore({ clock, objects });
  await store.put('job', 'a', Buffer.from('x'), 3_600_000);
  objects.set('job/planted', { job: 'job', name: 'planted', sealed: Buffer.from('x'), endMs: undefined });
  assert.equal(await store.sweep(), 1);
  assert.deepEqual([...objects.keys()], ['job/a']);
  clock.advanceMs(3_600_000);
  assert.equal(await store.sweep(), 1);
  assert.equal(objects.size, 0);
});

test('what is dropped is overwritten, not only forgotten', async () => {
  const objects = new Map<string, StoredObject>();
  const store = createEmbeddedStore({ clock: manualClock(0), objects });
  await store.put('job', 'a', Buffer.from(MARK), 1_000);
  const kept = [...objects.values()][0]?.sealed;
  assert.ok(kept !== undefined && Buffer.from(kept).includes(MARK));
  await store.drop('job', 'a');
  assert.equal(Buffer.from(kept).includes(MARK), false);
});

test('the store sees sealed bytes only; the box opens them, and nothing does once its key is gone', async () => {
  const objects = new Map<string, StoredObject>();
  const store = createEmbeddedStore({ clock: manualClock(0), objects });
  const box = new JobBox(store, manualClock(0), 'job');
  await box.put('sent/0', Buffer.from(MARK));
  assert.equal(holds(objects, MARK), false);
  assert.equal(Buffer.from((await box.get('sent/0')) ?? []).toString(), MARK);
  await store.put('job', 'open', Buffer.from(MARK), 1_000);
  assert.equal(holds(objects, MARK), true, 'the search would find it');
  await store.drop('job', 'open');
  assert.deepEqual(await box.destroy(), { created: 1, erased: 1, isKeyDestroyed: true });
  assert.equal(await box.get('sent/0'), undefined);
  assert.equal((await store.size()).objects, 0);
});

test('an object that was altered or moved does not open', async () => {
  const objects = new Map<string, StoredObject>();
  const store = createEmbeddedStore({ clock: manualClock(0), objects });
  const box = new JobBox(store, manualClock(0), 'job');
  await box.put('a', Buffer.from(MARK));
  await box.put('b', Buffer.from('other'));
  const a = objects.get('job/a');
  assert.ok(a);
  objects.set('job/b', { ...a, name: 'b' });
  assert.equal(await box.get('b'), undefined);
  a.sealed[20] = (a.sealed[20] ?? 0) ^ 1;
  assert.equal(await box.get('a'), undefined);
});

test('a deletion that the store forgot shows in the ledger: created and erased differ', async () => {
  const objects = new Map<string, StoredObject>();
  const store = createEmbeddedStore({ clock: manualClock(0), objects });
  const box = new JobBox({ ...store, drop: async () => false }, manualClock(0), 'job');
  await box.put('a', Buffer.from(MARK));
  assert.deepEqual(await box.destroy(), { created: 1, erased: 0, isKeyDestroyed: true });
});
