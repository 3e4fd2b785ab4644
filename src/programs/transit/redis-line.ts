// The line to a Redis or Valkey server: behind a private socket or TLS, each connection checked before it is used.

import { ErrorReply } from '@redis/client';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { checkRedis, type CheckedStore, type StoreFault } from '#post/transit/store/check-redis.ts';
import type { Ask, StoreLine } from '#post/transit/store/redis-store.ts';
import type { StorePlace } from './open-store-place.ts';
import { BYTES, connectStore, type Client } from './redis-client.ts';

export interface LineWay {
  readonly log: Log;
  /** For tests. */
  readonly answerMs?: number;
}

type Opened = Result<CheckedStore, { readonly kind: 'unsafe'; readonly faults: readonly StoreFault[] }>;

/** Never connects by itself: whoever asks next makes the connection, at most twice a second, and it is checked first. */
export class RedisLine implements StoreLine {
  readonly #place: StorePlace;
  readonly #log: Log;
  readonly #answerMs: number;
  #client: Client | undefined;
  #opening: Promise<Opened> | undefined;
  #failedMs: number | undefined;
  #isClosed = false;

  constructor(place: StorePlace, { log, answerMs = limits.transit.storeAnswerMs }: LineWay) {
    this.#place = place;
    this.#log = log;
    this.#answerMs = answerMs;
  }

  readonly ask: Ask = async (words) => {
    const client = this.#client?.isReady === true ? this.#client : await this.#reopen();
    return client === undefined ? err({ kind: 'unavailable' }) : this.#askOver(client)(words);
  };

  open(): Promise<Opened> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** A server that is away is not unsafe: the next connection is checked. */
  async isStillSafe(): Promise<boolean> {
    const client = this.#client;
    if (client?.isReady !== true) return true;
    const checked = await checkRedis(this.#askOver(client));
    if (checked.ok || checked.error.faults.every(({ kind }) => kind === 'unavailable') || !client.isReady) return true;
    this.#sayUnsafe(checked.error.faults);
    return false;
  }

  lose(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client?.isOpen === true) client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.lose();
  }

  async #reopen(): Promise<Client | undefined> {
    const isTooSoon = this.#failedMs !== undefined && performance.now() - this.#failedMs < limits.transit.storePauseMs;
    if (this.#isClosed || (isTooSoon && this.#opening === undefined)) return undefined;
    const opened = await this.open();
    return opened.ok ? this.#client : undefined;
  }

  async #connect(): Promise<Opened> {
    this.lose();
    const opened = await this.#connectChecked();
    this.#failedMs = opened.ok ? undefined : performance.now();
    if (!opened.ok) this.#sayUnsafe(opened.error.faults);
    return opened;
  }

  async #connectChecked(): Promise<Opened> {
    const connected = await connectStore(this.#place, this.#answerMs);
    if (!connected.ok) return err({ kind: 'unsafe', faults: [connected.error] });
    const client = connected.value;
    const checked = await checkRedis(this.#askOver(client));
    if (checked.ok && !this.#isClosed) this.#client = client;
    else if (client.isOpen) client.destroy();
    return checked;
  }

  #askOver(client: Client): Ask {
    return async (words) => {
      const late = Symbol('late');
      let timer: NodeJS.Timeout | undefined;
      const waiting = new Promise<typeof late>((resolve) => {
        timer = setTimeout(() => resolve(late), this.#answerMs);
      });
      try {
        const asked = client.sendCommand(
          words.map((word) => (typeof word === 'string' ? word : asBuffer(word))),
          BYTES,
        );
        asked.catch(() => undefined);
        const answer = await Promise.race([asked, waiting]);
        if (answer !== late) return ok(answer as never);
        this.lose();
        return err({ kind: 'unavailable' });
      } catch (cause) {
        if (cause instanceof ErrorReply) return err({ kind: 'refused', code: cause.message.split(' ')[0] ?? '' });
        return err({ kind: 'unavailable' });
      } finally {
        clearTimeout(timer);
      }
    };
  }

  #sayUnsafe(faults: readonly StoreFault[]): void {
    for (const { kind } of faults) this.#log.error('transit.storeNotUsed', { reason: kind });
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
