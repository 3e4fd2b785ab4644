// Reads of letters on their way out: what EmailSubmission shows, and what the queue compares with the live store at a start.

import { sql } from 'kysely';
import type { AccountId, LetterId, SubmissionId } from '#base/ids.ts';
import type { ChangedRow } from '#formats/jmap/changes.ts';
import { idToUuid, uuidToId } from './ids.ts';
import { changedAfter, type ChangesSince, type Snapshot } from './read-states.ts';
import type { Uuid } from './tables.ts';

export interface SubmissionRow {
  readonly id: SubmissionId;
  /** The Sent copy, if one was named; it may be gone since. */
  readonly letterId: LetterId | undefined;
  /** The own address the letter is sent as. */
  readonly identity: string;
  readonly queuedMs: number;
  /** Not before; pending until then, final afterwards, unless it was taken back. */
  readonly sendAtMs: number;
  readonly recipients: number;
  readonly isCanceled: boolean;
  /** When it was over, one way or another; undefined while it is in the queue. */
  readonly doneMs: number | undefined;
  /** Once it is over: for how many recipients a peer took it, and for how many it did not leave. */
  readonly delivered: number;
  readonly failed: number;
}

const COLUMNS = [
  'submission_id',
  'letter_id',
  'identity',
  'queued_ms',
  'send_at_ms',
  'recipients',
  'is_canceled',
  'done_ms',
  'delivered',
  'failed',
] as const;

/** Newest first; all up to `max` when no ids are given. */
export async function readSubmissions(
  db: Snapshot,
  accountId: AccountId,
  ids: readonly SubmissionId[] | undefined,
  max: number,
): Promise<readonly SubmissionRow[]> {
  const rows = await db
    .selectFrom('submission')
    .select(COLUMNS)
    .where('account_id', '=', idToUuid(accountId))
    .$if(ids !== undefined, (query) =>
      query.where('submission_id', '=', sql<Uuid>`ANY(${(ids ?? []).map(idToUuid)}::uuid[])`),
    )
    .orderBy('queued_ms', 'desc')
    .orderBy('submission_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    id: uuidToId<SubmissionId>(row.submission_id),
    letterId: row.letter_id === null ? undefined : uuidToId<LetterId>(row.letter_id),
    identity: row.identity,
    queuedMs: row.queued_ms,
    sendAtMs: row.send_at_ms,
    recipients: row.recipients,
    isCanceled: row.is_canceled,
    doneMs: row.done_ms ?? undefined,
    delivered: row.delivered,
    failed: row.failed,
  }));
}

/** Submissions with a change after `since`, in order of it; at most `max`. None is ever removed. */
export async function readSubmissionChanges(
  db: Snapshot,
  accountId: AccountId,
  since: ChangesSince,
  max: number,
): Promise<readonly ChangedRow[]> {
  const rows = await db
    .selectFrom('submission')
    .select(['submission_id', 'created_modseq', 'modseq'])
    .where('account_id', '=', idToUuid(accountId))
    .where(changedAfter(since, 'submission_id'))
    .orderBy('modseq')
    .orderBy('submission_id')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    id: uuidToId<SubmissionId>(row.submission_id),
    createdModseq: row.created_modseq,
    modseq: row.modseq,
    isRemoved: false,
  }));
}

/** When a letter went to the queue for the last time, not before `sinceMs`; undefined: it did not. */
export async function findQueuedMs(
  db: Snapshot,
  accountId: AccountId,
  letterId: LetterId,
  sinceMs: number,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('submission')
    .select('queued_ms')
    .where('account_id', '=', idToUuid(accountId))
    .where('queued_ms', '>=', sinceMs)
    .where('letter_id', '=', idToUuid(letterId))
    .orderBy('queued_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.queued_ms;
}

/** How many recipients the account's submissions had, by hour since 1970, from `sinceMs` on. */
export async function readRecipientsByHour(
  db: Snapshot,
  accountId: AccountId,
  sinceMs: number,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ readonly hour: number; readonly recipients: number }>`
    SELECT (queued_ms / 3600000)::int8 AS hour, sum(recipients)::int8 AS recipients FROM submission
    WHERE account_id = ${idToUuid(accountId)} AND queued_ms >= ${sinceMs} AND NOT is_canceled GROUP BY 1`.execute(db);
  return new Map(rows.map((row) => [row.hour, row.recipients] as const));
}

/** When an account came to be; undefined when there is none. */
export async function readCreatedMs(db: Snapshot, accountId: AccountId): Promise<number | undefined> {
  const row = await db
    .selectFrom('account')
    .select('created_ms')
    .where('account_id', '=', idToUuid(accountId))
    .executeTakeFirst();
  return row?.created_ms;
}

export interface OutboundRow {
  readonly accountId: AccountId;
  readonly submissionId: SubmissionId;
  readonly identity: string;
  readonly queuedMs: number;
}

/** Everything the journal holds as queued and not yet as over, of the whole house. */
export async function readOutbound(db: Snapshot): Promise<readonly OutboundRow[]> {
  const rows = await db
    .selectFrom('outbound as o')
    .innerJoin('submission as s', (join) =>
      join.onRef('s.account_id', '=', 'o.account_id').onRef('s.submission_id', '=', 'o.submission_id'),
    )
    .select(['o.account_id', 'o.submission_id', 's.identity', 's.queued_ms'])
    .execute();
  return rows.map((row) => ({
    accountId: uuidToId<AccountId>(row.account_id),
    submissionId: uuidToId<SubmissionId>(row.submission_id),
    identity: row.identity,
    queuedMs: row.queued_ms,
  }));
}

/** Which of these the rows know, and whether they are over there. */
export async function readKnownSubmissions(
  db: Snapshot,
  ids: readonly { readonly accountId: AccountId; readonly submissionId: SubmissionId }[],
): Promise<ReadonlyMap<SubmissionId, { readonly isOver: boolean; readonly delivered: number }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ readonly submission_id: Uuid; readonly is_over: boolean; readonly delivered: number }>`
    SELECT s.submission_id, s.done_ms IS NOT NULL AS is_over, s.delivered FROM submission s
    JOIN unnest(${ids.map(({ accountId }) => idToUuid(accountId))}::uuid[],
      ${ids.map(({ submissionId }) => idToUuid(submissionId))}::uuid[]) AS u(account_id, submission_id)
      ON s.account_id = u.account_id AND s.submission_id = u.submission_id`.execute(db);
  return new Map(
    rows.map((row) => [uuidToId<SubmissionId>(row.submission_id), { isOver: row.is_over, delivered: row.delivered }]),
  );
}
