// Sealed items, blobs and the cache manifest: what clients keep here and the house cannot read.

import { idToUuid } from '../ids.ts';
import type { CommandOf } from '../../journal/commands.ts';
import { bytesOf, type AccountCommand, type Context } from './effect.ts';

const PUT_ITEM = `
  INSERT INTO item (account_id, collection, item_id, version, sealed, created_modseq, modseq) VALUES ($1, $2, $3, $4, $5, $6, $6)
  ON CONFLICT (account_id, collection, item_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,
    created_modseq = CASE WHEN item.removed_modseq IS NULL THEN item.created_modseq ELSE excluded.created_modseq END,
    modseq = excluded.modseq, removed_modseq = NULL`;
const REMOVE_ITEM = `
  UPDATE item SET sealed = '', version = 0, modseq = $4, removed_modseq = $4
  WHERE account_id = $1 AND collection = $2 AND item_id = $3 AND removed_modseq IS NULL`;
const PUT_BLOB = `
  INSERT INTO blob (account_id, kind, blob_id, journal, seq, segment, "offset", size_bytes, modseq)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (account_id, kind, blob_id) DO UPDATE SET journal = excluded.journal, seq = excluded.seq,
    segment = excluded.segment, "offset" = excluded."offset", size_bytes = excluded.size_bytes, modseq = excluded.modseq`;
const REMOVE_BLOB = 'DELETE FROM blob WHERE account_id = $1 AND kind = $2 AND blob_id = $3';
const PUT_CACHE = 'UPDATE account SET cache_counter = $2, cache_manifest = $3 WHERE account_id = $1';

type Of<K extends 'itemPut' | 'itemRemoved' | 'blobPut' | 'blobRemoved' | 'cacheManifestPut'> = AccountCommand<
  CommandOf<K>['effect']
>;

export async function putItem({ tx }: Context, { account, header, effect }: Of<'itemPut'>): Promise<void> {
  const { collection, id, version, sealed } = effect;
  await tx.rows(PUT_ITEM, [account, collection, idToUuid(id), version, bytesOf(sealed), header.accountSeq]);
}

export async function removeItem({ tx }: Context, { account, header, effect }: Of<'itemRemoved'>): Promise<void> {
  await tx.rows(REMOVE_ITEM, [account, effect.collection, idToUuid(effect.id), header.accountSeq]);
}

export async function putBlob({ tx }: Context, { account, header, place, effect }: Of<'blobPut'>): Promise<void> {
  const sizeBytes = bytesOf(effect.sealed).length;
  const at = [place.journal, place.seq, place.segment, place.offset];
  await tx.rows(PUT_BLOB, [account, effect.kind, idToUuid(effect.id), ...at, sizeBytes, header.accountSeq]);
}

export async function removeBlob({ tx }: Context, { account, effect }: Of<'blobRemoved'>): Promise<void> {
  await tx.rows(REMOVE_BLOB, [account, effect.kind, idToUuid(effect.id)]);
}

export async function putCacheManifest({ tx }: Context, { account, effect }: Of<'cacheManifestPut'>): Promise<void> {
  await tx.rows(PUT_CACHE, [account, effect.counter, bytesOf(effect.sealed)]);
}
