// A letter on its way out as an EmailSubmission object: no recipient stands in it but while the letter lives in the queue (RFC 8621 §7).

import type { RecipientProgress } from '#post/delivery/outbox.ts';
import { formatUtcDate } from '#formats/jmap/utc-date.ts';
import type { SubmissionRow } from '#vault/database/read-submissions.ts';
import { identityId } from '../identity/identity.ts';
import type { Call, Members } from '../method.ts';

export const submissionProperties = [
  'id',
  'identityId',
  'emailId',
  'threadId',
  'envelope',
  'sendAt',
  'undoStatus',
  'deliveryStatus',
  'dsnBlobIds',
  'mdnBlobIds',
  'siegelOutcome',
] as const;

export type UndoStatus = 'pending' | 'final' | 'canceled';

export function undoStatusOf(row: SubmissionRow, nowMs: number): UndoStatus {
  if (row.isCanceled) return 'canceled';
  return row.doneMs === undefined && row.sendAtMs > nowMs ? 'pending' : 'final';
}

export async function submissionMembers(row: SubmissionRow, call: Call, wanted: ReadonlySet<string>): Promise<Members> {
  const { accountId, house } = call;
  const isLive = row.doneMs === undefined && !row.isCanceled;
  const progress =
    wanted.has('deliveryStatus') && isLive ? await house.sending?.outbox.progress(accountId, row.id) : undefined;
  return {
    id: row.id,
    identityId: identityId(accountId, row.identity),
    emailId: row.letterId ?? null,
    threadId: row.letterId ?? null,
    envelope: null,
    sendAt: formatUtcDate(row.sendAtMs),
    undoStatus: undoStatusOf(row, house.clock.nowMs()),
    deliveryStatus: progress === undefined ? null : Object.fromEntries(progress.map(statusOf)),
    dsnBlobIds: [],
    mdnBlobIds: [],
    siegelOutcome: {
      recipients: row.recipients,
      delivered: row.delivered,
      failed: row.failed,
      doneAt: row.doneMs === undefined ? null : formatUtcDate(row.doneMs),
    },
  };
}

/** `unknown`: a server took it; whether it lies in the mailbox only that server knows. */
const DELIVERED = { queued: 'queued', delivered: 'unknown', failed: 'no' } as const;

function statusOf({ address, state, code, enhanced, plainText }: RecipientProgress): readonly [string, Members] {
  const smtpReply = code === 0 ? '' : [String(code), enhanced, plainText].filter((text) => text !== '').join(' ');
  return [address, { smtpReply, delivered: DELIVERED[state], displayed: 'unknown' }];
}
