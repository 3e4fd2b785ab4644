// A report sealed to the collector as an oblivious request, and its answer: made on the reporting machine, opened by the collector (RFC 9458).

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  decapsulate,
  encapsulate,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { formatAnswer, formatRequest, parseAnswer, parseRequest } from '#formats/bhttp/bhttp.ts';
import {
  AES_256_GCM,
  ENC_BYTES,
  keyAndNonce,
  scheduleContext,
  TAG_BYTES,
  type KeyAndNonce,
} from '#formats/hpke/schedule.ts';
import {
  answerKeys,
  answerNonceBytes,
  formatHeader,
  parseEncapsulated,
  requestInfo,
  type KeyConfig,
} from '#formats/ohttp/ohttp.ts';
import { importPoint } from '#vault/sealing/seal-packet.ts';
import { formatReport, parseReport, type Report } from './report.ts';

/** Of the message inside, padded. */
const REQUEST_BYTES = 256;
const ANSWER_BYTES = 64;
const HEADER_BYTES = 7;
/** Of every report on the wire. */
export const SEALED_REPORT_BYTES = HEADER_BYTES + ENC_BYTES + REQUEST_BYTES + TAG_BYTES;
/** Of every answer to one. */
export const SEALED_ANSWER_BYTES = answerNonceBytes() + ANSWER_BYTES + TAG_BYTES;
/** The name of a host: what is longer does not fit beside the report. */
export const AUTHORITY_CHARACTERS_MAX = 128;
const PATH = '/report';
const EMPTY = new Uint8Array(0);

/** What only the two ends know: the answer is sealed with it. */
export interface Exchange {
  readonly enc: Uint8Array;
  readonly sharedSecret: Uint8Array;
  readonly context: Uint8Array;
}

export interface SealedReport {
  /** SEALED_REPORT_BYTES of them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As they were sealed: the message of HTTP with the report in it. */
  readonly plainBytes: Uint8Array<ArrayBuffer>;
  readonly exchange: Exchange;
}

/** `authority`: the collector's, as its URL names it. A fresh key for each report, so no two reports share anything. */
export function sealReport(report: Report, { keyId, publicKey }: KeyConfig, authority: string): SealedReport {
  const plainBytes = formatRequest(
    { method: 'POST', scheme: 'https', authority, path: PATH, fields: [], content: formatReport(report) },
    REQUEST_BYTES,
  );
  const { ciphertext, sharedKey } = encapsulate(importPoint(publicKey));
  const header = formatHeader(keyId);
  const enc = Uint8Array.from(ciphertext);
  const exchange = { enc, sharedSecret: Uint8Array.from(sharedKey), context: contextOf(header) };
  const sealed = encrypt(keyAndNonce(hmac, AES_256_GCM, exchange.sharedSecret, exchange.context), plainBytes);
  return { bytes: Uint8Array.from(Buffer.concat([header, enc, sealed])), plainBytes, exchange };
}

/** Whether anything can be sealed to it: not so to a point of small order. */
export function isSealable({ publicKey }: KeyConfig): boolean {
  try {
    encapsulate(importPoint(publicKey));
    return true;
  } catch {
    return false;
  }
}

export interface OpenedReport {
  readonly report: Report;
  readonly exchange: Exchange;
}

/** Undefined: not a report to this key, to this collector, to the byte. `enc` of the exchange tells it from every other. */
export function openReport(
  bytes: Uint8Array,
  {
    keyId,
    privateKey,
    authority,
  }: { readonly keyId: number; readonly privateKey: KeyObject; readonly authority: string },
): OpenedReport | undefined {
  const parts = bytes.length === SEALED_REPORT_BYTES ? parseEncapsulated(bytes) : undefined;
  if (parts === undefined || parts.keyId !== keyId) return undefined;
  const { enc, sealed } = parts;
  const sharedSecret = openShared(privateKey, enc);
  if (sharedSecret === undefined) return undefined;
  const context = contextOf(bytes.subarray(0, HEADER_BYTES));
  const plain = decrypt(keyAndNonce(hmac, AES_256_GCM, sharedSecret, context), sealed);
  const request = plain === undefined ? undefined : parseRequest(plain);
  if (request?.method !== 'POST' || request.scheme !== 'https' || request.authority !== authority) return undefined;
  const report = request.path === PATH && request.fields.length === 0 ? parseReport(request.content) : undefined;
  return report === undefined ? undefined : { report, exchange: { enc, sharedSecret, context } };
}

/** The collector's answer to one report: `status` is for who sent it alone, and every answer has one length. */
export function sealAnswer({ enc, sharedSecret, context }: Exchange, status: number): Uint8Array<ArrayBuffer> {
  const answerNonce = randomBytes(answerNonceBytes());
  const plain = formatAnswer({ status, fields: [], content: EMPTY }, ANSWER_BYTES);
  const sealed = encrypt(answerKeys(hmac, { sharedSecret, context, enc, answerNonce }), plain);
  return Uint8Array.from(Buffer.concat([answerNonce, sealed]));
}

/** The status; undefined for what is no answer of this collector to this report. */
export function openAnswer({ enc, sharedSecret, context }: Exchange, bytes: Uint8Array): number | undefined {
  if (bytes.length !== SEALED_ANSWER_BYTES) return undefined;
  const answerNonce = bytes.subarray(0, answerNonceBytes());
  const keys = answerKeys(hmac, { sharedSecret, context, enc, answerNonce });
  const plain = decrypt(keys, bytes.subarray(answerNonceBytes()));
  return plain === undefined ? undefined : parseAnswer(plain)?.status;
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(data).digest();
}

/** By header: there is one for each key, and it is the same for every report. */
const contexts = new Map<string, Uint8Array>();

function contextOf(header: Uint8Array): Uint8Array {
  const name = Buffer.from(header).toString('hex');
  const known = contexts.get(name);
  if (known !== undefined) return known;
  const made = scheduleContext(hmac, AES_256_GCM, requestInfo(header));
  contexts.set(name, made); // at most 256 of them: the rest of a header is fixed
  return made;
}

function openShared(privateKey: KeyObject, enc: Uint8Array): Uint8Array | undefined {
  try {
    return decapsulate(privateKey, Buffer.from(enc.buffer, enc.byteOffset, enc.length));
  } catch {
    return undefined; // a point of small order
  }
}

function encrypt({ key, nonce }: KeyAndNonce, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt({ key, nonce }: KeyAndNonce, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const cipher = createDecipheriv('aes-256-gcm', key, nonce);
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = cipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    cipher.final();
    return plain;
  } catch {
    return undefined;
  }
}
