// The head of the register as the journal has it: what was cut off from the rows is missed by it.

import type { SingleWriterJournal } from '../journal/open-journal.ts';

export interface JournalledHead {
  readonly entries: number;
  readonly head: string;
}

const NOTED = new Set(['deskNoted'] as const);

/** `appliedSeq`: what is in the rows by now. Undefined: nothing was ever noted. */
export async function readJournalledDeskHead(
  journal: Pick<SingleWriterJournal, 'readCommandsOf' | 'findVoided'>,
  appliedSeq: number,
): Promise<JournalledHead | undefined> {
  const voided = await journal.findVoided(0);
  let newest: JournalledHead | undefined;
  for await (const { seq, command } of journal.readCommandsOf(NOTED, appliedSeq)) {
    const last = command.kind === 'deskNoted' && !voided.has(seq) ? command.effect.entries.at(-1) : undefined;
    if (last !== undefined) newest = { entries: last.nth + 1, head: last.head };
  }
  return newest;
}
