// What a version 4 signature packet says about a key: type, issuer, times, flags; read, never verified here (RFC 9580 §5.2.3).

import { readNumber } from './packet.ts';

export interface SignatureFacts {
  readonly type: number;
  readonly createdMs: number;
  /** Key id of the issuer, if it is named. */
  readonly issuer: Uint8Array<ArrayBuffer> | undefined;
  readonly keyValidForMs: number | undefined;
  readonly flags: number | undefined;
}

/** Facts of one signature body; undefined for other versions and for broken ones. */
export function parseSignature(body: Uint8Array<ArrayBuffer>): SignatureFacts | undefined {
  if (body[0] !== 4) return undefined;
  const type = body[1];
  const hashedLength = readNumber(body, 4, 2);
  if (type === undefined || hashedLength === undefined || 6 + hashedLength > body.length) return undefined;
  const unhashedAt = 6 + hashedLength;
  const unhashedLength = readNumber(body, unhashedAt, 2) ?? 0;
  const hashed = parseSubpackets(body.subarray(6, unhashedAt));
  const unhashed = parseSubpackets(body.subarray(unhashedAt + 2, unhashedAt + 2 + unhashedLength));
  if (hashed === undefined) return undefined;
  const validFor = numberOf(hashed.get(9));
  const fingerprint = hashed.get(33) ?? unhashed?.get(33);
  return {
    type,
    createdMs: (numberOf(hashed.get(2)) ?? 0) * 1000,
    issuer: hashed.get(16) ?? unhashed?.get(16) ?? (fingerprint?.[0] === 4 ? fingerprint.slice(13) : undefined),
    keyValidForMs: validFor === undefined || validFor === 0 ? undefined : validFor * 1000,
    flags: hashed.get(27)?.[0],
  };
}

function parseSubpackets(bytes: Uint8Array<ArrayBuffer>): Map<number, Uint8Array<ArrayBuffer>> | undefined {
  const found = new Map<number, Uint8Array<ArrayBuffer>>();
  let at = 0;
  while (at < bytes.length) {
    const one = bytes[at] ?? 0;
    const width = one < 192 ? 1 : one < 255 ? 2 : 5;
    const length =
      width === 1 ? one : width === 2 ? ((one - 192) << 8) + (bytes[at + 1] ?? 0) + 192 : readNumber(bytes, at + 1, 4);
    if (length === undefined || length < 1 || at + width + length > bytes.length) return undefined;
    const type = (bytes[at + width] ?? 0) & 0x7f;
    if (!found.has(type)) found.set(type, bytes.subarray(at + width + 1, at + width + length));
    at += width + length;
  }
  return found;
}

function numberOf(bytes: Uint8Array | undefined): number | undefined {
  return bytes === undefined ? undefined : readNumber(bytes, 0, 4);
}
