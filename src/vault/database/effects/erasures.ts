// Erased letters: their rows go too. A rebuild never sees them, so what is left behind here must not differ from it.

import { int8s, uuids } from '../array-parameter.ts';
import { vouchFor } from '../guarded-records.ts';
import type { Uuid } from '../tables.ts';
import { erasedSeqs, type ErasedContent } from '../../journal/journal.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { Context } from './effect.ts';

const FIND = `
  SELECT l.letter_id, l.size_bytes, l.removed_modseq IS NULL AS is_living, NOT (l.keywords && ARRAY['$seen', '$draft']) AS is_unread,
    ARRAY(SELECT p.mailbox_id FROM placement p
      WHERE p.account_id = l.account_id AND p.letter_id = l.letter_id AND (p.removed_modseq IS NULL) IS TRUE) AS mailboxes,
    (SELECT count(*) FROM placement p WHERE p.account_id = l.account_id AND p.letter_id = l.letter_id) AS places
  FROM letter l WHERE l.account_id = $1 AND l.journal = $2 AND l.key_seq = ANY($3::int8[])`;
const DROP_PLACEMENTS = 'DELETE FROM placement WHERE account_id = $1 AND letter_id = ANY($2::uuid[])';
const DROP_LETTERS = 'DELETE FROM letter WHERE account_id = $1 AND letter_id = ANY($2::uuid[])';
/** Who knows a state from before cannot be told what is gone, and is told every count again. */
const RAISE_FLOOR = 'UPDATE account_counter SET email_floor_modseq = email_modseq WHERE account_id = $1';
const RAISE_COUNTS = `
  UPDATE mailbox m SET counts_modseq = greatest(m.counts_modseq, a.mailbox_modseq)
  FROM account_counter a WHERE m.account_id = $1 AND a.account_id = $1`;

interface Erased {
  readonly letter_id: Uuid;
  readonly size_bytes: number;
  readonly is_living: boolean;
  readonly is_unread: boolean;
  readonly mailboxes: readonly Uuid[];
  readonly places: number;
}

/**
 * Call with all earlier effects written: the floor is the account's state at this very record. What is superseded has no row any
 * more, and a closed account none at all: only the reason tells, for a rebuild finds no rows to tell it by.
 */
export async function eraseLetters(
  context: Context,
  { account, header }: { readonly account: Uuid; readonly header: RecordHeader },
  erased: ErasedContent,
): Promise<void> {
  if (erased.lane !== 'key' || (erased.reason !== 'removed' && erased.reason !== 'expired')) return;
  const { tx, counters } = context;
  const found = await tx.rows<Erased>(FIND, [account, erased.journal, int8s([...erasedSeqs(erased)])]);
  if (found.length > 0) await vouchFor(tx, header, found.length + found.reduce((sum, { places }) => sum + places, 0));
  for (const letter of found) {
    if (!letter.is_living) continue;
    // an expired letter goes without a command that removed it
    counters.letters(account, -1, -letter.size_bytes);
    const unread = letter.is_unread ? -1 : 0;
    for (const mailbox of letter.mailboxes) counters.mailbox(account, mailbox, { total: -1, unread, modseq: 0 });
  }
  const ids = uuids(found.map((letter) => letter.letter_id));
  if (found.length > 0) {
    await tx.rows(DROP_PLACEMENTS, [account, ids]);
    await tx.rows(DROP_LETTERS, [account, ids]);
  }
  await tx.rows(RAISE_FLOOR, [account]);
  await tx.rows(RAISE_COUNTS, [account]);
}
