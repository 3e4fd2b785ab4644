// Seals the letter once and its session key for each reader, with node:crypto (RFC 9580 §§5.13.1, 11.5; RFC 3394).

import {
  createCipheriv,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  type KeyObject,
} from 'node:crypto';
import { toBase64Url } from '#formats/base64/base64.ts';
import { requireValue } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import {
  encodeKeyPacket,
  encodeSessionKey,
  KDF_CIPHER_KEY_LENGTH,
  KDF_HASH,
  kdfInput,
} from '#formats/openpgp/pkesk.ts';
import { CFB_PREFIX_BYTES, layOutDataPacket, MDC_HASH_BYTES, writeDataPacketFrame } from '#formats/openpgp/seipd.ts';
import type { ReaderKeys } from './reader-keys.ts';

/** Bytes to stand before byte `offset` of the original letter. In order of offset. */
export interface Insertion {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const ZERO_IV = new Uint8Array(16);
const WRAP_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
const WRAP_NAME = { 16: 'id-aes128-wrap', 24: 'id-aes192-wrap', 32: 'id-aes256-wrap' } as const;
/** The clear letter is encrypted in place in steps of this size: beside the packet itself no second copy of it comes into being. */
const STEP_BYTES = 64 * 1024;

/**
 * One SEIPD v1 packet over one literal packet: the original with its insertions. `random` = 32 bytes of session key and
 * 16 of prefix, fresh for every letter.
 */
export function sealDataPacket(
  plainOriginal: Uint8Array,
  insertions: readonly Insertion[],
  random: Uint8Array,
): Uint8Array<ArrayBuffer> {
  let letterBytes = plainOriginal.length;
  for (const { bytes } of insertions) letterBytes += bytes.length;
  const layout = layOutDataPacket(letterBytes);
  const packet = new Uint8Array(layout.packetBytes);
  writeDataPacketFrame(packet, layout);
  packet.set(random.subarray(32, 48), layout.cipherAt);
  packet.set(random.subarray(46, 48), layout.cipherAt + CFB_PREFIX_BYTES - 2);
  placeLetter(packet, layout.lettersAt, plainOriginal, insertions);
  const hashAt = layout.packetBytes - MDC_HASH_BYTES;
  packet.set(hash('sha1', packet.subarray(layout.cipherAt, hashAt), 'buffer'), hashAt);
  encryptInPlace(packet, layout.cipherAt, random.subarray(0, 32));
  return packet;
}

function placeLetter(
  packet: Uint8Array,
  start: number,
  plainOriginal: Uint8Array,
  insertions: readonly Insertion[],
): void {
  let at = start;
  let from = 0;
  for (const { offset, bytes } of insertions) {
    if (offset < from || offset > plainOriginal.length) throw new Error('insertions are not in order');
    packet.set(plainOriginal.subarray(from, offset), at);
    at += offset - from;
    from = offset;
    packet.set(bytes, at);
    at += bytes.length;
  }
  packet.set(plainOriginal.subarray(from), at);
}

/** Keys of ciphers are handed over as KeyObjects here: the platform spends 10 µs on finding out that raw bytes are none (measured). */
function encryptInPlace(packet: Uint8Array, cipherAt: number, sessionKey: Uint8Array): void {
  const cipher = createCipheriv('aes-256-cfb', createSecretKey(sessionKey), ZERO_IV);
  for (let at = cipherAt; at < packet.length; at += STEP_BYTES) {
    packet.set(cipher.update(packet.subarray(at, Math.min(at + STEP_BYTES, packet.length))), at);
  }
  cipher.final();
}

/** The PKESK v3 of one reader for this session key, with an ephemeral key of its own. */
export function sealSessionKey(sessionKey: Uint8Array, reader: ReaderKeys['openpgp']): Uint8Array<ArrayBuffer> {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const shared = diffieHellman({ privateKey, publicKey: importPoint(reader.point) });
  const kdfHash = requireValue(KDF_HASH[reader.kdfHash], 'kdf hash');
  const length = requireValue(KDF_CIPHER_KEY_LENGTH[reader.kdfCipher], 'kdf cipher');
  const wrappingKey = hash(kdfHash.name, kdfInput(shared, reader), 'buffer').subarray(0, length);
  const wrap = createCipheriv(WRAP_NAME[length], createSecretKey(wrappingKey), WRAP_IV);
  const point = Buffer.from(requireValue(publicKey.export({ format: 'jwk' }).x, 'x'), 'base64url');
  return encodeKeyPacket(reader.keyId, point, wrap.update(encodeSessionKey(sessionKey)));
}

/** Points imported lately: importing costs as much as half an exchange, and readers cross to workers as copies. Public keys only. */
const imported = new Map<string, KeyObject>();

/** The KeyObject of an X25519 public key. */
export function importPoint(point: Uint8Array): KeyObject {
  const x = toBase64Url(point);
  const known = imported.get(x);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
  if (imported.size >= limits.sealing.importedPointsMax) imported.clear();
  imported.set(x, key);
  return key;
}
