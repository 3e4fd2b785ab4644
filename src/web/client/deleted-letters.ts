// What was deleted for good and can still come back; what shall not; and the end of the whole mailbox. Loaded when it is first used.

import * as v from 'valibot';
import { isId, type LetterId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Backend, ChangeRefusal, DeletedLetters } from '../backend.ts';
import { chunks } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';
import { changeRefusal, makeSignedChange } from './signed-change.ts';

type Done = Promise<Result<undefined, ChangeRefusal>>;

const listShape = v.object({
  list: v.array(
    v.object({
      id: v.custom<LetterId>((value) => typeof value === 'string' && isId(value)),
      purgeAt: v.string(),
    }),
  ),
});

/** `own`: the account of whoever is signed in; `session`: the mailbox that is open. */
export function createDeleted(
  session: OpenSession,
  own: OpenSession,
): Pick<Backend, 'deleted' | 'bringBack' | 'destroyNow' | 'closeMailbox'> {
  return {
    deleted: () => readDeleted(session),
    bringBack: (ids, to) => bringBack(session, ids, to),
    destroyNow: (ids) => destroyNow(session, ids),
    closeMailbox: () => closeMailbox(own),
  };
}

async function readDeleted({ jmap }: OpenSession): Promise<DeletedLetters> {
  const answer = await jmap.run([['RemovedEmail/get', {}]]);
  const parsed = answer.ok ? v.safeParse(listShape, answer.value[0]) : undefined;
  const list = parsed?.success ? parsed.output.list : [];
  return { ids: list.map(({ id }) => id), nextPurgeMs: list[0] && Date.parse(list[0].purgeAt) };
}

async function bringBack({ jmap }: OpenSession, ids: readonly LetterId[], mailboxId: MailboxId): Done {
  for (const chunk of chunks(ids, limits.jmap.objectsInSet)) {
    const answer = await jmap.run([['RemovedEmail/restore', { ids: chunk, mailboxId }]]);
    if (!answer.ok) return answer;
  }
  return ok(undefined);
}

/** No way back: the next run of the server's job erases them. */
async function destroyNow({ jmap }: OpenSession, ids: readonly LetterId[]): Done {
  for (const chunk of chunks(ids, limits.jmap.objectsInSet)) {
    const answer = await jmap.run([['RemovedEmail/destroyNow', { ids: chunk }]]);
    if (!answer.ok) return answer;
  }
  return ok(undefined);
}

/** Signed by the account's own key: a session alone closes nothing. */
export async function closeMailbox(session: OpenSession): ReturnType<Backend['closeMailbox']> {
  const signed = await makeSignedChange(session, 'accountClosed', {});
  if (!signed.ok) return signed;
  const closed = await session.door.call('accountClose', signed.value);
  if (closed.ok) return ok(undefined);
  return err(closed.error.kind === 'last-holder' ? { kind: 'last-holder' } : changeRefusal(closed.error));
}
