// Which letters a command is about: all, or those of one mailbox named by role or by its opened name.

import { err, type Result } from '#base/result.ts';
import type { LetterId } from '#base/ids.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { openFolderName } from '#vault/sealing/keys.ts';
import { readLetterIds, readMailboxes } from '#web/client/mail-reads.ts';
import type { CommandRefusal } from '../../command.ts';
import { refusedChange } from './sentences.ts';
import type { SignedInCall } from './signed-in.ts';

/** Newest first. */
export async function chooseLetters(of: SignedInCall): Promise<Result<readonly LetterId[], CommandRefusal>> {
  const { jmap, account } = of.session;
  const wanted = of.call.options['mailbox'];
  if (wanted === undefined) {
    const all = await readLetterIds(jmap, null);
    return all.ok ? all : refusedChange(all.error);
  }
  const mailboxes = await readMailboxes(jmap);
  if (!mailboxes.ok) return refusedChange(mailboxes.error);
  for (const { id, role, siegelSealedName } of mailboxes.value) {
    const sealed = siegelSealedName ? fromBase64(siegelSealedName) : undefined;
    const name = role ?? (sealed && (await openFolderName(account.keys, id, sealed)));
    if (name !== wanted) continue;
    const ids = await readLetterIds(jmap, { inMailbox: id });
    return ids.ok ? ids : refusedChange(ids.error);
  }
  return err({ kind: 'refused', reason: 'gone', sentence: `there is no mailbox of this name: ${wanted}.` });
}
