// Reads of what clients keep sealed: items by collection, pages and search segments, the cache manifest.

import { sql } from 'kysely';
import type { AccountId, ItemId } from '#base/ids.ts';
import type { ChangedRow } from '#formats/jmap/changes.ts';
import type { Place } from '#vault/journal/journal.ts';
import { idToUuid, uuidToId } from './ids.ts';
import { changedAfter, type ChangesSince, type Snapshot } from './read-states.ts';
import type { Uuid } from './tables.ts';

export interface ItemRow {
  readonly id: ItemId;
  readonly version: number;
  readonly sealed: Uint8Array;
}

export type BlobKind = 'page' | 'segment';

export interface BlobRow {
  readonly id: ItemId;
  readonly sizeBytes: number;
  readonly place: Place;
}

/** Items of one collection that are there; all up to `max` when no ids are given. */
export async function readItems(
  db: Snapshot,
  of: { readonly accountId: AccountId; readonly collection: string },
  ids: readonly ItemId[] | undefined,
  max: number,
): Promise<readonly ItemRow[]> {
  const rows = await db
    .selectFrom('item')
    .select(['item_id', 'version', 'sealed'])
    .where('account_id', '=', idToUuid(of.accountId))
    .where('collection', '=', of.collection)
    .where('removed_modseq', 'is', null)
    .$if(ids !== undefined, (query) =>
      query.where('item_id', '=', sql<Uuid>`ANY(${(ids ?? []).map(idToUuid)}::uuid[])`),
    )
    .orderBy('created_modseq')
    .orderBy('item_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({ id: uuidToId<ItemId>(row.item_id), version: row.version, sealed: row.sealed }));
}

/** Ids of one collection in order of making. */
export async function readItemIds(
  db: Snapshot,
  of: { readonly accountId: AccountId; readonly collection: string },
  max: number,
): Promise<readonly ItemId[]> {
  const rows = await db
    .selectFrom('item')
    .select('item_id')
    .where('account_id', '=', idToUuid(of.accountId))
    .where('collection', '=', of.collection)
    .where('removed_modseq', 'is', null)
    .orderBy('created_modseq')
    .orderBy('item_id')
    .limit(max)
    .execute();
  return rows.map((row) => uuidToId<ItemId>(row.item_id));
}

/** Items of one collection with a change after `since`, in order of it, tombstones included; at most `max`. */
export async function readItemChanges(
  db: Snapshot,
  of: { readonly accountId: AccountId; readonly collection: string },
  since: ChangesSince,
  max: number,
): Promise<readonly ChangedRow[]> {
  const rows = await db
    .selectFrom('item')
    .select(['item_id', 'created_modseq', 'modseq', 'removed_modseq'])
    .where('account_id', '=', idToUuid(of.accountId))
    .where('collection', '=', of.collection)
    .where(changedAfter(since, 'item_id'))
    .orderBy('modseq')
    .orderBy('item_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    id: uuidToId<ItemId>(row.item_id),
    createdModseq: row.created_modseq,
    modseq: row.modseq,
    isRemoved: row.removed_modseq !== null,
  }));
}

/** Sealed pages or segments that are there, oldest first; all up to `max` when no ids are given. */
export async function readBlobs(
  db: Snapshot,
  of: { readonly accountId: AccountId; readonly kind: BlobKind },
  ids: readonly ItemId[] | undefined,
  max: number,
): Promise<readonly BlobRow[]> {
  const rows = await db
    .selectFrom('blob')
    .select(['blob_id', 'journal', 'seq', 'segment', 'offset', 'size_bytes'])
    .where('account_id', '=', idToUuid(of.accountId))
    .where('kind', '=', of.kind)
    .$if(ids !== undefined, (query) =>
      query.where('blob_id', '=', sql<Uuid>`ANY(${(ids ?? []).map(idToUuid)}::uuid[])`),
    )
    .orderBy('modseq')
    .orderBy('blob_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    id: uuidToId<ItemId>(row.blob_id),
    sizeBytes: row.size_bytes,
    place: { journal: row.journal, seq: row.seq, segment: row.segment, offset: row.offset },
  }));
}

/** The signed list of the caches: counter 0 and nothing until one is put. */
export async function readCacheManifest(
  db: Snapshot,
  accountId: AccountId,
): Promise<{ readonly counter: number; readonly sealed: Uint8Array | undefined }> {
  const row = await db
    .selectFrom('account')
    .select(['cache_counter', 'cache_manifest'])
    .where('account_id', '=', idToUuid(accountId))
    .executeTakeFirst();
  return { counter: row?.cache_counter ?? 0, sealed: row?.cache_manifest ?? undefined };
}

/** How many items of a collection are there, and how many bytes they hold; of these ids, or of all. */
export async function readItemSizes(
  db: Snapshot,
  of: { readonly accountId: AccountId; readonly collection: string },
  ids: readonly ItemId[] | undefined,
): Promise<{ readonly items: number; readonly bytes: number }> {
  const among = ids === undefined ? sql`true` : sql`item_id = ANY(${ids.map(idToUuid)}::uuid[])`;
  const { rows } = await sql<{ readonly items: number; readonly bytes: number }>`
    SELECT count(*)::int AS items, coalesce(sum(octet_length(sealed)), 0)::int8 AS bytes FROM item
    WHERE account_id = ${idToUuid(of.accountId)} AND collection = ${of.collection} AND removed_modseq IS NULL
      AND ${among}`.execute(db);
  return rows[0] ?? { items: 0, bytes: 0 };
}

/** Id → version of those items that are or were there; 0: removed. */
export async function readItemVersions(
  db: Snapshot,
  of: { readonly accountId: AccountId; readonly collection: string },
  ids: readonly ItemId[],
): Promise<ReadonlyMap<ItemId, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('item')
    .select(['item_id', 'version', 'removed_modseq'])
    .where('account_id', '=', idToUuid(of.accountId))
    .where('collection', '=', of.collection)
    .where('item_id', '=', sql<Uuid>`ANY(${ids.map(idToUuid)}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [uuidToId<ItemId>(row.item_id), row.removed_modseq === null ? row.version : 0] as const),
  );
}
