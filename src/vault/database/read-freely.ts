// Any statement that reads, as the reader: one read-only transaction, bounded in rows and time, with values as a person reads them.

import { DatabaseError } from 'pg';
import { err, ok, type Result } from '#base/result.ts';
import type { Database } from './open-database.ts';

export type Cell = string | number | boolean | null;

export interface FreeRead {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** There are more rows than were asked for. */
  readonly isCut: boolean;
}

export interface ReadBounds {
  readonly rowsMax: number;
  readonly waitMs: number;
}

export interface ReadRefusal {
  readonly kind: 'sql';
  /** As PostgreSQL says it. */
  readonly message: string;
}

/** `isQuery`: SELECT, VALUES, TABLE: fetched as far as asked. Anything else (SHOW, EXPLAIN) is short. */
export async function readFreely(
  database: Pick<Database, 'connectAs'>,
  { text, isQuery }: { readonly text: string; readonly isQuery: boolean },
  { rowsMax, waitMs }: ReadBounds,
): Promise<Result<FreeRead, ReadRefusal>> {
  await using session = await database.connectAs('reader');
  try {
    await session.script(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${waitMs}`);
    if (isQuery) await session.script(`DECLARE free NO SCROLL CURSOR FOR ${text}`);
    const rows = await session.rows<Record<string, unknown>>(isQuery ? `FETCH ${rowsMax + 1} FROM free` : text);
    await session.script('ROLLBACK');
    const columns = Object.keys(rows[0] ?? {});
    const shown = rows.slice(0, rowsMax).map((row) => columns.map((column) => cellOf(row[column])));
    return ok({ columns, rows: shown, isCut: rows.length > rowsMax });
  } catch (cause) {
    if (cause instanceof DatabaseError) return err({ kind: 'sql', message: cause.message });
    throw cause;
  }
}

/** About how many rows a statement would touch, as the planner expects; undefined where it cannot say. Nothing is carried out. */
export async function estimateRows(database: Pick<Database, 'connectAs'>, text: string): Promise<number | undefined> {
  await using session = await database.connectAs('app');
  try {
    await session.script(`BEGIN READ ONLY; SET LOCAL statement_timeout = 5000`);
    const [row] = await session.rows<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON) ${text}`);
    await session.script('ROLLBACK');
    return expectedRows(row?.['QUERY PLAN']);
  } catch (cause) {
    if (cause instanceof DatabaseError) return undefined;
    throw cause;
  }
}

/** The rows that reach the node that changes them. */
function expectedRows(plan: unknown): number | undefined {
  const found = /"Node Type": *"ModifyTable".*?"Plans".*?"Plan Rows": *(\d+)/s.exec(JSON.stringify(plan));
  return found === null ? undefined : Number(found[1]);
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : JSON.stringify(value);
}
