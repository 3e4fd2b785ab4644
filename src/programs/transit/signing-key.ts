// The Ed25519 key of the receipts, from 32 bytes that were read at the start (RFC 8032, RFC 8410 §7).

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { ReceiptSigner } from '#post/transit/report/receipt.ts';

/** DER of PKCS #8 in front of the seed. */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signerFrom(seed: Uint8Array): ReceiptSigner {
  const privateKey = createPrivateKey({ key: Buffer.concat([HEAD, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-32);
  return { publicKey, sign: (bytes) => sign(null, bytes, privateKey) };
}
