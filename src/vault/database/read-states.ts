// Where an account stands: era, newest change of each kind, room used; and one snapshot for reads of several statements.

import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import { parseId, type AccountId, type LetterId } from '#base/ids.ts';
import { idToUuid } from './ids.ts';
import type { Reader } from './reader.ts';
import type { Tables } from './tables.ts';

export interface AccountStates {
  /** Raised when an older position was restored: states of another era mean nothing. */
  readonly era: number;
  /** The last account number whose record is in the rows, of whatever kind. */
  readonly accountSeq: number;
  readonly emailModseq: number;
  /** Changes of letters since a state below this cannot be told any more. */
  readonly emailFloor: number;
  readonly mailboxModseq: number;
  readonly itemModseq: number;
  readonly submissionModseq: number;
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly letters: number;
}

/** A read-only transaction that sees one moment. */
export type Snapshot = Kysely<Tables>;

/** Runs `read` on one moment of the database. */
export function atOneMoment<T>(reader: Reader, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return reader.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}

/** One statement; undefined when there is no such account. */
export async function readStates(db: Snapshot, accountId: AccountId): Promise<AccountStates | undefined> {
  const { rows } = await sql<AccountStates>`
    SELECT i.era AS "era", c.account_seq AS "accountSeq", c.email_modseq AS "emailModseq", c.email_floor_modseq AS "emailFloor",
           c.mailbox_modseq AS "mailboxModseq", c.item_modseq AS "itemModseq",
           c.submission_modseq AS "submissionModseq",
           c.used_bytes AS "usedBytes", a.quota_bytes AS "quotaBytes", c.letters AS "letters"
    FROM instance i, account a JOIN account_counter c ON c.account_id = a.account_id
    WHERE a.account_id = ${idToUuid(accountId)}`.execute(db);
  return rows[0];
}

/** Addresses that receive for this account, sorted. */
export async function readAddresses(db: Snapshot, accountId: AccountId): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('address')
    .select('address')
    .where('account_id', '=', idToUuid(accountId))
    .where('removed_ms', 'is', null)
    .orderBy('kind')
    .orderBy('address')
    .execute();
  return rows.map((row) => row.address);
}

/** Where to tell changes from: after a number, or within what shares it, after an id. */
export interface ChangesSince {
  readonly modseq: number;
  readonly untilId: string | undefined;
}

/** As a condition; `id`: the column that names the rows. What it selects is told in order of modseq, then id. */
export function changedAfter(
  { modseq, untilId }: ChangesSince,
  id: 'letter_id' | 'item_id' | 'submission_id',
): RawBuilder<SqlBool> {
  const until = parseId<LetterId>(untilId);
  if (until === undefined) return sql<SqlBool>`modseq > ${modseq}`;
  return sql<SqlBool>`modseq >= ${modseq} AND (modseq > ${modseq} OR ${sql.ref(id)} > ${idToUuid(until)})`;
}
