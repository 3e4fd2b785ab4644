// Brings a schema up to date: plain numbered SQL files, each in one transaction, none changed once it was applied.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { writeApprovals } from './approve.ts';
import type { Session } from './session.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export type MigrationRefusal =
  | { readonly kind: 'editedMigration'; readonly number: number }
  | { readonly kind: 'newerSchema'; readonly number: number };

const FILE_PATTERN = /^(\d{4})-([a-z0-9-]+)\.sql$/;
/** Two programs that start at once migrate one after the other. */
const LOCK = 'SELECT pg_advisory_xact_lock(5400761)';

/** Read when this file is loaded: once rights are dropped the checkout may be closed to us. */
const ownMigrations = await readFolder(new URL('./migrations/', import.meta.url));

/** The files of `directory` (default: ours) in order. Numbers only grow; one that was given away and not used yet may be missing. */
export async function readMigrations(directory?: URL): Promise<readonly Migration[]> {
  return directory === undefined ? ownMigrations : readFolder(directory);
}

async function readFolder(directory: URL): Promise<readonly Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(directory)).toSorted()) {
    const [, number, name] = FILE_PATTERN.exec(file) ?? [];
    if (number === undefined || name === undefined) continue;
    if (Number(number) <= (migrations.at(-1)?.number ?? 0)) throw new Error(`migration ${file} is out of order`);
    migrations.push({ number: Number(number), name, sql: await readFile(new URL(file, directory), 'utf8') });
  }
  return migrations;
}

/** The program works on tables that stand here or at any newer migration: a pending one never stops the mail. */
export const SCHEMA_NEEDED = 5;

/** From here on a migration of tables with rows is a change: planned, rehearsed and approved. Those before only added. */
export const FIRST_BY_CHANGE = 8;

export interface Schema {
  /** Number of the newest migration applied; 0: none. */
  readonly newest: number;
  readonly pending: readonly Migration[];
}

/** Where the tables stand. Reads only. */
export async function readSchema(
  session: Session,
  migrations: readonly Migration[],
): Promise<Result<Schema, MigrationRefusal>> {
  const applied = await readApplied(session);
  for (const [number, digest] of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) return err({ kind: 'newerSchema', number });
    if (digestOf(known) !== digest) return err({ kind: 'editedMigration', number });
  }
  return ok({
    newest: Math.max(0, ...applied.keys()),
    pending: migrations.filter(({ number }) => !applied.has(number)),
  });
}

/** Migrations that wait for a change to carry them out; none where the tables are newer or others (that is refused elsewhere). */
export async function pendingMigrations(
  session: Session,
  migrations: readonly Migration[] = ownMigrations,
): Promise<readonly Migration[]> {
  const schema = await readSchema(session, migrations);
  return schema.ok ? schema.value.pending : [];
}

/** Applies what is missing; returns how many that were. `owner`: a session of the tables' owner. */
export async function migrate(
  owner: Session,
  migrations: readonly Migration[],
): Promise<Result<number, MigrationRefusal>> {
  const schema = await readSchema(owner, migrations);
  if (!schema.ok) return schema;
  let done = 0;
  for (const migration of schema.value.pending) done += await applyMigration(owner, migration);
  return ok(done);
}

/** One migration in one transaction; 0 when another program was quicker. */
export function applyMigration(owner: Session, migration: Migration): Promise<0 | 1> {
  return owner.transaction(async () => {
    await owner.script(LOCK);
    if ((await readApplied(owner)).has(migration.number)) return 0;
    const statements = [MAKE_REGISTER, migration.sql.replaceAll(ASIDE, 'INDEX')];
    await writeApprovals(
      owner,
      statements.map((statement, nth) => ({
        change: `migration-${migration.number}`,
        nth,
        planDigest: Buffer.from(digestOf(migration), 'hex'),
        statement,
        rowsMax: 0,
        expiresMs: NEVER_MS,
      })),
    );
    for (const statement of statements) await owner.script(statement);
    await registerMigration(owner, migration);
    return 1;
  });
}

/** Notes in the transaction under way that the tables hold it. */
export async function registerMigration(owner: Session, migration: Migration): Promise<void> {
  await owner.rows('INSERT INTO schema_migration (number, name, digest) VALUES ($1, $2, $3)', [
    migration.number,
    migration.name,
    digestOf(migration),
  ]);
}

/** A change of tables with rows makes an index while others work, outside any transaction; here nobody waits. */
const ASIDE = /\bINDEX\s+CONCURRENTLY\b/gi;
/** It is used in the very transaction that writes it, or never. */
const NEVER_MS = Date.UTC(2100);
export const MAKE_REGISTER = `CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY, name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

async function readApplied(session: Session): Promise<ReadonlyMap<number, string>> {
  const [register] = await session.rows<{ there: boolean }>(
    `SELECT to_regclass('public.schema_migration') IS NOT NULL AS there`,
  );
  if (register?.there !== true) return new Map();
  const rows = await session.rows<{ number: number; digest: string }>(
    'SELECT number, digest FROM schema_migration ORDER BY number',
  );
  return new Map(rows.map((row) => [row.number, row.digest]));
}

function digestOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
