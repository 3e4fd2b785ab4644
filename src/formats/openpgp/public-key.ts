// Reads a version 4 transferable public key: fingerprints, user ids, validity, Curve25519Legacy points (RFC 9580 §§5.2, 5.5, 10.1).

import { sha1 } from '@noble/hashes/legacy.js';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { dearmor } from './armor.ts';
import { parseMpi } from './mpi.ts';
import { PACKET, parsePackets, readNumber, type Packet } from './packet.ts';
import { CURVE25519_LEGACY_OID, ECDH } from './pkesk.ts';
import { parseSignature, type SignatureFacts } from './signature.ts';

export interface EcdhPoint {
  readonly point: Uint8Array<ArrayBuffer>;
  readonly kdfHash: number;
  readonly kdfCipher: number;
}

export interface KeyFacts {
  readonly fingerprint: Uint8Array<ArrayBuffer>;
  readonly keyId: Uint8Array<ArrayBuffer>;
  readonly algorithm: number;
  readonly createdMs: number;
  /** Undefined: never. */
  readonly expiresMs: number | undefined;
  readonly isRevoked: boolean;
  /** Key flags (§5.2.3.29): 0x04 | 0x08 = may encrypt. */
  readonly flags: number;
  /** Present for ECDH over Curve25519Legacy. */
  readonly curve25519: EcdhPoint | undefined;
}

export interface PublicKeyFacts extends KeyFacts {
  readonly userIds: readonly string[];
  readonly subkeys: readonly KeyFacts[];
}

export type PublicKeyError =
  | { readonly kind: 'notAPublicKey' }
  | { readonly kind: 'publicKeyTooLarge' }
  | { readonly kind: 'secretKeyGiven' }
  | { readonly kind: 'unsupportedKeyVersion' }
  | { readonly kind: 'severalKeys' };

/**
 * Facts of the one key in `bytes`, binary or armored. Signatures are read, not verified: enough for a reader's own
 * key at his own office; who trusts a stranger's key verifies it with a whole OpenPGP implementation first.
 */
export function parsePublicKey(bytes: Uint8Array<ArrayBuffer>): Result<PublicKeyFacts, PublicKeyError> {
  if (bytes.length > limits.openpgp.publicKeyBytes) return err({ kind: 'publicKeyTooLarge' });
  const binary = binaryOf(bytes);
  const packets = binary === undefined ? undefined : parsePackets(binary);
  if (packets === undefined || !packets.ok) return err({ kind: 'notAPublicKey' });
  if (packets.value.some(({ tag }) => tag === PACKET.secretKey || tag === PACKET.secretSubkey)) {
    return err({ kind: 'secretKeyGiven' });
  }
  return assemble(packets.value);
}

/** The newest subkey that may encrypt, lies on Curve25519Legacy and is valid at `nowMs`. */
export function findEncryptionKey(key: PublicKeyFacts, nowMs: number): KeyFacts | undefined {
  if (!isValidAt(key, nowMs)) return undefined;
  return key.subkeys
    .filter((subkey) => subkey.curve25519 !== undefined && (subkey.flags & 0x0c) !== 0 && isValidAt(subkey, nowMs))
    .reduce<KeyFacts | undefined>((best, next) => (best && best.createdMs >= next.createdMs ? best : next), undefined);
}

function isValidAt(key: KeyFacts, nowMs: number): boolean {
  return !key.isRevoked && (key.expiresMs === undefined || nowMs < key.expiresMs);
}

function binaryOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  if (((bytes[0] ?? 0) & 0x80) !== 0) return bytes;
  const armored = dearmor(new TextDecoder().decode(bytes));
  return armored.ok ? armored.value.bytes : undefined;
}

interface Gathered {
  readonly material: KeyMaterial;
  readonly signatures: SignatureFacts[];
}

function assemble(packets: readonly Packet[]): Result<PublicKeyFacts, PublicKeyError> {
  const keys: Gathered[] = [];
  const userIds: string[] = [];
  for (const packet of packets) {
    if (packet.tag === PACKET.publicKey || packet.tag === PACKET.publicSubkey) {
      if (packet.tag === PACKET.publicKey && keys.length > 0) return err({ kind: 'severalKeys' });
      if (packet.tag === PACKET.publicSubkey && keys.length === 0) return err({ kind: 'notAPublicKey' });
      if (packet.body[0] !== 4) return err({ kind: 'unsupportedKeyVersion' });
      const material = parseKeyMaterial(packet.body);
      if (material === undefined) return err({ kind: 'notAPublicKey' });
      keys.push({ material, signatures: [] });
    } else if (packet.tag === PACKET.userId && keys.length === 1) {
      userIds.push(new TextDecoder().decode(packet.body));
    } else if (packet.tag === PACKET.signature) {
      const signature = parseSignature(packet.body);
      if (signature !== undefined) keys.at(-1)?.signatures.push(signature);
    }
  }
  const [primary, ...subkeys] = keys;
  if (primary === undefined) return err({ kind: 'notAPublicKey' });
  const own = primary.material.keyId;
  return ok({
    ...keyFacts(primary, own, [0x10, 0x11, 0x12, 0x13, 0x1f], 0x20),
    userIds,
    subkeys: subkeys.map((subkey) => keyFacts(subkey, own, [0x18], 0x28)),
  });
}

function keyFacts(
  { material, signatures }: Gathered,
  issuer: Uint8Array,
  bindings: readonly number[],
  revocation: number,
): KeyFacts {
  const own = signatures.filter((signature) => signature.issuer === undefined || same(signature.issuer, issuer));
  const binding = own
    .filter((signature) => bindings.includes(signature.type))
    .reduce<SignatureFacts | undefined>(
      (best, next) => (best && best.createdMs > next.createdMs ? best : next),
      undefined,
    );
  const validForMs = binding?.keyValidForMs;
  return {
    ...material,
    expiresMs: validForMs === undefined ? undefined : material.createdMs + validForMs,
    isRevoked: own.some((signature) => signature.type === revocation),
    flags: binding?.flags ?? 0,
  };
}

interface KeyMaterial {
  readonly fingerprint: Uint8Array<ArrayBuffer>;
  readonly keyId: Uint8Array<ArrayBuffer>;
  readonly algorithm: number;
  readonly createdMs: number;
  readonly curve25519: EcdhPoint | undefined;
}

function parseKeyMaterial(body: Uint8Array<ArrayBuffer>): KeyMaterial | undefined {
  const created = readNumber(body, 1, 4);
  const algorithm = body[5];
  if (created === undefined || algorithm === undefined) return undefined;
  const fingerprint = fingerprintV4(body);
  const curve25519 = algorithm === ECDH ? parseEcdh(body) : undefined;
  return { fingerprint, keyId: fingerprint.slice(12), algorithm, createdMs: created * 1000, curve25519 };
}

/** SHA-1 over 0x99, two bytes of length, the body (§5.5.4.2). */
function fingerprintV4(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(3 + body.length);
  framed[0] = 0x99;
  framed[1] = body.length >> 8;
  framed[2] = body.length & 0xff;
  framed.set(body, 3);
  return new Uint8Array(sha1(framed));
}

function parseEcdh(body: Uint8Array<ArrayBuffer>): EcdhPoint | undefined {
  const oidLength = body[6] ?? 0;
  if (!same(body.subarray(7, 7 + oidLength), CURVE25519_LEGACY_OID)) return undefined;
  const point = parseMpi(body, 7 + oidLength);
  if (!point.ok || point.value.bits !== 263 || point.value.bytes[0] !== 0x40) return undefined;
  const at = point.value.end;
  const kdfHash = body[at + 2];
  const kdfCipher = body[at + 3];
  if (body[at] !== 3 || body[at + 1] !== 1 || kdfHash === undefined || kdfCipher === undefined) return undefined;
  return { point: point.value.bytes.slice(1), kdfHash, kdfCipher };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
