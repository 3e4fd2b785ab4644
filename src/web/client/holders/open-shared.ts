// Opens a shared mailbox; where somebody left it since, whoever opens it next gives it keys that one never had.

import type { AccountId } from '#base/ids.ts';
import { ok, type Result } from '#base/result.ts';
import type { SharedRefusal } from '../../shared.ts';
import type { OpenSession } from '../open-session.ts';
import type { HolderParts } from './change-holders.ts';
import { openSharedAccount, sessionFor } from './shared-mailboxes.ts';

/** A session of the shared mailbox: letters, folders, items and sending as with one's own. */
export async function openShared(
  parts: HolderParts,
  accountId: AccountId,
): Promise<Result<OpenSession, SharedRefusal>> {
  const { session } = parts;
  const opened = await openSharedAccount(session, accountId);
  if (!opened.ok) return opened;
  const left = opened.value.shown.holders.find(({ hasLeft }) => hasLeft);
  if (left === undefined) return ok(await sessionFor(session, opened.value.account));
  const { removeHolder } = await import('./change-holders.ts');
  // Refused, or done by another in the same moment: it opens all the same, and the settings still name who left.
  await removeHolder(parts, accountId, left.accountId);
  const again = await openSharedAccount(session, accountId);
  return again.ok ? ok(await sessionFor(session, again.value.account)) : again;
}
