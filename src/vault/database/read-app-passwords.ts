// Reads of app passwords: what a mail program signs in with.

import type { AccountId, AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { Reader } from './reader.ts';

export interface AppPasswordRow {
  readonly id: AppPasswordId;
  readonly hash: Uint8Array;
  readonly sealedName: Uint8Array;
  readonly createdMs: number;
  /** Days since 1970, UTC; undefined: never used. */
  readonly usedDay: number | undefined;
}

/** Oldest first. */
export async function readAppPasswords(reader: Reader, accountId: AccountId): Promise<readonly AppPasswordRow[]> {
  const rows = await reader.db
    .selectFrom('app_password')
    .selectAll()
    .where('account_id', '=', idToUuid(accountId))
    .orderBy('created_ms')
    .orderBy('app_password_id')
    .limit(limits.account.appPasswordsMax)
    .execute();
  return rows.map((row) => ({
    id: uuidToId<AppPasswordId>(row.app_password_id),
    hash: row.hash,
    sealedName: row.sealed_name,
    createdMs: row.created_ms,
    usedDay: row.used_day ?? undefined,
  }));
}
