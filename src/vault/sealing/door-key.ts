// The Ed25519 key with which reception vouches for what it saw at the door; only reception's memory and the key kit hold it.

import { createPrivateKey, createPublicKey, hash, sign, type KeyObject } from 'node:crypto';
import { toBase64Url } from '#formats/base64/base64.ts';

export interface DoorKey {
  /** First 8 bytes of SHA-256 of the public key, base64url: tells a client which door key to check with. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** 32 bytes; clients get and pin it. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The door key of a 32-byte seed from the key kit. Its KeyObject crosses to worker threads as it is. */
export function doorKeyFromSeed(seed: Uint8Array): DoorKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = Uint8Array.from(spki.subarray(-32));
  return { keyId: toBase64Url(hash('sha256', publicKey, 'buffer').subarray(0, 8)), privateKey, publicKey };
}

/** Ed25519 signature, 64 bytes. */
export function signAtDoor(doorKey: DoorKey, bytes: Uint8Array): Uint8Array {
  return sign(null, bytes, doorKey.privateKey);
}
