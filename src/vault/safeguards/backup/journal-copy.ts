// A journal’s copy to read from: what was synced up to one record, nothing behind it, nothing ever written.

import { err, ok, type Result } from '#base/result.ts';
import type { VoidingJournal } from '../../database/apply-queue.ts';
import type { Disk } from '../../journal/disk.ts';
import type { AppendRefusal, KeyRecord, Place, ReadRefusal } from '../../journal/journal.ts';
import { JournalReader } from '../../journal/journal-reader.ts';
import { decodeLetterRecord, type LetterRecord } from '../../journal/letter-record.ts';
import { decodeContent } from '../../journal/record-content.ts';
import type { Command } from '../../journal/commands.ts';

export interface JournalCopy extends VoidingJournal {
  /** Records that a replay wanted to leave out: in a whole copy there are none that the journal does not name itself. */
  readonly refused: readonly number[];
}

export function openJournalCopy(
  disk: Disk,
  directory: string,
  { journal, durableSeq }: { readonly journal: number; readonly durableSeq: number },
): JournalCopy {
  const reader = new JournalReader(disk, directory, journal, () => durableSeq);
  const refused: number[] = [];
  const closed = async (): Promise<Result<never, AppendRefusal>> => err({ kind: 'journalFailed' });
  const readKey = async (place: Place) => reader.read('key', place);
  return {
    journal,
    durableSeq,
    refused,
    appendLetter: closed,
    appendCommand: closed,
    appendErased: closed,
    async appendVoided({ seq }) {
      refused.push(seq);
      return closed();
    },
    mayAccept: () => err({ kind: 'journalFailed' }),
    readKeyRecords: (afterSeq): AsyncIterable<readonly KeyRecord[]> =>
      reader.readKeyRecords(afterSeq, () => durableSeq),
    findVoided: (afterSeq) => reader.findVoided(afterSeq),
    async readBody(place): Promise<Result<Uint8Array, ReadRefusal>> {
      const record = await reader.read('body', place);
      return record.ok ? ok(record.value.payload) : record;
    },
    async readLetterRecord(place): Promise<Result<LetterRecord, ReadRefusal>> {
      const record = await readKey(place);
      if (!record.ok) return record;
      const letter = decodeLetterRecord(record.value.payload);
      return letter.ok ? letter : err({ kind: 'damaged' });
    },
    async readCommand(place): Promise<Result<Command, ReadRefusal>> {
      const record = await readKey(place);
      if (!record.ok) return record;
      const content = decodeContent(record.value.header, record.value.payload);
      return content.ok && content.value.kind === 'command' ? ok(content.value.command) : err({ kind: 'damaged' });
    },
    close: () => reader.close(),
  };
}
