// A person as one sealed item of the collection "contacts": what the address book shows, and every key ever pinned for them.

import * as v from 'valibot';
import type { ItemId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import type { Contact, PinnedKey } from '../../writing.ts';
import type { Item } from '../sealed-items.ts';

export const CONTACTS = 'contacts';

const keyShape = v.object({
  /** The address the key was pinned for, lower case. */
  address: v.string(),
  fingerprint: v.string(),
  /** base64url; '' for old keys, of which the fingerprint is kept. */
  certificate: v.string(),
  firstSeenMs: v.number(),
  lastSeenMs: v.number(),
  verified: v.boolean(),
  source: v.picklist(['house', 'wkd', 'autocrypt', 'letter', 'file']),
});
export type PersonKey = Readonly<v.InferOutput<typeof keyShape>>;

const personShape = v.object({
  v: v.literal(1),
  /** False: known only by a key; the address book does not show it. */
  kept: v.boolean(),
  name: v.string(),
  addresses: v.array(v.string()),
  phones: v.array(v.string()),
  organisation: v.string(),
  note: v.string(),
  /** Newest first of each address. */
  keys: v.array(keyShape),
  /** Came with a letter and differs from the pinned key of its address: stops the composer until somebody decides. */
  offered: v.array(keyShape),
});
export type Person = Readonly<v.InferOutput<typeof personShape>>;

export interface PersonItem {
  readonly id: ItemId;
  readonly version: number;
  readonly person: Person;
}

export const NOBODY: Person = {
  v: 1,
  kept: false,
  name: '',
  addresses: [],
  phones: [],
  organisation: '',
  note: '',
  keys: [],
  offered: [],
};

/** Undefined: does not open, or written by a newer client. */
export function personItem({ id, version, plainValue }: Item): PersonItem | undefined {
  const parsed = v.safeParse(personShape, plainValue);
  return parsed.success ? { id, version, person: parsed.output } : undefined;
}

export function hasAddress(person: Person, address: string): boolean {
  return person.addresses.some((one) => one.toLowerCase() === address);
}

/** The key used for an address (lower case): the newest that was pinned. */
export function currentKey(person: Person | undefined, address: string): PersonKey | undefined {
  return person?.keys.find((key) => key.address === address);
}

export function certificateOf(key: PersonKey): Uint8Array<ArrayBuffer> | undefined {
  return key.certificate === '' ? undefined : fromBase64(key.certificate);
}

export interface SeenKey {
  readonly address: string;
  readonly fingerprint: string;
  readonly certificate: Uint8Array;
  readonly source: PinnedKey['source'];
}

export function keyOf(seen: SeenKey, nowMs: number, verified = false): PersonKey {
  return {
    address: seen.address,
    fingerprint: seen.fingerprint,
    certificate: toBase64Url(seen.certificate),
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    verified,
    source: seen.source,
  };
}

/** The person with this key first for its address; an offer for that address is settled by it. Bounded. */
export function withKey(person: Person, key: PersonKey): Person {
  const known = person.keys.find((one) => one.address === key.address && one.fingerprint === key.fingerprint);
  const rest = person.keys.filter((one) => one !== known);
  const merged = known
    ? { ...key, firstSeenMs: Math.min(known.firstSeenMs, key.firstSeenMs), verified: key.verified || known.verified }
    : key;
  return {
    ...person,
    addresses: hasAddress(person, key.address) ? person.addresses : [...person.addresses, key.address],
    keys: boundKeys([merged, ...rest]),
    offered: person.offered.filter((one) => one.address !== key.address),
  };
}

/** Of each address the newest few, and certificates of the newest alone: an item has its bound. */
export function boundKeys(keys: readonly PersonKey[]): PersonKey[] {
  const counts = new Map<string, number>();
  const bounded: PersonKey[] = [];
  for (const key of keys) {
    const count = (counts.get(key.address) ?? 0) + 1;
    counts.set(key.address, count);
    if (count > limits.compose.keysKeptMax) continue;
    bounded.push(count > limits.compose.keyTextsKept ? { ...key, certificate: '' } : key);
  }
  return bounded;
}

export function contactOf({ id, person }: PersonItem): Contact {
  return {
    id,
    name: person.name,
    addresses: person.addresses,
    phones: person.phones,
    organisation: person.organisation,
    note: person.note,
    keys: person.keys.map(({ fingerprint, firstSeenMs, lastSeenMs, verified, source }) => ({
      fingerprint,
      firstSeenMs,
      lastSeenMs,
      verified,
      source,
    })),
  };
}
