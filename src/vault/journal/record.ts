// One journal record on disk: stored length, header, chain hash, payload (decision 0002). All numbers big-endian.

import { hash } from 'node:crypto';
import { crc32c } from './crc32c.ts';
import { err, ok, type Result } from '#base/result.ts';
import { idFromBytes, idToBytes, type AccountId } from '#base/ids.ts';
import {
  ACTOR_CODES,
  LANE,
  findRecordKind,
  RECORD_CODES,
  type ActorKind,
  type Lane,
  type RecordKind,
} from './record-types.ts';

export const RECORD_MAGIC = 0x53474c52; // "SGLR"
export const RECORD_VERSION = 1;
export const HEADER_BYTES = 144;
export const HASH_BYTES = 32;
/** Stored length (4) + header + hash: what stands before the payload. */
export const FRAME_BYTES = 4 + HEADER_BYTES + HASH_BYTES;

export interface Actor {
  readonly kind: ActorKind;
  /** 16 bytes: session, rule, app password or change; all zero when there is none. */
  readonly id: Uint8Array;
}

export interface RecordHeader {
  readonly journal: number;
  readonly lane: Lane;
  readonly kind: RecordKind;
  readonly seq: number;
  /** Milliseconds since 1970, from the journal's clock; never smaller than the record's before. */
  readonly timeMs: number;
  readonly class: 'ordinary' | 'mortal';
  /** Days since 1970 of arrival, and hours since 1970 at which the class ends; 0 for ordinary records. */
  readonly chainDay: number;
  readonly epoch: number;
  readonly actor: Actor;
  /** First 8 bytes of the SHA-256 that names the program's build. */
  readonly build: Uint8Array;
  /** Undefined in the body lane and for records of the whole house. */
  readonly accountId: AccountId | undefined;
  /** The first of `span` account numbers this record takes; 0 without an account. */
  readonly accountSeq: number;
  readonly span: number;
  /** The last seq of this lane known to be synced when this was written. */
  readonly durableThrough: number;
  readonly payloadBytes: number;
  readonly digest: Uint8Array;
}

/** What can be wrong with bytes that should be a header. */
export type HeaderDamage =
  | { readonly kind: 'magic' }
  | { readonly kind: 'version' }
  | { readonly kind: 'checksum' }
  | { readonly kind: 'field' };

const ACCOUNT_BYTES = 16;
const NO_ACCOUNT = new Uint8Array(ACCOUNT_BYTES);

/** Header → 144 bytes. Offsets are the table of decision 0002. */
export function encodeHeader(header: RecordHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(RECORD_MAGIC, 0);
  bytes.writeUInt8(RECORD_VERSION, 4);
  bytes.writeUInt8(LANE[header.lane], 5);
  bytes.writeUInt16BE(RECORD_CODES[header.kind], 6);
  bytes.writeUInt16BE(header.journal, 8);
  bytes.writeUInt8(header.class === 'mortal' ? 1 : 0, 10);
  bytes.writeUInt8(ACTOR_CODES[header.actor.kind], 11);
  bytes.writeUInt32BE(header.chainDay, 12);
  bytes.writeUInt32BE(header.epoch, 16);
  bytes.writeUInt32BE(header.payloadBytes, 20);
  writeUInt64(bytes, header.seq, 24);
  writeUInt64(bytes, header.timeMs, 32);
  writeUInt64(bytes, header.accountSeq, 40);
  writeUInt64(bytes, header.durableThrough, 48);
  bytes.set(header.accountId === undefined ? NO_ACCOUNT : idToBytes(header.accountId), 56);
  bytes.set(header.actor.id, 72);
  bytes.set(header.build, 88);
  bytes.writeUInt32BE(header.span, 96);
  // 100..107 stay zero: room for a later version
  bytes.set(header.digest, 108);
  bytes.writeUInt32BE(crc32c(bytes, 140), 140);
  return bytes;
}

/** 144 bytes → header, or what is wrong with them. Its bytes may be shared with other headers: nobody writes into them. */
export function decodeHeader(bytes: Buffer): Result<RecordHeader, HeaderDamage> {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== RECORD_MAGIC) return err({ kind: 'magic' });
  if (bytes.readUInt32BE(140) !== crc32c(bytes, 140)) return err({ kind: 'checksum' });
  if (bytes.readUInt8(4) !== RECORD_VERSION) return err({ kind: 'version' });
  const kind = findRecordKind(bytes.readUInt16BE(6));
  const actorKind = findActorKind(bytes.readUInt8(11));
  if (kind === undefined || actorKind === undefined || bytes.readUInt8(5) > 1 || bytes.readUInt8(10) > 1)
    return err({ kind: 'field' });
  return ok({
    journal: bytes.readUInt16BE(8),
    lane: bytes.readUInt8(5) === LANE.body ? 'body' : 'key',
    kind,
    seq: readUInt64(bytes, 24),
    timeMs: readUInt64(bytes, 32),
    class: bytes.readUInt8(10) === 1 ? 'mortal' : 'ordinary',
    chainDay: bytes.readUInt32BE(12),
    epoch: bytes.readUInt32BE(16),
    actor: { kind: actorKind, id: actorIds.take(bytes, 72) },
    build: builds.take(bytes, 88),
    accountId: readAccount(bytes),
    accountSeq: readUInt64(bytes, 40),
    span: bytes.readUInt32BE(96),
    durableThrough: readUInt64(bytes, 48),
    payloadBytes: bytes.readUInt32BE(20),
    digest: copyOf(bytes, 108, HASH_BYTES),
  });
}

/** Small arrays of their own are cheaper than views, and nothing of the reader's window is kept. */
function copyOf(bytes: Uint8Array, from: number, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) copy[at] = bytes[from + at] ?? 0;
  return copy;
}

/** Headers that follow each other mostly say the same here, and share one copy: replays read millions. */
class Shared {
  #last: Uint8Array;

  constructor(length: number) {
    this.#last = new Uint8Array(length);
  }

  take(bytes: Uint8Array, from: number): Uint8Array {
    const { length } = this.#last;
    for (let at = 0; at < length; at += 1) {
      if (this.#last[at] !== bytes[from + at]) return (this.#last = copyOf(bytes, from, length));
    }
    return this.#last;
  }
}

const actorIds = new Shared(16);
const builds = new Shared(8);

interface KnownAccount {
  readonly bytes: Uint8Array;
  readonly id: AccountId;
}

const KNOWN_MAX = 10_000;
/** By the first four bytes; two accounts that share them take turns. */
const known = new Map<number, KnownAccount>();

function readAccount(bytes: Buffer): AccountId | undefined {
  const name = bytes.readUInt32BE(56);
  const entry = known.get(name);
  if (entry !== undefined && isSame(entry.bytes, bytes, 56)) return entry.id;
  if (isSame(NO_ACCOUNT, bytes, 56)) return undefined;
  const own = copyOf(bytes, 56, ACCOUNT_BYTES);
  const id = idFromBytes<AccountId>(own);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, { bytes: own, id });
  return id;
}

function isSame(expected: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < expected.length; at += 1) if (expected[at] !== bytes[from + at]) return false;
  return true;
}

const chained = Buffer.alloc(HASH_BYTES + HEADER_BYTES);

/** hash_i = SHA-256(hash_{i-1} ‖ header): the chain covers the payload's digest, never the payload. */
export function chainHash(previous: Uint8Array, header: Uint8Array): Buffer {
  chained.set(previous, 0);
  chained.set(header, HASH_BYTES);
  return hash('sha256', chained, 'buffer');
}

export function payloadDigest(payload: Uint8Array): Buffer {
  return hash('sha256', payload, 'buffer');
}

const ACTORS = new Map<number, ActorKind>();
for (const [kind, code] of Object.entries(ACTOR_CODES)) ACTORS.set(code, kind as ActorKind);

function findActorKind(code: number): ActorKind | undefined {
  return ACTORS.get(code);
}

function writeUInt64(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32BE(Math.floor(value / 0x1_0000_0000), offset);
  bytes.writeUInt32BE(value >>> 0, offset + 4);
}

function readUInt64(bytes: Buffer, offset: number): number {
  return bytes.readUInt32BE(offset) * 0x1_0000_0000 + bytes.readUInt32BE(offset + 4);
}
