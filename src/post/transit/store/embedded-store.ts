// The store's driver for one program: a map in memory with a bound, an end for every object, and nothing on disk.

import { assert } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import type { RamStore } from './ram-store.ts';

export interface StoredObject {
  readonly job: string;
  readonly name: string;
  readonly sealed: Uint8Array;
  /** By the monotonic clock; undefined only by a mistake, and then it goes at the next sweep. */
  readonly endMs: number | undefined;
}

export interface EmbeddedStoreOptions {
  readonly clock: Clock;
  readonly bytesMax?: number;
  /** For tests that plant what should never be there. */
  readonly objects?: Map<string, StoredObject>;
}

export function createEmbeddedStore({
  clock,
  bytesMax = limits.transit.storeBytes,
  objects = new Map<string, StoredObject>(),
}: EmbeddedStoreOptions): RamStore {
  const used = (): number => [...objects.values()].reduce((sum, { sealed }) => sum + sealed.length, 0);
  const isOver = ({ endMs }: StoredObject): boolean => endMs === undefined || endMs <= clock.monotonicMs();
  const erase = (key: string): boolean => {
    objects.get(key)?.sealed.fill(0);
    return objects.delete(key);
  };
  return {
    async put(job, name, sealed, ttlMs) {
      assert(ttlMs > 0 && ttlMs <= limits.transit.dwellMs, 'every object has an end within the dwell');
      const key = keyOf(job, name);
      const before = objects.get(key)?.sealed.length ?? 0;
      if (used() - before + sealed.length > bytesMax) return err({ kind: 'full' });
      erase(key);
      objects.set(key, { job, name, sealed: Uint8Array.from(sealed), endMs: clock.monotonicMs() + ttlMs });
      return ok(undefined);
    },
    async get(job, name) {
      const found = objects.get(keyOf(job, name));
      return found === undefined || isOver(found) ? undefined : Uint8Array.from(found.sealed);
    },
    drop: async (job, name) => erase(keyOf(job, name)),
    names: async (job) =>
      [...objects.values()].filter((one) => one.job === job && !isOver(one)).map(({ name }) => name),
    size: async () => ({ objects: objects.size, bytes: used() }),
    room: async () => bytesMax - used(),
    async sweep() {
      const over = [...objects].filter(([, object]) => isOver(object));
      for (const [key] of over) erase(key);
      return over.length;
    },
    async [Symbol.asyncDispose]() {
      for (const key of objects.keys()) erase(key);
    },
  };
}

/** Jobs are ids without a slash. */
function keyOf(job: string, name: string): string {
  return `${job}/${name}`;
}
