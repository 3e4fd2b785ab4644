// Sessions: 32 random bytes that only the client has; here lies their SHA-256. No network address, no user agent.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { newId, type AccountId, type SessionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { findPrimaryAddress, findSession, readAccount, readSessions } from '#vault/database/accounts-read.ts';
import type { Role } from '#vault/journal/commands.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import { keep, SYSTEM, sessionActor, type House } from './house.ts';

const DAY_MS = 86_400_000;
const CACHE_MS = 10_000;
const CACHED_MAX = 20_000;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;

export interface LiveSession {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly address: string;
  readonly role: Role;
  readonly openedMs: number;
  readonly expiresMs: number;
}

export interface SessionSeen {
  readonly id: SessionId;
  readonly startedMs: number;
  /** In memory only: after a restart the time it was opened. */
  readonly lastSeenMs: number;
}

export interface Sessions {
  open(accountId: AccountId): Promise<Result<{ readonly token: string; readonly session: LiveSession }, AuthRefusal>>;
  /** The live session behind a token, or undefined. Throws while the database is away. */
  find(token: string): Promise<LiveSession | undefined>;
  list(accountId: AccountId): Promise<readonly SessionSeen[]>;
  close(accountId: AccountId, ids: readonly SessionId[], by: SessionId): Promise<Result<void, AuthRefusal>>;
  /** Forgets what memory knows of an account's sessions, after they were ended by another command. */
  forget(accountId: AccountId): void;
  /** 32 bytes that only a live session gets: the server's half of a device secret. */
  share(session: LiveSession): Uint8Array;
}

export function createSessions(house: House): Sessions {
  const cache = new Map<string, { readonly session: LiveSession; readonly untilMs: number }>();
  const lastSeen = new Map<SessionId, number>();
  let forgotten = 0;

  function forget(accountId: AccountId): void {
    forgotten++;
    for (const [hash, entry] of cache) if (entry.session.accountId === accountId) cache.delete(hash);
  }

  async function makeRoom(accountId: AccountId): Promise<void> {
    const sessions = await readSessions(house.reader, accountId);
    const nowMs = house.clock.nowMs();
    const over = sessions.filter((one, place) => one.expiresMs <= nowMs || place >= limits.account.sessionsMax - 1);
    if (over.length === 0) return;
    const sessionIds = over.map((one) => one.sessionId);
    await keep(house, accountId, { kind: 'sessionsClosed', effect: { sessionIds } }, SYSTEM);
    forget(accountId);
  }

  async function find(token: string): Promise<LiveSession | undefined> {
    if (!TOKEN_PATTERN.test(token)) return undefined;
    const hash = hashToken(token);
    const key = hash.toString('base64url');
    const nowMs = house.clock.nowMs();
    const before = forgotten;
    const cached = cache.get(key);
    const session = cached && cached.untilMs > nowMs ? cached.session : await load(house, hash);
    if (session === undefined || session.expiresMs <= nowMs) {
      cache.delete(key);
      return undefined;
    }
    // A session ended while its row was being read is not kept.
    if (cached?.session !== session && before === forgotten) {
      if (cache.size >= CACHED_MAX) cache.clear();
      cache.set(key, { session, untilMs: nowMs + CACHE_MS });
    }
    if (lastSeen.size >= CACHED_MAX) lastSeen.clear();
    lastSeen.set(session.sessionId, nowMs);
    return session;
  }

  return {
    find,
    forget,
    async open(accountId) {
      await makeRoom(accountId);
      const token = randomBytes(32).toString('base64url');
      const sessionId = newId<SessionId>();
      const expiresMs = house.clock.nowMs() + limits.login.sessionDays * DAY_MS;
      const hash = hashToken(token).toString('base64url');
      const opened = await keep(
        house,
        accountId,
        { kind: 'sessionOpened', effect: { sessionId, hash, expiresMs } },
        SYSTEM,
      );
      const session = opened.ok ? await find(token) : undefined;
      return session ? ok({ token, session }) : err({ kind: 'serverUnavailable' });
    },
    async list(accountId) {
      const nowMs = house.clock.nowMs();
      const sessions = await readSessions(house.reader, accountId);
      return sessions
        .filter((one) => one.expiresMs > nowMs)
        .map((one) => ({
          id: one.sessionId,
          startedMs: one.openedMs,
          lastSeenMs: lastSeen.get(one.sessionId) ?? one.openedMs,
        }));
    },
    async close(accountId, ids, by) {
      const own = new Set((await readSessions(house.reader, accountId)).map((one) => one.sessionId));
      const sessionIds = ids.filter((id) => own.has(id));
      if (sessionIds.length === 0) return err({ kind: 'gone' });
      const closed = await keep(house, accountId, { kind: 'sessionsClosed', effect: { sessionIds } }, sessionActor(by));
      forget(accountId);
      return closed.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
    },
    share: ({ sessionId }) =>
      createHmac('sha256', house.kit.settingsKey).update(`siegel/device/share/v1 ${sessionId}`).digest(),
  };
}

async function load(house: House, hash: Buffer): Promise<LiveSession | undefined> {
  const row = await findSession(house.reader, hash);
  if (!row) return undefined;
  const account = await readAccount(house.reader, row.accountId);
  const address = await findPrimaryAddress(house.reader, row.accountId);
  if (!account || account.closed || address === undefined) return undefined;
  const { accountId, sessionId, openedMs, expiresMs } = row;
  return { accountId, sessionId, address, role: account.role, openedMs, expiresMs };
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(Buffer.from(token, 'base64url')).digest();
}
