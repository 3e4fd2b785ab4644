// One connection of our own to PostgreSQL, for what is written in order: prepared statements, transactions, clear failures.

import { Client, DatabaseError, type ClientConfig, type QueryResultRow } from 'pg';
import { giveWay } from './give-way.ts';

/** What applying needs. Statements are constant texts, prepared once per connection. */
export interface Session extends AsyncDisposable {
  rows<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  /** Several statements without parameters, as in a migration. */
  script(text: string): Promise<void>;
  /** Commits what `work` did, or rolls all of it back when it throws. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** False once the connection is lost. */
  readonly isOpen: boolean;
  /** Whether a guard counts here and wants to be told where deletions come from. */
  readonly isGuarded: boolean;
  /** From here on the machine serves others first. Nothing happens where the server is not a process of ours. */
  giveWay(): void;
  close(): Promise<void>;
}

/** The connection is gone or never came: whether the last COMMIT happened is unknown. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection to the database is lost', { cause });
    this.name = 'ConnectionLost';
  }
}

export interface SessionOptions {
  /** Called once when the connection breaks by itself. */
  readonly onLost?: (() => void) | undefined;
  /** Its server is a process of ours on this machine: the number of its process means something here. */
  readonly isOurs?: boolean;
}

/** Connects; throws ConnectionLost. */
export async function openSession(
  config: ClientConfig,
  { onLost = () => {}, isOurs = false }: SessionOptions = {},
): Promise<Session> {
  const client = new Client(config);
  let isOpen = true;
  let isClosing = false;
  const lose = (): void => {
    if (!isOpen) return;
    isOpen = false;
    if (!isClosing) onLost();
  };
  client.on('error', lose);
  client.on('end', lose);
  let isGuarded = false;
  try {
    await client.connect();
    isGuarded = await hasGuard(client);
  } catch (cause) {
    isClosing = true;
    isOpen = false;
    await client.end().catch(() => undefined);
    throw new ConnectionLost(cause);
  }
  const close = async (): Promise<void> => {
    isClosing = true;
    await client.end().catch(() => undefined);
  };
  return {
    ...statements(client, lose),
    get isOpen() {
      return isOpen;
    },
    isGuarded,
    giveWay: () => {
      if (isOurs && isOpen) giveWay(client);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const HAS_GUARD = `SELECT to_regprocedure('siegel_guard.vouch(integer, bigint, uuid, bigint)') IS NOT NULL AS there`;

async function hasGuard(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(HAS_GUARD);
  return rows[0]?.there === true;
}

function statements(client: Client, lose: () => void): Pick<Session, 'rows' | 'script' | 'transaction'> {
  const names = new Map<string, string>();
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      if (cause instanceof DatabaseError && !endsSession(cause)) throw cause;
      lose();
      throw new ConnectionLost(cause);
    }
  };
  const rows: Session['rows'] = async <R extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `s${names.size}`));
    return (await guard(client.query<R>({ name, text, values: [...values] }))).rows;
  };
  const script = async (text: string): Promise<void> => void (await guard(client.query(text)));
  return {
    rows,
    script,
    async transaction(work) {
      await script('BEGIN');
      try {
        const value = await work();
        await script('COMMIT');
        return value;
      } catch (cause) {
        if (!(cause instanceof ConnectionLost)) await script('ROLLBACK');
        throw cause;
      }
    },
  };
}

/** 57P01..03: the server is going down; 08: connection exceptions. */
function endsSession(error: DatabaseError): boolean {
  return error.code !== undefined && (/^57P0[1-5]$/.test(error.code) || error.code.startsWith('08'));
}

export type Failure = 'retry' | 'deterministic' | 'down';

/**
 * What a failed application means: the same again will do (deadlock), will always fail (constraint, malformed effect), or the
 * database is in no state to say (lost, out of space, wrong schema).
 */
export function classifyFailure(cause: unknown): Failure {
  if (cause instanceof ConnectionLost) return 'down';
  if (!(cause instanceof DatabaseError)) return 'deterministic';
  const sqlClass = (cause.code ?? '').slice(0, 2);
  if (sqlClass === '40') return 'retry';
  // SG: the guard
  return ['22', '23', '54', 'P0', 'SG'].includes(sqlClass) ? 'deterministic' : 'down';
}

/** Whether a failed read means that the database is not there (lost, starting, being made, full), not that the read is wrong. */
export function isUnavailable(cause: unknown): boolean {
  if (cause instanceof ConnectionLost) return true;
  // 42P01: a database that is made anew has no tables for a moment; 55000: one that another takes over from lets nobody in
  if (cause instanceof DatabaseError) return /^(?:08|53|57|58|42P01$|55000$)/.test(cause.code ?? '');
  return cause instanceof Error && LOST.test(`${cause.message} ${'code' in cause ? String(cause.code) : ''}`);
}

/** XX001, XX002: a page of a table or of an index is not as it was written. The journal can make the rows anew. */
export function isDamaged(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && /^XX00[12]$/.test(String(cause.code));
}

/** What `pg` and the socket below it say when a connection ends or never comes. */
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND/;
