// What is asked of the queue: hand a letter over, count what it has, take back what still waits (RFC 8621 §7, decision 0013).

import * as v from 'valibot';
import type { LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { ChangeRefusal } from '../../backend.ts';
import type { SendRefusal } from '../../writing.ts';
import type { JmapClient } from '../jmap-client.ts';
import { membersOf } from '../mailbox-folders.ts';

export interface Submission {
  readonly identityId: string;
  readonly mailFrom: string;
  readonly letterId: LetterId;
  readonly addresses: readonly string[];
  readonly undoMs: number;
  readonly sendAtMs: number | undefined;
}

export interface Submitted {
  readonly id: string;
  readonly leavesMs: number;
  readonly isFinal: boolean;
}

const createdShape = v.object({
  id: v.string(),
  sendAt: v.optional(v.nullable(v.string())),
  undoStatus: v.optional(v.string()),
});

/** The transit letter goes by upload: the server forgets it when the queue has it. */
export async function submit(
  jmap: JmapClient,
  submission: Submission,
  transit: Uint8Array<ArrayBuffer>,
  nowMs: number,
): Promise<Result<Submitted, SendRefusal>> {
  const blob = await jmap.upload(transit);
  if (!blob.ok) return err(blob.error.kind === 'too-many' ? { kind: 'too-large' } : sendRefusal(blob.error));
  const { identityId, mailFrom, letterId, addresses, undoMs, sendAtMs } = submission;
  const create = {
    identityId,
    emailId: letterId,
    transitBlobId: blob.value,
    envelope: { mailFrom: { email: mailFrom }, rcptTo: addresses.map((email) => ({ email })) },
    undoMs,
    sendAt: sendAtMs === undefined ? null : `${new Date(sendAtMs).toISOString().slice(0, 19)}Z`,
  };
  const answer = await jmap.run([['EmailSubmission/set', { create: { group: create } }]]);
  if (!answer.ok) return err(sendRefusal(answer.error));
  const made = v.safeParse(createdShape, membersOf(answer.value[0]?.['created'])['group']);
  if (!made.success) return err(refusedSubmission(membersOf(membersOf(answer.value[0]?.['notCreated'])['group'])));
  const leaves = Date.parse(made.output.sendAt ?? '');
  const leavesMs = Number.isNaN(leaves) ? Math.max(nowMs + undoMs, sendAtMs ?? 0) : leaves;
  return ok({ id: made.output.id, leavesMs, isFinal: made.output.undoStatus === 'final' });
}

const REFUSED: Readonly<Record<string, Exclude<SendRefusal, { readonly addresses: unknown }>['kind']>> = {
  noRecipients: 'no-recipient',
  tooLarge: 'too-large',
  overQuota: 'too-large',
  tooManyRecipients: 'too-many-recipients',
  rateLimit: 'too-many-today',
  forbidden: 'not-allowed',
  forbiddenFrom: 'not-allowed',
  forbiddenMailFrom: 'not-allowed',
  forbiddenToSend: 'not-allowed',
  documentsAlone: 'documents-alone',
  documentsNone: 'documents-none',
  documentsTooLong: 'documents-too-long',
  documentsLater: 'documents-later',
  documentsRefused: 'documents-refused',
};

function refusedSubmission(error: Readonly<Record<string, unknown>>): SendRefusal {
  const { type, invalidRecipients } = error;
  if (type === 'invalidRecipients') {
    const addresses = v.safeParse(v.array(v.string()), invalidRecipients);
    return { kind: 'unknown-recipients', addresses: addresses.success ? addresses.output : [] };
  }
  return { kind: (typeof type === 'string' ? REFUSED[type] : undefined) ?? 'server-unavailable' };
}

export function sendRefusal({
  kind,
}: {
  readonly kind: ChangeRefusal['kind'] | 'too-large' | 'changed-elsewhere';
}): SendRefusal {
  if (kind === 'gone') return { kind: 'server-unavailable' };
  return { kind: kind === 'too-many' ? 'too-many-today' : kind };
}

/** Ids of the submissions of this Sent copy that wait or left; after a lost answer they tell how far an attempt came. */
export async function submissionsOf(
  jmap: JmapClient,
  letterId: LetterId,
): Promise<Result<readonly string[], ChangeRefusal>> {
  const query = (undoStatus: string) =>
    ['EmailSubmission/query', { filter: { emailIds: [letterId], undoStatus } }] as const;
  const answer = await jmap.run([query('final'), query('pending')]);
  if (!answer.ok) return answer;
  const ids = answer.value.flatMap((result) => {
    const parsed = v.safeParse(v.array(v.string()), result['ids']);
    return parsed.success ? parsed.output : [];
  });
  return ok([...new Set(ids)]);
}

/** Which of them were taken back. */
export async function cancel(
  jmap: JmapClient,
  ids: readonly string[],
): Promise<Result<readonly string[], ChangeRefusal>> {
  const update = Object.fromEntries(ids.map((id) => [id, { undoStatus: 'canceled' }]));
  const answer = await jmap.run([['EmailSubmission/set', { update }]]);
  if (!answer.ok) return answer;
  const updated = membersOf(answer.value[0]?.['updated']);
  return ok(ids.filter((id) => id in updated));
}
