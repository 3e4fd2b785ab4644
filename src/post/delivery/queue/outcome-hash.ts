// Names a recipient of one letter in the journal: nobody without the house's key can tell whom, or that two letters had the same.

import { idToBytes, type SubmissionId } from '#base/ids.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { deriveKey } from '#vault/sealing/derive.ts';
import { hmacSha256 } from '#vault/sealing/seal-blobs.ts';

/** The key for it, from the kit's settings key. */
export function outboundKey(settingsKey: Uint8Array): Uint8Array {
  return deriveKey(settingsKey, 'siegel/outbound/v1');
}

/** base64url of HMAC-SHA-256(key, submission ‖ address in lower case). */
export function recipientHash(key: Uint8Array, id: SubmissionId, address: string): string {
  return toBase64Url(hmacSha256(key, Buffer.concat([idToBytes(id), Buffer.from(address.toLowerCase(), 'utf8')])));
}
