// A change of credential, wrap, second factor, app password or deletion, signed by the account-auth key: a session cookie alone suffices for none (decision 0003 §10).

import { idToBytes, type AccountId } from '#base/ids.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { signBytes, verifyBytes, type SigningKey } from './curve-keys.ts';
import { labelled, sha256 } from './derive.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface AccountChange {
  readonly accountId: AccountId;
  /** The command's name, as `credentialPromoted`. */
  readonly kind: string;
  /** The command's effect, exactly as it will be journalled. */
  readonly effect: unknown;
  /** 32 bytes the server gave for this one change; it accepts each once. */
  readonly challenge: Bytes;
}

/** Ed25519 signature, 64 bytes. Client side. */
export async function signChange(authKey: SigningKey, change: AccountChange): Promise<Bytes> {
  return signBytes(authKey, changeBytes(change));
}

/** Whether the holder of the root key asked for exactly this change now. Server side. */
export async function verifyChange(authPublicKey: Bytes, change: AccountChange, signature: Bytes): Promise<boolean> {
  return change.challenge.length === 32 && verifyBytes(authPublicKey, signature, changeBytes(change));
}

function changeBytes({ accountId, kind, effect, challenge }: AccountChange): Bytes {
  const digest = sha256(canonicalBytes({ kind, effect }));
  return labelled('siegel/change/v1', idToBytes(accountId), challenge, digest);
}
