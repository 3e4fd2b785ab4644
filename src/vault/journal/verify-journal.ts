// Walks both lanes from the first byte: chain, checksums, numbers without gaps, bodies for letters, ERASED records for what is missing.

import type { AccountId } from '#base/ids.ts';
import { journalPath, type Disk } from './disk.ts';
import { erasedSeqs } from './journal.ts';
import { decodeContent } from './record-content.ts';
import { FRAME_BYTES, HASH_BYTES, type RecordHeader } from './record.ts';
import type { Lane } from './record-types.ts';
import { scanSegment, type ScanEvent, type ScannedRecord } from './scan.ts';
import { decodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES, segmentName } from './segment.ts';
import { readWitness } from './witness.ts';

export interface Finding {
  readonly what:
    | 'segmentMissing'
    | 'segmentHeader'
    | 'damagedBytes'
    | 'damagedPayload'
    | 'brokenChain'
    | 'recordsMissing'
    | 'payloadMissing'
    | 'accountGap'
    | 'bodyMissing'
    | 'malformed';
  readonly lane: Lane;
  readonly segment: number;
  readonly offset: number;
  readonly seq: number | undefined;
}

export interface JournalReport {
  readonly segments: number;
  readonly bodyRecords: number;
  readonly keyRecords: number;
  readonly letters: number;
  readonly bytes: number;
  /** Bytes behind the valid part of segments that a crash closed: torn writes, never acknowledged. */
  readonly tornSegments: number;
  readonly findings: readonly Finding[];
}

interface Walk {
  readonly findings: Finding[];
  readonly bodies: Map<number, string>;
  readonly unexplained: Map<string, Finding>;
  readonly accounts: Map<AccountId, number>;
  letters: number;
  records: { body: number; key: number };
  tornSegments: number;
  bytes: number;
  segments: number;
}

/** Reads everything; memory grows with the number of body records (about 100 B each). */
export async function verifyJournal(
  disk: Disk,
  directory: string,
  onBytes: (done: number) => void = () => {},
): Promise<JournalReport> {
  const walk: Walk = {
    findings: [],
    bodies: new Map(),
    unexplained: new Map(),
    accounts: new Map(),
    letters: 0,
    records: { body: 0, key: 0 },
    tornSegments: 0,
    bytes: 0,
    segments: 0,
  };
  await walkLane(disk, directory, 'body', walk, onBytes);
  await walkLane(disk, directory, 'key', walk, onBytes);
  walk.findings.push(...walk.unexplained.values());
  return {
    segments: walk.segments,
    bodyRecords: walk.records.body,
    keyRecords: walk.records.key,
    letters: walk.letters,
    bytes: walk.bytes,
    tornSegments: walk.tornSegments,
    findings: walk.findings,
  };
}

interface LaneState {
  seq: number;
  hash: Uint8Array | undefined;
  segment: number;
  endOffset: number;
}

async function walkLane(
  disk: Disk,
  directory: string,
  lane: Lane,
  walk: Walk,
  onBytes: (done: number) => void,
): Promise<void> {
  const names = (await disk.list(directory))
    .map(parseSegmentName)
    .filter((name) => name !== undefined && name.lane === lane);
  const state: LaneState = { seq: 0, hash: new Uint8Array(HASH_BYTES), segment: 0, endOffset: 0 };
  const witnessed = (await readWitness(disk, directory))?.[lane].seq ?? Number.POSITIVE_INFINITY;
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const next = names[index + 1];
    const end = next === undefined ? undefined : await readEndBefore(disk, directory, next);
    const file = await disk.open(journalPath(directory, segmentName(lane, name.segment)), 'read');
    try {
      await walkSegment(file, { lane, segment: name.segment, end, witnessed }, state, walk);
      walk.bytes += await file.size();
      walk.segments += 1;
      onBytes(walk.bytes);
    } finally {
      await file.close();
    }
  }
}

/** Where the segment before ended when this one was begun: what stands behind was never acknowledged. */
async function readEndBefore(
  disk: Disk,
  directory: string,
  { lane, segment }: { readonly lane: Lane; readonly segment: number },
): Promise<number | undefined> {
  const file = await disk.open(journalPath(directory, segmentName(lane, segment)), 'read');
  try {
    const head = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
    return head.ok ? head.value.previousValidBytes : undefined;
  } finally {
    await file.close();
  }
}

interface Segment {
  readonly lane: Lane;
  readonly segment: number;
  /** Undefined for the last one. */
  readonly end: number | undefined;
  /** The last seq that the witness saw. */
  readonly witnessed: number;
}

type OpenFile = Awaited<ReturnType<Disk['open']>>;

async function walkSegment(file: OpenFile, at: Segment, state: LaneState, walk: Walk): Promise<void> {
  const { lane, segment } = at;
  const find = (what: Finding['what'], offset: number, seq?: number): void => {
    walk.findings.push({ what, lane, segment, offset, seq });
  };
  const head = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
  if (!head.ok) find('segmentHeader', 0);
  if (at.segment !== state.segment + 1) find('segmentMissing', 0);
  if (head.ok) {
    if (head.value.firstSeq !== state.seq + 1) find('recordsMissing', 0, state.seq + 1);
    if (state.hash !== undefined && !Buffer.from(state.hash).equals(head.value.previousHash)) find('brokenChain', 0);
    if (state.segment > 0 && head.value.previousValidBytes !== state.endOffset) find('recordsMissing', 0, state.seq);
    state.seq = head.value.firstSeq - 1;
    state.hash = head.value.previousHash;
  }
  state.segment = at.segment;
  let originalEnd = SEGMENT_HEADER_BYTES;
  const isCompacted = head.ok && head.value.compactions > 0;
  for await (const event of scanSegment(file, { previousHash: state.hash, payloads: 'check' })) {
    if (isTorn(event, at, isCompacted)) {
      state.endOffset = event.offset;
      walk.tornSegments += 1;
      return;
    }
    if (event.kind === 'end') {
      state.endOffset = isCompacted ? originalEnd : event.offset;
      if (isCompacted && head.value.originalEnd !== originalEnd) find('recordsMissing', event.offset, state.seq + 1);
      // a compacted file ends with its last record
      if (isCompacted && event.offset !== (await file.size())) find('damagedBytes', event.offset);
      if (event.tail === 'torn') walk.tornSegments += 1;
    } else if (event.kind === 'damage') {
      find(
        event.what === 'frame' ? 'damagedBytes' : event.what === 'payload' ? 'damagedPayload' : 'brokenChain',
        event.offset,
        event.seq,
      );
      if (event.what === 'payload' && event.seq !== undefined) state.seq = event.seq;
      if (event.what === 'payload') originalEnd += event.bytes;
    } else {
      originalEnd += FRAME_BYTES + event.header.payloadBytes;
      if (event.header.seq !== state.seq + 1) find('recordsMissing', event.offset, state.seq + 1);
      state.seq = event.header.seq;
      state.hash = event.hash;
      checkRecord(event, { lane, segment }, walk);
    }
  }
}

/** Bytes of a batch that a stop cut off: behind the end that the next segment names, or behind what the witness saw. */
function isTorn(event: ScanEvent, { end, witnessed }: Segment, isCompacted: boolean): boolean {
  if (isCompacted || event.kind === 'end') return false;
  if (end !== undefined) return event.offset >= end;
  return event.kind === 'damage' && event.what === 'payload' && event.seq !== undefined && event.seq > witnessed;
}

function checkRecord(event: ScannedRecord, at: { readonly lane: Lane; readonly segment: number }, walk: Walk): void {
  const { header } = event;
  walk.records[at.lane] += 1;
  const finding = (what: Finding['what']): Finding => ({ what, ...at, offset: event.offset, seq: header.seq });
  if (!event.stored) walk.unexplained.set(`${at.lane}:${header.seq}`, finding('payloadMissing'));
  if (at.lane === 'body') {
    walk.bodies.set(header.seq, Buffer.from(header.digest).toString('latin1'));
    return;
  }
  checkAccount(header, walk, finding);
  if (!event.stored || event.payload === undefined) return;
  const content = decodeContent(header, Buffer.from(event.payload));
  if (!content.ok) {
    walk.findings.push(finding('malformed'));
  } else if (content.value.kind === 'letter') {
    walk.letters += 1;
    const digest = walk.bodies.get(content.value.letter.bodySeq);
    if (digest !== Buffer.from(content.value.letter.packetDigest).toString('latin1'))
      walk.findings.push(finding('bodyMissing'));
  } else if (content.value.kind === 'erased') {
    const { erased } = content.value;
    for (const seq of erasedSeqs(erased)) walk.unexplained.delete(`${erased.lane}:${seq}`);
  }
}

function checkAccount(header: RecordHeader, walk: Walk, finding: (what: Finding['what']) => Finding): void {
  if (header.accountId === undefined) return;
  const last = walk.accounts.get(header.accountId) ?? 0;
  if (header.accountSeq !== last + 1) walk.findings.push(finding('accountGap'));
  walk.accounts.set(header.accountId, header.accountSeq + header.span - 1);
}
