// Wrap keys that grow from a passkey's PRF result or from a device's own key and the server's share (decision 0003 §7).

import { idToBytes, type AccountId } from '#base/ids.ts';
import { exchangeKey, type ExchangeKey } from '../curve-keys.ts';
import { deriveKey, labelled } from '../derive.ts';

/** What a passkey is asked to evaluate (WebAuthn PRF, first input): the same for every account, the authenticator mixes in its credential. */
export const PASSKEY_PRF_INPUT: Uint8Array<ArrayBuffer> = labelled('siegel/passkey-prf/v1');

/** `prfResult`: the 32 bytes of the first PRF output. */
export async function passkeyKey(prfResult: Uint8Array, accountId: AccountId): Promise<ExchangeKey> {
  return exchangeKey(deriveKey(prfResult, 'siegel/passkey/wrap/v1', idToBytes(accountId)));
}

/**
 * From the device's non-extractable HMAC key and the 32-byte share the server gives to a live session only: neither the
 * profile folder nor the server alone opens the wrap.
 */
export async function deviceKey(
  ownKey: CryptoKey,
  serverShare: Uint8Array<ArrayBuffer>,
  accountId: AccountId,
): Promise<ExchangeKey> {
  const account = idToBytes(accountId);
  const mixed = await crypto.subtle.sign('HMAC', ownKey, labelled('siegel/device/v1', account, serverShare));
  return exchangeKey(deriveKey(new Uint8Array(mixed), 'siegel/device/wrap/v1', account));
}
