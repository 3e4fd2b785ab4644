// Approvals as the guard reads them: a statement word for word, at most so many rows, until a time, a number of times.

import { createHash } from 'node:crypto';
import { int4s, int8s, texts, byteas } from './array-parameter.ts';
import type { Session } from './session.ts';

/** One statement of an approved change. */
export interface Approval {
  /** The change it belongs to, and which of its statements it is: approved once, ever. */
  readonly change: string;
  readonly nth: number;
  readonly planDigest: Uint8Array;
  /** Exactly what is sent to PostgreSQL, without parameters. */
  readonly statement: string;
  /** Rows it may delete or re-key in all; 0 for a change of tables. */
  readonly rowsMax: number;
  /** Transactions that may use it; default 1. */
  readonly usesMax?: number;
  readonly expiresMs: number;
}

const INSERT = `
  INSERT INTO siegel_guard.approval (change, nth, plan, statement, rows_max, uses_max, expires_at)
  SELECT change, nth, plan, statement, rows_max, uses_max, to_timestamp(expires_ms / 1000.0)
  FROM unnest($1::text[], $2::int4[], $3::bytea[], $4::bytea[], $5::int8[], $6::int4[], $7::int8[])
    AS u(change, nth, plan, statement, rows_max, uses_max, expires_ms)`;

/** `owner`: a session of the owner. Whether signatures suffice is decided before (safeguards/change). */
export async function writeApprovals(owner: Session, approvals: readonly Approval[]): Promise<void> {
  if (!owner.isGuarded) return;
  await owner.rows(INSERT, [
    texts(approvals.map(({ change }) => change)),
    int4s(approvals.map(({ nth }) => nth)),
    byteas(approvals.map(({ planDigest }) => Buffer.from(planDigest))),
    byteas(approvals.map(({ statement }) => createHash('sha256').update(statement).digest())),
    int8s(approvals.map(({ rowsMax }) => rowsMax)),
    int4s(approvals.map(({ usesMax }) => usesMax ?? 1)),
    int8s(approvals.map(({ expiresMs }) => expiresMs)),
  ]);
}
