// The attic: what a change dropped is kept under another name until its day, so that a mistake costs a name and no rows.

import { randomUUID } from 'node:crypto';
import { limits } from '#base/limits.ts';
import { writeApprovals } from '../../database/approve.ts';
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

/** The owner’s session drops what has had its time; returns what that was. Whoever approved the change approved its day with it. */
export async function emptyAttic(session: Session, nowMs: number): Promise<readonly AtticPiece[]> {
  const today = dayOf(nowMs);
  const due = (await listAttic(session)).filter(({ forgetDay }) => forgetDay <= today);
  for (const { table, column } of due) {
    const statement =
      column === undefined
        ? `DROP TABLE ${ATTIC}.${quoted(table)}`
        : `ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(column)}`;
    await session.transaction(async () => {
      await session.script(`SET LOCAL lock_timeout = ${limits.change.lock.waitMs}`);
      const approval = { change: `attic-${randomUUID()}`, nth: 0, planDigest: Buffer.alloc(0), statement, rowsMax: 0 };
      await writeApprovals(session, [{ ...approval, usesMax: 2, expiresMs: nowMs + APPROVED_MS }]);
      await session.script(statement);
    });
  }
  return due;
}

const APPROVED_MS = 24 * 3_600_000;

/** When a piece was dropped, at the latest: its day is at most `atticDays` after that. */
export function droppedMs({ forgetDay }: AtticPiece): number {
  const day = `${forgetDay.slice(0, 4)}-${forgetDay.slice(4, 6)}-${forgetDay.slice(6)}`;
  return Date.parse(`${day}T00:00:00Z`) - limits.change.atticDays * 86_400_000;
}
