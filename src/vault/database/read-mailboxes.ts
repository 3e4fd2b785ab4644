// Reads of mailboxes: all of an account, and what changed.

import { sql } from 'kysely';
import type { AccountId, MailboxId } from '#base/ids.ts';
import type { ChangedRow } from '#formats/jmap/changes.ts';
import type { MailboxRole } from '#vault/journal/commands.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { ChangesSince, Snapshot } from './read-states.ts';

export interface MailboxRow {
  readonly id: MailboxId;
  readonly parentId: MailboxId | undefined;
  readonly role: MailboxRole | undefined;
  /** Empty for mailboxes with a role. */
  readonly sealedName: Uint8Array;
  readonly sortOrder: number;
  readonly total: number;
  readonly unread: number;
}

/** A changed mailbox; `onlyCounts`: nothing but its numbers did since the state asked for. */
export interface ChangedMailbox extends ChangedRow {
  readonly onlyCounts: boolean;
}

/** Every mailbox of the account in its own order; there are at most limits.account.mailboxesMax. */
export async function readMailboxes(db: Snapshot, accountId: AccountId): Promise<readonly MailboxRow[]> {
  const rows = await db
    .selectFrom('mailbox')
    .select(['mailbox_id', 'parent_id', 'role', 'sealed_name', 'sort_order', 'total', 'unread'])
    .where('account_id', '=', idToUuid(accountId))
    .where('removed_modseq', 'is', null)
    .orderBy('sort_order')
    .orderBy('created_modseq')
    .orderBy('mailbox_id')
    .execute();
  return rows.map((row) => ({
    id: uuidToId<MailboxId>(row.mailbox_id),
    parentId: row.parent_id === null ? undefined : uuidToId<MailboxId>(row.parent_id),
    role: row.role ?? undefined,
    sealedName: row.sealed_name,
    sortOrder: row.sort_order,
    total: row.total,
    unread: row.unread,
  }));
}

/** Whether an id is or was a mailbox's: it is never given to another one. */
export async function isMailboxId(db: Snapshot, accountId: AccountId, id: MailboxId): Promise<boolean> {
  const row = await db
    .selectFrom('mailbox')
    .select('mailbox_id')
    .where('account_id', '=', idToUuid(accountId))
    .where('mailbox_id', '=', idToUuid(id))
    .executeTakeFirst();
  return row !== undefined;
}

/** Mailboxes with a change after `since`, in order of it, tombstones included. */
export async function readMailboxChanges(
  db: Snapshot,
  accountId: AccountId,
  since: ChangesSince,
): Promise<readonly ChangedMailbox[]> {
  const rows = await db
    .selectFrom('mailbox')
    .select(['mailbox_id', 'created_modseq', 'modseq', 'counts_modseq', 'removed_modseq'])
    .where('account_id', '=', idToUuid(accountId))
    .where((where) => where.or([where('modseq', '>=', since.modseq), where('counts_modseq', '>=', since.modseq)]))
    .execute();
  return rows
    .map((row) => ({
      id: uuidToId<MailboxId>(row.mailbox_id),
      createdModseq: row.created_modseq,
      modseq: Math.max(row.modseq, row.counts_modseq),
      isRemoved: row.removed_modseq !== null,
      onlyCounts: row.modseq <= since.modseq,
    }))
    .filter((row) => row.modseq > since.modseq || (since.untilId !== undefined && row.id > since.untilId))
    .toSorted((a, b) => a.modseq - b.modseq || (a.id < b.id ? -1 : 1));
}

/** Bytes of the letters that lie in this mailbox and nowhere else: what leaves the quota when it goes with its letters. */
export async function readBytesOnlyIn(db: Snapshot, accountId: AccountId, mailboxId: MailboxId): Promise<number> {
  const { rows } = await sql<{ readonly bytes: number }>`
    SELECT coalesce(sum(l.size_bytes), 0)::int8 AS bytes
    FROM placement p JOIN letter l ON l.account_id = p.account_id AND l.letter_id = p.letter_id
    WHERE p.account_id = ${idToUuid(accountId)} AND p.mailbox_id = ${idToUuid(mailboxId)} AND p.removed_modseq IS NULL
      AND NOT EXISTS (SELECT 1 FROM placement o WHERE o.account_id = p.account_id AND o.letter_id = p.letter_id
        AND o.mailbox_id <> p.mailbox_id AND (o.removed_modseq IS NULL) IS TRUE)`.execute(db);
  return rows[0]?.bytes ?? 0;
}
