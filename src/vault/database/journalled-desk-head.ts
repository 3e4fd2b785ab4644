// The head of the register as the journal has it: what was cut off from the rows is missed by it.

import type { SingleWriterJournal } from '../journal/open-journal.ts';
import { decodeContent } from '../journal/record-content.ts';

export interface JournalledHead {
  readonly entries: number;
  readonly head: string;
}

const NOTED = new Set(['deskNoted'] as const);

/** `appliedSeq`: what is in the rows by now. Undefined: nothing was ever noted. */
export async function readJournalledDeskHead(
  journal: Pick<SingleWriterJournal, 'readOfKinds' | 'findVoided'>,
  appliedSeq: number,
): Promise<JournalledHead | undefined> {
  const voided = await journal.findVoided(0);
  let newest: JournalledHead | undefined;
  for await (const { header, payload } of journal.readOfKinds(NOTED)) {
    if (header.seq > appliedSeq) break;
    const content = decodeContent(header, Buffer.from(payload));
    const command = content.ok && content.value.kind === 'command' ? content.value.command : undefined;
    if (command?.kind !== 'deskNoted' || voided.has(header.seq)) continue;
    const last = command.effect.entries.at(-1);
    if (last !== undefined) newest = { entries: last.nth + 1, head: last.head };
  }
  return newest;
}
