// HPKE base mode in the client: seals to a public key, opens with a private one (RFC 9180 §6.1).

import { AES_256_GCM, ENC_BYTES, kemSharedSecret, keyAndNonce, scheduleContext } from '#formats/hpke/schedule.ts';
import { joinBytes } from '../bytes.ts';
import { decryptGcm, encryptGcm } from './aead.ts';
import { exchangeKey, sharedPoint, type ExchangeKey } from '../curve-keys.ts';
import { hmacSha256, randomBytes } from '../derive.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What depends on the kind of box alone. */
export type HpkeContext = Uint8Array;

export function hpkeContext(info: Uint8Array): HpkeContext {
  return scheduleContext(hmacSha256, AES_256_GCM, info);
}

/** enc ‖ ciphertext ‖ tag; undefined when the public key has small order. */
export async function hpkeSeal(
  publicKey: Bytes,
  context: HpkeContext,
  aad: Bytes,
  plain: Bytes,
): Promise<Bytes | undefined> {
  const ephemeral = await exchangeKey(randomBytes(32));
  const dh = await sharedPoint(ephemeral.privateKey, publicKey);
  if (dh === undefined) return undefined;
  const secret = kemSharedSecret(hmacSha256, dh, ephemeral.publicKey, publicKey);
  const { key, nonce } = keyAndNonce(hmacSha256, AES_256_GCM, secret, context);
  return joinBytes(ephemeral.publicKey, await encryptGcm(Uint8Array.from(key), Uint8Array.from(nonce), aad, plain));
}

/** Undefined when the box was not sealed to this key at this place, or was changed. */
export async function hpkeOpen(
  ownKey: ExchangeKey,
  context: HpkeContext,
  aad: Bytes,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  const enc = sealed.slice(0, ENC_BYTES);
  const dh = enc.length === ENC_BYTES ? await sharedPoint(ownKey.privateKey, enc) : undefined;
  if (dh === undefined) return undefined;
  const secret = kemSharedSecret(hmacSha256, dh, enc, ownKey.publicKey);
  const { key, nonce } = keyAndNonce(hmacSha256, AES_256_GCM, secret, context);
  return decryptGcm(Uint8Array.from(key), Uint8Array.from(nonce), aad, sealed.subarray(ENC_BYTES));
}
