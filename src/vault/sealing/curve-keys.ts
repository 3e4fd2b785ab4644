// X25519 and Ed25519 keys from 32-byte seeds by WebCrypto (RFC 7748, RFC 8032; PKCS #8 framing of RFC 8410).

import { fromBase64 } from '#formats/base64/base64.ts';
import { requireValue } from '#base/assert.ts';
import { joinBytes } from './bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Last byte of the object identifier 1.3.101.x. */
const CURVE = { X25519: 0x6e, Ed25519: 0x70 } as const;

export interface ExchangeKey {
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey;
}

export interface SigningKey {
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey;
}

/** X25519 key pair whose private key is the seed. */
export async function exchangeKey(seed: Bytes): Promise<ExchangeKey> {
  const privateKey = await importSeed('X25519', seed, ['deriveBits']);
  return { publicKey: await publicHalf(privateKey), privateKey };
}

/** Ed25519 key pair of the seed (RFC 8032 §5.1.5). */
export async function signingKey(seed: Bytes): Promise<SigningKey> {
  const privateKey = await importSeed('Ed25519', seed, ['sign']);
  return { publicKey: await publicHalf(privateKey), privateKey };
}

/** 32 shared bytes; undefined when the other key has small order. */
export async function sharedPoint(privateKey: CryptoKey, publicKey: Bytes): Promise<Bytes | undefined> {
  try {
    const other = await crypto.subtle.importKey('raw', publicKey, 'X25519', false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: other }, privateKey, 256));
  } catch {
    return undefined;
  }
}

export async function signBytes(key: SigningKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, bytes));
}

export async function verifyBytes(publicKey: Bytes, signature: Bytes, bytes: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, bytes);
  } catch {
    return false; // not a key at all
  }
}

async function importSeed(curve: keyof typeof CURVE, seed: Bytes, usages: KeyUsage[]): Promise<CryptoKey> {
  const head = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, CURVE[curve], 4, 0x22, 4, 0x20);
  return crypto.subtle.importKey('pkcs8', joinBytes(head, seed), curve, true, usages);
}

async function publicHalf(privateKey: CryptoKey): Promise<Bytes> {
  const { x } = await crypto.subtle.exportKey('jwk', privateKey);
  return requireValue(fromBase64(requireValue(x, 'public half')), 'public half');
}
