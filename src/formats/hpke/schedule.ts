// Key schedule of HPKE in base mode, for DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256 (RFC 9180 §§4, 5.1).

/** HMAC-SHA-256. Handed in, so that the server uses the platform's and the page a synchronous one of its own. */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array;

export interface Suite {
  readonly aeadId: number;
  readonly keyBytes: number;
}

/** The suite of every sealed summary, term list and wrap. */
export const AES_256_GCM: Suite = { aeadId: 2, keyBytes: 32 };
export const ENC_BYTES = 32;
export const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const HASH_BYTES = 32;
const KEM_ID = 0x0020;
const KDF_ID = 0x0001;

const utf8 = new TextEncoder();
const EMPTY = new Uint8Array(0);
const VERSION_LABEL = utf8.encode('HPKE-v1');
const KEM_SUITE = join(utf8.encode('KEM'), number16(KEM_ID));

export interface KeyAndNonce {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The KEM's shared secret from the X25519 result, the encapsulation (ephemeral public key) and the reader's public key (§4.1). */
export function kemSharedSecret(hmac: Hmac, dh: Uint8Array, enc: Uint8Array, readerKey: Uint8Array): Uint8Array {
  const prk = labeledExtract(hmac, KEM_SUITE, EMPTY, LABELS.eaePrk, dh);
  return labeledExpand(hmac, KEM_SUITE, prk, LABELS.sharedSecret, join(enc, readerKey), HASH_BYTES);
}

/** What depends on `info` alone: compute once per kind of blob. */
export function scheduleContext(hmac: Hmac, suite: Suite, info: Uint8Array): Uint8Array {
  const id = hpkeSuite(suite);
  const pskIdHash = labeledExtract(hmac, id, EMPTY, LABELS.pskIdHash, EMPTY);
  const infoHash = labeledExtract(hmac, id, EMPTY, LABELS.infoHash, info);
  return join(Uint8Array.of(0), pskIdHash, infoHash); // mode base = 0
}

/** Key and nonce of the one message a context seals here (sequence number 0). */
export function keyAndNonce(hmac: Hmac, suite: Suite, sharedSecret: Uint8Array, context: Uint8Array): KeyAndNonce {
  const id = hpkeSuite(suite);
  const secret = labeledExtract(hmac, id, sharedSecret, LABELS.secret, EMPTY);
  return {
    key: labeledExpand(hmac, id, secret, LABELS.key, context, suite.keyBytes),
    nonce: labeledExpand(hmac, id, secret, LABELS.baseNonce, context, NONCE_BYTES),
  };
}

const LABELS = {
  eaePrk: utf8.encode('eae_prk'),
  sharedSecret: utf8.encode('shared_secret'),
  pskIdHash: utf8.encode('psk_id_hash'),
  infoHash: utf8.encode('info_hash'),
  secret: utf8.encode('secret'),
  key: utf8.encode('key'),
  baseNonce: utf8.encode('base_nonce'),
};

function labeledExtract(
  hmac: Hmac,
  suiteId: Uint8Array,
  salt: Uint8Array,
  label: Uint8Array,
  ikm: Uint8Array,
): Uint8Array {
  return hmac(salt, join(VERSION_LABEL, suiteId, label, ikm));
}

/** One block of HKDF-Expand suffices: no output here is longer than 32 bytes. */
function labeledExpand(
  hmac: Hmac,
  suiteId: Uint8Array,
  prk: Uint8Array,
  label: Uint8Array,
  info: Uint8Array,
  length = HASH_BYTES,
): Uint8Array {
  const block = hmac(prk, join(number16(length), VERSION_LABEL, suiteId, label, info, Uint8Array.of(1)));
  return block.subarray(0, length);
}

function hpkeSuite(suite: Suite): Uint8Array {
  return join(utf8.encode('HPKE'), number16(KEM_ID), number16(KDF_ID), number16(suite.aeadId));
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
