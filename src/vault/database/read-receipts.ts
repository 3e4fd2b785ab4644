// Reads of promises: an account's own, newest first, and those of given records, for the book.

import { sql } from 'kysely';
import type { AccountId, LetterId } from '#base/ids.ts';
import type { KeyRecord } from '../journal/journal.ts';
import { HOUSE_UUID } from './effects/promises.ts';
import { idToUuid } from './ids.ts';
import type { Snapshot } from './read-states.ts';
import type { Row, Uuid } from './tables.ts';

export interface PromisedRow {
  readonly journal: number;
  readonly seq: number;
  readonly nth: number;
  readonly kind: string;
  readonly timeMs: number;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** Names a promise of an account. */
export type PromiseName = Pick<PromisedRow, 'journal' | 'seq' | 'nth'>;

const COLUMNS = ['journal', 'seq', 'nth', 'kind', 'time_ms', 'facts'] as const;

/** Newest first, those before `before`; at most `max`. `accountId` undefined: the house's own. */
export async function readPromises(
  db: Snapshot,
  accountId: AccountId | undefined,
  before: PromiseName | undefined,
  max: number,
): Promise<readonly PromisedRow[]> {
  const rows = await db
    .selectFrom('receipt')
    .select(COLUMNS)
    .where('account_id', '=', accountId === undefined ? HOUSE_UUID : idToUuid(accountId))
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(journal, seq, nth) < (${before?.journal}::int4, ${before?.seq}::int8, ${before?.nth}::int2)`,
      ),
    )
    .orderBy('journal', 'desc')
    .orderBy('seq', 'desc')
    .orderBy('nth', 'desc')
    .limit(max)
    .execute();
  return rows.map(toPromised);
}

export async function findPromise(
  db: Snapshot,
  accountId: AccountId | undefined,
  name: PromiseName,
): Promise<PromisedRow | undefined> {
  const row = await db
    .selectFrom('receipt')
    .select(COLUMNS)
    .where('account_id', '=', accountId === undefined ? HOUSE_UUID : idToUuid(accountId))
    .where('journal', '=', name.journal)
    .where('seq', '=', name.seq)
    .where('nth', '=', name.nth)
    .executeTakeFirst();
  return row && toPromised(row);
}

/** The house's own promise that the documents of this work were erased; by the index of migration 0008, whose words these are. */
export async function findErasedDocuments(db: Snapshot, job: string): Promise<PromisedRow | undefined> {
  // asked for in order, the rows would be walked through; on tables without the index a plain look keeps that short
  const [row] = await db
    .selectFrom('receipt')
    .select(COLUMNS)
    .where('account_id', '=', HOUSE_UUID)
    .where(sql<boolean>`kind = 'documents-erased'`)
    .where(sql<boolean>`strpos(facts, ${job}) > 0`)
    .where(sql<boolean>`substring(facts from '"job":"([a-z2-7]{26})"') = ${job}`)
    .execute();
  return row && toPromised(row);
}

/** The house's own promises of this kind, newest first: of those there are few. */
export async function readHousePromises(db: Snapshot, kind: string): Promise<readonly PromisedRow[]> {
  const rows = await db
    .selectFrom('receipt')
    .select(COLUMNS)
    .where('account_id', '=', HOUSE_UUID)
    .where('kind', '=', kind)
    .orderBy('journal', 'desc')
    .orderBy('seq', 'desc')
    .orderBy('nth', 'desc')
    .execute();
  return rows.map(toPromised);
}

/** The promises of these records of one journal, in order of record and number. */
export async function readPromisesOf(db: Snapshot, records: readonly KeyRecord[]): Promise<readonly PromisedRow[]> {
  const [first] = records;
  if (first === undefined) return [];
  const accounts = records.map(({ header }) =>
    header.accountId === undefined ? HOUSE_UUID : idToUuid(header.accountId),
  );
  const rows = await db
    .selectFrom('receipt')
    .select(COLUMNS)
    .where('account_id', '=', sql<Uuid>`ANY(${[...new Set(accounts)]}::uuid[])`)
    .where('journal', '=', first.header.journal)
    .where('seq', '=', sql<number>`ANY(${records.map(({ header }) => header.seq)}::int8[])`)
    .orderBy('seq')
    .orderBy('nth')
    .execute();
  return rows.map(toPromised);
}

/** What a letter's receipt is made from; undefined for a letter that is not there, or not any more. */
export async function findLetterFacts(
  db: Snapshot,
  accountId: AccountId,
  letterId: LetterId,
): Promise<
  | { readonly journal: number; readonly seq: number; readonly packetDigest: Uint8Array; readonly receivedMs: number }
  | undefined
> {
  const row = await db
    .selectFrom('letter')
    .select(['journal', 'key_seq', 'digest', 'received_ms', 'removed_modseq'])
    .where('account_id', '=', idToUuid(accountId))
    .where('letter_id', '=', idToUuid(letterId))
    .executeTakeFirst();
  if (row === undefined || row.removed_modseq !== null) return undefined;
  return { journal: row.journal, seq: row.key_seq, packetDigest: row.digest, receivedMs: row.received_ms };
}

function toPromised(row: Pick<Row<'receipt'>, (typeof COLUMNS)[number]>): PromisedRow {
  const { journal, seq, nth, kind, time_ms: timeMs } = row;
  return { journal, seq, nth, kind, timeMs, facts: JSON.parse(row.facts) as PromisedRow['facts'] };
}
