// Bytes behind blob ids: letters as rendered messages or parts of them, sealed pages and segments, uploads (RFC 8620 §6.2).

import { parseId, type AccountId, type ItemId } from '#base/ids.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { readBlobs } from '#vault/database/read-items.ts';
import { readLetterPlaces } from '#vault/database/read-letters.ts';
import type { Place } from '#vault/journal/journal.ts';
import { render } from '#vault/sealing/render.ts';
import { parseLetterBlobId, type LetterBlob } from '../email/blob-ids.ts';
import type { House } from '../method.ts';

export type FoundBlob =
  | { readonly kind: 'found'; readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }
  | { readonly kind: 'notFound' }
  /** The row is there, its record is not readable: an operator must look. */
  | { readonly kind: 'damaged' };

export async function findBlob(house: House, accountId: AccountId, blobId: string): Promise<FoundBlob> {
  const letter = parseLetterBlobId(blobId);
  if (letter !== undefined) return findLetterBlob(house, accountId, letter);
  const sealed = /^([PS])-([a-z2-7]{26})$/.exec(blobId);
  const id = parseId<ItemId>(sealed?.[2]);
  if (id !== undefined) {
    const of = { accountId, kind: sealed?.[1] === 'P' ? ('page' as const) : ('segment' as const) };
    const [row] = await readBlobs(house.reader.db, of, [id], 1);
    if (row === undefined) return { kind: 'notFound' };
    const bytes = await readStoredBlob(house, row.place);
    return bytes === undefined ? { kind: 'damaged' } : { kind: 'found', bytes, type: 'application/octet-stream' };
  }
  const upload = house.uploads.find(accountId, blobId);
  return upload === undefined ? { kind: 'notFound' } : { kind: 'found', bytes: upload.bytes, type: upload.type };
}

/** The bytes of a page or segment from the journal; undefined when its record cannot be read. */
export async function readStoredBlob(house: House, place: Place): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const command = await house.findJournal(place.journal)?.readCommand(place);
  return command?.ok && command.value.kind === 'blobPut' ? fromBase64(command.value.effect.sealed) : undefined;
}

async function findLetterBlob(house: House, accountId: AccountId, blob: LetterBlob): Promise<FoundBlob> {
  const [letter] = await readLetterPlaces(house.reader.db, accountId, [blob.letterId]);
  if (letter === undefined || letter.renderVersion !== blob.renderVersion) return { kind: 'notFound' };
  const [record, packet] = await Promise.all([
    house.findJournal(letter.key.journal)?.readLetterRecord(letter.key),
    house.findJournal(letter.body.journal)?.readBody(letter.body),
  ]);
  if (!record?.ok || !packet?.ok) {
    const isErased = record?.ok === false && record.error.kind === 'erased';
    return { kind: isErased ? 'notFound' : 'damaged' };
  }
  const bytes = render(blob.renderVersion, record.value, packet.value);
  if (blob.part === undefined) return { kind: 'found', bytes, type: 'message/rfc822' };
  const part = readLetter(bytes).root.children[blob.part - 1];
  if (part === undefined) return { kind: 'notFound' };
  return { kind: 'found', bytes: bytes.subarray(part.bodyOffset, part.endOffset), type: part.contentType.mediaType };
}
