// What every driver of the transit store must do, as tests that run over any of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import type { RamStore } from '#post/transit/store/ram-store.ts';

/** With this bound; `advanceMs` moves the time by which objects end. */
export type OpenStore = (
  bytesMax: number,
) => Promise<{ readonly store: RamStore; advanceMs(byMs: number): Promise<void> }>;

export interface StoreDriver {
  readonly name: string;
  readonly open: OpenStore;
  readonly skip?: string | undefined;
}

const HOUR_MS = 3_600_000;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

export function testStore({ name, open, skip }: StoreDriver): void {
  for (const { what, prove } of storePromises)
    void test(`${name}: ${what}`, { skip: skip ?? false }, () => prove(open));
}

/** Each alone, so that a twin shows which one it breaks. */
export const storePromises: readonly { readonly what: string; readonly prove: (open: OpenStore) => Promise<void> }[] = [
  {
    what: 'what was put comes back byte for byte until it is dropped',
    prove: async (open) => {
      const { store } = await open(1_000);
      await using closing = store;
      await store.put('job', 'a/1', bytes(1, 2, 3), 1_000);
      assert.deepEqual([...((await closing.get('job', 'a/1')) ?? [])], [1, 2, 3]);
      assert.equal(await store.get('other', 'a/1'), undefined);
      assert.equal(await store.drop('job', 'a/1'), true);
      assert.equal(await store.drop('job', 'a/1'), false);
      assert.equal(await store.get('job', 'a/1'), undefined);
      assert.deepEqual(await store.size(), { objects: 0, bytes: 0 });
    },
  },

  {
    what: 'the caller’s bytes and the store’s are two copies',
    prove: async (open) => {
      const { store } = await open(1_000);
      await using closing = store;
      const mine = bytes(7, 7);
      await store.put('job', 'a', mine, 1_000);
      mine.fill(0);
      const got = await closing.get('job', 'a');
      assert.deepEqual([...(got ?? [])], [7, 7]);
      got?.fill(0);
      assert.deepEqual([...((await store.get('job', 'a')) ?? [])], [7, 7]);
    },
  },

  {
    what: 'names are listed by job',
    prove: async (open) => {
      const { store } = await open(1_000);
      await using closing = store;
      await store.put('one', 'a', bytes(1), 1_000);
      await store.put('one', 'b', bytes(1), 1_000);
      await store.put('two', 'c', bytes(1), 1_000);
      assert.deepEqual([...(await closing.names('one'))].toSorted(), ['a', 'b']);
    },
  },

  {
    what: 'beyond its bound it refuses, keeps what it has, and takes again once there is room',
    prove: async (open) => {
      const { store } = await open(100);
      await using closing = store;
      assert.equal((await store.put('job', 'a', new Uint8Array(60), 1_000)).ok, true);
      assert.deepEqual(await store.put('job', 'b', new Uint8Array(60), 1_000), { ok: false, error: { kind: 'full' } });
      assert.equal((await closing.get('job', 'a'))?.length, 60);
      assert.equal((await store.put('job', 'a', new Uint8Array(90), 1_000)).ok, true, 'what is replaced makes room');
      await store.drop('job', 'a');
      assert.equal((await store.put('job', 'b', new Uint8Array(60), 1_000)).ok, true);
      assert.equal(await store.room(), 40);
    },
  },

  {
    what: 'nothing is put without an end within the hour',
    prove: async (open) => {
      const { store } = await open(100);
      await using closing = store;
      for (const ttlMs of [0, -1, limits.transit.dwellMs + 1, Number.NaN, Number.POSITIVE_INFINITY])
        await assert.rejects(store.put('job', 'a', bytes(1), ttlMs));
      assert.equal((await closing.size()).objects, 0);
    },
  },

  {
    what: 'an object that nobody deleted is gone at 3,600 s, and the sweep counts it',
    prove: async (open) => {
      const { store, advanceMs } = await open(100);
      await using closing = store;
      assert.equal(limits.transit.dwellMs, HOUR_MS);
      await store.put('job', 'forgotten', bytes(1), limits.transit.dwellMs);
      await advanceMs(HOUR_MS - 1_000);
      assert.equal(await store.sweep(), 0);
      assert.notEqual(await closing.get('job', 'forgotten'), undefined);
      await advanceMs(1_000);
      assert.equal(await store.get('job', 'forgotten'), undefined);
      assert.deepEqual(await store.names('job'), []);
      await store.sweep();
      assert.deepEqual(await store.size(), { objects: 0, bytes: 0 });
    },
  },
];
