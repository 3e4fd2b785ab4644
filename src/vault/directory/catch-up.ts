// Brings a directory snapshot up to the journal's end at start; what a voided record did is left out.

import type { Journal, KeyRecord } from '../journal/journal.ts';
import type { Directory } from './open-directory.ts';

/** Two passes over what is missing: a VOIDED record comes after the record it takes back. */
export async function catchUp(
  directory: Directory,
  journal: Journal,
  onProgress: (seq: number) => void = () => {},
): Promise<void> {
  const voided = new Set<number>();
  for await (const batch of journal.readKeyRecords(directory.appliedSeq)) {
    for (const { content } of batch) if (content.kind === 'voided') voided.add(content.voided.seq);
  }
  for await (const batch of journal.readKeyRecords(directory.appliedSeq)) {
    directory.apply(batch.map((record) => (voided.has(record.header.seq) ? asGone(record) : record)));
    onProgress(directory.appliedSeq);
  }
}

/** The number is taken, the effect is not there. */
function asGone(record: KeyRecord): KeyRecord {
  return { ...record, content: { kind: 'gone' } };
}
