// All that a request of an authority can ever read of an account: who has an address, since when, where its sealed letters lie, what waits to leave. There is no other way from the desk to an account.

import type { AccountId, SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Place } from '../journal/journal.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { Snapshot } from './read-states.ts';

export interface SubscriberRow {
  readonly addresses: readonly {
    readonly address: string;
    readonly kind: 'address' | 'alias';
    readonly isRemoved: boolean;
  }[];
  readonly createdMs: number;
  readonly closedMs: number | null;
}

/** Where the two records of a sealed letter lie. */
export interface SealedPlace {
  readonly key: Place;
  readonly body: Place;
  readonly receivedMs: number;
  /** 0: never. */
  readonly expiresMs: number;
}

export interface WaitingRow {
  readonly submissionId: SubmissionId;
  /** An own address. */
  readonly sender: string;
  readonly queuedMs: number;
}

const PAGE = 500;

/** Also by an address that was given up: it is never given to somebody else. `several`: a group reads it. */
export async function findOwner(db: Snapshot, address: string): Promise<AccountId | 'several' | undefined> {
  const row = await db.selectFrom('address').select('account_id').where('address', '=', address).executeTakeFirst();
  if (row !== undefined) return uuidToId<AccountId>(row.account_id);
  const group = await db
    .selectFrom('group_address')
    .select('address')
    .where('address', '=', address)
    .executeTakeFirst();
  return group === undefined ? undefined : 'several';
}

/** Undefined: nothing of the account is left. */
export async function readSubscriber(db: Snapshot, accountId: AccountId): Promise<SubscriberRow | undefined> {
  const account = await db
    .selectFrom('account')
    .select(['created_ms', 'closed_ms'])
    .where('account_id', '=', idToUuid(accountId))
    .executeTakeFirst();
  if (account === undefined) return undefined;
  const rows = await db
    .selectFrom('address')
    .select(['address', 'kind', 'removed_ms'])
    .where('account_id', '=', idToUuid(accountId))
    .orderBy('address')
    .limit(limits.deskFulfilment.addressesMax)
    .execute();
  return {
    addresses: rows.map(({ address, kind, removed_ms: removedMs }) => ({
      address,
      kind,
      isRemoved: removedMs !== null,
    })),
    createdMs: account.created_ms,
    closedMs: account.closed_ms,
  };
}

/** Of the letters that are there, oldest first, a page at a time. */
export async function* readSealedPlaces(db: Snapshot, accountId: AccountId): AsyncGenerator<readonly SealedPlace[]> {
  for (let after: { readonly ms: number; readonly id: string } | undefined; ;) {
    const last = after;
    const rows = await db
      .selectFrom('letter')
      .select(['letter_id', 'received_ms', 'expires_ms', 'journal', 'key_seq', 'key_segment', 'key_offset'])
      .select(['body_journal', 'body_seq', 'body_segment', 'body_offset'])
      .where('account_id', '=', idToUuid(accountId))
      .where('removed_modseq', 'is', null)
      .$if(last !== undefined, (query) =>
        query.where((where) =>
          where.or([
            where('received_ms', '>', last?.ms ?? 0),
            where.and([where('received_ms', '=', last?.ms ?? 0), where('letter_id', '>', last?.id ?? '')]),
          ]),
        ),
      )
      .orderBy('received_ms')
      .orderBy('letter_id')
      .limit(PAGE)
      .execute();
    yield rows.map((row) => ({
      key: { journal: row.journal, seq: row.key_seq, segment: row.key_segment, offset: row.key_offset },
      body: { journal: row.body_journal, seq: row.body_seq, segment: row.body_segment, offset: row.body_offset },
      receivedMs: row.received_ms,
      expiresMs: row.expires_ms,
    }));
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    after = { ms: end.received_ms, id: end.letter_id };
  }
}

/** What the journal holds as queued and not yet as over. */
export async function readWaitingOf(db: Snapshot, accountId: AccountId): Promise<readonly WaitingRow[]> {
  const rows = await db
    .selectFrom('outbound as o')
    .innerJoin('submission as s', (join) =>
      join.onRef('s.account_id', '=', 'o.account_id').onRef('s.submission_id', '=', 'o.submission_id'),
    )
    .select(['o.submission_id', 's.identity', 's.queued_ms'])
    .where('o.account_id', '=', idToUuid(accountId))
    .orderBy('s.queued_ms')
    .orderBy('o.submission_id')
    .execute();
  return rows.map((row) => ({
    submissionId: uuidToId<SubmissionId>(row.submission_id),
    sender: row.identity,
    queuedMs: row.queued_ms,
  }));
}
