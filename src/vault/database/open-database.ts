// Opens the database: a pool for reads through Kysely, sessions for what is written in order, the same settings on each.

import { Kysely, PostgresDialect } from 'kysely';
import { DatabaseError, Pool, types as pgTypes, type ClientConfig, type CustomTypesConfig } from 'pg';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { allParts, installGuard, type GuardParts } from './install-guard.ts';
import type { Connection } from './postgres/embedded.ts';
import { roles, SUPERUSER } from './postgres/roles.ts';
import { ConnectionLost, openSession, type Session } from './session.ts';
import type { Reader } from './reader.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly reader: Reader;
  /** A connection of its own as the program (app); throws ConnectionLost when there is none to be had. */
  connect(onLost?: () => void): Promise<Session>;
  /** The same as another role: the owner changes tables (with approval), the reader reads only. */
  connectAs(role: SessionRole, onLost?: () => void): Promise<Session>;
  /** Which parts of the guard stand here; connects when nobody did yet. */
  guardParts(): Promise<GuardParts>;
  /** Tries to sign in as the superuser of a cluster of ours: true when that is refused. Undefined in the operator's own. */
  keepsSuperuserOut(): Promise<boolean | undefined>;
  close(): Promise<void>;
}

export type SessionRole = 'reader' | 'app' | 'owner';

const INT8 = 20;
const INT8_ARRAY = 1016;

/** int8 as number: ids, bytes and times of ours stay far below 2^53. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [INT8, toSafeInteger],
  [INT8_ARRAY, (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(toSafeInteger))],
]);
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) => PARSERS.get(oid) ?? pgTypes.getTypeParser(oid, format),
};

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('an int8 beyond 2^53');
  return value;
}

/** Reads must not wait for ever; parameters never reach a log of the server through us (statement texts hold none). */
const READ_SETTINGS = [
  'jit=off',
  'timezone=UTC',
  'statement_timeout=30000',
  'lock_timeout=5000',
  'default_transaction_read_only=on',
];
/**
 * What is applied can be applied again from the journal, so a commit need not wait for the disk: `applied` is in the same
 * transaction and goes back together with the rows.
 */
const WRITE_SETTINGS = [
  'jit=off',
  'timezone=UTC',
  'synchronous_commit=off',
  'lock_timeout=10000',
  // every statement finds its rows by key; a plan made while a table was small must not read all of it when it is large
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
];

/** What changes tables waits for nobody long: letters go on meanwhile. */
const OWNER_SETTINGS = ['jit=off', 'timezone=UTC', 'lock_timeout=10000'];
const SETTINGS: Readonly<Record<SessionRole, readonly string[]>> = {
  reader: READ_SETTINGS,
  app: WRITE_SETTINGS,
  owner: OWNER_SETTINGS,
};

/** `connection`: a PostgreSQL URL, or where the embedded one listens. Connects at first use. */
export function openDatabase(connection: string | Connection, log: Log): Database {
  const entrance = new Entrance(connection);
  const makePool = async (): Promise<Pool> => {
    const pool = new Pool({ ...(await entrance.configFor('reader')), max: limits.database.connectionsMax });
    pool.on('error', (cause) => log.fault('database.idleConnectionLost', cause));
    // a connection that breaks while a transaction holds it tells the transaction's next statement; without a listener the
    // event would end the program
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  };
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: makePool }) });
  const connectAs = async (role: SessionRole, onLost?: () => void): Promise<Session> =>
    openSession(await entrance.configFor(role), { onLost, isOurs: entrance.isOurs });
  return {
    reader: { db },
    connectAs,
    connect: (onLost) => connectAs('app', onLost),
    guardParts: () => entrance.parts(),
    keepsSuperuserOut: () => entrance.keepsOut(SUPERUSER),
    close: () => db.destroy(),
  };
}

/** How each role comes in: in a cluster of ours by its own name, in the operator's by SET ROLE once the roles are there. */
class Entrance {
  readonly #shared: ClientConfig;
  readonly #signIn: ((user: string) => ClientConfig) | undefined;
  #parts: Promise<GuardParts> | undefined;

  constructor(connection: string | Connection) {
    this.#signIn = signInByName(connection);
    this.#shared = {
      ...(typeof connection === 'string' ? { connectionString: connection } : connection),
      types,
      keepAlive: true,
      connectionTimeoutMillis: limits.database.connectWaitMs,
      application_name: 'siegel',
    };
  }

  /** Its processes are of this machine, and ours. */
  get isOurs(): boolean {
    return this.#signIn !== undefined;
  }

  async configFor(role: SessionRole): Promise<ClientConfig> {
    const own = this.#signIn?.(roles[role]);
    if (own !== undefined) return { ...this.#shared, ...own, options: startOptions(SETTINGS[role]) };
    const parts = await this.parts();
    const become = parts.roles ? [`role=${roles[role]}`] : [];
    return { ...this.#shared, options: startOptions([...SETTINGS[role], ...become]) };
  }

  parts(): Promise<GuardParts> {
    if (this.#signIn !== undefined) return Promise.resolve(allParts);
    this.#parts ??= this.#install().catch((cause: unknown) => {
      this.#parts = undefined; // tried again with the next connection
      throw cause;
    });
    return this.#parts;
  }

  async keepsOut(user: string): Promise<boolean | undefined> {
    if (this.#signIn === undefined) return undefined;
    try {
      await using _ = await openSession({ ...this.#shared, ...this.#signIn(user) });
      return false;
    } catch (cause) {
      // 28000: the door, not a line that broke
      const refusal = cause instanceof ConnectionLost ? cause.cause : cause;
      if (refusal instanceof DatabaseError && refusal.code?.startsWith('28') === true) return true;
      throw cause;
    }
  }

  async #install(): Promise<GuardParts> {
    await using session = await openSession({ ...this.#shared, options: startOptions(OWNER_SETTINGS) });
    return await installGuard(session);
  }
}

/** Undefined where our roles cannot sign in themselves. */
function signInByName(connection: string | Connection): ((user: string) => ClientConfig) | undefined {
  if (typeof connection !== 'string') return connection.user === roles.app ? (user) => ({ user }) : undefined;
  if (!URL.canParse(connection)) return undefined;
  const url = new URL(connection);
  if (url.searchParams.get('user') !== roles.app) return undefined;
  return (user) => {
    url.searchParams.set('user', user);
    return { connectionString: url.href };
  };
}

function startOptions(settings: readonly string[]): string {
  return settings.map((setting) => `-c ${setting}`).join(' ');
}
