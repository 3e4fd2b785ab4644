// Brings a directory snapshot up to the journal's end at start; what a voided record did is left out.

import type { InstanceId } from '#base/ids.ts';
import type { KeyRecord } from '../journal/journal.ts';
import type { SingleWriterJournal } from '#vault/journal/open-journal.ts';
import type { Directory } from './directory.ts';
import { openDirectory } from './open-directory.ts';

/** What is voided is asked first: a VOIDED record comes after the record it takes back. */
export async function catchUp(
  directory: Directory,
  journal: Pick<SingleWriterJournal, 'readKeyRecords' | 'findVoided'>,
  onProgress: (seq: number) => void = () => {},
): Promise<void> {
  const fromSeq = directory.appliedSeq;
  const voided = await journal.findVoided(fromSeq);
  const isOver = ({ header, content }: KeyRecord): boolean =>
    voided.has(header.seq) || (content.kind === 'voided' && content.voided.seq > fromSeq);
  for await (const batch of journal.readKeyRecords(fromSeq)) {
    directory.apply(batch.map((record) => (isOver(record) ? asGone(record) : record)));
    onProgress(directory.appliedSeq);
  }
}

/** After commands were undone that the directory knows already: another one is filled in memory, then all changes at once. */
export async function refill(
  directory: Directory,
  journal: Pick<SingleWriterJournal, 'readKeyRecords' | 'findVoided'>,
  instanceId: InstanceId,
): Promise<void> {
  const fresh = await openDirectory(':memory:', instanceId);
  if (!fresh.ok) throw new Error('a directory in memory belongs to nobody else');
  do await catchUp(fresh.value, journal);
  while (fresh.value.appliedSeq < directory.appliedSeq);
  directory.takeOver(fresh.value);
  fresh.value.close();
}

/** The number is taken, the effect is not there. */
function asGone(record: KeyRecord): KeyRecord {
  return { ...record, content: { kind: 'gone' } };
}
