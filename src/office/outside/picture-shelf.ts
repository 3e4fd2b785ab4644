// Pictures fetched in the last minutes, by account and address: in memory, and nobody learns from it what a colleague looked at.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Picture } from './fetch-picture.ts';

interface Kept {
  readonly accountId: AccountId;
  readonly picture: Picture;
  readonly untilMs: number;
}

export class PictureShelf {
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #bytesOf = new Map<AccountId, number>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get bytes(): number {
    return this.#bytes;
  }

  find(accountId: AccountId, url: string): Picture | undefined {
    this.#sweep();
    return this.#kept.get(keyOf(accountId, url))?.picture;
  }

  put(accountId: AccountId, url: string, picture: Picture): void {
    const { keptBytes, keptBytesPerAccount, keptMs } = limits.outside;
    this.#sweep();
    this.#drop(keyOf(accountId, url));
    for (const [key, kept] of this.#kept) {
      const isOwnFull = (this.#bytesOf.get(accountId) ?? 0) + picture.bytes.length > keptBytesPerAccount;
      const isFull = this.#bytes + picture.bytes.length > keptBytes;
      if (!isOwnFull && !isFull) break;
      if (isFull || kept.accountId === accountId) this.#drop(key);
    }
    this.#kept.set(keyOf(accountId, url), { accountId, picture, untilMs: this.#clock.monotonicMs() + keptMs });
    this.#count(accountId, picture.bytes.length);
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, { untilMs }] of this.#kept) {
      if (untilMs > nowMs) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#count(kept.accountId, -kept.picture.bytes.length);
  }

  #count(accountId: AccountId, bytes: number): void {
    this.#bytes += bytes;
    const now = (this.#bytesOf.get(accountId) ?? 0) + bytes;
    if (now > 0) this.#bytesOf.set(accountId, now);
    else this.#bytesOf.delete(accountId);
  }
}

function keyOf(accountId: AccountId, url: string): string {
  return `${accountId} ${url}`;
}
