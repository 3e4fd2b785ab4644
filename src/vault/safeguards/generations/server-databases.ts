// The databases of one house on a server of the operator's: looked at, made, closed, exchanged and dropped from a session at none of them.

import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { InstanceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ConnectionLost, openSession, type Session } from '../../database/session.ts';
import { refuse, type GenerationRefusal } from './refusals.ts';
import { formatMark, readMark, type Mark, type ServerDatabase } from './server-marks.ts';

export interface Seen {
  /** Undefined: it is not there. */
  readonly live: ServerDatabase | undefined;
  /** What the operator wrote about the live one before it had a mark. */
  readonly note: string | undefined;
  /** Those with a mark of this house, besides the live one. */
  readonly others: readonly ServerDatabase[];
  /** Names of all databases. */
  readonly names: ReadonlySet<string>;
  readonly mayCreate: boolean;
  readonly ownsLive: boolean;
}

interface LookRow {
  readonly name: string;
  readonly oid: string;
  readonly is_open: boolean;
  readonly comment: string | null;
  readonly is_owned: boolean;
  readonly may_create: boolean;
}

/** Every server has it; whoever renames a database must be in another one. */
const KEEPER = 'postgres';
const LOOK = `
  SELECT d.datname AS name, d.oid::text AS oid, d.datallowconn AS is_open, shobj_description(d.oid, 'pg_database') AS comment,
    r.rolsuper OR pg_has_role(d.datdba, 'MEMBER') AS is_owned, r.rolsuper OR r.rolcreatedb AS may_create
  FROM pg_database d, pg_roles r WHERE r.rolname = current_user AND NOT d.datistemplate`;
/** As the live one: language, encoding, owner, place, who may come in, and above all what its log may hold. */
const CREATE = `
  SELECT format('CREATE DATABASE %I TEMPLATE template0 OWNER %I ENCODING %L LOCALE_PROVIDER %s LC_COLLATE %L LC_CTYPE %L',
      $2::text, pg_get_userbyid(datdba), pg_encoding_to_char(encoding),
      CASE datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END, datcollate, datctype)
    || CASE datlocprovider WHEN 'i' THEN format(' ICU_LOCALE %L', locale) WHEN 'b' THEN format(' BUILTIN_LOCALE %L', locale) ELSE '' END
    || CASE WHEN datconnlimit >= 0 THEN format(' CONNECTION LIMIT %s', datconnlimit) ELSE '' END
    || CASE WHEN spcname <> 'pg_default' THEN format(' TABLESPACE %I', spcname) ELSE '' END AS sql
  FROM (SELECT d.*, t.spcname, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale
    FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = $1) live`;
const RIGHTS = `
  WITH live AS (SELECT * FROM pg_database WHERE datname = $1)
  SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2::text) AS sql, 0 AS nth FROM live WHERE datacl IS NOT NULL
  UNION ALL SELECT format('GRANT %s ON DATABASE %I TO %s', a.privilege_type, $2::text,
    CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END), 1
    FROM live, aclexplode(datacl) a WHERE a.grantee <> datdba
  UNION ALL SELECT CASE WHEN s.setrole = 0 THEN format('ALTER DATABASE %I SET ', $2::text)
      ELSE format('ALTER ROLE %I IN DATABASE %I SET ', pg_get_userbyid(s.setrole), $2::text) END
    || split_part(one, '=', 1) || ' TO '
    || CASE WHEN split_part(one, '=', 1) ~ '(search_path|temp_tablespaces|_libraries)$' THEN substr(one, strpos(one, '=') + 1)
      ELSE quote_literal(substr(one, strpos(one, '=') + 1)) END, 2
    FROM live JOIN pg_db_role_setting s ON s.setdatabase = live.oid, unnest(s.setconfig) one
  ORDER BY nth`;
const SESSIONS = `
  SELECT pid, pg_has_role(usesysid, 'MEMBER') AS is_ours FROM pg_stat_activity
  WHERE datname = $1 AND usesysid IS NOT NULL AND pid <> pg_backend_pid()`;
const NOT_ALLOWED = '42501';
const POLL_MS = 20;
/** How long those who may not be ended have to leave. */
const LEAVE_WAIT_MS = 2_000;

export class ServerDatabases {
  readonly live: string;
  readonly #url: URL;
  readonly #instance: InstanceId;

  constructor(url: string, instance: InstanceId) {
    this.#url = new URL(url);
    this.live = decodeURIComponent(this.#url.pathname.slice(1));
    this.#instance = instance;
  }

  urlOf(database: string): string {
    const url = new URL(this.#url);
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  }

  look(): Promise<Result<Seen, GenerationRefusal>> {
    return this.#work(async (session) => ok(await this.#read(session)));
  }

  /** An empty one like the live one. Settings that its user may not make are left out: who fills it looks at what counts. */
  create(name: string, mark: Mark, liveMark: Mark): Promise<Result<void, GenerationRefusal>> {
    return this.#work(async (session) => {
      await comment(session, this.live, { ...liveMark, making: name });
      const [create] = await session.rows<{ sql: string }>(CREATE, [this.live, name]);
      if (create === undefined) return refuse('no-cluster', { name: this.live });
      await session.script(create.sql);
      for (const { sql } of await session.rows<{ sql: string }>(RIGHTS, [this.live, name]))
        await session.script(sql).catch((cause: unknown) => {
          if (!(cause instanceof DatabaseError) || cause.code !== NOT_ALLOWED) throw cause;
        });
      await comment(session, name, mark);
      await comment(session, this.live, liveMark);
      return ok(undefined);
    });
  }

  mark(name: string, mark: Mark): Promise<Result<void, GenerationRefusal>> {
    return this.#work(async (session) => ok(await comment(session, name, mark)));
  }

  /** Nobody is let in, and whoever was in is out. Refused, and open again, while somebody stays whom our user may not end. */
  close(name: string, mark?: Mark): Promise<Result<void, GenerationRefusal>> {
    return this.#work(async (session) => {
      await session.transaction(async () => {
        await session.script(await written(session, LET_NOBODY_IN, name));
        if (mark !== undefined) await comment(session, name, mark);
      });
      for (let waitedMs = 0; ; waitedMs += POLL_MS) {
        const there = await session.rows<{ pid: number; is_ours: boolean }>(SESSIONS, [name]);
        if (there.length === 0) return ok(undefined);
        if (waitedMs > LEAVE_WAIT_MS) return refuse('still-used', { name });
        for (const { pid, is_ours: isOurs } of there)
          if (isOurs) await session.rows('SELECT pg_terminate_backend($1)', [pid]).catch(onlyRefused);
        await sleep(POLL_MS);
      }
    });
  }

  open(name: string, mark?: Mark): Promise<Result<void, GenerationRefusal>> {
    return this.#work(async (session) => {
      await session.transaction(async () => {
        if (mark !== undefined) await comment(session, name, mark);
        await session.script(await written(session, LET_IN, name));
      });
      return ok(undefined);
    });
  }

  /** The one step that makes another database the live one: names, marks and doors change in one transaction. Both are closed. */
  exchange(order: ExchangeOrder): Promise<Result<void, GenerationRefusal>> {
    const { to, aside, liveMark, asideMark } = order;
    return this.#work(async (session) => {
      await session.transaction(async () => {
        await session.script(await written(session, 'ALTER DATABASE %I RENAME TO %I', this.live, aside));
        await session.script(await written(session, 'ALTER DATABASE %I RENAME TO %I', to, this.live));
        await comment(session, aside, asideMark);
        await comment(session, this.live, liveMark);
        await session.script(await written(session, LET_IN, this.live));
      });
      return ok(undefined);
    });
  }

  drop(name: string): Promise<Result<void, GenerationRefusal>> {
    return this.#work(async (session) => {
      await session.script(await written(session, 'DROP DATABASE IF EXISTS %I WITH (FORCE)', name));
      return ok(undefined);
    });
  }

  async #read(session: Session): Promise<Seen> {
    const rows = await session.rows<LookRow>(LOOK);
    const databases = rows.map(({ name, oid, is_open: isOpen, comment: text }) => ({
      name,
      oid,
      isOpen,
      mark: readMark(text, this.#instance),
    }));
    const row = rows.find(({ name }) => name === this.live);
    const live = databases.find(({ name }) => name === this.live);
    const isNote = live?.mark === undefined && row !== undefined && row.comment !== null;
    return {
      live,
      note: isNote ? (row.comment ?? undefined) : undefined,
      others: databases.filter(({ name, mark }) => mark !== undefined && name !== this.live),
      names: new Set(rows.map(({ name }) => name)),
      mayCreate: row?.may_create === true,
      ownsLive: row?.is_owned === true,
    };
  }

  async #work<T>(
    work: (session: Session) => Promise<Result<T, GenerationRefusal>>,
  ): Promise<Result<T, GenerationRefusal>> {
    try {
      await using session = await openSession({
        connectionString: this.urlOf(KEEPER),
        connectionTimeoutMillis: limits.database.connectWaitMs,
        application_name: 'siegel',
      });
      return await work(session);
    } catch (cause) {
      if (cause instanceof ConnectionLost) return refuse('no-keeper', { name: KEEPER });
      if (cause instanceof DatabaseError) return err(explain(cause));
      throw cause;
    }
  }
}

export interface ExchangeOrder {
  readonly to: string;
  /** What the live one is called from then on. */
  readonly aside: string;
  readonly liveMark: Mark;
  readonly asideMark: Mark;
}

const LET_IN = 'ALTER DATABASE %I WITH ALLOW_CONNECTIONS true';
const LET_NOBODY_IN = 'ALTER DATABASE %I WITH ALLOW_CONNECTIONS false';

async function comment(session: Session, name: string, mark: Mark): Promise<void> {
  await session.script(await written(session, 'COMMENT ON DATABASE %I IS %L', name, formatMark(mark)));
}

/** Names and texts as PostgreSQL itself quotes them. */
async function written(session: Session, pattern: string, ...words: readonly string[]): Promise<string> {
  const [row] = await session.rows<{ sql: string }>('SELECT format($1, VARIADIC $2::text[]) AS sql', [pattern, words]);
  return row?.sql ?? '';
}

/** Whoever may not be ended is waited for. */
function onlyRefused(cause: unknown): void {
  if (!(cause instanceof DatabaseError)) throw cause;
}

function explain(cause: DatabaseError): GenerationRefusal {
  const sentence = `The server of DATABASE_URL refuses: ${cause.message}. The live database serves as before. Look at siegel status, then try again.`;
  return { kind: 'server-refuses', sentence };
}
