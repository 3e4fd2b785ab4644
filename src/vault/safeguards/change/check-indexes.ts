// Indexes of the live rows against their tables, by PostgreSQL's own check (amcheck).

import { err, ok, type Result } from '#base/result.ts';
import type { Session } from '../../database/session.ts';
import type { Refused } from './neighbours.ts';

const IS_THERE = `SELECT to_regprocedure('bt_index_check(regclass)') IS NOT NULL AS there`;
const INDEXES = `
  SELECT c.oid::int8 AS oid, c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.amname = 'btree' AND i.indisvalid AND c.relpersistence = 'p' AND n.nspname = 'public' ORDER BY c.relname`;
const HALF_MADE = `
  SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND n.nspname = 'public'`;

/** Where amcheck is not there (a database of the operator's own), only half-made indexes are found. */
export async function checkIndexes(session: Session): Promise<Result<void, Refused>> {
  const [half] = await session.rows<{ name: string }>(HALF_MADE);
  if (half !== undefined) return damaged(half.name, 'was left half made');
  const [found] = await session.rows<{ there: boolean }>(IS_THERE);
  if (found?.there !== true) return ok(undefined);
  for (const { oid, name } of await session.rows<{ oid: number; name: string }>(INDEXES)) {
    try {
      await session.rows('SELECT bt_index_check($1::int8::oid::regclass)', [oid]);
    } catch {
      return damaged(name, 'does not agree with its table');
    }
  }
  return ok(undefined);
}

function damaged(name: string, what: string): Result<never, Refused> {
  return err({ kind: 'indexDamaged', sentence: `index ${name} ${what}.` });
}
