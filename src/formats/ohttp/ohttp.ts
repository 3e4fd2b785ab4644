// Headers, labels and the answer's keys of oblivious HTTP (RFC 9458 §§3, 4).

import { AES_256_GCM, ENC_BYTES, exportSecret, type Hmac, type KeyAndNonce, type Suite } from '../hpke/schedule.ts';

const KEM_X25519 = 0x0020;
const KDF_SHA256 = 0x0001;
const HEADER_BYTES = 7;
const NONCE_BYTES = 12;
const REQUEST_LABEL = 'message/bhttp request';
const ANSWER_LABEL = 'message/bhttp response';
export const REQUEST_TYPE = 'message/ohttp-req';
export const ANSWER_TYPE = 'message/ohttp-res';

export interface KeyConfig {
  /** 0 to 255: tells keys of one gateway apart. */
  readonly keyId: number;
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** One key, one suite (§3.1): HKDF-SHA256 with AES-256-GCM. */
export function formatKeyConfig({ keyId, publicKey }: KeyConfig): Uint8Array<ArrayBuffer> {
  return join(
    Uint8Array.of(keyId),
    number16(KEM_X25519),
    publicKey,
    number16(4),
    number16(KDF_SHA256),
    number16(AES_256_GCM.aeadId),
  );
}

/** Undefined where it is no X25519 key for the suite we speak. Others named beside it are passed over. */
export function parseKeyConfig(bytes: Uint8Array, suite: Suite = AES_256_GCM): KeyConfig | undefined {
  const [keyId] = bytes;
  const suitesAt = 3 + ENC_BYTES;
  if (keyId === undefined || bytes.length < suitesAt + 2 || readNumber16(bytes, 1) !== KEM_X25519) return undefined;
  const end = suitesAt + 2 + readNumber16(bytes, suitesAt);
  if (end !== bytes.length || (end - suitesAt - 2) % 4 !== 0) return undefined;
  for (let at = suitesAt + 2; at < end; at += 4) {
    if (readNumber16(bytes, at) === KDF_SHA256 && readNumber16(bytes, at + 2) === suite.aeadId)
      return { keyId, publicKey: bytes.slice(3, suitesAt) };
  }
  return undefined;
}

/** What an encapsulated request begins with: key and suite (§4.1). */
export function formatHeader(keyId: number, suite: Suite = AES_256_GCM): Uint8Array<ArrayBuffer> {
  return join(Uint8Array.of(keyId), number16(KEM_X25519), number16(KDF_SHA256), number16(suite.aeadId));
}

/** HPKE's `info` of a request (§4.3). */
export function requestInfo(header: Uint8Array): Uint8Array<ArrayBuffer> {
  return join(new TextEncoder().encode(REQUEST_LABEL), Uint8Array.of(0), header);
}

export interface RequestParts {
  readonly keyId: number;
  /** The ephemeral public key. */
  readonly enc: Uint8Array;
  /** With its tag. */
  readonly sealed: Uint8Array;
}

/** Undefined for another suite or for what is too short. */
export function parseEncapsulated(bytes: Uint8Array, suite: Suite = AES_256_GCM): RequestParts | undefined {
  const [keyId] = bytes;
  if (keyId === undefined || bytes.length <= HEADER_BYTES + ENC_BYTES) return undefined;
  const isOurs = formatHeader(keyId, suite).every((byte, at) => byte === bytes[at]);
  if (!isOurs) return undefined;
  const sealedAt = HEADER_BYTES + ENC_BYTES;
  return { keyId, enc: bytes.subarray(HEADER_BYTES, sealedAt), sealed: bytes.subarray(sealedAt) };
}

/** Random bytes before an answer: max(Nn, Nk) (§4.4). */
export function answerNonceBytes(suite: Suite = AES_256_GCM): number {
  return Math.max(NONCE_BYTES, suite.keyBytes);
}

export interface AnswerSeal {
  readonly sharedSecret: Uint8Array;
  /** scheduleContext of the request's info. */
  readonly context: Uint8Array;
  readonly enc: Uint8Array;
  /** Random, answerNonceBytes of them. */
  readonly answerNonce: Uint8Array;
}

/** Key and nonce of the answer to one request (§4.4). */
export function answerKeys(hmac: Hmac, seal: AnswerSeal, suite: Suite = AES_256_GCM): KeyAndNonce {
  const { sharedSecret, context, enc, answerNonce } = seal;
  const label = new TextEncoder().encode(ANSWER_LABEL);
  const secret = exportSecret(hmac, suite, { sharedSecret, context, label, sizeBytes: answerNonceBytes(suite) });
  const prk = hmac(join(enc, answerNonce), secret);
  return {
    key: hmac(prk, join(new TextEncoder().encode('key'), Uint8Array.of(1))).subarray(0, suite.keyBytes),
    nonce: hmac(prk, join(new TextEncoder().encode('nonce'), Uint8Array.of(1))).subarray(0, NONCE_BYTES),
  };
}

function number16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function readNumber16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
