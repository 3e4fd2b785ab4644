// Reads about the house as a whole, for the operator's status and for starting.

import type { AccountId } from '#base/ids.ts';
import { uuidToId } from './ids.ts';
import type { Reader } from './reader.ts';

/** Letters whose rows stand and that were not removed. */
export async function countLetters(reader: Reader): Promise<number> {
  const row = await reader.db
    .selectFrom('account_counter')
    .select((of) => of.fn.sum<string>('letters').as('letters'))
    .executeTakeFirst();
  return Number(row?.letters ?? 0);
}

export interface UsedBytes {
  readonly accountId: AccountId;
  /** The account's last number of which this is true. */
  readonly accountSeq: number;
  readonly usedBytes: number;
}

/** What each account's living letters take of its quota, counted letter by letter. */
export async function readUsedBytes(reader: Reader): Promise<readonly UsedBytes[]> {
  const rows = await reader.db
    .selectFrom('account_counter')
    .select(['account_id', 'account_seq', 'used_bytes'])
    .execute();
  return rows.map((row) => ({
    accountId: uuidToId<AccountId>(row.account_id),
    accountSeq: row.account_seq,
    usedBytes: row.used_bytes,
  }));
}

/** Raised when an older position of the database is restored; 0 while there is no house. */
export async function readEra(reader: Reader): Promise<number> {
  const row = await reader.db.selectFrom('instance').select('era').executeTakeFirst();
  return row?.era ?? 0;
}

/** An address of the oldest open account; undefined while there is none. */
export async function findFirstAddress(reader: Reader): Promise<string | undefined> {
  const row = await reader.db
    .selectFrom('address')
    .innerJoin('account', 'account.account_id', 'address.account_id')
    .select('address.address')
    .where('address.removed_ms', 'is', null)
    .where('account.closed_ms', 'is', null)
    .orderBy('account.created_ms')
    .limit(1)
    .executeTakeFirst();
  return row?.address;
}
