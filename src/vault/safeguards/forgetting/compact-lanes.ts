// Which segments hold enough that is dead, and writing those anew, one after the other, while mail is taken.

import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '#base/limits.ts';
import type { Lane } from '../../journal/record-types.ts';
import type { ForgettingParts } from './neighbours.ts';
import type { SeqSet } from './seq-set.ts';

export interface CompactionReport {
  readonly segments: number;
  readonly payloads: number;
  readonly bytesFreed: number;
  /** Segments that are not as they were written: `siegel journal verify` names them. */
  readonly damaged: number;
}

interface Share {
  deadBytes: number;
  bytes: number;
}

/** Keys and commands: whatever holds something dead. Bodies, useless alone: from a share on. */
export async function compactLanes(
  parts: ForgettingParts,
  erased: Readonly<Record<Lane, SeqSet>>,
): Promise<CompactionReport> {
  const report = { segments: 0, payloads: 0, bytesFreed: 0, damaged: 0 };
  for (const lane of ['key', 'body'] as const) {
    const shares = await weigh(parts, lane, erased[lane]);
    const isDue = ({ deadBytes, bytes }: Share): boolean =>
      deadBytes > 0 && (lane === 'key' || deadBytes >= bytes * limits.journal.deadShareMin);
    const due = [...shares].filter(([, share]) => isDue(share)).map(([segment]) => segment);
    if (due.includes(parts.journal.openSegment(lane))) {
      const rotated = await parts.journal.rotate(lane);
      if (!rotated.ok) return report;
      parts.onStep?.('rotated');
    }
    for (const segment of due) {
      const done = await parts.journal.compact({ lane, segment }, (seq) => erased[lane].has(seq), {
        pause: () => sleep(PAUSE_MS),
        onStep: (step) => parts.onStep?.(step),
      });
      if (done.ok) {
        report.segments += 1;
        report.payloads += done.value.erased;
        report.bytesFreed += done.value.bytesBefore - done.value.bytesAfter;
      } else if (done.error.kind === 'damaged') {
        report.damaged += 1;
        parts.log.error('forgetting.segmentDamaged', { segment });
      } else {
        parts.log.warn('forgetting.segmentLeft', { segment });
      }
    }
  }
  return report;
}

/** Mail goes first: after each piece the journal has its turn. */
const PAUSE_MS = 4;

async function weigh({ journal }: ForgettingParts, lane: Lane, erased: SeqSet): Promise<ReadonlyMap<number, Share>> {
  const shares = new Map<number, Share>();
  for await (const { header, stored, segment } of journal.readLane(lane, 'skip')) {
    const share = shares.get(segment) ?? { deadBytes: 0, bytes: 0 };
    shares.set(segment, share);
    if (!stored) continue;
    share.bytes += header.payloadBytes;
    if (erased.has(header.seq)) share.deadBytes += header.payloadBytes;
  }
  return shares;
}
