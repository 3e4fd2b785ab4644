// Brings a schema up to date: plain numbered SQL files, each in one transaction, none changed once it was applied.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
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

/** Applies what is missing; returns how many that were. */
export async function migrate(
  session: Session,
  migrations: readonly Migration[],
): Promise<Result<number, MigrationRefusal>> {
  await session.script(`CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY, name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  const applied = await readApplied(session);
  for (const [number, digest] of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) return err({ kind: 'newerSchema', number });
    if (digestOf(known) !== digest) return err({ kind: 'editedMigration', number });
  }
  let done = 0;
  for (const migration of migrations) {
    if (applied.has(migration.number)) continue;
    done += await session.transaction(async () => {
      await session.script(LOCK);
      if ((await readApplied(session)).has(migration.number)) return 0;
      await session.script(migration.sql);
      await session.rows('INSERT INTO schema_migration (number, name, digest) VALUES ($1, $2, $3)', [
        migration.number,
        migration.name,
        digestOf(migration),
      ]);
      return 1;
    });
  }
  return ok(done);
}

async function readApplied(session: Session): Promise<ReadonlyMap<number, string>> {
  const rows = await session.rows<{ number: number; digest: string }>(
    'SELECT number, digest FROM schema_migration ORDER BY number',
  );
  return new Map(rows.map((row) => [row.number, row.digest]));
}

function digestOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
