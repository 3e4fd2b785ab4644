// OpenPGP packet headers and packet lists: bytes <-> values, definite lengths only (RFC 9580 §4.2).

import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';

export const PACKET = {
  pkesk: 1,
  signature: 2,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  compressed: 8,
  marker: 10,
  literal: 11,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  seipd: 18,
} as const;

export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Header and body as they stood. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

export type PacketError =
  | { readonly kind: 'truncatedPacket' }
  | { readonly kind: 'notAPacket' }
  | { readonly kind: 'partialLength' }
  | { readonly kind: 'tooManyPackets' };

/** Bytes that a new-format header takes for a body of that length: 2, 3 or 6. */
export function packetHeaderLength(bodyLength: number): number {
  return bodyLength < 192 ? 2 : bodyLength < 8384 ? 3 : 6;
}

/** Writes a new-format header with the shortest length into `target` at `at`; returns the offset behind it. */
export function writePacketHeader(target: Uint8Array, at: number, tag: number, bodyLength: number): number {
  target[at] = 0xc0 | tag;
  if (bodyLength < 192) {
    target[at + 1] = bodyLength;
    return at + 2;
  }
  if (bodyLength < 8384) {
    target[at + 1] = ((bodyLength - 192) >> 8) + 192;
    target[at + 2] = (bodyLength - 192) & 0xff;
    return at + 3;
  }
  target[at + 1] = 0xff;
  target[at + 2] = (bodyLength >>> 24) & 0xff;
  target[at + 3] = (bodyLength >>> 16) & 0xff;
  target[at + 4] = (bodyLength >>> 8) & 0xff;
  target[at + 5] = bodyLength & 0xff;
  return at + 6;
}

/** One whole packet: new-format header and body. */
export function encodePacket(tag: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packetHeaderLength(body.length) + body.length);
  bytes.set(body, writePacketHeader(bytes, 0, tag, body.length));
  return bytes;
}

/** Every packet of `bytes`, in order, as views on them. Old and new headers; partial and indeterminate lengths are refused. */
export function parsePackets(bytes: Uint8Array<ArrayBuffer>): Result<readonly Packet[], PacketError> {
  const packets: Packet[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (packets.length >= limits.openpgp.packetsMax) return err({ kind: 'tooManyPackets' });
    const header = parseHeader(bytes, at);
    if (!header.ok) return header;
    const { tag, bodyAt, bodyLength } = header.value;
    const end = bodyAt + bodyLength;
    if (end > bytes.length) return err({ kind: 'truncatedPacket' });
    packets.push({ tag, body: bytes.subarray(bodyAt, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return ok(packets);
}

/** Tags of the packets in order, up to the first whose length is partial (its tag included) or broken: enough to tell what a foreign message is. */
export function leadingTags(bytes: Uint8Array): readonly number[] {
  const tags: number[] = [];
  let at = 0;
  while (at < bytes.length && tags.length < limits.openpgp.packetsMax) {
    const header = parseHeader(bytes, at);
    if (!header.ok) return header.error.kind === 'partialLength' ? [...tags, tagOf(bytes[at] ?? 0)] : tags;
    tags.push(header.value.tag);
    at = header.value.bodyAt + header.value.bodyLength;
  }
  return tags;
}

function tagOf(first: number): number {
  return (first & 0x40) === 0 ? (first >> 2) & 15 : first & 0x3f;
}

interface Header {
  readonly tag: number;
  readonly bodyAt: number;
  readonly bodyLength: number;
}

function parseHeader(bytes: Uint8Array, at: number): Result<Header, PacketError> {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return err({ kind: 'notAPacket' });
  return (first & 0x40) === 0 ? parseOldHeader(bytes, at, first) : parseNewHeader(bytes, at, tagOf(first));
}

function parseNewHeader(bytes: Uint8Array, at: number, tag: number): Result<Header, PacketError> {
  const one = bytes[at + 1];
  if (one === undefined) return err({ kind: 'truncatedPacket' });
  if (one < 192) return ok({ tag, bodyAt: at + 2, bodyLength: one });
  if (one < 224) {
    const two = bytes[at + 2];
    if (two === undefined) return err({ kind: 'truncatedPacket' });
    return ok({ tag, bodyAt: at + 3, bodyLength: ((one - 192) << 8) + two + 192 });
  }
  if (one < 255) return err({ kind: 'partialLength' });
  const bodyLength = readNumber(bytes, at + 2, 4);
  return bodyLength === undefined ? err({ kind: 'truncatedPacket' }) : ok({ tag, bodyAt: at + 6, bodyLength });
}

function parseOldHeader(bytes: Uint8Array, at: number, first: number): Result<Header, PacketError> {
  const lengthType = first & 3;
  if (lengthType === 3) return err({ kind: 'partialLength' });
  const lengthBytes = 1 << lengthType;
  const bodyLength = readNumber(bytes, at + 1, lengthBytes);
  if (bodyLength === undefined) return err({ kind: 'truncatedPacket' });
  return ok({ tag: tagOf(first), bodyAt: at + 1 + lengthBytes, bodyLength });
}

/** Big-endian number of 1–4 bytes; undefined when the bytes end before it. */
export function readNumber(bytes: Uint8Array, at: number, count: number): number | undefined {
  if (at + count > bytes.length) return undefined;
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
