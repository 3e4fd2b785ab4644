// AES-256-GCM by WebCrypto: with a random nonce in front for keys used often, with a fixed one for keys used once (NIST SP 800-38D).

import { joinBytes } from '../bytes.ts';
import { randomBytes } from '../derive.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Format byte, nonce and tag: what a box is longer than its content. */
export const BOX_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const ZERO_NONCE = new Uint8Array(NONCE_BYTES);

/** 0x01 ‖ nonce ‖ ciphertext ‖ tag. */
export async function sealBox(key: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes> {
  const nonce = randomBytes(NONCE_BYTES);
  return joinBytes(Uint8Array.of(FORMAT), nonce, await encryptGcm(key, nonce, aad, plain));
}

/** Undefined when key, place (AAD) or bytes are not those it was sealed with. */
export async function openBox(key: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
  if (sealed[0] !== FORMAT || sealed.length < BOX_BYTES) return undefined;
  return decryptGcm(key, sealed.slice(1, 1 + NONCE_BYTES), aad, sealed.subarray(1 + NONCE_BYTES));
}

/** For a key that encrypts exactly one content. */
export async function sealOnce(key: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes> {
  return encryptGcm(key, ZERO_NONCE, aad, plain);
}

export async function openOnce(key: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
  return decryptGcm(key, ZERO_NONCE, aad, sealed);
}

export async function encryptGcm(key: Bytes, nonce: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, aes, plain));
}

export async function decryptGcm(key: Bytes, nonce: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
  if (sealed.length < TAG_BYTES) return undefined;
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  try {
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: aad };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, aes, sealed));
  } catch {
    return undefined; // wrong key, wrong place or changed bytes: GCM does not say which
  }
}
