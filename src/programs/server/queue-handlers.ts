// What the operator's commands about letters that leave do: look, hold, release. Ids and counts, never addresses.

import { parseId, type AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';

const LETTERS_SHOWN = 200;
type QueueMethod = 'queue.list' | 'queue.hold' | 'queue.release';

export function createQueueHandlers(queue: Queue): Pick<OperatorHandlers, QueueMethod> {
  return {
    'queue.list': async () => ok(listQueue(queue)),
    'queue.hold': ({ account, apply }) =>
      change(account, apply, {
        plan: (whose) =>
          `${whose} wait from now on. Letters under way to a peer are finished. Release: siegel queue release`,
        apply: (accountId) => queue.hold(accountId, 'operator'),
      }),
    'queue.release': ({ account, apply }) =>
      change(account, apply, {
        plan: (whose) => `${whose} leave again as they are due. What has left before is known and is not sent again.`,
        apply: (accountId) => queue.release(accountId),
      }),
  };
}

function listQueue(queue: Queue): ResultOf<'queue.list'> {
  const { waiting, inFlight, held, heldAccounts } = queue.status;
  const letters = queue.list();
  const counts = new Map<AccountId, number>([...heldAccounts.keys()].map((id) => [id, 0]));
  for (const { accountId } of letters) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
  return {
    waiting,
    inFlight,
    held: held?.reason ?? null,
    accounts: [...counts].map(([accountId, count]) => ({
      account: accountId,
      waiting: count,
      held: heldAccounts.get(accountId)?.reason ?? null,
    })),
    letters: letters.slice(0, LETTERS_SHOWN).map(({ id, accountId, dueMs, attempts, recipients, place }) => ({
      id,
      account: accountId,
      dueMs,
      attempts,
      recipients,
      sizeBytes: place.length,
    })),
  };
}

interface Change {
  readonly plan: (whose: string) => string;
  readonly apply: (accountId: AccountId | undefined) => Promise<void>;
}

async function change(
  account: string | undefined,
  apply: boolean,
  of: Change,
): Promise<Result<ResultOf<'queue.hold'>, OperatorRefusal>> {
  const accountId = account === undefined ? undefined : parseId<AccountId>(account);
  if (account !== undefined && accountId === undefined)
    return err({ kind: 'bad-id', sentence: 'That is not an account’s id as siegel queue list shows it.' });
  const plan = of.plan(accountId === undefined ? 'All letters' : `The letters of account ${accountId}`);
  if (!apply) return ok({ plan, isApplied: false });
  await of.apply(accountId);
  return ok({ plan, isApplied: true });
}
