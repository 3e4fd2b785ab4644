// Whoever holds an account beside their own lays it down: alone, or with everything when their own is closed. Somebody always stays.

import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import type { CommitDoor, Decide } from '#vault/database/commit.ts';
import { hasOtherHolder, readHeldAccounts, readHolders } from '#vault/database/holders-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { sessionActor } from './house.ts';
import type { LiveSession } from './sessions.ts';
import { withSignedChange } from './signed-change.ts';

/** `lastHolder`: nobody could open the account any more. */
export type LeaveRefusal = { readonly kind: 'gone' | 'lastHolder' | 'serverUnavailable' };

export interface HoldingHouse {
  readonly reader: Reader;
  readonly door: Pick<CommitDoor, 'commit'>;
}

interface Leaving {
  readonly accountId: AccountId;
  readonly holderId: AccountId;
  readonly actor: Actor;
}

/** An offer that was not taken up, too. Signed by the person's own key: a session alone lays nothing down. */
export function leaveShared(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'holderLeave'>,
): Promise<Result<void, AuthRefusal>> {
  return withSignedChange(counter, session, { kind: 'holderLeft', of }, () =>
    leave(counter.house, {
      accountId: of.account,
      holderId: session.accountId,
      actor: sessionActor(session.sessionId),
    }),
  );
}

/** The accounts that only this person opens: they stand in the way of closing the person's own. */
export async function readHeldAlone(reader: Reader, holderId: AccountId): Promise<readonly AccountId[]> {
  const alone: AccountId[] = [];
  for (const accountId of await readHeldAccounts(reader, holderId)) {
    if (!(await hasOtherHolder(reader, accountId, holderId))) alone.push(accountId);
  }
  return alone;
}

/** All or none, as far as it can be known before. */
export async function leaveAll(
  house: HoldingHouse,
  holderId: AccountId,
  actor: Actor,
): Promise<Result<void, LeaveRefusal>> {
  if ((await readHeldAlone(house.reader, holderId)).length > 0) return err({ kind: 'lastHolder' });
  for (const accountId of await readHeldAccounts(house.reader, holderId)) {
    const left = await leave(house, { accountId, holderId, actor });
    if (!left.ok && left.error.kind !== 'gone') return left;
  }
  return ok(undefined);
}

/** Decided where changes of this account wait for each other: of the last two, one stays. */
async function leave(
  { door }: HoldingHouse,
  { accountId, holderId, actor }: Leaving,
): Promise<Result<void, LeaveRefusal>> {
  const decide: Decide<LeaveRefusal> = async (reader) => {
    const own = (await readHolders(reader, accountId)).find((row) => row.holderId === holderId);
    if (own === undefined || own.hasLeft) return err({ kind: 'gone' });
    if (!(await hasOtherHolder(reader, accountId, holderId))) return err({ kind: 'lastHolder' });
    return ok({ kind: 'holderLeft', effect: { holderId, wrapId: own.wrapId } });
  };
  const done = await door.commit<LeaveRefusal>(accountId, actor, decide);
  if (done.ok) return ok(undefined);
  const { kind } = done.error;
  return err({ kind: kind === 'gone' || kind === 'lastHolder' ? kind : 'serverUnavailable' });
}
