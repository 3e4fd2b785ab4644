// Certificates this account pinned for people it writes with: kept sealed, read once a session; only they prove a sender.

import * as v from 'valibot';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import type { Result } from '#base/result.ts';
import type { ChangeRefusal } from '../backend.ts';
import type { OpenSession } from './open-session.ts';
import { putItem, readItems, type Item } from './sealed-items.ts';

const COLLECTION = 'pinned-keys';
const pinShape = v.object({ address: v.string(), certificate: v.string(), sinceMs: v.number() });

interface Pin {
  readonly item: Item;
  readonly certificate: Uint8Array<ArrayBuffer>;
  readonly sinceMs: number;
}

export interface PinnedKeys {
  find(address: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  knownSinceMs(address: string): Promise<number | undefined>;
  /** Keeps a certificate for an address; the newest wins. */
  put(address: string, certificate: Uint8Array, nowMs: number): Promise<Result<undefined, ChangeRefusal>>;
}

export function createPinnedKeys(session: OpenSession): PinnedKeys {
  let reading: Promise<ReadonlyMap<string, Pin>> | undefined;

  function pins(): Promise<ReadonlyMap<string, Pin>> {
    reading ??= readPins(session).catch(() => {
      reading = undefined;
      return new Map();
    });
    return reading;
  }

  return {
    find: async (address) => (await pins()).get(address.toLowerCase())?.certificate,
    knownSinceMs: async (address) => (await pins()).get(address.toLowerCase())?.sinceMs,
    async put(address, certificate, nowMs) {
      const old = (await pins()).get(address.toLowerCase())?.item;
      const value = { address: address.toLowerCase(), certificate: toBase64Url(certificate), sinceMs: nowMs };
      reading = undefined;
      return putItem(session, COLLECTION, old, value);
    },
  };
}

async function readPins(session: OpenSession): Promise<ReadonlyMap<string, Pin>> {
  const items = await readItems(session, COLLECTION);
  if (!items.ok) throw new Error('pinned keys cannot be read');
  const found = new Map<string, Pin>();
  for (const item of items.value) {
    const pin = v.safeParse(pinShape, item.plainValue);
    const certificate = pin.success ? fromBase64(pin.output.certificate) : undefined;
    if (pin.success && certificate) {
      found.set(pin.output.address, { item, certificate, sinceMs: pin.output.sinceMs });
    }
  }
  return found;
}
