// Whether a journal goes on from what an earlier backup holds: the same chain up to there, or a restored house that says so itself.

import { journalPath, type Disk } from '../../journal/disk.ts';
import { JournalReader } from '../../journal/journal-reader.ts';
import { decodeContent } from '../../journal/record-content.ts';
import { scanSegment } from '../../journal/scan.ts';
import { segmentName } from '../../journal/segment.ts';
import type { Manifest } from './manifest.ts';

export interface Continued {
  readonly disk: Disk;
  readonly directory: string;
  readonly reader: JournalReader;
}

/**
 * Undefined: it goes on from the newest of `earlier`. Else the id it does not go on from. A house that was restored from an older
 * one says so by a record (`eraRaised`, lostTail); then it must go on from one that ends before that record.
 */
export async function findBreak(journal: Continued, earlier: readonly Manifest[]): Promise<string | undefined> {
  const newest = earlier.toSorted(bySeq).at(-1);
  if (newest === undefined || (await holds(journal, newest))) return undefined;
  for await (const eraSeq of lostTails(journal)) {
    const before = earlier.filter(({ journal: { key } }) => key.seq < eraSeq).toSorted(bySeq);
    for (const manifest of before.toReversed()) if (await holds(journal, manifest)) return undefined;
  }
  return newest.id;
}

function bySeq(a: Manifest, b: Manifest): number {
  return a.journal.key.seq - b.journal.key.seq || a.takenMs - b.takenMs;
}

/** Whether both lanes have the records the backup ends with. */
async function holds(journal: Continued, manifest: Manifest): Promise<boolean> {
  for (const lane of ['body', 'key'] as const) {
    const { seq, hash } = manifest.journal[lane];
    if (seq > 0 && (await hashAt(journal, lane, seq)) !== hash) return false;
  }
  return true;
}

async function hashAt(
  { disk, directory, reader }: Continued,
  lane: 'body' | 'key',
  seq: number,
): Promise<string | undefined> {
  const holder = (await reader.segments(lane)).findLast(({ firstSeq }) => firstSeq <= seq);
  if (holder === undefined) return undefined;
  const file = await disk.open(journalPath(directory, segmentName(lane, holder.segment)), 'read');
  try {
    for await (const event of scanSegment(file, { payloads: 'skip' }))
      if (event.kind === 'record' && event.header.seq === seq) return event.hash.toString('hex');
    return undefined;
  } finally {
    await file.close();
  }
}

async function* lostTails({ disk, directory, reader }: Continued): AsyncGenerator<number> {
  for (const { segment } of (await reader.segments('key')).toReversed()) {
    const file = await disk.open(journalPath(directory, segmentName('key', segment)), 'read');
    try {
      for await (const event of scanSegment(file, { payloads: 'check' })) {
        if (event.kind !== 'record' || event.header.kind !== 'eraRaised' || event.payload === undefined) continue;
        const content = decodeContent(event.header, Buffer.from(event.payload));
        const command = content.ok && content.value.kind === 'command' ? content.value.command : undefined;
        if (command?.kind === 'eraRaised' && command.effect.lostTail) yield event.header.seq;
      }
    } finally {
      await file.close();
    }
  }
}

/** Before a backup is passed on: it is of this very journal, and the journal goes on from what lies there already. */
export async function findJournalBreak(
  { disk, directory, journal }: { readonly disk: Disk; readonly directory: string; readonly journal: number },
  manifest: Manifest,
  there: readonly Manifest[],
): Promise<string | undefined> {
  const reader = new JournalReader(disk, directory, journal, () => Number.MAX_SAFE_INTEGER);
  try {
    const continued = { disk, directory, reader };
    return (await holds(continued, manifest)) ? await findBreak(continued, there) : manifest.id;
  } finally {
    await reader.close();
  }
}
