// The attic: what a change dropped is kept under another name until its day, so that a mistake costs a name and no rows.

import type { Session } from '../../database/session.ts';

export const ATTIC = 'attic';

/** YYYYMMDD in UTC. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');
}

export function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}

/** `letter_note` of change 12 becomes attic.until_20261222_c12_letter_note. */
export function moveToAttic(table: string, change: number, forgetDay: string): readonly string[] {
  const plain = table.split('.').at(-1) ?? table;
  const kept = `until_${forgetDay}_c${change}_${plain}`.slice(0, NAME_MAX);
  return [
    `ALTER TABLE ${quoted(table)} SET SCHEMA ${ATTIC}`,
    `ALTER TABLE ${ATTIC}.${quoted(plain)} RENAME TO ${quoted(kept)}`,
  ];
}

const NAME_MAX = 63;

/** A column stays in its table under another name and may be empty, so that new rows need not know it. */
export function atticColumn(table: string, column: string, forgetDay: string): readonly string[] {
  const kept = `until_${forgetDay}_${column}`.slice(0, NAME_MAX);
  return [
    `ALTER TABLE ${quoted(table)} ALTER COLUMN ${quoted(column)} DROP NOT NULL`,
    `ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(column)} TO ${quoted(kept)}`,
  ];
}

export interface AtticPiece {
  readonly table: string;
  /** Undefined: the whole table. */
  readonly column: string | undefined;
  /** YYYYMMDD */
  readonly forgetDay: string;
}

const PIECES = `
  SELECT c.relname AS table, NULL AS "column", substring(c.relname FROM 7 FOR 8) AS day
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'attic' AND c.relkind = 'r' AND c.relname ~ '^until_[0-9]{8}_'
  UNION ALL
  SELECT c.relname, a.attname, substring(a.attname FROM 7 FOR 8)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ '^until_[0-9]{8}_'
  ORDER BY 3, 1, 2`;

/** What waits there, the oldest first. */
export async function listAttic(session: Pick<Session, 'rows'>): Promise<readonly AtticPiece[]> {
  const rows = await session.rows<{ table: string; column: string | null; day: string }>(PIECES);
  return rows.map(({ table, column, day }) => ({ table, column: column ?? undefined, forgetDay: day }));
}

/** Drops what has had its time; returns what that was. */
export async function emptyAttic(
  session: Pick<Session, 'rows' | 'script'>,
  nowMs: number,
): Promise<readonly AtticPiece[]> {
  const today = dayOf(nowMs);
  const due = (await listAttic(session)).filter(({ forgetDay }) => forgetDay <= today);
  for (const { table, column } of due) {
    await session.script(
      column === undefined
        ? `DROP TABLE ${ATTIC}.${quoted(table)}`
        : `ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(column)}`,
    );
  }
  return due;
}
