// The store's driver for a Redis or Valkey server: every object with an end that the server itself enforces, all under one prefix of this start.

import { randomUUID } from 'node:crypto';
import { assert } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { RamStore } from './ram-store.ts';

export type StoreReply = string | number | Uint8Array | null | readonly StoreReply[];
/** `code`: the first word of the server's error, such as OOM or NOPERM. */
export type LineRefusal = { readonly kind: 'unavailable' } | { readonly kind: 'refused'; readonly code: string };
export type Ask = (words: readonly (string | Uint8Array)[]) => Promise<Result<StoreReply, LineRefusal>>;

/** A connection that is made anew when it is lost, and checked before anything else goes over it. */
export interface StoreLine extends AsyncDisposable {
  readonly ask: Ask;
  /** Looks again at what the server could do with the objects. */
  isStillSafe(): Promise<boolean>;
  /** Ends this connection; the next question makes another, which is checked. */
  lose(): void;
}

export interface RedisStoreOptions {
  readonly clock: Clock;
  readonly line: StoreLine;
  /** The same after a restart, and of no other room: what a killed room left lies under it. */
  readonly roomId: string;
  readonly bytesMax?: number;
}

/** All keys of all rooms begin so; the server's rules for its users name it. */
export const KEY_PREFIX = 'siegel-transit:';
const SCAN_COUNT = '500';

interface Noted {
  readonly job: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly endMs: number;
  /** `unput`: not known whether it arrived; `undropped`: not known whether it is gone. */
  state: 'kept' | 'unput' | 'undropped';
}

/** Erases what an earlier start of this room left. Undefined: the server did not answer. */
export async function openRedisStore(
  options: RedisStoreOptions,
): Promise<{ readonly store: RamStore; readonly leftovers: number } | undefined> {
  const store = new RedisStore(options);
  const leftovers = await store.eraseUnder(`${KEY_PREFIX}${options.roomId}:`);
  return leftovers === undefined ? undefined : { store, leftovers };
}

class RedisStore implements RamStore {
  readonly #clock: Clock;
  readonly #line: StoreLine;
  readonly #bytesMax: number;
  readonly #prefix: string;
  readonly #noted = new Map<string, Noted>();

  constructor({ clock, line, roomId, bytesMax = limits.transit.storeBytes }: RedisStoreOptions) {
    this.#clock = clock;
    this.#line = line;
    this.#bytesMax = bytesMax;
    this.#prefix = `${KEY_PREFIX}${roomId}:${randomUUID()}:`;
  }

  async put(job: string, name: string, sealed: Uint8Array, ttlMs: number): ReturnType<RamStore['put']> {
    assert(ttlMs > 0 && ttlMs <= limits.transit.dwellMs, 'every object has an end within the dwell');
    const key = this.#keyOf(job, name);
    const before = this.#noted.get(key);
    if (this.#used() - (before?.sizeBytes ?? 0) + sealed.length > this.#bytesMax) return err({ kind: 'full' });
    const endMs = this.#clock.monotonicMs() + ttlMs;
    const noted: Noted = { job, name, sizeBytes: sealed.length, endMs, state: 'unput' };
    this.#noted.set(key, noted);
    const put = await this.#line.ask(['SET', key, Uint8Array.from(sealed), 'PX', String(Math.ceil(ttlMs))]);
    if (put.ok) {
      noted.state = 'kept';
      return ok(undefined);
    }
    if (put.error.kind === 'unavailable') return err({ kind: 'unavailable' });
    if (before === undefined) this.#noted.delete(key);
    else this.#noted.set(key, before);
    return err({ kind: put.error.code === 'OOM' ? 'full' : 'unavailable' });
  }

  async get(job: string, name: string): Promise<Uint8Array | undefined> {
    const key = this.#keyOf(job, name);
    const noted = this.#noted.get(key);
    if (noted?.state !== 'kept' || this.#isOver(noted)) return undefined;
    const found = await this.#line.ask(['GET', key]);
    return found.ok && found.value instanceof Uint8Array ? Uint8Array.from(found.value) : undefined;
  }

  async drop(job: string, name: string): Promise<boolean> {
    const key = this.#keyOf(job, name);
    const noted = this.#noted.get(key);
    if (noted === undefined) return false;
    const deleted = await this.#line.ask(['DEL', key]);
    if (!deleted.ok) {
      noted.state = 'undropped';
      return false;
    }
    this.#noted.delete(key);
    return deleted.value === 1;
  }

  /** While the server does not answer: what nobody saw go. */
  async names(job: string): Promise<readonly string[]> {
    const mine = [...this.#noted].filter(([, one]) => one.job === job && one.state !== 'unput' && !this.#isOver(one));
    const names: string[] = [];
    for (const [key, { name }] of mine) {
      const there = await this.#line.ask(['EXISTS', key]);
      if (!there.ok || there.value === 1) names.push(name);
    }
    return names;
  }

  /** What the server has, where it answers. */
  async size(): ReturnType<RamStore['size']> {
    const keys = await this.#scan(this.#prefix);
    if (keys === undefined) return { objects: this.#noted.size, bytes: this.#used() };
    let bytes = 0;
    for (const key of keys) bytes += numberOf(await this.#line.ask(['STRLEN', key]));
    return { objects: keys.length, bytes };
  }

  /** None while the server does not answer: then no letter is begun. */
  async room(): Promise<number> {
    const memory = await this.#line.ask(['INFO', 'memory']);
    if (!memory.ok) return 0;
    const facts = parseInfo(memory.value);
    const maxBytes = Number(facts.get('maxmemory') ?? 0);
    const ours = this.#bytesMax - this.#used();
    return maxBytes === 0 ? ours : Math.max(0, Math.min(ours, maxBytes - Number(facts.get('used_memory') ?? 0)));
  }

  /** A server that may have begun to write to a disk loses everything at once; the room goes on when it is well again. */
  async sweep(): Promise<number> {
    if (!(await this.#line.isStillSafe())) {
      await this.eraseUnder(this.#prefix);
      this.#line.lose();
      return 0;
    }
    const keys = await this.#scan(this.#prefix);
    if (keys === undefined) return 0;
    let forgotten = 0;
    for (const key of keys) {
      const noted = this.#noted.get(key);
      const isUnsure = noted !== undefined && noted.state !== 'kept';
      const leftMs = numberOf(await this.#line.ask(['PTTL', key]));
      const hasEnd = leftMs >= 0 && leftMs <= limits.transit.dwellMs;
      if (noted !== undefined && !isUnsure && hasEnd && !this.#isOver(noted)) continue;
      const deleted = await this.#line.ask(['DEL', key]);
      if (deleted.ok) this.#noted.delete(key);
      // what could not be dropped when the server was away was not forgotten
      if (!isUnsure && numberOf(deleted) === 1) forgotten += 1;
    }
    return forgotten + this.#forgetGone(new Set(keys));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.eraseUnder(this.#prefix);
    this.#noted.clear();
    await this.#line[Symbol.asyncDispose]();
  }

  async eraseUnder(prefix: string): Promise<number | undefined> {
    const keys = await this.#scan(prefix);
    if (keys === undefined) return undefined;
    let erased = 0;
    for (const key of keys) {
      const deleted = await this.#line.ask(['DEL', key]);
      if (!deleted.ok) return undefined;
      this.#noted.delete(key);
      erased += numberOf(deleted);
    }
    return erased;
  }

  /** The server ended those past their end: each is a deletion that somebody forgot. Others went with a server that died. */
  #forgetGone(there: ReadonlySet<string>): number {
    let forgotten = 0;
    for (const [key, noted] of this.#noted) {
      if (there.has(key) || (noted.state === 'unput' && !this.#isOver(noted))) continue;
      if (noted.state === 'kept' && this.#isOver(noted)) forgotten += 1;
      // put while the keys were listed
      else if (noted.state === 'kept' && !this.#isOver(noted)) continue;
      this.#noted.delete(key);
    }
    return forgotten;
  }

  async #scan(prefix: string): Promise<readonly string[] | undefined> {
    const keys = new Set<string>();
    let cursor = '0';
    do {
      const page = await this.#line.ask(['SCAN', cursor, 'MATCH', `${prefix}*`, 'COUNT', SCAN_COUNT]);
      if (!page.ok || !Array.isArray(page.value)) return undefined;
      const [next, found]: readonly StoreReply[] = page.value;
      for (const key of Array.isArray(found) ? found : []) keys.add(textOf(key));
      cursor = textOf(next ?? '0');
    } while (cursor !== '0');
    return [...keys];
  }

  #isOver({ endMs }: Noted): boolean {
    return endMs <= this.#clock.monotonicMs();
  }

  #used(): number {
    return [...this.#noted.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Jobs are ids without a slash. */
  #keyOf(job: string, name: string): string {
    return `${this.#prefix}${job}/${name}`;
  }
}

export function textOf(reply: StoreReply): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : String(reply);
}

/** Lines `name:value` of INFO. */
export function parseInfo(reply: StoreReply): ReadonlyMap<string, string> {
  const lines = textOf(reply)
    .split(/\r?\n/)
    .filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function numberOf(asked: Result<StoreReply, LineRefusal>): number {
  return asked.ok && typeof asked.value === 'number' ? asked.value : 0;
}
