// The room's store: in its own memory, or on a Redis or Valkey server behind a private socket or TLS.

import { createHmac } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { noAnswer, type CheckedStore, type StoreFault } from '#post/transit/store/check-redis.ts';
import { createEmbeddedStore } from '#post/transit/store/embedded-store.ts';
import type { RamStore } from '#post/transit/store/ram-store.ts';
import { KEY_PREFIX, openRedisStore } from '#post/transit/store/redis-store.ts';
import type { StorePlace } from './open-store-place.ts';
import type { LineWay, RedisLine } from './redis-line.ts';

export interface OpenedStore {
  readonly store: RamStore;
  /** Undefined: in the room's own memory. */
  readonly checked: (CheckedStore & { readonly over: 'socket' | 'tls' }) | undefined;
}

export interface StoreParts extends LineWay {
  readonly clock: Clock;
  /** Of the room: names its keys, so that what it leaves when killed is found again. */
  readonly key: Uint8Array;
  readonly bytesMax?: number;
}

const ROOM_ID_CHARACTERS = 24;

export async function openStore(
  place: StorePlace | undefined,
  parts: StoreParts,
): Promise<Result<OpenedStore, { readonly kind: 'store'; readonly faults: readonly StoreFault[] }>> {
  const { clock, bytesMax } = parts;
  if (place === undefined)
    return ok({ store: createEmbeddedStore({ clock, ...(bytesMax && { bytesMax }) }), checked: undefined });
  const first = await openLine(place, parts);
  if (!first.ok) return first;
  const { line, checked } = first.value;
  const opened = await openRedisStore({ clock, line, roomId: roomIdOf(parts.key), ...(bytesMax && { bytesMax }) });
  if (opened === undefined) {
    await line[Symbol.asyncDispose]();
    return err({ kind: 'store', faults: [noAnswer] });
  }
  if (opened.leftovers > 0) parts.log.warn('transit.storeLeftovers', { objects: opened.leftovers });
  return ok({ store: opened.store, checked: { ...checked, over: place.kind } });
}

/** A checked connection, and nothing more. */
export async function openLine(
  place: StorePlace,
  way: LineWay,
): Promise<
  Result<
    { readonly line: RedisLine; readonly checked: CheckedStore },
    { readonly kind: 'store'; readonly faults: readonly StoreFault[] }
  >
> {
  // a house whose documents wait in memory never loads the client
  const { RedisLine } = await import('./redis-line.ts');
  const line = new RedisLine(place, way);
  const first = await line.open();
  if (first.ok) return ok({ line, checked: first.value });
  await line[Symbol.asyncDispose]();
  return err({ kind: 'store', faults: first.error.faults });
}

/** What all keys of the room with this key begin with. */
export function keysOf(key: Uint8Array): string {
  return `${KEY_PREFIX}${roomIdOf(key)}:`;
}

function roomIdOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('transit store').digest('hex').slice(0, ROOM_ID_CHARACTERS);
}
