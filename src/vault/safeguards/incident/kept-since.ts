// What the journal says was told already: notices by their ids, receipts by their incident. What was durable counts, whatever the program knew of it.

import type { LetterId } from '#base/ids.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Kept, ReceiptKind } from './neighbours.ts';

export async function keptSince(
  journal: Pick<Journal, 'readKeyRecords'>,
  seq: number,
  wanted: ReadonlySet<LetterId>,
): Promise<Kept> {
  const letters = new Map<LetterId, number>();
  const receipts = new Set<`${ReceiptKind} ${number}`>();
  for await (const records of journal.readKeyRecords(seq)) {
    for (const { header, content } of records) {
      if (content.kind === 'letter' && wanted.has(content.letter.letterId))
        letters.set(content.letter.letterId, header.seq);
      if (content.kind !== 'command' || content.command.kind !== 'receiptRecorded') continue;
      const { kind, facts } = content.command.effect;
      if (kind === 'incident-opened' || kind === 'incident-closed')
        receipts.add(`${kind} ${Number(facts['incident'])}`);
    }
  }
  return { letters, receipts };
}
