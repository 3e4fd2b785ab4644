// One slot of the live store: 128 bytes that hold a letter's key while it waits, and afterwards only what became of it (decision 0013).

import { ID_BYTES, idFromBytes, idToBytes, type AccountId, type SubmissionId } from '#base/ids.ts';
import { crc32c } from '../journal/crc32c.ts';

export const SLOT_BYTES = 128;
export const KEY_BYTES = 32;
const MAGIC = 0x53474c56; // "SGLV"
const VERSION = 1;

/** `placed`: on the medium, not yet in the journal; `queued`: acknowledged. The others are over. */
export const SLOT_STATES = ['free', 'placed', 'queued', 'delivered', 'failed', 'expired', 'canceled'] as const;
export type SlotState = (typeof SLOT_STATES)[number];
export type EndedState = Exclude<SlotState, 'free' | 'placed' | 'queued'>;

/** Where a letter lies in the log. */
export interface LogPlace {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

export interface Slot {
  readonly index: number;
  readonly id: SubmissionId;
  readonly accountId: AccountId;
  state: SlotState;
  /** All zero once the letter is over. */
  readonly key: Buffer;
  place: LogPlace;
  /** When it is to be tried next; once it is over: when that was. */
  dueMs: number;
  readonly queuedMs: number;
  /** The journal's last durable record when this was written: an older journal put back is known by it. */
  journalSeq: number;
  readonly recipients: number;
  delivered: number;
  attempts: number;
}

export function isEnded(state: SlotState): state is EndedState {
  return state !== 'free' && state !== 'placed' && state !== 'queued';
}

export function encodeSlot(slot: Slot): Buffer {
  const bytes = Buffer.alloc(SLOT_BYTES);
  if (slot.state === 'free') return bytes;
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt8(VERSION, 4);
  bytes.writeUInt8(SLOT_STATES.indexOf(slot.state), 5);
  bytes.writeUInt16BE(slot.recipients, 6);
  bytes.set(idToBytes(slot.id), 8);
  bytes.set(idToBytes(slot.accountId), 8 + ID_BYTES);
  bytes.set(slot.key, 40);
  bytes.writeBigUInt64BE(BigInt(slot.dueMs), 72);
  bytes.writeBigUInt64BE(BigInt(slot.queuedMs), 80);
  bytes.writeBigUInt64BE(BigInt(slot.journalSeq), 88);
  bytes.writeUInt32BE(slot.place.segment, 96);
  bytes.writeUInt32BE(slot.place.offset, 100);
  bytes.writeUInt32BE(slot.place.length, 104);
  bytes.writeUInt16BE(Math.min(slot.attempts, 0xffff), 108);
  bytes.writeUInt16BE(slot.delivered, 110);
  bytes.writeUInt32BE(crc32c(bytes.subarray(0, 124)), 124);
  return bytes;
}

/** Undefined: nothing was ever written here. `damaged`: a torn write or worse. */
export function decodeSlot(bytes: Buffer, index: number): Slot | 'damaged' | undefined {
  if (bytes.length < SLOT_BYTES) return 'damaged';
  if (bytes.every((byte) => byte === 0)) return undefined;
  const state = SLOT_STATES[bytes.readUInt8(5)];
  const isWhole =
    bytes.readUInt32BE(0) === MAGIC &&
    bytes.readUInt8(4) === VERSION &&
    crc32c(bytes.subarray(0, 124)) === bytes.readUInt32BE(124);
  if (!isWhole || state === undefined) return 'damaged';
  return {
    index,
    state,
    recipients: bytes.readUInt16BE(6),
    id: idFromBytes<SubmissionId>(bytes.subarray(8, 8 + ID_BYTES)),
    accountId: idFromBytes<AccountId>(bytes.subarray(8 + ID_BYTES, 8 + 2 * ID_BYTES)),
    key: Buffer.from(bytes.subarray(40, 40 + KEY_BYTES)),
    dueMs: Number(bytes.readBigUInt64BE(72)),
    queuedMs: Number(bytes.readBigUInt64BE(80)),
    journalSeq: Number(bytes.readBigUInt64BE(88)),
    place: {
      segment: bytes.readUInt32BE(96),
      offset: bytes.readUInt32BE(100),
      length: bytes.readUInt32BE(104),
    },
    attempts: bytes.readUInt16BE(108),
    delivered: bytes.readUInt16BE(110),
  };
}
