// The line to a Redis or Valkey server: behind a private socket or TLS, each connection checked before it is used.

import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import { lstatSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { checkRedis, noAnswer, type CheckedStore, type StoreFault } from '#post/transit/store/check-redis.ts';
import type { Ask, StoreLine } from '#post/transit/store/redis-store.ts';
import type { StorePlace } from './open-store-place.ts';

export interface LineWay {
  readonly log: Log;
  /** For tests. */
  readonly answerMs?: number;
}

const ANSWER_MS = 10_000;
const CONNECT_MS = 3_000;
const PAUSE_MS = 500;

type Client = ReturnType<typeof clientFor>;
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

  constructor(place: StorePlace, { log, answerMs = ANSWER_MS }: LineWay) {
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
    const isTooSoon = this.#failedMs !== undefined && performance.now() - this.#failedMs < PAUSE_MS;
    if (this.#isClosed || (isTooSoon && this.#opening === undefined)) return undefined;
    const opened = await this.open();
    return opened.ok ? this.#client : undefined;
  }

  async #connect(): Promise<Opened> {
    this.lose();
    const fault = this.#place.kind === 'socket' ? judgeSocket(this.#place.path) : undefined;
    const opened =
      fault === undefined ? await this.#connectChecked() : err({ kind: 'unsafe', faults: [fault] } as const);
    this.#failedMs = opened.ok ? undefined : performance.now();
    if (!opened.ok) this.#sayUnsafe(opened.error.faults);
    return opened;
  }

  async #connectChecked(): Promise<Opened> {
    const client = clientFor(this.#place);
    client.on('error', () => undefined);
    try {
      await client.connect();
      const checked = await checkRedis(this.#askOver(client));
      if (checked.ok && !this.#isClosed) this.#client = client;
      else client.destroy();
      return checked;
    } catch {
      if (client.isOpen) client.destroy();
      return err({ kind: 'unsafe', faults: [noAnswer] });
    }
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

/** A socket of ours or of root's that nobody else can reach: its own mode or its folder's keeps others away. */
function judgeSocket(path: string): StoreFault | undefined {
  const whatToDo = 'Set unixsocketperm 700 in redis.conf, and let the server run as the user of this program.';
  const fault = (seen: string): StoreFault => ({ kind: 'place', seen, whatToDo });
  try {
    const socket = lstatSync(path);
    const folder = statSync(dirname(path));
    const owners = [process.getuid?.() ?? 0, 0];
    if (!socket.isSocket()) return fault('the store’s place is no socket');
    if (!owners.includes(socket.uid) || !owners.includes(folder.uid))
      return fault('the store’s socket or its folder is another user’s');
    if ((socket.mode & 0o077) !== 0) return fault('the store’s socket can be reached by other users');
    return (folder.mode & 0o022) !== 0 && (folder.mode & 0o1000) === 0
      ? fault('others can replace the store’s socket')
      : undefined;
  } catch {
    return noAnswer;
  }
}

const BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function clientFor(place: StorePlace) {
  const { login } = place;
  const common = { connectTimeout: CONNECT_MS, reconnectStrategy: false } as const;
  const socket =
    place.kind === 'socket'
      ? { ...common, path: place.path, tls: false as const }
      : {
          ...common,
          tls: true as const,
          host: place.host,
          port: place.port,
          minVersion: 'TLSv1.2' as const,
          rejectUnauthorized: true,
          ...(place.caPem !== undefined && { ca: place.caPem }),
          ...(isIP(place.host) === 0 && { servername: place.host }),
        };
  return createClient({
    RESP: 2,
    socket,
    username: login.user,
    password: login.password,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}
