// The packet that carries a session key to one reader: PKESK version 3 with ECDH over Curve25519Legacy (RFC 9580 §§5.1, 11.5).

import { err, ok, type Result } from '#base/result.ts';
import { parseMpi } from './mpi.ts';
import { PACKET, writePacketHeader } from './packet.ts';

export const ECDH = 18;
export const AES256 = 9;
/** Curve25519Legacy, 1.3.6.1.4.1.3029.1.5.1, without tag and length. */
export const CURVE25519_LEGACY_OID = Uint8Array.of(0x2b, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01);
/** Hash ids of RFC 9580 §9.5 that a KDF may name → name and output length. */
export const KDF_HASH: Readonly<Record<number, { name: 'sha256' | 'sha384' | 'sha512'; length: number }>> = {
  8: { name: 'sha256', length: 32 },
  9: { name: 'sha384', length: 48 },
  10: { name: 'sha512', length: 64 },
};
/** Cipher ids of RFC 9580 §9.3 that may wrap a session key → key length. */
export const KDF_CIPHER_KEY_LENGTH: Readonly<Record<number, 16 | 24 | 32>> = { 7: 16, 8: 24, 9: 32 };

const KEY_BYTES = 32;
const PADDED = 40;
const WRAPPED = PADDED + 8;
const BODY = 1 + 8 + 1 + 2 + 1 + KEY_BYTES + 1 + WRAPPED;
/** Every key packet this house writes is this long. */
export const KEY_PACKET_BYTES = 2 + BODY;

/** What the key wrap encrypts: algorithm, session key, sum of its bytes, padded to 40 bytes (RFC 9580 §5.1.6, PKCS #5 style). */
export function encodeSessionKey(sessionKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PADDED).fill(PADDED - 3 - KEY_BYTES);
  bytes[0] = AES256;
  bytes.set(sessionKey, 1);
  let sum = 0;
  for (const byte of sessionKey) sum += byte;
  bytes[1 + KEY_BYTES] = (sum >> 8) & 0xff;
  bytes[2 + KEY_BYTES] = sum & 0xff;
  return bytes;
}

/** What is hashed into the wrapping key: 00000001 ‖ shared point ‖ parameters (RFC 9580 §11.5). */
export function kdfInput(
  shared: Uint8Array,
  reader: { readonly kdfHash: number; readonly kdfCipher: number; readonly fingerprint: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const oid = CURVE25519_LEGACY_OID;
  const bytes = new Uint8Array(4 + KEY_BYTES + 1 + oid.length + 1 + 4 + 20 + reader.fingerprint.length);
  bytes[3] = 1;
  bytes.set(shared, 4);
  let at = 4 + KEY_BYTES;
  bytes[at++] = oid.length;
  bytes.set(oid, at);
  at += oid.length;
  bytes[at++] = ECDH;
  bytes[at++] = 3;
  bytes[at++] = 1;
  bytes[at++] = reader.kdfHash;
  bytes[at++] = reader.kdfCipher;
  bytes.set(ANONYMOUS_SENDER, at);
  bytes.set(reader.fingerprint, at + ANONYMOUS_SENDER.length);
  return bytes;
}

const ANONYMOUS_SENDER = new TextEncoder().encode('Anonymous Sender    ');

/** One whole PKESK v3: key id of the reader's encryption subkey, ephemeral point, wrapped session key. */
export function encodeKeyPacket(
  keyId: Uint8Array,
  ephemeralPoint: Uint8Array,
  wrapped: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(KEY_PACKET_BYTES);
  let at = writePacketHeader(bytes, 0, PACKET.pkesk, BODY);
  bytes[at++] = 3;
  bytes.set(keyId, at);
  at += 8;
  bytes[at++] = ECDH;
  bytes[at++] = 0x01; // 263 bits: seven of the 0x40 prefix, 256 of the point
  bytes[at++] = 0x07;
  bytes[at++] = 0x40;
  bytes.set(ephemeralPoint, at);
  at += KEY_BYTES;
  bytes[at++] = WRAPPED;
  bytes.set(wrapped, at);
  return bytes;
}

export interface KeyPacket {
  readonly keyId: Uint8Array<ArrayBuffer>;
  readonly ephemeralPoint: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

/** Reads the body of a PKESK as this house writes it. */
export function parseKeyPacket(body: Uint8Array<ArrayBuffer>): Result<KeyPacket, { kind: 'notOurKeyPacket' }> {
  const foreign = err({ kind: 'notOurKeyPacket' });
  if (body.length !== BODY || body[0] !== 3 || body[9] !== ECDH) return foreign;
  const point = parseMpi(body, 10);
  if (!point.ok || point.value.bits !== 263 || point.value.bytes[0] !== 0x40) return foreign;
  const { end } = point.value;
  if (body[end] !== WRAPPED) return foreign;
  return ok({
    keyId: body.subarray(1, 9),
    ephemeralPoint: point.value.bytes.subarray(1),
    wrapped: body.subarray(end + 1),
  });
}
