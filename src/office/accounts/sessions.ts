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
const KEPT_MS = 10_000;
const KEPT_MAX = 20_000;
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
  const live = new LiveSessions(house);
  return {
    open: (accountId) => openOne(house, live, accountId),
    find: (token) => live.find(token),
    list: (accountId) => listLiving(house, live, accountId),
    close: (accountId, ids, by) => closeSome(house, live, { accountId, ids, by }),
    forget: (accountId) => live.forget(accountId),
    share: ({ sessionId }) =>
      createHmac('sha256', house.kit.settingsKey).update(`siegel/device/share/v1 ${sessionId}`).digest(),
  };
}

/** Sessions seen lately, so that not every request asks the database. */
class LiveSessions {
  readonly #house: House;
  readonly #kept = new Map<string, { readonly session: LiveSession; readonly untilMs: number }>();
  readonly #lastSeen = new Map<SessionId, number>();
  #forgotten = 0;

  constructor(house: House) {
    this.#house = house;
  }

  async find(token: string): Promise<LiveSession | undefined> {
    if (!TOKEN_PATTERN.test(token)) return undefined;
    const hash = hashToken(token);
    const key = hash.toString('base64url');
    const nowMs = this.#house.clock.nowMs();
    const before = this.#forgotten;
    const kept = this.#kept.get(key);
    const session = kept && kept.untilMs > nowMs ? kept.session : await load(this.#house, hash);
    if (session === undefined || session.expiresMs <= nowMs) {
      this.#kept.delete(key);
      return undefined;
    }
    // A session ended while its row was being read is not kept.
    if (kept?.session !== session && before === this.#forgotten) {
      if (this.#kept.size >= KEPT_MAX) this.#kept.clear();
      this.#kept.set(key, { session, untilMs: nowMs + KEPT_MS });
    }
    if (this.#lastSeen.size >= KEPT_MAX) this.#lastSeen.clear();
    this.#lastSeen.set(session.sessionId, nowMs);
    return session;
  }

  forget(accountId: AccountId): void {
    this.#forgotten++;
    for (const [hash, kept] of this.#kept) if (kept.session.accountId === accountId) this.#kept.delete(hash);
  }

  lastSeenMs(sessionId: SessionId): number | undefined {
    return this.#lastSeen.get(sessionId);
  }
}

async function openOne(
  house: House,
  live: LiveSessions,
  accountId: AccountId,
): Promise<Result<{ readonly token: string; readonly session: LiveSession }, AuthRefusal>> {
  await makeRoom(house, live, accountId);
  const token = randomBytes(32).toString('base64url');
  const sessionId = newId<SessionId>();
  const expiresMs = house.clock.nowMs() + limits.login.sessionDays * DAY_MS;
  const hash = hashToken(token).toString('base64url');
  const command = { kind: 'sessionOpened', effect: { sessionId, hash, expiresMs } } as const;
  const opened = await keep(house, accountId, command, SYSTEM);
  const session = opened.ok ? await live.find(token) : undefined;
  return session ? ok({ token, session }) : err({ kind: 'serverUnavailable' });
}

/** The oldest sessions go when there are too many, expired ones at once. */
async function makeRoom(house: House, live: LiveSessions, accountId: AccountId): Promise<void> {
  const sessions = await readSessions(house.reader, accountId);
  const nowMs = house.clock.nowMs();
  const over = sessions.filter((one, place) => one.expiresMs <= nowMs || place >= limits.account.sessionsMax - 1);
  if (over.length === 0) return;
  const sessionIds = over.map((one) => one.sessionId);
  await keep(house, accountId, { kind: 'sessionsClosed', effect: { sessionIds } }, SYSTEM);
  live.forget(accountId);
}

async function listLiving(house: House, live: LiveSessions, accountId: AccountId): Promise<readonly SessionSeen[]> {
  const nowMs = house.clock.nowMs();
  const sessions = await readSessions(house.reader, accountId);
  return sessions
    .filter((one) => one.expiresMs > nowMs)
    .map(({ sessionId, openedMs }) => ({
      id: sessionId,
      startedMs: openedMs,
      lastSeenMs: live.lastSeenMs(sessionId) ?? openedMs,
    }));
}

interface ToClose {
  readonly accountId: AccountId;
  readonly ids: readonly SessionId[];
  readonly by: SessionId;
}

async function closeSome(
  house: House,
  live: LiveSessions,
  { accountId, ids, by }: ToClose,
): Promise<Result<void, AuthRefusal>> {
  const own = new Set((await readSessions(house.reader, accountId)).map((one) => one.sessionId));
  const sessionIds = ids.filter((id) => own.has(id));
  if (sessionIds.length === 0) return err({ kind: 'gone' });
  const command = { kind: 'sessionsClosed', effect: { sessionIds } } as const;
  const closed = await keep(house, accountId, command, sessionActor(by));
  live.forget(accountId);
  return closed.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
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
