// Drivers that break one promise each: the suite must tell.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { createEmbeddedStore } from '#post/transit/store/embedded-store.ts';
import type { RamStore } from '#post/transit/store/ram-store.ts';
import { storePromises, type OpenStore } from './store-suite.ts';

const broken =
  (spoil: (store: RamStore) => RamStore, isTimeMoving = true): OpenStore =>
  async (bytesMax) => {
    const clock = manualClock(0);
    const advanceMs = async (byMs: number): Promise<void> => (isTimeMoving ? clock.advanceMs(byMs) : undefined);
    return { store: spoil(createEmbeddedStore({ clock, bytesMax })), advanceMs };
  };

async function brokenPromises(open: OpenStore): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { what, prove } of storePromises)
    await prove(open).catch((cause: unknown) => {
      assert.ok(cause instanceof assert.AssertionError);
      found.push(what);
    });
  return found;
}

test('a driver that keeps its promises breaks none', async () => {
  assert.deepEqual(await brokenPromises(broken((store) => store)), []);
});

test('a driver that forgets the end of its objects does not pass', async () => {
  const found = await brokenPromises(broken((store) => store, false));
  assert.deepEqual(found, ['an object that nobody deleted is gone at 3,600 s, and the sweep counts it']);
});

test('a driver that answers what was dropped does not pass', async () => {
  const forgetsDrops = (store: RamStore): RamStore => ({ ...store, drop: async () => true });
  const found = await brokenPromises(broken(forgetsDrops));
  assert.ok(found.includes('what was put comes back byte for byte until it is dropped'));
});

test('a driver without a bound does not pass', async () => {
  const found = await brokenPromises(async () => broken((store) => store)(1_000_000));
  assert.deepEqual(found, ['beyond its bound it refuses, keeps what it has, and takes again once there is room']);
});

test('a driver that takes objects without an end within the hour does not pass', async () => {
  const endless = (store: RamStore): RamStore => ({
    ...store,
    put: (job, name, sealed) => store.put(job, name, sealed, 3_600_000),
  });
  assert.ok((await brokenPromises(broken(endless))).includes('nothing is put without an end within the hour'));
});
