// Makes what a new account needs: OpenPGP key (v4, Curve25519Legacy: read by gpg 2.2, sq, Thunderbird), summary key, identity key.

import { limits } from '#base/limits.ts';
import { requireValue } from '#base/assert.ts';
import { exchangeKey } from '../curve-keys.ts';
import { randomBytes } from '../derive.ts';
import type { Keyring } from './keyring.ts';

export interface NewKeys {
  readonly keyring: Keyring;
  /** Binary transferable public key, as WKD serves it. */
  readonly certificate: Uint8Array<ArrayBuffer>;
  /** X25519 public key for summaries. */
  readonly summaryKey: Uint8Array<ArrayBuffer>;
}

/** Keys for `address`; the user id is `<address>` alone: a name would be published with it. Takes about 10 ms. */
export async function makeUserKeys(address: string, nowMs: number): Promise<NewKeys> {
  const openpgp = await import('openpgp');
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ email: address }],
    // a minute of slack: a key from the future is refused by machines whose clock is a little behind
    date: new Date(nowMs - limits.openpgp.clockSlackMs),
    format: 'object',
    config: { v6Keys: false, aeadProtect: false },
  });
  const seed = randomBytes(32);
  const { publicKey: summaryKey } = await exchangeKey(seed);
  return {
    keyring: {
      version: 1,
      openpgp: [Uint8Array.from(requireValue(privateKey.write(), 'private key'))],
      summary: [{ version: 1, seed }],
      identitySeed: randomBytes(32),
    },
    certificate: Uint8Array.from(publicKey.write()),
    summaryKey,
  };
}
