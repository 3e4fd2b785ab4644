// Opens the example of RFC 9458 appendix A with its published private key, by the platform's KEM and AES.

import { createDecipheriv, createHmac, createPrivateKey, decapsulate } from 'node:crypto';
import { AES_128_GCM, keyAndNonce, scheduleContext, TAG_BYTES } from '../hpke/schedule.ts';
import type { RequestParts } from './ohttp.ts';

const SECRET = '3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a';

export function openExample(
  { enc, sealed }: RequestParts,
  info: Uint8Array,
): { readonly sharedSecret: Uint8Array; readonly plain: Uint8Array } {
  const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
  const der = Buffer.from(`302e020100300506032b656e04220420${SECRET}`, 'hex');
  const sharedSecret = decapsulate(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), Buffer.from(enc));
  const { key, nonce } = keyAndNonce(hmac, AES_128_GCM, sharedSecret, scheduleContext(hmac, AES_128_GCM, info));
  const cipher = createDecipheriv('aes-128-gcm', key, nonce);
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return { sharedSecret, plain: Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]) };
}
