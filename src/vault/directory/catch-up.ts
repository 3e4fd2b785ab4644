// Brings a directory snapshot up to the journal's end at start; what a voided record did is left out.

import type { KeyRecord } from '../journal/journal.ts';
import type { SingleWriterJournal } from '#vault/journal/open-journal.ts';
import type { Directory } from './directory.ts';

/** What is voided is asked first: a VOIDED record comes after the record it takes back. */
export async function catchUp(
  directory: Directory,
  journal: Pick<SingleWriterJournal, 'readKeyRecords' | 'findVoided'>,
  onProgress: (seq: number) => void = () => {},
): Promise<void> {
  const voided = await journal.findVoided(directory.appliedSeq);
  for await (const batch of journal.readKeyRecords(directory.appliedSeq)) {
    directory.apply(batch.map((record) => (voided.has(record.header.seq) ? asGone(record) : record)));
    onProgress(directory.appliedSeq);
  }
}

/** The number is taken, the effect is not there. */
function asGone(record: KeyRecord): KeyRecord {
  return { ...record, content: { kind: 'gone' } };
}
