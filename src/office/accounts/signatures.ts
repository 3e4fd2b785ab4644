// Signatures of the account-auth key (Ed25519): a session alone changes nothing that matters.

import { createPublicKey, verify } from 'node:crypto';
import { fromBase64 } from '#formats/base64/base64.ts';

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410 §4, before the 32 byte key
const SIGNATURE_BYTES = 64;

/** Whether `signature` (base64url) is the account's over `bytes`. */
export function isSignedBy(authKey: Uint8Array, bytes: Uint8Array, signature: string): boolean {
  const given = fromBase64(signature);
  if (given?.length !== SIGNATURE_BYTES || authKey.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, authKey]), format: 'der', type: 'spki' });
  return verify(null, bytes, key, given);
}
