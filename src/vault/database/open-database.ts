// Opens the database: a pool for reads through Kysely, sessions for what is written in order, the same settings on each.

import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types as pgTypes, type ClientConfig, type CustomTypesConfig } from 'pg';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Connection } from './postgres/embedded.ts';
import { openSession, type Session } from './session.ts';
import type { Reader } from './reader.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly reader: Reader;
  /** A connection of its own; throws ConnectionLost when there is none to be had. */
  connect(onLost?: () => void): Promise<Session>;
  close(): Promise<void>;
}

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

/** `connection`: a PostgreSQL URL, or where the embedded one listens. Connects at first use. */
export function openDatabase(connection: string | Connection, log: Log): Database {
  const shared: ClientConfig = {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    types,
    keepAlive: true,
    connectionTimeoutMillis: limits.database.connectWaitMs,
    application_name: 'siegel',
  };
  const pool = new Pool({ ...shared, options: startOptions(READ_SETTINGS), max: limits.database.connectionsMax });
  pool.on('error', (cause) => log.fault('database.idleConnectionLost', cause));
  // a connection that breaks while a transaction holds it tells the transaction's next statement; without a listener the
  // event would end the program
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    reader: { db },
    connect: (onLost) => openSession({ ...shared, options: startOptions(WRITE_SETTINGS) }, onLost),
    close: () => db.destroy(),
  };
}

function startOptions(settings: readonly string[]): string {
  return settings.map((setting) => `-c ${setting}`).join(' ');
}
