// A job's objects in the store, sealed with a key that only this box has, and the ledger of what was created and erased.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { RamStore, StoreRefusal } from './ram-store.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface ErasedLedger {
  readonly created: number;
  readonly erased: number;
  /** The key's bytes were overwritten. */
  readonly isKeyDestroyed: boolean;
}

export class JobBox {
  readonly #store: RamStore;
  readonly #clock: Clock;
  readonly #job: string;
  readonly #key = randomBytes(KEY_BYTES);
  readonly #endMs: number;
  readonly #living = new Set<string>();
  #created = 0;
  #erased = 0;
  #isDestroyed = false;

  /** Everything of the job is gone `limits.transit.dwellMs` from now, however long each object lies there: the sweep may come a while after its end. */
  constructor(store: RamStore, clock: Clock, job: string) {
    this.#store = store;
    this.#clock = clock;
    this.#job = job;
    this.#endMs = clock.monotonicMs() + limits.transit.dwellMs - limits.transit.sweepMs;
  }

  /** An object is written once. */
  async put(name: string, plain: Uint8Array): Promise<Result<void, StoreRefusal>> {
    if (this.#isDestroyed || this.#living.has(name)) throw new Error('an object is written once, while the job lives');
    const ttlMs = Math.max(1, Math.floor(this.#endMs - this.#clock.monotonicMs()));
    const put = await this.#store.put(this.#job, name, this.#seal(name, plain), ttlMs);
    if (!put.ok) return put;
    this.#created += 1;
    this.#living.add(name);
    return put;
  }

  /** Undefined: it is past its end, or was altered. */
  async get(name: string): Promise<Uint8Array | undefined> {
    const sealed = this.#isDestroyed ? undefined : await this.#store.get(this.#job, name);
    return sealed === undefined ? undefined : this.#open(name, sealed);
  }

  async drop(name: string): Promise<void> {
    if (!this.#living.delete(name)) return;
    await this.#store.drop(this.#job, name);
    this.#erased += 1;
  }

  /** Erases all that is left, overwrites the key, and says what was there and what is. Whatever the store still had is noise now. */
  async destroy(): Promise<ErasedLedger> {
    for (const name of this.#living) await this.drop(name);
    this.#key.fill(0);
    this.#isDestroyed = true;
    const left = await this.#store.names(this.#job);
    return {
      created: this.#created,
      erased: this.#erased - left.length,
      isKeyDestroyed: this.#key.every((byte) => byte === 0),
    };
  }

  #seal(name: string, plain: Uint8Array): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(this.#aad(name));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  #open(name: string, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const end = sealed.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, NONCE_BYTES)).setAAD(this.#aad(name));
      decipher.setAuthTag(sealed.subarray(end));
      const plain = decipher.update(sealed.subarray(NONCE_BYTES, end));
      decipher.final(); // throws when it was altered; of this cipher nothing comes after it
      return plain;
    } catch {
      return undefined;
    }
  }

  #aad(name: string): Uint8Array {
    return Buffer.from(`${this.#job}/${name}`);
  }
}
