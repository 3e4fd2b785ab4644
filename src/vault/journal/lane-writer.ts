// The one writer of a lane: numbers records, chains them, writes a batch in one go, syncs, and changes to the next segment.

import type { InstanceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { journalPath, type Disk, type DiskFile } from './disk.ts';
import { chainHash, encodeHeader, FRAME_BYTES, type RecordHeader } from './record.ts';
import type { Lane } from './record-types.ts';
import type { LaneEnd } from './witness.ts';
import { encodeSegmentHeader, preparedName, SEGMENT_HEADER_BYTES, segmentName } from './segment.ts';

/** A record before the lane has numbered it. */
export type Draft = Omit<RecordHeader, 'journal' | 'lane' | 'seq' | 'timeMs' | 'durableThrough' | 'payloadBytes'> & {
  readonly payload: Uint8Array;
};

export interface Written {
  readonly header: RecordHeader;
  readonly segment: number;
  readonly offset: number;
}

export interface LanePosition {
  readonly segment: number;
  readonly offset: number;
  readonly lastSeq: number;
  readonly lastHash: Uint8Array;
  readonly lastTimeMs: number;
}

export interface LaneOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly instanceId: InstanceId;
  readonly journal: number;
  readonly lane: Lane;
  /** Whether the segment before was left without a clean end. */
  readonly afterCrash: boolean;
  readonly nowMs: () => number;
}

const ZEROS = Buffer.alloc(256 * 1024);
const QUICK_FILL_MS = 20_000;

export class LaneWriter {
  readonly #options: LaneOptions;
  #file: DiskFile | undefined;
  #segment: number;
  #offset: number;
  #sizeBytes = 0;
  #openedMs = 0;
  #dirtyUntil = 0;
  #lastSeq: number;
  #lastHash: Uint8Array;
  #lastTimeMs: number;
  #durableEnd: LaneEnd;
  #nextBytes: number = limits.journal.segmentBytesMin;
  #preparing: Promise<number | undefined> | undefined;

  constructor(options: LaneOptions, position: LanePosition) {
    this.#options = options;
    this.#segment = position.segment;
    this.#offset = position.offset;
    this.#lastSeq = position.lastSeq;
    this.#lastHash = position.lastHash;
    this.#lastTimeMs = position.lastTimeMs;
    this.#durableEnd = { seq: position.lastSeq, hash: position.lastHash };
  }

  /** The last record known to be on the medium. */
  get durableEnd(): LaneEnd {
    return this.#durableEnd;
  }
  /** Bytes that can still be written without asking the file system for more. */
  get roomBytes(): number {
    return this.#sizeBytes - this.#offset;
  }

  /** The segment that is written to; all before it stay as they are but for compaction. */
  get segment(): number {
    return this.#segment;
  }

  /** Closes the segment that is written to, unless nothing stands in it. */
  async rotate(): Promise<void> {
    if (this.#file === undefined || this.#offset > SEGMENT_HEADER_BYTES) await this.#openNext(0);
  }

  /** Writes the batch, not synced yet. Rejects with nothing changed when the bytes could not be written. */
  async write(drafts: readonly Draft[]): Promise<readonly Written[]> {
    if (drafts.length === 0) return [];
    const totalBytes = drafts.reduce((sum, draft) => sum + FRAME_BYTES + draft.payload.length, 0);
    if (this.#file === undefined || this.#offset + totalBytes > this.#sizeBytes) await this.#openNext(totalBytes);
    const { parts, written, lastHash, end } = this.#encode(drafts);
    if (this.#file === undefined) throw new Error('a lane without a segment');
    if (end < this.#dirtyUntil) parts.push(Buffer.alloc(this.#dirtyUntil - end)); // what a failed batch left behind
    this.#dirtyUntil = Math.max(this.#dirtyUntil, end);
    await this.#file.write(parts, this.#offset);
    this.#offset = end;
    this.#dirtyUntil = end;
    this.#lastSeq += drafts.length;
    this.#lastHash = lastHash;
    this.#lastTimeMs = written.at(-1)?.header.timeMs ?? this.#lastTimeMs;
    return written;
  }

  /** Puts what was written on the medium. A rejection is final: the journal stops. */
  async sync(): Promise<void> {
    const end = { seq: this.#lastSeq, hash: this.#lastHash };
    await this.#file?.sync();
    this.#durableEnd = end;
    if (this.#preparing === undefined && this.#file !== undefined && this.roomBytes < this.#sizeBytes / 2) {
      this.#preparing = this.#prepare(this.#nextSize(), 0);
    }
  }

  async close(): Promise<void> {
    await this.#preparing;
    await this.#file?.close();
    this.#file = undefined;
  }

  #encode(drafts: readonly Draft[]): { parts: Uint8Array[]; written: Written[]; lastHash: Uint8Array; end: number } {
    const { journal, lane, nowMs } = this.#options;
    const timeMs = Math.max(nowMs(), this.#lastTimeMs); // the journal's time never runs backwards
    const parts: Uint8Array[] = [];
    const written: Written[] = [];
    let hash = this.#lastHash;
    let seq = this.#lastSeq;
    let offset = this.#offset;
    for (const { payload, ...draft } of drafts) {
      seq += 1;
      const header: RecordHeader = {
        ...draft,
        journal,
        lane,
        seq,
        timeMs,
        durableThrough: this.#durableEnd.seq,
        payloadBytes: payload.length,
      };
      const headerBytes = encodeHeader(header);
      hash = chainHash(hash, headerBytes);
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(payload.length, 0);
      parts.push(length, headerBytes, hash, payload);
      written.push({ header, segment: this.#segment, offset });
      offset += FRAME_BYTES + payload.length;
    }
    return { parts, written, lastHash: hash, end: offset };
  }

  /** The next segment's size follows the traffic: doubled when one filled quickly, back to small when it lasted. */
  #nextSize(): number {
    const { segmentBytes, segmentBytesMin } = limits.journal;
    const filledMs = this.#options.nowMs() - this.#openedMs;
    const wanted =
      filledMs < QUICK_FILL_MS
        ? this.#nextBytes * 2
        : filledMs > QUICK_FILL_MS * 30
          ? this.#nextBytes / 2
          : this.#nextBytes;
    this.#nextBytes = Math.min(segmentBytes, Math.max(segmentBytesMin, wanted));
    return this.#nextBytes;
  }

  /** Zero-fills and syncs the file that becomes the next segment; undefined when there is no room for it. */
  async #prepare(sizeBytes: number, neededBytes: number): Promise<number | undefined> {
    const { disk, directory, lane } = this.#options;
    const path = journalPath(directory, preparedName(lane));
    try {
      await disk.remove(path);
      const { freeBytes } = await disk.space(directory);
      const fitting = Math.max(limits.journal.segmentBytesMin, Math.floor(freeBytes / 16));
      const size = Math.max(neededBytes, Math.min(sizeBytes, fitting));
      const file = await disk.create(path);
      try {
        for (let at = 0; at < size; at += ZEROS.length)
          await file.write([ZEROS.subarray(0, Math.min(ZEROS.length, size - at))], at);
        await file.sync();
      } finally {
        await file.close();
      }
      return size;
    } catch {
      await disk.remove(path).catch(() => undefined); // a disk without room: the next batch asks again and is refused itself
      return undefined;
    }
  }

  async #openNext(neededBytes: number): Promise<void> {
    const { disk, directory, lane, journal, instanceId, nowMs } = this.#options;
    const wanted = SEGMENT_HEADER_BYTES + neededBytes;
    let size = await this.#preparing;
    if (size === undefined || size < wanted) size = await this.#prepare(this.#nextBytes, wanted);
    this.#preparing = undefined;
    if (size === undefined || size < wanted)
      throw Object.assign(new Error('no room for the next segment'), { code: 'ENOSPC' });
    const segment = this.#segment + 1;
    const path = journalPath(directory, segmentName(lane, segment));
    const prepared = journalPath(directory, preparedName(lane));
    const file = await disk.open(prepared, 'write');
    try {
      const header = { instanceId, journal, lane, segment, createdMs: nowMs(), firstSeq: this.#lastSeq + 1 };
      const before = {
        previousHash: this.#lastHash,
        previousValidBytes: this.#offset,
        afterCrash: this.#options.afterCrash && this.#file === undefined,
        compactions: 0,
        originalEnd: 0,
      };
      await file.write([encodeSegmentHeader({ ...header, ...before })], 0);
      await file.sync();
      await disk.rename(prepared, path);
      await disk.syncDirectory(directory);
    } catch (cause) {
      await file.close();
      throw cause;
    }
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = file;
    this.#segment = segment;
    this.#offset = SEGMENT_HEADER_BYTES;
    this.#dirtyUntil = 0;
    this.#sizeBytes = size;
    this.#openedMs = nowMs();
  }
}
