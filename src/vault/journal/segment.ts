// A segment: one file of one lane. Its header says where the chain stands and how far the segment before was valid (decision 0002).

import { err, ok, type Result } from '#base/result.ts';
import { idFromBytes, idToBytes, type InstanceId } from '#base/ids.ts';
import { crc32c } from './crc32c.ts';
import { LANE, type Lane } from './record-types.ts';

export const SEGMENT_MAGIC = 0x53474c53; // "SGLS"
export const SEGMENT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 128;

export interface SegmentHeader {
  readonly instanceId: InstanceId;
  readonly journal: number;
  readonly lane: Lane;
  readonly segment: number;
  readonly createdMs: number;
  /** Seq of the first record that will stand here. */
  readonly firstSeq: number;
  /** Chain hash before that record; 32 zero bytes at the very beginning. */
  readonly previousHash: Uint8Array;
  /** Bytes of the segment before, up to which it holds valid records; 0 for the first. */
  readonly previousValidBytes: number;
  /** Whether the segment before was left by a crash (so that bytes may stand behind its valid part). */
  readonly afterCrash: boolean;
  /** How often the file was written anew without its dead payloads; 0: it is as it was written. */
  readonly compactions: number;
  /** Where the records ended before the first compaction; 0 without one. Follows from the headers too: each says how long its payload was. */
  readonly originalEnd: number;
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.writeUInt32BE(SEGMENT_MAGIC, 0);
  bytes.writeUInt8(SEGMENT_VERSION, 4);
  bytes.writeUInt8(LANE[header.lane], 5);
  bytes.writeUInt16BE(header.journal, 6);
  bytes.writeUInt32BE(header.segment, 8);
  bytes.writeUInt8(header.afterCrash ? 1 : 0, 12);
  bytes.set(idToBytes(header.instanceId), 16);
  bytes.writeBigUInt64BE(BigInt(header.createdMs), 32);
  bytes.writeBigUInt64BE(BigInt(header.firstSeq), 40);
  bytes.writeBigUInt64BE(BigInt(header.previousValidBytes), 48);
  bytes.set(header.previousHash, 56);
  bytes.writeUInt32BE(header.compactions, 88);
  bytes.writeBigUInt64BE(BigInt(header.originalEnd), 92);
  bytes.writeUInt32BE(crc32c(bytes.subarray(0, 124)), 124);
  return bytes;
}

export function decodeSegmentHeader(bytes: Buffer): Result<SegmentHeader, { kind: 'damaged' }> {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.readUInt32BE(0) !== SEGMENT_MAGIC) return err({ kind: 'damaged' });
  if (bytes.readUInt32BE(124) !== crc32c(bytes.subarray(0, 124))) return err({ kind: 'damaged' });
  if (bytes.readUInt8(4) !== SEGMENT_VERSION || bytes.readUInt8(5) > 1) return err({ kind: 'damaged' });
  return ok({
    instanceId: idFromBytes<InstanceId>(bytes.subarray(16, 32)),
    journal: bytes.readUInt16BE(6),
    lane: bytes.readUInt8(5) === LANE.body ? 'body' : 'key',
    segment: bytes.readUInt32BE(8),
    createdMs: Number(bytes.readBigUInt64BE(32)),
    firstSeq: Number(bytes.readBigUInt64BE(40)),
    previousHash: Uint8Array.from(bytes.subarray(56, 88)),
    previousValidBytes: Number(bytes.readBigUInt64BE(48)),
    afterCrash: bytes.readUInt8(12) === 1,
    compactions: bytes.readUInt32BE(88),
    originalEnd: Number(bytes.readBigUInt64BE(92)),
  });
}

/** `key-00000007.journal` */
export function segmentName(lane: Lane, segment: number): string {
  return `${lane}-${String(segment).padStart(8, '0')}.journal`;
}

/** The prepared, zero-filled file that becomes the next segment. */
export function preparedName(lane: Lane): string {
  return `${lane}.prepared`;
}

/** The file that becomes a segment's compacted copy. */
export function compactingName(lane: Lane, segment: number): string {
  return segmentName(lane, segment).replace('.journal', '.compacting');
}

/** Lane and number of a segment's file name; undefined for other files. */
export function parseSegmentName(name: string): { readonly lane: Lane; readonly segment: number } | undefined {
  const match = /^(body|key)-(\d{8})\.journal$/.exec(name);
  if (!match) return undefined;
  return { lane: match[1] === 'body' ? 'body' : 'key', segment: Number(match[2]) };
}
