// Writes a closed segment anew without the payloads of the dead: copied, checked record by record, then put in its place by one rename.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { journalPath, type Disk, type DiskFile } from './disk.ts';
import { chainHash, encodeHeader, FRAME_BYTES } from './record.ts';
import type { Lane } from './record-types.ts';
import { scanSegment, type ScannedRecord } from './scan.ts';
import {
  compactingName,
  decodeSegmentHeader,
  encodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
  type SegmentHeader,
} from './segment.ts';

export type CompactionStep = 'begun' | 'copied' | 'checked' | 'renamed' | 'done';

export interface CompactionHooks {
  /** Between pieces of the work: others have their turn. */
  readonly pause?: () => Promise<void>;
  readonly onStep?: (step: CompactionStep) => void;
}

export interface CompactionOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly lane: Lane;
  readonly segment: number;
  /** Whether an `erased` record names this record. */
  readonly isDead: (seq: number) => boolean;
  readonly hooks: CompactionHooks;
}

export interface Compacted {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Payloads that are gone since. */
  readonly erased: number;
}

export type CompactionRefusal =
  /** Something in it is not as it was written: left as it is, for whoever mends it. */
  | { readonly kind: 'damaged'; readonly offset: number }
  | { readonly kind: 'diskFull' }
  /** It is still written to. */
  | { readonly kind: 'notClosed' };

/** What the segment behind says of this one: where it ended, and with which hash. */
interface Expected {
  readonly end: number;
  readonly hash: Uint8Array;
}

export async function compactSegment(options: CompactionOptions): Promise<Result<Compacted, CompactionRefusal>> {
  const { disk, directory, lane, segment, hooks } = options;
  const path = journalPath(directory, segmentName(lane, segment));
  const copyPath = journalPath(directory, compactingName(lane, segment));
  const expected = await readExpected(options);
  if (expected === undefined) return err({ kind: 'notClosed' });
  await using closing = new AsyncDisposableStack();
  const old = await disk.open(path, 'read');
  closing.defer(() => old.close());
  const head = decodeSegmentHeader(await old.read(0, SEGMENT_HEADER_BYTES));
  if (!head.ok) return err({ kind: 'damaged', offset: 0 });
  const bytesBefore = await old.size();
  if ((await disk.space(directory)).freeBytes < bytesBefore * 2) return err({ kind: 'diskFull' });
  await disk.remove(copyPath); // of a run that was stopped
  const copy = await disk.create(copyPath);
  closing.defer(() => copy.close());
  hooks.onStep?.('begun');
  try {
    const copied = await copyRecords(old, copy, head.value, { ...options, expected });
    hooks.onStep?.('copied');
    const refusal = copied.ok ? await checkCopy(old, copy, options) : copied.error;
    if (!copied.ok || refusal !== undefined) {
      await disk.remove(copyPath);
      return err(refusal ?? { kind: 'damaged', offset: 0 });
    }
    hooks.onStep?.('checked');
    await disk.rename(copyPath, path);
    hooks.onStep?.('renamed');
    await disk.syncDirectory(directory);
    hooks.onStep?.('done');
    return ok({ bytesBefore, bytesAfter: await copy.size(), erased: copied.value });
  } catch (cause) {
    if (!isDiskFull(cause)) throw cause;
    await disk.remove(copyPath);
    return err({ kind: 'diskFull' });
  }
}

async function readExpected({ disk, directory, lane, segment }: CompactionOptions): Promise<Expected | undefined> {
  const next = journalPath(directory, segmentName(lane, segment + 1));
  const file = await disk.open(next, 'read').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const head = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
    return head.ok ? { end: head.value.previousValidBytes, hash: head.value.previousHash } : undefined;
  } finally {
    await file.close();
  }
}

type CopyOptions = CompactionOptions & { readonly expected: Expected };

/** How many payloads went. Reads on only while every byte is what chain and headers say. */
async function copyRecords(
  old: DiskFile,
  copy: DiskFile,
  head: SegmentHeader,
  { isDead, expected, hooks }: CopyOptions,
): Promise<Result<number, CompactionRefusal>> {
  const out = new CopyWriter(copy, SEGMENT_HEADER_BYTES, hooks);
  let hash: Uint8Array = head.previousHash;
  let originalEnd = SEGMENT_HEADER_BYTES;
  let erased = 0;
  let damagedAt: number | undefined;
  for await (const event of scanSegment(old, { previousHash: hash, payloads: 'check' })) {
    // what a crash left behind the end was never acknowledged and is not taken along
    if (event.kind === 'end' || originalEnd === expected.end) break;
    if (event.kind === 'damage') return err({ kind: 'damaged', offset: event.offset });
    const headerBytes = encodeHeader(event.header);
    if (!chainHash(hash, headerBytes).equals(event.hash)) return err({ kind: 'damaged', offset: event.offset });
    const isKept = event.stored && !isDead(event.header.seq);
    // gone before, and nothing says why: this is not the place to make it look right
    if (!event.stored && !isDead(event.header.seq)) damagedAt ??= event.offset;
    if (event.stored && !isKept) erased += 1;
    await out.put(headerBytes, event.hash, isKept ? (event.payload ?? Buffer.alloc(0)) : Buffer.alloc(0));
    hash = event.hash;
    originalEnd += FRAME_BYTES + event.header.payloadBytes;
  }
  if (damagedAt !== undefined) return err({ kind: 'damaged', offset: damagedAt });
  if (originalEnd !== expected.end || !Buffer.from(expected.hash).equals(hash))
    return err({ kind: 'damaged', offset: await old.size() });
  await out.flush();
  await copy.write([encodeSegmentHeader({ ...head, compactions: head.compactions + 1, originalEnd })], 0);
  await copy.sync();
  return ok(erased);
}

/** Both files once more, from the first byte: same headers, same hashes, and every payload that shall be there. */
async function checkCopy(
  old: DiskFile,
  copy: DiskFile,
  { isDead, hooks }: CompactionOptions,
): Promise<CompactionRefusal | undefined> {
  const damagedAt = (offset: number): CompactionRefusal => ({ kind: 'damaged', offset });
  const head = decodeSegmentHeader(await copy.read(0, SEGMENT_HEADER_BYTES));
  if (!head.ok) return damagedAt(0);
  const before = scanSegment(old, { payloads: 'check' });
  let since = 0;
  for await (const now of scanSegment(copy, { previousHash: head.value.previousHash, payloads: 'check' })) {
    if (now.kind === 'end') return now.offset === (await copy.size()) ? undefined : damagedAt(now.offset);
    const was = (await before.next()).value;
    if (now.kind === 'damage' || was?.kind !== 'record') return damagedAt(now.offset);
    if (!isSame(was, now, isDead)) return damagedAt(now.offset);
    since += FRAME_BYTES + now.header.payloadBytes;
    if (since < limits.journal.compactBytes) continue;
    since = 0;
    await hooks.pause?.();
  }
  return damagedAt(0);
}

function isSame(was: ScannedRecord, now: ScannedRecord, isDead: (seq: number) => boolean): boolean {
  const isAlike = encodeHeader(was.header).equals(encodeHeader(now.header)) && was.hash.equals(now.hash);
  if (!isAlike) return false;
  if (now.stored) return was.stored && (was.payload ?? Buffer.alloc(0)).equals(now.payload ?? Buffer.alloc(0));
  return isDead(now.header.seq);
}

/** Gathers records so that small ones cost no system call each. */
class CopyWriter {
  readonly #file: DiskFile;
  readonly #hooks: CompactionHooks;
  #at: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(file: DiskFile, at: number, hooks: CompactionHooks) {
    this.#file = file;
    this.#at = at;
    this.#hooks = hooks;
  }

  async put(header: Uint8Array, hash: Uint8Array, payload: Uint8Array): Promise<void> {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(payload.length, 0);
    // the scanner's window moves on: what waits here is a copy
    this.#parts.push(length, header, Buffer.from(hash), Buffer.from(payload));
    this.#bytes += FRAME_BYTES + payload.length;
    if (this.#bytes >= limits.journal.compactBytes) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#bytes === 0) return;
    await this.#file.write(this.#parts, this.#at);
    this.#at += this.#bytes;
    this.#parts = [];
    this.#bytes = 0;
    await this.#hooks.pause?.();
  }
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}
