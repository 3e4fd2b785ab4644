// Finds where a lane ends after a stop of any kind. Nothing is cut off: the next segment says how far this one was valid.

import { journalPath, type Disk } from './disk.ts';
import type { LanePosition } from './lane-writer.ts';
import { HASH_BYTES } from './record.ts';
import type { Lane } from './record-types.ts';
import { scanSegment } from './scan.ts';
import { decodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES, segmentName } from './segment.ts';
import type { LaneEnd } from './witness.ts';

export type LaneDamage =
  /** Bytes in the middle of the last segment that are no valid record. */
  | { readonly kind: 'damaged'; readonly lane: Lane; readonly segment: number; readonly offset: number }
  /** The witness saw records synced that are not there. */
  | { readonly kind: 'tailMissing'; readonly lane: Lane; readonly lastSeq: number; readonly witnessSeq: number }
  /** The record the witness saw has another hash. */
  | { readonly kind: 'otherHistory'; readonly lane: Lane; readonly seq: number }
  /** A torn write behind the last valid record: at most the last batch, never acknowledged as far as anything here tells. */
  | { readonly kind: 'tornTail'; readonly lane: Lane; readonly segment: number; readonly offset: number };

export interface RecoveredLane {
  readonly position: LanePosition;
  readonly damage: readonly LaneDamage[];
}

const START_HASH = new Uint8Array(HASH_BYTES);

export async function recoverLane(
  disk: Disk,
  directory: string,
  lane: Lane,
  witness: LaneEnd | undefined,
): Promise<RecoveredLane> {
  const segments = (await disk.list(directory)).map(parseSegmentName).filter((name) => name?.lane === lane);
  const last = segments.reduce((highest, name) => Math.max(highest, name?.segment ?? 0), 0);
  if (last === 0) {
    const empty = { segment: 0, offset: 0, lastSeq: witness?.seq ?? 0, lastHash: START_HASH, lastTimeMs: 0 };
    return {
      position: empty,
      damage: witness && witness.seq > 0 ? [{ kind: 'tailMissing', lane, lastSeq: 0, witnessSeq: witness.seq }] : [],
    };
  }
  return recoverSegment(disk, directory, { lane, segment: last }, witness);
}

async function recoverSegment(
  disk: Disk,
  directory: string,
  name: { lane: Lane; segment: number },
  witness: LaneEnd | undefined,
): Promise<RecoveredLane> {
  const { lane, segment } = name;
  const damage: LaneDamage[] = [];
  await using closing = new AsyncDisposableStack();
  const file = await disk.open(journalPath(directory, segmentName(lane, segment)), 'read');
  closing.defer(() => file.close());
  const head = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
  if (!head.ok) damage.push({ kind: 'damaged', lane, segment, offset: 0 });
  const header = head.ok ? head.value : undefined;
  let lastSeq = header ? header.firstSeq - 1 : 0;
  let lastHash = header?.previousHash ?? START_HASH;
  let lastTimeMs = header?.createdMs ?? 0;
  let offset = SEGMENT_HEADER_BYTES;
  let trailing: { readonly offset: number }[] = [];
  for await (const event of scanSegment(file, { previousHash: header?.previousHash, payloads: 'check' })) {
    switch (event.kind) {
      case 'record':
        for (const { offset } of trailing) damage.push({ kind: 'damaged', lane, segment, offset });
        trailing = [];
        lastSeq = event.header.seq;
        lastHash = event.hash;
        lastTimeMs = event.header.timeMs;
        if (witness?.seq === lastSeq && !event.hash.equals(witness.hash))
          damage.push({ kind: 'otherHistory', lane, seq: lastSeq });
        break;
      case 'damage':
        trailing.push(event);
        break;
      case 'end': {
        const torn = trailing[0] ?? (event.tail === 'torn' ? event : undefined);
        offset = torn?.offset ?? event.offset;
        if (torn) damage.push({ kind: 'tornTail', lane, segment, offset });
        break;
      }
    }
  }
  if (witness !== undefined && witness.seq > lastSeq)
    damage.push({ kind: 'tailMissing', lane, lastSeq, witnessSeq: witness.seq });
  // a number that was ever given is never given again, also when its record is lost
  const position = { segment, offset, lastSeq: Math.max(lastSeq, witness?.seq ?? 0), lastHash, lastTimeMs };
  return { position, damage };
}
