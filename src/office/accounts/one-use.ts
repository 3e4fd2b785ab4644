// Things that live in memory for a short time and are taken once: server states of OPAQUE, handles, challenges.

import { randomBytes } from 'node:crypto';
import type { Clock } from '#base/clock.ts';

export interface OneUse<T> {
  /** Keeps a value; the answer is its only name. The oldest goes when there is no room. */
  put(value: T): string;
  /** Hands the value out and forgets it; undefined when it is unknown, used or too old. */
  take(token: string): T | undefined;
  /** The value without using it up. */
  peek(token: string): T | undefined;
  readonly size: number;
}

/** `waitMs` after `put` a value is gone; at most `itemsMax` are kept. */
export function createOneUse<T>(clock: Clock, waitMs: number, itemsMax: number): OneUse<T> {
  const kept = new Map<string, { readonly value: T; readonly untilMs: number }>();

  function dropOld(): void {
    const nowMs = clock.monotonicMs();
    // Insertion order is order of age: all waits are equal.
    for (const [token, entry] of kept) {
      if (entry.untilMs > nowMs && kept.size < itemsMax) break;
      kept.delete(token);
    }
  }

  function peek(token: string): T | undefined {
    const entry = kept.get(token);
    return entry && entry.untilMs > clock.monotonicMs() ? entry.value : undefined;
  }

  return {
    put(value) {
      dropOld();
      const token = randomBytes(32).toString('base64url');
      kept.set(token, { value, untilMs: clock.monotonicMs() + waitMs });
      return token;
    },
    take(token) {
      const value = peek(token);
      kept.delete(token);
      return value;
    },
    peek,
    get size() {
      return kept.size;
    },
  };
}
