// Key derivation of the client: HMAC and HKDF with SHA-256, synchronous, the same in Node and in browsers (RFC 5869).

import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { ascii, joinBytes } from './bytes.ts';

export const KEY_BYTES = 32;
const EMPTY = new Uint8Array(0);

export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(nobleSha256(bytes));
}

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hmac(nobleSha256, key, data));
}

/** 32 bytes for one purpose: HKDF with info = label ‖ 0x00 ‖ context. The zero ends the label, so no two purposes share an info. */
export function deriveKey(
  secret: Uint8Array,
  label: string,
  context: Uint8Array = EMPTY,
  salt: Uint8Array = EMPTY,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hkdf(nobleSha256, secret, salt, labelled(label, context), KEY_BYTES));
}

/** label ‖ 0x00 ‖ parts: how every AAD, info and signed text of this room begins. */
export function labelled(label: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joinBytes(ascii(label), Uint8Array.of(0), ...parts);
}

export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}
