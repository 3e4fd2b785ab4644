// Key schedule of HPKE in base mode, for DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256 (RFC 9180 §§4, 5.1).

/** HMAC-SHA-256. Handed in, so that the server uses the platform's and the page a synchronous one of its own. */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array;

export interface Suite {
  readonly aeadId: number;
  readonly keyBytes: number;
  /** Label prefixes: "HPKE-v1" ‖ suite id ‖ label (and the two bytes of length before it, for expansion). */
  readonly pskIdHash: Uint8Array;
  readonly infoHash: Uint8Array;
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
  /** Goes on after the number of bytes asked for. */
  readonly sec: Uint8Array;
}

export interface KeyAndNonce {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

export const ENC_BYTES = 32;
export const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const HASH_BYTES = 32;
const KEM_ID = 0x0020;
const KDF_ID = 0x0001;
const EMPTY = new Uint8Array(0);
const BLOCK_ONE = Uint8Array.of(1);
const MODE_BASE = Uint8Array.of(0);

const kemSuite = join(text('KEM'), number16(KEM_ID));
const EAE_PRK = label(kemSuite, 'eae_prk');
const SHARED_SECRET = join(number16(HASH_BYTES), label(kemSuite, 'shared_secret'));

/** The suite of every sealed summary, term list and wrap. */
export const AES_256_GCM: Suite = suiteOf(0x0002, 32);
/** Here for the test vectors of RFC 9180 appendix A.1 only. */
export const AES_128_GCM: Suite = suiteOf(0x0001, 16);

function suiteOf(aeadId: number, keyBytes: number): Suite {
  const id = join(text('HPKE'), number16(KEM_ID), number16(KDF_ID), number16(aeadId));
  return {
    aeadId,
    keyBytes,
    pskIdHash: label(id, 'psk_id_hash'),
    infoHash: label(id, 'info_hash'),
    secret: label(id, 'secret'),
    key: join(number16(keyBytes), label(id, 'key')),
    baseNonce: join(number16(NONCE_BYTES), label(id, 'base_nonce')),
    exporterSecret: join(number16(HASH_BYTES), label(id, 'exp')),
    sec: label(id, 'sec'),
  };
}

/** The KEM's shared secret from the X25519 result, the encapsulation (ephemeral public key) and the reader's public key (§4.1). */
export function kemSharedSecret(hmac: Hmac, dh: Uint8Array, enc: Uint8Array, readerKey: Uint8Array): Uint8Array {
  const prk = hmac(EMPTY, join(EAE_PRK, dh));
  return hmac(prk, join(SHARED_SECRET, enc, readerKey, BLOCK_ONE));
}

/** What depends on `info` alone: compute once per kind of blob. */
export function scheduleContext(hmac: Hmac, suite: Suite, info: Uint8Array): Uint8Array {
  return join(MODE_BASE, hmac(EMPTY, suite.pskIdHash), hmac(EMPTY, join(suite.infoHash, info)));
}

/** Key and nonce of the one message a context seals here (sequence number 0). One block of expansion suffices for both. */
export function keyAndNonce(hmac: Hmac, suite: Suite, sharedSecret: Uint8Array, context: Uint8Array): KeyAndNonce {
  const secret = hmac(sharedSecret, suite.secret);
  return {
    key: hmac(secret, join(suite.key, context, BLOCK_ONE)).subarray(0, suite.keyBytes),
    nonce: hmac(secret, join(suite.baseNonce, context, BLOCK_ONE)).subarray(0, NONCE_BYTES),
  };
}

export interface ExportOf {
  readonly sharedSecret: Uint8Array;
  readonly context: Uint8Array;
  /** "exporter_context". */
  readonly label: Uint8Array;
  /** At most 32: one block of expansion. */
  readonly sizeBytes: number;
}

/** A secret for something else than this one message (§5.3). */
export function exportSecret(
  hmac: Hmac,
  suite: Suite,
  { sharedSecret, context, label: use, sizeBytes }: ExportOf,
): Uint8Array {
  if (sizeBytes > HASH_BYTES) throw new Error('at most one block is exported');
  const secret = hmac(sharedSecret, suite.secret);
  const exporter = hmac(secret, join(suite.exporterSecret, context, BLOCK_ONE));
  return hmac(exporter, join(number16(sizeBytes), suite.sec, use, BLOCK_ONE)).subarray(0, sizeBytes);
}

function label(suiteId: Uint8Array, name: string): Uint8Array {
  return join(text('HPKE-v1'), suiteId, text(name));
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function number16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
