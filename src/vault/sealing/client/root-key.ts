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
    listsKey: deriveKey(rootKey.bytes, 'siegel/lists-key/v1', account),
    authKey: await signingKey(deriveKey(rootKey.bytes, 'siegel/account-auth/v1', account)),
  };
}
