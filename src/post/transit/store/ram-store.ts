// The contract of the store that lives in memory: objects of jobs, each with an end that the store itself enforces. Drivers stand beside.

import type { Result } from '#base/result.ts';

/** `full`: the bound is reached; `unavailable`: a store outside this process does not answer. */
export type StoreRefusal = { readonly kind: 'full' | 'unavailable' };

export interface StoreSize {
  readonly objects: number;
  readonly bytes: number;
}

export interface RamStore extends AsyncDisposable {
  /** Keeps a copy for at most `ttlMs`, which is at most `limits.transit.dwellMs`; replaces what has that name. */
  put(job: string, name: string, sealed: Uint8Array, ttlMs: number): Promise<Result<void, StoreRefusal>>;
  /** Undefined: never put, dropped, or past its end. */
  get(job: string, name: string): Promise<Uint8Array | undefined>;
  /** Whether there was one. */
  drop(job: string, name: string): Promise<boolean>;
  /** Names of a job's objects that are there. */
  names(job: string): Promise<readonly string[]>;
  size(): Promise<StoreSize>;
  /** Bytes that still fit. */
  room(): Promise<number>;
  /** Deletes what is past its end or has none, and says how many there were: each is a deletion that somebody forgot. */
  sweep(): Promise<number>;
}
