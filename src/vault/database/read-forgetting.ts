// What the rows know of things whose time is over. The journal has the last word on each (safeguards/forgetting).

import { sql } from 'kysely';
import type { AccountId, ItemId, LetterId, SessionId, SubmissionId } from '#base/ids.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { Reader } from './reader.ts';
import type { Uuid } from './tables.ts';

export interface DueLetter {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  /** Account number of the removal. */
  readonly removedModseq: number;
}

/** Removed letters whose time for undo is over, at most `max`. */
export async function readDueLetters(reader: Reader, nowMs: number, max: number): Promise<readonly DueLetter[]> {
  const rows = await reader.db
    .selectFrom('letter')
    .select(['account_id', 'letter_id', 'removed_modseq'])
    .where('removed_modseq', 'is not', null)
    .where('purge_ms', '<=', nowMs)
    .limit(max)
    .execute();
  return rows.map((row) => ({
    accountId: uuidToId<AccountId>(row.account_id),
    letterId: uuidToId<LetterId>(row.letter_id),
    removedModseq: row.removed_modseq ?? 0,
  }));
}

/** Those of these letters of one account that are removed, by the number of their removal. */
export async function readRemovals(
  reader: Reader,
  accountId: AccountId,
  ids: readonly LetterId[],
): Promise<ReadonlyMap<LetterId, number>> {
  const rows = await reader.db
    .selectFrom('letter')
    .select(['letter_id', 'removed_modseq'])
    .where('account_id', '=', idToUuid(accountId))
    .where('letter_id', '=', sql<Uuid>`ANY(${ids.map(idToUuid)}::uuid[])`)
    .execute();
  return new Map(
    rows.flatMap((row) =>
      row.removed_modseq === null ? [] : [[uuidToId<LetterId>(row.letter_id), row.removed_modseq]],
    ),
  );
}

/** Those of these records of one account that are the summary some letter shows. */
export async function readShownSummaries(
  reader: Reader,
  accountId: AccountId,
  seqs: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await reader.db
    .selectFrom('letter')
    .select('summary_seq')
    .where('account_id', '=', idToUuid(accountId))
    .where('summary_seq', '=', sql<number>`ANY(${seqs}::int8[])`)
    .execute();
  return new Set(rows.flatMap((row) => (row.summary_seq === null ? [] : [row.summary_seq])));
}

/** Pages and segments that were written before account number `modseq`. */
export async function readOlderBlobs(
  reader: Reader,
  accountId: AccountId,
  modseq: number,
): Promise<readonly { readonly kind: 'page' | 'segment'; readonly id: ItemId }[]> {
  const rows = await reader.db
    .selectFrom('blob')
    .select(['kind', 'blob_id'])
    .where('account_id', '=', idToUuid(accountId))
    .where('modseq', '<', modseq)
    .execute();
  return rows.map((row) => ({ kind: row.kind, id: uuidToId<ItemId>(row.blob_id) }));
}

export async function readExpiredSessions(
  reader: Reader,
  nowMs: number,
): Promise<ReadonlyMap<AccountId, readonly SessionId[]>> {
  const rows = await reader.db
    .selectFrom('session')
    .select(['account_id', 'session_id'])
    .where('expires_ms', '<=', nowMs)
    .execute();
  const byAccount = Map.groupBy(rows, (row) => uuidToId<AccountId>(row.account_id));
  return new Map([...byAccount].map(([id, of]) => [id, of.map((row) => uuidToId<SessionId>(row.session_id))]));
}

export interface ClosedAccount {
  readonly accountId: AccountId;
  readonly closedMs: number;
  /** All it ever had; primary first. */
  readonly addresses: readonly string[];
}

/** Accounts that are closed and not erased, the one closed first ahead. */
export async function readClosedAccounts(reader: Reader): Promise<readonly ClosedAccount[]> {
  const rows = await reader.db
    .selectFrom('account')
    .innerJoin('address', 'address.account_id', 'account.account_id')
    .select(['account.account_id', 'account.closed_ms', 'address.address'])
    .where('account.closed_ms', 'is not', null)
    .orderBy('account.closed_ms')
    .orderBy('address.removed_ms', (of) => of.desc().nullsFirst())
    .orderBy('address.kind')
    .orderBy('address.address')
    .execute();
  return [...Map.groupBy(rows, (row) => row.account_id)].map(([id, of]) => ({
    accountId: uuidToId<AccountId>(id),
    closedMs: of[0]?.closed_ms ?? 0,
    addresses: of.map((row) => row.address),
  }));
}

/** What the journal holds as queued and not over. */
export async function readWaitingSubmissions(reader: Reader, accountId: AccountId): Promise<readonly SubmissionId[]> {
  const rows = await reader.db
    .selectFrom('outbound')
    .select('submission_id')
    .where('account_id', '=', idToUuid(accountId))
    .execute();
  return rows.map((row) => uuidToId<SubmissionId>(row.submission_id));
}

/** Removed letters of one account that can come back, those that go first ahead. */
export async function readReturning(
  reader: Reader,
  accountId: AccountId,
  nowMs: number,
  max: number,
): Promise<readonly { readonly letterId: LetterId; readonly purgeMs: number; readonly isDraft: boolean }[]> {
  const rows = await reader.db
    .selectFrom('letter')
    .select(['letter_id', 'purge_ms', 'keywords'])
    .where('account_id', '=', idToUuid(accountId))
    .where('removed_modseq', 'is not', null)
    .where('purge_ms', '>', nowMs)
    .orderBy('purge_ms')
    .orderBy('letter_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    letterId: uuidToId<LetterId>(row.letter_id),
    purgeMs: row.purge_ms ?? 0,
    isDraft: row.keywords.includes('$draft'),
  }));
}
