// The X25519 halves inside an OpenPGP key: what a root key is sealed to for somebody whose certificate is pinned (decision 0003 §7, kind holder).

import { err, ok, type Result } from '#base/result.ts';
import { requireValue } from '#base/assert.ts';
import { readerKeysFromPublic } from '../reader-keys.ts';
import { exchangeKey, type ExchangeKey } from '../curve-keys.ts';
import { sameBytes } from '../bytes.ts';
import type { Keyring } from './keyring.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Only for its length and order: the summary key plays no part here. */
const ANY_SUMMARY_KEY = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 9 : 0));

/** The point of the subkey that letters would be sealed to. The certificate was checked before, against the pinned one. */
export function holderPoint(certificate: Bytes, nowMs: number): Result<Bytes, { readonly kind: 'noEncryptionKey' }> {
  const keys = readerKeysFromPublic(certificate, ANY_SUMMARY_KEY, { version: 1, nowMs });
  return keys.ok ? ok(Uint8Array.from(keys.value.openpgp.point)) : err({ kind: 'noEncryptionKey' });
}

/** The point of one's own newest key. */
export async function ownPoint(keyring: Keyring, nowMs: number): Promise<Bytes | undefined> {
  const openpgp = await import('openpgp');
  const binaryKey = keyring.openpgp.at(-1);
  if (binaryKey === undefined) return undefined;
  const certificate = (await openpgp.readPrivateKey({ binaryKey })).toPublic().write();
  const point = holderPoint(Uint8Array.from(certificate), nowMs);
  return point.ok ? point.value : undefined;
}

/** The key of one's own keyring whose public half this is. HPKE keeps it apart from its use in OpenPGP by its labels. */
export async function holderKey(keyring: Keyring, point: Bytes): Promise<ExchangeKey | undefined> {
  const openpgp = await import('openpgp');
  for (const binaryKey of keyring.openpgp.toReversed()) {
    const key = await openpgp.readPrivateKey({ binaryKey });
    for (const { keyPacket } of key.subkeys) {
      const scalar = scalarOf(keyPacket);
      if (scalar === undefined) continue;
      const own = await exchangeKey(scalar);
      if (sameBytes(own.publicKey, point)) return own;
    }
  }
  return undefined;
}

/** OpenPGP writes the scalar of Curve25519Legacy the other way round, without leading zeros (RFC 9580 §5.5.5.6.1.1). */
function scalarOf(packet: object): Bytes | undefined {
  const params: unknown = 'privateParams' in packet ? packet.privateParams : undefined;
  const d: unknown = typeof params === 'object' && params !== null && 'd' in params ? params.d : undefined;
  if (!(d instanceof Uint8Array) || d.length === 0 || d.length > 32) return undefined;
  const scalar = new Uint8Array(32);
  for (let place = 0; place < d.length; place++) scalar[place] = requireValue(d[d.length - 1 - place], 'a byte');
  return scalar;
}
