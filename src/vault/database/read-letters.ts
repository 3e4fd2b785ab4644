// Reads of letters: rows by id, where their records lie, what changed. Queries stand in query-letters.ts.

import { sql } from 'kysely';
import type { AccountId, LetterId, MailboxId } from '#base/ids.ts';
import type { ChangedRow } from '#formats/jmap/changes.ts';
import type { Place } from '#vault/journal/journal.ts';
import { idToUuid, uuidToId } from './ids.ts';
import { changedAfter, type ChangesSince, type Snapshot } from './read-states.ts';
import type { Uuid } from './tables.ts';

/** What the server knows of a letter. */
export interface LetterRow {
  readonly id: LetterId;
  readonly mailboxIds: readonly MailboxId[];
  /** Sorted, lower-case. */
  readonly keywords: readonly string[];
  readonly receivedMs: number;
  /** Of the rendered message. */
  readonly sizeBytes: number;
  readonly renderVersion: number;
  readonly isMortal: boolean;
  /** 0: never. */
  readonly expiresMs: number;
  readonly summaryVersion: number;
}

/** Where the records of a letter lie. */
export interface LetterPlaces {
  readonly id: LetterId;
  readonly receivedMs: number;
  readonly renderVersion: number;
  readonly isMortal: boolean;
  readonly expiresMs: number;
  readonly key: Place;
  readonly body: Place;
  readonly summaryVersion: number;
  /** The record of the newest summaryPut; undefined: summary and terms are those of the key record. */
  readonly summary: Place | undefined;
}

interface RawLetter {
  readonly letter_id: Uuid;
  readonly mailboxes: readonly Uuid[] | null;
  readonly keywords: readonly string[];
  readonly received_ms: number;
  readonly size_bytes: number;
  readonly render_version: number;
  readonly class: number;
  readonly expires_ms: number;
  readonly summary_version: number;
  readonly removed_modseq: number | null;
}

/**
 * Letters are looked up without asking `removed_modseq IS NULL` in SQL: that would let the planner take an index of what is
 * there by time, which it believes to be small when it knows little, and read the whole account (1.5 s against 1 ms).
 */
function isThere(row: { readonly removed_modseq: number | null }): boolean {
  return row.removed_modseq === null;
}

/** Letters that are there, in no order; ids that name none are left out. */
export async function readLetters(
  db: Snapshot,
  accountId: AccountId,
  ids: readonly LetterId[],
): Promise<readonly LetterRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<RawLetter>`
    SELECT l.letter_id, l.keywords, l.received_ms, l.size_bytes, l.render_version, l.class, l.expires_ms,
           l.summary_version,
           l.removed_modseq,
           (SELECT array_agg(p.mailbox_id ORDER BY p.mailbox_id) FILTER (WHERE p.removed_modseq IS NULL) FROM placement p
            WHERE p.account_id = l.account_id AND p.letter_id = l.letter_id) AS mailboxes
    FROM letter l
    WHERE l.account_id = ${idToUuid(accountId)} AND l.letter_id = ANY(${ids.map(idToUuid)}::uuid[])`.execute(db);
  return rows.filter(isThere).map((row) => ({
    id: uuidToId<LetterId>(row.letter_id),
    mailboxIds: (row.mailboxes ?? []).map((mailbox) => uuidToId<MailboxId>(mailbox)),
    keywords: row.keywords,
    receivedMs: row.received_ms,
    sizeBytes: row.size_bytes,
    renderVersion: row.render_version,
    isMortal: row.class !== 0 || row.expires_ms !== 0,
    expiresMs: row.expires_ms,
    summaryVersion: row.summary_version,
  }));
}

/** The ids among these whose letters are there: for methods that answer from the id alone. */
export async function readPresentLetters(
  db: Snapshot,
  accountId: AccountId,
  ids: readonly LetterId[],
): Promise<ReadonlyMap<LetterId, { readonly isMortal: boolean }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('letter')
    .select(['letter_id', 'class', 'expires_ms', 'removed_modseq'])
    .where('account_id', '=', idToUuid(accountId))
    .where('letter_id', '=', sql<Uuid>`ANY(${ids.map(idToUuid)}::uuid[])`)
    .execute();
  return new Map(
    rows
      .filter(isThere)
      .map((row) => [uuidToId<LetterId>(row.letter_id), { isMortal: row.class !== 0 || row.expires_ms !== 0 }]),
  );
}

/** The ids among these that a letter of the account has, removed or not. */
export async function readTakenLetterIds(
  db: Snapshot,
  accountId: AccountId,
  ids: readonly LetterId[],
): Promise<readonly LetterId[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('letter')
    .select('letter_id')
    .where('account_id', '=', idToUuid(accountId))
    .where('letter_id', '=', sql<Uuid>`ANY(${ids.map(idToUuid)}::uuid[])`)
    .execute();
  return rows.map((row) => uuidToId<LetterId>(row.letter_id));
}

/** Letters' ids, oldest first, for a /get without ids: at most `max`. */
export async function readLetterIds(db: Snapshot, accountId: AccountId, max: number): Promise<readonly LetterId[]> {
  const rows = await db
    .selectFrom('letter')
    .select('letter_id')
    .where('account_id', '=', idToUuid(accountId))
    .where('removed_modseq', 'is', null)
    .orderBy('received_ms')
    .orderBy('letter_id')
    .limit(max)
    .execute();
  return rows.map((row) => uuidToId<LetterId>(row.letter_id));
}

/** Where the records of these letters lie; letters that are gone are left out. */
export async function readLetterPlaces(
  db: Snapshot,
  accountId: AccountId,
  ids: readonly LetterId[],
): Promise<readonly LetterPlaces[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('letter')
    .select(['letter_id', 'received_ms', 'render_version', 'class', 'expires_ms', 'summary_version', 'journal'])
    .select(['key_seq', 'key_segment', 'key_offset', 'body_journal', 'body_seq', 'body_segment', 'body_offset'])
    .select(['summary_seq', 'summary_segment', 'summary_offset', 'removed_modseq'])
    .where('account_id', '=', idToUuid(accountId))
    .where('letter_id', '=', sql<Uuid>`ANY(${ids.map(idToUuid)}::uuid[])`)
    .execute();
  return rows.filter(isThere).map((row) => ({
    id: uuidToId<LetterId>(row.letter_id),
    receivedMs: row.received_ms,
    renderVersion: row.render_version,
    isMortal: row.class !== 0 || row.expires_ms !== 0,
    expiresMs: row.expires_ms,
    key: { journal: row.journal, seq: row.key_seq, segment: row.key_segment, offset: row.key_offset },
    body: { journal: row.body_journal, seq: row.body_seq, segment: row.body_segment, offset: row.body_offset },
    summaryVersion: row.summary_version,
    summary:
      row.summary_seq === null || row.summary_segment === null || row.summary_offset === null
        ? undefined
        : { journal: row.journal, seq: row.summary_seq, segment: row.summary_segment, offset: row.summary_offset },
  }));
}

/** Letters with a change after `since`, in order of it, tombstones included; at most `max`. */
export async function readLetterChanges(
  db: Snapshot,
  accountId: AccountId,
  since: ChangesSince,
  max: number,
): Promise<readonly ChangedRow[]> {
  const rows = await db
    .selectFrom('letter')
    .select(['letter_id', 'created_modseq', 'modseq', 'removed_modseq'])
    // of a letter that came back and went again, created_modseq is when it came back: its first placement is older
    .select(
      sql<number | null>`CASE WHEN removed_modseq IS NOT NULL THEN (SELECT min(p.uid) FROM placement p
        WHERE p.account_id = letter.account_id AND p.letter_id = letter.letter_id) END`.as('first_modseq'),
    )
    .where('account_id', '=', idToUuid(accountId))
    .where(changedAfter(since, 'letter_id'))
    .orderBy('modseq')
    .orderBy('letter_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    id: uuidToId<LetterId>(row.letter_id),
    createdModseq: row.first_modseq ?? row.created_modseq,
    modseq: row.modseq,
    isRemoved: row.removed_modseq !== null,
  }));
}
