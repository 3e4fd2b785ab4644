// Mailboxes that are put or removed. A removed one stays as a tombstone; its letters go on or go with it.

import { int8s, uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { Uuid } from '../tables.ts';
import type { CommandOf, MailboxState } from '../../journal/commands.ts';
import { bytesOf, CannotApply, type AccountCommand, type Context } from './effect.ts';
import { MailboxLookup } from './mailbox-lookup.ts';

const UPDATE = `
  UPDATE mailbox SET parent_id = $3, role = $4, sealed_name = $5, sort_order = $6, modseq = $7
  WHERE account_id = $1 AND mailbox_id = $2 AND removed_modseq IS NULL RETURNING 1`;

/** UIDVALIDITY: the second of creation, or one more than any the account had, so that none is ever given twice. */
const INSERT = `
  INSERT INTO mailbox (account_id, mailbox_id, parent_id, role, sealed_name, sort_order, uid_validity, created_modseq, modseq, counts_modseq)
  SELECT $1, $2, $3, $4, $5, $6, greatest($8::bigint, coalesce(max(uid_validity), 0) + 1), $7, $7, $7
  FROM mailbox WHERE account_id = $1
  ON CONFLICT (account_id, mailbox_id) DO UPDATE SET parent_id = excluded.parent_id, role = excluded.role,
    sealed_name = excluded.sealed_name, sort_order = excluded.sort_order, uid_validity = excluded.uid_validity,
    created_modseq = excluded.created_modseq, modseq = excluded.modseq, counts_modseq = excluded.counts_modseq, removed_modseq = NULL`;

export async function putMailbox(
  { tx }: Context,
  { account, header, effect }: AccountCommand<MailboxState>,
): Promise<void> {
  const parentId = effect.parentId === null ? null : idToUuid(effect.parentId);
  const values = [
    account,
    idToUuid(effect.id),
    parentId,
    effect.role,
    bytesOf(effect.sealedName),
    effect.sortOrder,
    header.accountSeq,
  ];
  const updated = await tx.rows(UPDATE, values);
  if (updated.length === 0) await tx.rows(INSERT, [...values, uidValidity(header.timeMs)]);
}

/** Seconds since 1970, never 0. */
export function uidValidity(timeMs: number): number {
  return Math.max(1, Math.floor(timeMs / 1000));
}

const CONTENTS = `
  SELECT p.letter_id, p.uid, p.received_ms, l.size_bytes, NOT (l.keywords && ARRAY['$seen', '$draft']) AS is_unread,
    EXISTS (SELECT 1 FROM placement o WHERE o.account_id = p.account_id AND o.letter_id = p.letter_id
      AND o.mailbox_id <> p.mailbox_id AND (o.removed_modseq IS NULL) IS TRUE) AS is_elsewhere
  FROM placement p JOIN letter l ON l.account_id = p.account_id AND l.letter_id = p.letter_id
  WHERE p.account_id = $1 AND p.mailbox_id = $2 AND p.removed_modseq IS NULL`;

interface Content {
  readonly letter_id: Uuid;
  readonly uid: number;
  readonly received_ms: number;
  readonly size_bytes: number;
  readonly is_unread: boolean;
  readonly is_elsewhere: boolean;
}

const END_PLACEMENTS = `
  UPDATE placement SET modseq = $3, removed_modseq = $3 WHERE account_id = $1 AND mailbox_id = $2 AND removed_modseq IS NULL`;
const TOUCH_LETTERS = 'UPDATE letter SET modseq = $3 WHERE account_id = $1 AND letter_id = ANY($2::uuid[])';
const REMOVE_LETTERS = `
  UPDATE letter SET removed_modseq = $3, purge_ms = $4 WHERE account_id = $1 AND letter_id = ANY($2::uuid[])`;
const END_MAILBOX = `UPDATE mailbox SET removed_modseq = $3, modseq = $3, sealed_name = '' WHERE account_id = $1 AND mailbox_id = $2 RETURNING parent_id`;
const LIFT_CHILDREN = `
  UPDATE mailbox SET parent_id = $4, modseq = $3 WHERE account_id = $1 AND parent_id = $2 AND removed_modseq IS NULL`;

type Removal = AccountCommand<CommandOf<'mailboxRemoved'>['effect']>;

/** Letters that lie elsewhere too stay there; the others go to `to`, or are removed. `freedBytes` is for readers without rows. */
export async function removeMailbox(context: Context, { account, header, effect }: Removal): Promise<void> {
  const { tx, counters } = context;
  const modseq = header.accountSeq;
  const mailbox = idToUuid(effect.id);
  const lookup = new MailboxLookup();
  lookup.want(account, mailbox);
  if (effect.to !== null) lookup.want(account, idToUuid(effect.to));
  await lookup.load(tx);
  if (!lookup.get(account, mailbox).isThere) return;
  const to = effect.to === null ? null : lookup.get(account, idToUuid(effect.to)).mailbox;
  if (to === mailbox || (effect.to !== null && to === null)) throw new CannotApply('letters have nowhere to go');

  const contents = await tx.rows<Content>(CONTENTS, [account, mailbox]);
  const only = contents.filter((content) => !content.is_elsewhere);
  const unread = (of: readonly Content[]): number => of.filter((content) => content.is_unread).length;
  await tx.rows(END_PLACEMENTS, [account, mailbox, modseq]);
  await tx.rows(TOUCH_LETTERS, [account, uuids(contents.map((content) => content.letter_id)), modseq]);
  counters.mailbox(account, mailbox, { total: -contents.length, unread: -unread(contents), modseq });
  if (to !== null) {
    // also with nothing to move: what was moved once may be erased since, and a rebuild must give the same UIDVALIDITY
    await moveLetters(context, { account, to, only, modseq, timeMs: header.timeMs });
    counters.mailbox(account, to, { total: only.length, unread: unread(only), modseq });
  } else if (only.length > 0) {
    await tx.rows(REMOVE_LETTERS, [account, uuids(only.map((content) => content.letter_id)), modseq, effect.purgeMs]);
    counters.letters(account, -only.length, -only.reduce((sum, content) => sum + content.size_bytes, 0));
  }
  const [ended] = await tx.rows<{ parent_id: Uuid | null }>(END_MAILBOX, [account, mailbox, modseq]);
  await tx.rows(LIFT_CHILDREN, [account, mailbox, modseq, ended?.parent_id ?? null]);
}

const MOVE_LETTERS = `
  INSERT INTO placement (account_id, mailbox_id, uid, letter_id, received_ms, modseq)
  SELECT $1, $2, u.uid, u.letter_id, u.received_ms, $3
  FROM unnest($4::int8[], $5::uuid[], $6::int8[]) AS u(uid, letter_id, received_ms)
  ON CONFLICT (account_id, mailbox_id, uid) DO UPDATE SET modseq = excluded.modseq, removed_modseq = NULL`;
const RENUMBER = `
  UPDATE mailbox SET uid_validity = greatest($3::bigint, (SELECT max(uid_validity) + 1 FROM mailbox WHERE account_id = $1))
  WHERE account_id = $1 AND mailbox_id = $2`;

interface Move {
  readonly account: Uuid;
  readonly to: Uuid;
  readonly only: readonly Content[];
  readonly modseq: number;
  readonly timeMs: number;
}

/**
 * One command has one account number, however many letters it moves: they keep their uids, which name one letter in the whole
 * account. Their order in `to` is no longer the order of arrival there, so its UIDVALIDITY changes (RFC 9051 §2.3.1.1).
 */
async function moveLetters({ tx }: Context, { account, to, only, modseq, timeMs }: Move): Promise<void> {
  await tx.rows(MOVE_LETTERS, [
    account,
    to,
    modseq,
    int8s(only.map((content) => content.uid)),
    uuids(only.map((content) => content.letter_id)),
    int8s(only.map((content) => content.received_ms)),
  ]);
  await tx.rows(RENUMBER, [account, to, uidValidity(timeMs)]);
}
