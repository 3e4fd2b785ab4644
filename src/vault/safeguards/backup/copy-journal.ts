// Which bytes of a running journal make a whole copy: closed segments as they are, the open ones up to the last synced record.

import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { journalPath, type Disk, type DiskFile } from '../../journal/disk.ts';
import type { Lane } from '../../journal/record-types.ts';
import { scanSegment } from '../../journal/scan.ts';
import { FRAME_BYTES } from '../../journal/record.ts';
import { decodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES, segmentName } from '../../journal/segment.ts';
import { readWitness, type LaneEnd, type Testimony } from '../../journal/witness.ts';
import type { FileSource } from './object-store.ts';

const LANES: readonly Lane[] = ['body', 'key'];

export type JournalCopyRefusal =
  | { readonly kind: 'journalChanged'; readonly lane: Lane; readonly seq: number }
  | { readonly kind: 'journalUnreadable'; readonly lane: Lane; readonly segment: number };

export interface JournalParts {
  readonly disk: Disk;
  /** The folder of one journal. */
  readonly directory: string;
  /** How it is called in the backup: journal/00. */
  readonly path: string;
}

interface Segment {
  readonly lane: Lane;
  readonly segment: number;
  readonly firstSeq: number;
}

/**
 * Hands each segment to `put` as a file. Closed ones first. What is left is held open before the witness is read, which names records
 * synced in both lanes, and taken up to them. So what had been erased of a file when it was opened is in the key lane before the
 * witness is read, and a segment that is written anew meanwhile stays what it was: the file held is the one of before.
 */
export async function copyJournal(
  parts: JournalParts,
  put: (source: FileSource) => Promise<Result<void, { readonly kind: 'sourceShrank'; readonly path: string }>>,
): Promise<Result<Testimony, JournalCopyRefusal | { readonly kind: 'sourceShrank'; readonly path: string }>> {
  const done = new Set<string>();
  for (const { lane, segment } of await closedSegments(parts)) {
    await using file = await holdSegment(parts, { lane, segment });
    const copied = await putSegment(parts, { lane, segment, file: file.held }, put);
    if (!copied.ok) return copied;
    done.add(segmentName(lane, segment));
  }
  await using holding = new AsyncDisposableStack();
  const rest: HeldSegment[] = [];
  let end = await readTestimony(parts);
  for (let isNew = true; isNew;) {
    const found = await listSegments(parts);
    const wanted = found.filter(({ lane, segment, firstSeq }) => {
      const isHeld = rest.some((one) => one.lane === lane && one.segment === segment);
      return !isHeld && !done.has(segmentName(lane, segment)) && firstSeq <= end[lane].seq;
    });
    for (const one of wanted) rest.push({ ...one, file: holding.use(await holdSegment(parts, one)).held });
    isNew = wanted.length > 0;
    if (isNew) end = await readTestimony(parts);
  }
  for (const lane of LANES) {
    const segments = rest.filter((one) => one.lane === lane);
    for (const [index, one] of segments.entries()) {
      const isLast = index === segments.length - 1;
      const copied = await putSegment(parts, { ...one, ...(isLast ? { end: end[lane] } : {}) }, put);
      if (!copied.ok) return copied;
    }
  }
  return ok(end);
}

interface HeldSegment extends Segment {
  readonly file: DiskFile;
}

async function holdSegment(
  { disk, directory }: JournalParts,
  { lane, segment }: Pick<Segment, 'lane' | 'segment'>,
): Promise<{ readonly held: DiskFile } & AsyncDisposable> {
  const held = await disk.open(journalPath(directory, segmentName(lane, segment)), 'read');
  return { held, [Symbol.asyncDispose]: () => held.close() };
}

/** In order of their numbers; those whose header is damaged count too, so that they are found when the copy is tried. */
async function listSegments({ disk, directory }: JournalParts): Promise<readonly Segment[]> {
  const found: Segment[] = [];
  for (const name of await disk.list(directory)) {
    const parsed = parseSegmentName(name);
    if (parsed === undefined) continue;
    const file = await disk.open(journalPath(directory, name), 'read');
    try {
      const head = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
      found.push({ ...parsed, firstSeq: head.ok ? head.value.firstSeq : 0 });
    } finally {
      await file.close();
    }
  }
  return found.toSorted((a, b) => a.segment - b.segment);
}

async function closedSegments(parts: JournalParts): Promise<readonly Segment[]> {
  const all = await listSegments(parts);
  return LANES.flatMap((lane) => all.filter((one) => one.lane === lane).slice(0, -1));
}

export async function readTestimony({ disk, directory }: Pick<JournalParts, 'disk' | 'directory'>): Promise<Testimony> {
  const start = { seq: 0, hash: new Uint8Array(32) };
  return (await readWitness(disk, directory)) ?? { body: start, key: start };
}

async function putSegment(
  parts: JournalParts,
  { lane, segment, file, end }: Omit<HeldSegment, 'firstSeq'> & { readonly end?: LaneEnd },
  put: Parameters<typeof copyJournal>[1],
): Promise<Result<void, JournalCopyRefusal | { readonly kind: 'sourceShrank'; readonly path: string }>> {
  try {
    const sizeBytes = end === undefined ? await file.size() : await findEnd(file, end);
    if (sizeBytes === undefined) return err({ kind: 'journalChanged', lane, seq: end?.seq ?? 0 });
    const path = join(parts.path, segmentName(lane, segment));
    return await put({ path, sizeBytes, read: (at, length) => file.read(at, length) });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EIO')
      return err({ kind: 'journalUnreadable', lane, segment });
    throw cause;
  }
}

/** Where the last synced record ends; undefined when the record of that number is not the one that was synced. */
async function findEnd(file: DiskFile, { seq, hash }: LaneEnd): Promise<number | undefined> {
  let end = SEGMENT_HEADER_BYTES;
  for await (const event of scanSegment(file, { payloads: 'skip' })) {
    if (event.kind !== 'record' || event.header.seq > seq) continue;
    end = event.offset + FRAME_BYTES + (event.stored ? event.header.payloadBytes : 0);
    if (event.header.seq === seq && !event.hash.equals(hash)) return undefined;
  }
  return end;
}
