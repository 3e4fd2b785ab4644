// A house for tests of accounts: real PostgreSQL, real journal, real HTTP on 127.0.0.1; only the clock can be moved.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { requireValue } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { newId, type InviteId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { createHealthRoutes } from '#office/api/health.ts';
import { createHttp } from '#office/api/http-server.ts';
import { openStaticPages } from '#office/api/static-pages.ts';
import { createTrustRoutes } from '#office/api/trust-routes.ts';
import { createWkd } from '#office/api/wkd.ts';
import { openAccounts, type Accounts } from '#office/accounts/accounts.ts';
import { createJmap } from '#office/jmap/jmap.ts';
import type { CommitDoor } from '#vault/database/commit.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import { openTestHouse, type TestHouse } from '#vault/database/test-house.ts';
import type { Command } from '#vault/journal/commands.ts';
import { makeKeyKit, type KeyKit } from '#vault/keykit/key-kit.ts';
import { createEntryClient, type EntryClient } from '#web/client/entry.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';

export interface MovableClock extends Clock {
  advanceMs(byMs: number): void;
}

export interface AccountHouse extends AsyncDisposable {
  readonly vault: TestHouse;
  readonly kit: KeyKit;
  readonly clock: MovableClock;
  readonly accounts: Accounts;
  readonly url: string;
  /** Turns true to make the next commit of this kind throw before (or after) it is kept: the process "dies" there. */
  breakAt: { readonly kind: Command['kind']; readonly when: 'before' | 'after' } | undefined;
  invite(): Promise<string>;
  /** A client with a cookie jar of its own. */
  client(): TestClient;
  /** The same data served by a fresh program: everything in memory is gone; `domain` may have changed. */
  restart(domain?: string): Promise<void>;
}

export interface TestClient {
  readonly entry: EntryClient;
  readonly reach: typeof fetch;
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
}

const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;
export const PASSWORD = 'correct horse battery';

export interface HouseSettings {
  /** Whether loopback is limited like everybody else. */
  readonly isPeerLimited?: boolean;
  /** Whether logins are answered as soon as the answer is made: a twin. */
  readonly isUnpaced?: boolean;
}

export async function openAccountHouse(cluster: TestCluster, settings: HouseSettings = {}): Promise<AccountHouse> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-accounts-'));
  const vault = await openTestHouse(cluster, directory);
  const kit = await makeKeyKit(0);
  const clock = movableClock();
  const breakable = breakableDoor(vault.door);
  const start = async (domain: string) => {
    const { reader } = vault.database;
    const options = {
      domain,
      isUnlimitedPeer: () => settings.isPeerLimited !== true,
      isUnpaced: settings.isUnpaced === true,
    };
    const accounts = await openAccounts({ clock, log: silentLog, kit, reader, door: breakable.door }, options, false);
    const findJournal = () => vault.journal;
    const authenticate = (request: Request) => accounts.findSession(request.headers);
    const http = createHttp(
      { host: '127.0.0.1', port: 0, tls: undefined, log: silentLog },
      {
        auth: accounts.routes,
        jmap: createJmap(
          { log: silentLog, clock, publicOrigin: undefined },
          { authenticate, reader, door: vault.door, findJournal, ledgerElement: () => new Uint8Array(32) },
        ),
        wkd: createWkd(reader, domain),
        book: new Hono(),
        outside: new Hono(),
        trust: createTrustRoutes({
          clock,
          domain,
          operator: { name: undefined, country: undefined, machine: undefined },
          book: undefined,
          connections: () => new Map(),
          kept: () => ({ backup: undefined, ledger: undefined }),
          requests: async () => undefined,
          isOn: (kind) => kind !== 'rspamd',
          hasTransit: false,
          frame: undefined,
        }),
        pages: await openStaticPages(join(directory, 'no-page')),
        more: [createHealthRoutes({ reasons: () => [], metrics: () => [], token: undefined })],
      },
    );
    const listening = await http.listen();
    if (!listening.ok) throw new Error(listening.error.kind);
    return { accounts, http, url: listening.value.url };
  };
  let running = await start('siegel.test');
  await vault.door.commit(undefined, SYSTEM, async () => ({
    ok: true,
    value: { kind: 'domainAdded', effect: { domain: 'siegel.test' } },
  }));
  return {
    vault,
    kit,
    clock,
    get accounts() {
      return running.accounts;
    },
    get url() {
      return running.url;
    },
    get breakAt() {
      return breakable.at;
    },
    set breakAt(at) {
      breakable.at = at;
    },
    invite: () => makeInvite(vault.door, clock),
    client: () => makeClient(() => running.url, clock),
    async restart(domain = 'siegel.test') {
      await running.http.close();
      breakable.at = undefined;
      running = await start(domain);
    },
    async [Symbol.asyncDispose]() {
      await running.http.close();
      await vault[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export { startTestCluster };

export async function makeInvite(door: CommitDoor, clock: Clock): Promise<string> {
  const code = randomBytes(16).toString('base64url');
  const codeHash = createHash('sha256').update(code).digest('base64url');
  const effect = {
    inviteId: newId<InviteId>(),
    codeHash,
    role: 'member',
    expiresMs: clock.nowMs() + 86_400_000,
  } as const;
  const made = await door.commit(undefined, SYSTEM, async () => ({
    ok: true,
    value: { kind: 'inviteCreated', effect },
  }));
  if (!made.ok) throw new Error(made.error.kind);
  return code;
}

/** Signs somebody up with PASSWORD; the client stays signed in. */
export async function signUp(house: AccountHouse, localPart: string) {
  const client = house.client();
  const signedUp = await client.entry.signUp({ code: await house.invite(), localPart, plainPassword: PASSWORD });
  if (!signedUp.ok) throw new Error(signedUp.error.kind);
  return { client, signedIn: signedUp.value };
}

function makeClient(url: () => string, clock: Clock): TestClient {
  const jar = jarFetch(url);
  return {
    entry: createEntryClient(jar, clock),
    reach: jar,
    async post(path, body) {
      const headers = { 'content-type': 'application/json' };
      const response = await jar(path, { method: 'POST', headers, body: JSON.stringify(body) });
      const parsed: unknown = await response.json();
      return {
        status: response.status,
        body: Object.fromEntries(Object.entries(requireValue(asObject(parsed), 'a body'))),
      };
    },
  };
}

function movableClock(): MovableClock {
  let shiftMs = 0;
  return {
    nowMs: () => Date.now() + shiftMs,
    monotonicMs: () => performance.now() + shiftMs,
    advanceMs: (byMs) => {
      shiftMs += byMs;
    },
  };
}

class Died extends Error {}

function breakableDoor(door: CommitDoor) {
  const breakable: { at: AccountHouse['breakAt']; door: Pick<CommitDoor, 'commit'> } = {
    at: undefined,
    door: {
      commit: (accountId, actor, decide) => {
        let kind: Command['kind'] | undefined;
        const watched: typeof decide = async (reader) => {
          const decided = await decide(reader);
          kind = decided.ok ? decided.value.kind : undefined;
          if (breakable.at?.when === 'before' && breakable.at.kind === kind) throw new Died();
          return decided;
        };
        return door.commit(accountId, actor, watched).then((result) => {
          if (breakable.at?.when === 'after' && breakable.at.kind === kind) throw new Died();
          return result;
        });
      },
    },
  };
  return breakable;
}

function asObject(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
