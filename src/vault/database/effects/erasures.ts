// Erased letters: their rows go too. A rebuild never sees them, so what is left behind here must not differ from it.

import { int8s } from '../array-parameter.ts';
import type { Uuid } from '../tables.ts';
import type { ErasedContent } from '../../journal/journal.ts';
import type { Context } from './effect.ts';

const FIND = `
  SELECT l.letter_id, l.size_bytes, l.removed_modseq IS NULL AS is_living, NOT (l.keywords && ARRAY['$seen', '$draft']) AS is_unread,
    ARRAY(SELECT p.mailbox_id FROM placement p
      WHERE p.account_id = l.account_id AND p.letter_id = l.letter_id AND (p.removed_modseq IS NULL) IS TRUE) AS mailboxes
  FROM letter l WHERE l.account_id = $1 AND l.journal = $2 AND l.key_seq = ANY($3::int8[])`;
const DROP_PLACEMENTS = 'DELETE FROM placement WHERE account_id = $1 AND letter_id = $2';
const DROP_LETTER = 'DELETE FROM letter WHERE account_id = $1 AND letter_id = $2';
/** Who knows a state from before cannot be told what is gone, and is told every count again. */
const RAISE_FLOOR = 'UPDATE account_counter SET email_floor_modseq = email_modseq WHERE account_id = $1';
const RAISE_COUNTS = `
  UPDATE mailbox m SET counts_modseq = greatest(m.counts_modseq, a.mailbox_modseq)
  FROM account_counter a WHERE m.account_id = $1 AND a.account_id = $1`;

/** Call with all earlier effects written: the floor is the account's state at this very record. */
export async function eraseLetter(
  context: Context,
  account: Uuid,
  { lane, journal, seq }: ErasedContent,
): Promise<void> {
  if (lane !== 'key') return;
  const { tx, counters } = context;
  const found = await tx.rows<{
    letter_id: Uuid;
    size_bytes: number;
    is_living: boolean;
    is_unread: boolean;
    mailboxes: readonly Uuid[];
  }>(FIND, [account, journal, int8s([seq])]);
  for (const letter of found) {
    if (letter.is_living) {
      // an expired letter goes without a command that removed it
      counters.letters(account, -1, -letter.size_bytes);
      const unread = letter.is_unread ? -1 : 0;
      for (const mailbox of letter.mailboxes) counters.mailbox(account, mailbox, { total: -1, unread, modseq: 0 });
    }
    await tx.rows(DROP_PLACEMENTS, [account, letter.letter_id]);
    await tx.rows(DROP_LETTER, [account, letter.letter_id]);
  }
  await tx.rows(RAISE_FLOOR, [account]);
  await tx.rows(RAISE_COUNTS, [account]);
}
