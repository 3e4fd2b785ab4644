// Sealed items (settings, contacts, drafts' state …) and sealed folder names (decision 0003 §11).

import { idToBytes, type AccountId, type ItemId, type MailboxId } from '#base/ids.ts';
import { ascii, number32 } from '../bytes.ts';
import { openBox, sealBox } from './aead.ts';
import { deriveKey, labelled } from '../derive.ts';
import { padToPadme, padToStep, unpad } from './padding.ts';
import type { AccountKeys } from './root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FOLDER_STEP = 32;

export interface ItemPlace {
  readonly collection: string;
  readonly id: ItemId;
  readonly version: number;
}

/** AES-256-GCM box under HKDF(lists key), padded to a Padmé size; collection, id and version stand in the AAD. */
export async function sealItem(keys: AccountKeys, place: ItemPlace, plain: Bytes): Promise<Bytes> {
  return sealBox(itemKey(keys), itemAad(keys.rootKey.accountId, place), padToPadme(plain));
}

/** Undefined when the item is not the one of this place, or an older version of it. */
export async function openItem(keys: AccountKeys, place: ItemPlace, sealed: Bytes): Promise<Bytes | undefined> {
  const aad = itemAad(keys.rootKey.accountId, place);
  const plain = await openWithAny(keys, 'siegel/item-key/v1', aad, sealed);
  return plain === undefined ? undefined : unpad(plain);
}

/** A folder's name, padded to steps of 32 bytes. */
export async function sealFolderName(keys: AccountKeys, mailboxId: MailboxId, plainName: string): Promise<Bytes> {
  const padded = padToStep(new TextEncoder().encode(plainName), FOLDER_STEP);
  return sealBox(folderKey(keys), folderAad(keys, mailboxId), padded);
}

export async function openFolderName(
  keys: AccountKeys,
  mailboxId: MailboxId,
  sealed: Bytes,
): Promise<string | undefined> {
  const plain = await openWithAny(keys, 'siegel/folder-key/v1', folderAad(keys, mailboxId), sealed);
  const name = plain === undefined ? undefined : unpad(plain);
  return name === undefined ? undefined : new TextDecoder().decode(name);
}

/** With the present lists key, then with those before it. */
async function openWithAny(keys: AccountKeys, label: string, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
  for (const listsKey of [keys.listsKey, ...keys.formerListsKeys]) {
    const plain = await openBox(deriveKey(listsKey, label), aad, sealed);
    if (plain !== undefined) return plain;
  }
  return undefined;
}

function itemKey(keys: AccountKeys): Bytes {
  return deriveKey(keys.listsKey, 'siegel/item-key/v1');
}

function itemAad(accountId: AccountId, { collection, id, version }: ItemPlace): Bytes {
  return labelled('siegel/item/v1', idToBytes(accountId), idToBytes(id), number32(version), ascii(collection));
}

function folderKey(keys: AccountKeys): Bytes {
  return deriveKey(keys.listsKey, 'siegel/folder-key/v1');
}

function folderAad(keys: AccountKeys, mailboxId: MailboxId): Bytes {
  return labelled('siegel/folder/v1', idToBytes(keys.rootKey.accountId), idToBytes(mailboxId));
}
