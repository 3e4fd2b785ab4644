// The account root key (ARK) and the keys that grow from it: keyring, lists, account-auth (decision 0003 §6).

import { idToBytes, type AccountId } from '#base/ids.ts';
import { signingKey, type SigningKey } from '../curve-keys.ts';
import { deriveKey, KEY_BYTES, randomBytes } from '../derive.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface RootKey {
  readonly accountId: AccountId;
  /** Raised at every rotation. */
  readonly version: number;
  readonly bytes: Bytes;
}

export interface AccountKeys {
  readonly rootKey: RootKey;
  readonly keyringKey: Bytes;
  /** Folder names, items, pages, segments. */
  readonly listsKey: Bytes;
  /** Those of former root keys, newest first: what was sealed before a rotation still opens. */
  readonly formerListsKeys: readonly Bytes[];
  /** Signs changes of the account; the server keeps its public half. */
  readonly authKey: SigningKey;
}

/** A fresh root key. */
export function makeRootKey(accountId: AccountId, version = 1): RootKey {
  return { accountId, version, bytes: randomBytes(KEY_BYTES) };
}

/** Everything that is derived from the root key and nothing else. */
export async function growKeys(rootKey: RootKey): Promise<AccountKeys> {
  const account = idToBytes(rootKey.accountId);
  return {
    rootKey,
    keyringKey: deriveKey(rootKey.bytes, 'siegel/keyring-key/v1', account),
    listsKey: listsKeyOf(rootKey.accountId, rootKey.bytes),
    formerListsKeys: [],
    authKey: await signingKey(deriveKey(rootKey.bytes, 'siegel/account-auth/v1', account)),
  };
}

/** Once the keyring is open: it holds the root keys before this one. */
export function withFormerRoots(
  keys: AccountKeys,
  roots: readonly { readonly version: number; readonly bytes: Bytes }[],
): AccountKeys {
  const newestFirst = roots.toSorted((a, b) => b.version - a.version);
  const { accountId } = keys.rootKey;
  return { ...keys, formerListsKeys: newestFirst.map(({ bytes }) => listsKeyOf(accountId, bytes)) };
}

function listsKeyOf(accountId: AccountId, root: Bytes): Bytes {
  return deriveKey(root, 'siegel/lists-key/v1', idToBytes(accountId));
}
