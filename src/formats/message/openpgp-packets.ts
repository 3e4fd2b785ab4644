// What an OpenPGP message is, told by its packets and not by its label (RFC 9580 §§4.2, 5, 6.2, 10.3).
import { decodeBase64 } from './transfer-encoding.ts';

export type OpenPgpContent = 'encrypted' | 'signature' | 'other';

const PACKETS_MAX = 2_000; // one for each recipient, and then the data
const HEAD_BYTES_MAX = 1024 * 1024; // that much is enough for their key packets
const PKESK = 1;
const SIGNATURE = 2;
const SKESK = 3;
const SYMMETRIC = 9;
const MARKER = 10;
const SEIPD = 18;
const AEAD = 20;
const PADDING = 21;

/** What binary packets are; undefined when they are no packets. */
export function openPgpContent(bytes: Uint8Array): OpenPgpContent | undefined {
  let at = 0;
  for (let count = 0; count < PACKETS_MAX && at < bytes.length; count++) {
    const packet = packetAt(bytes, at);
    if (!packet) return undefined;
    if (packet.tag === SYMMETRIC || packet.tag === SEIPD || packet.tag === AEAD) {
      return isDataPlausible(bytes, packet) ? 'encrypted' : undefined;
    }
    if (packet.tag === SIGNATURE && count === 0) return isVersionPlausible(bytes, packet) ? 'signature' : undefined;
    if (packet.tag !== PKESK && packet.tag !== SKESK && packet.tag !== MARKER && packet.tag !== PADDING) return 'other';
    if (packet.bodyLength === undefined) return undefined; // only data packets may be of open length
    at = packet.bodyOffset + packet.bodyLength;
  }
  return undefined;
}

/** Bytes of the first armor block called `kind` (as `MESSAGE`); undefined when there is none. Needs LF line ends. */
export function findArmored(text: string, kind: 'MESSAGE' | 'SIGNATURE'): Uint8Array | undefined {
  const begin = `-----BEGIN PGP ${kind}-----`;
  const found = text.startsWith(begin) ? 0 : text.indexOf(`\n${begin}`) + 1;
  if (found === 0 && !text.startsWith(begin)) return undefined;
  const start = text.indexOf('\n', found + begin.length);
  if (start < 0) return undefined;
  const end = text.indexOf('\n-----END PGP', start);
  const block = text.slice(start + 1, Math.min(end < 0 ? text.length : end, start + HEAD_BYTES_MAX));
  const data = withoutArmorHeaders(block);
  const checksum = data.search(/^=[A-Za-z0-9+/]{4}$/m);
  return decodeBase64(new TextEncoder().encode(checksum < 0 ? data : data.slice(0, checksum)));
}

/** Armor headers ("Version: …") end at an empty line; some senders leave both out. */
function withoutArmorHeaders(block: string): string {
  let at = 0;
  for (const line of block.split('\n', 20)) {
    if (line.trim() === '') return block.slice(at + line.length + 1);
    if (!/^[A-Za-z]+: /.test(line)) return block.slice(at);
    at += line.length + 1;
  }
  return block.slice(at);
}

type Packet = { readonly tag: number; readonly bodyOffset: number; readonly bodyLength: number | undefined };

function packetAt(bytes: Uint8Array, at: number): Packet | undefined {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  if (tag === 0) return undefined;
  const length = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
  return length && { tag, bodyOffset: at + 1 + length.size, bodyLength: length.value };
}

type Length = { readonly size: number; readonly value: number | undefined };

function newLength(bytes: Uint8Array, at: number): Length | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 192) return { size: 1, value: first };
  if (first < 224) return { size: 2, value: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192 };
  if (first < 255) return { size: 1, value: undefined }; // the first of several pieces
  return { size: 5, value: bigEndian(bytes, at + 1, 4) };
}

function oldLength(bytes: Uint8Array, at: number, kind: number): Length | undefined {
  if (at >= bytes.length) return undefined;
  if (kind === 3) return { size: 0, value: undefined };
  const size = 1 << kind;
  return { size, value: bigEndian(bytes, at, size) };
}

function bigEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** SEIPD is version 1 or 2, AEAD version 1; the old symmetric packet has none. */
function isDataPlausible(bytes: Uint8Array, packet: Packet): boolean {
  if (packet.tag === SYMMETRIC) return bytes.length - packet.bodyOffset >= 10;
  const version = bytes[packet.bodyOffset];
  const isKnown = packet.tag === SEIPD ? version === 1 || version === 2 : version === 1;
  return isKnown && bytes.length - packet.bodyOffset >= 20;
}

function isVersionPlausible(bytes: Uint8Array, packet: Packet): boolean {
  const version = bytes[packet.bodyOffset] ?? 0;
  return version >= 3 && version <= 6;
}
