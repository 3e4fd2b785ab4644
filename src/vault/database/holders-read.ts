// Who holds which account: asked at every request that names an account other than the session's own.

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { Reader } from './reader.ts';

export interface HolderRow {
  readonly holderId: AccountId;
  /** '': it left, and the account's keys are those it knew. */
  readonly wrapId: string;
  readonly hasLeft: boolean;
  /** Since when it holds the account; of one that left, since when it does not. */
  readonly addedMs: number;
}

/** Who holds what now: nobody who left, no account that is closed. */
function holdings(reader: Reader) {
  return reader.db
    .selectFrom('holder')
    .innerJoin('account', 'account.account_id', 'holder.account_id')
    .where('holder.wrap_id', '<>', '')
    .where('account.closed_ms', 'is', null);
}

/** Whether `holderId` holds the account now, and the account is open. */
export async function isHolder(reader: Reader, accountId: AccountId, holderId: AccountId): Promise<boolean> {
  const row = await holdings(reader)
    .select('holder.wrap_id')
    .where('holder.account_id', '=', idToUuid(accountId))
    .where('holder.holder_id', '=', idToUuid(holderId))
    .executeTakeFirst();
  return row !== undefined;
}

/** Open accounts that somebody holds beside their own, oldest first. */
export async function readHeldAccounts(reader: Reader, holderId: AccountId): Promise<readonly AccountId[]> {
  const rows = await holdings(reader)
    .select('holder.account_id')
    .where('holder.holder_id', '=', idToUuid(holderId))
    .orderBy('holder.added_ms')
    .orderBy('holder.account_id')
    .limit(limits.account.heldMax)
    .execute();
  return rows.map((row) => uuidToId<AccountId>(row.account_id));
}

/** Oldest first; those who left among them, until the account has other keys. */
export async function readHolders(reader: Reader, accountId: AccountId): Promise<readonly HolderRow[]> {
  const rows = await reader.db
    .selectFrom('holder')
    .selectAll()
    .where('account_id', '=', idToUuid(accountId))
    .orderBy('added_ms')
    .orderBy('holder_id')
    .limit(limits.account.holdersMax)
    .execute();
  return rows.map((row) => ({
    holderId: uuidToId<AccountId>(row.holder_id),
    wrapId: row.wrap_id,
    hasLeft: row.wrap_id === '',
    addedMs: row.added_ms,
  }));
}

/** Whether anybody else who may sign in holds the account, too. */
export async function hasOtherHolder(reader: Reader, accountId: AccountId, holderId: AccountId): Promise<boolean> {
  const row = await reader.db
    .selectFrom('holder')
    .innerJoin('account', 'account.account_id', 'holder.holder_id')
    .select('holder.holder_id')
    .where('holder.account_id', '=', idToUuid(accountId))
    .where('holder.holder_id', '<>', idToUuid(holderId))
    .where('holder.wrap_id', '<>', '')
    .where('account.closed_ms', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
