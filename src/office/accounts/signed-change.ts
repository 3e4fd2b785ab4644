// A change that a session alone cannot make: signed by the account-auth key over a one-time challenge of this server.

import { err, ok, type Result } from '#base/result.ts';
import { changeBytes, type ChangeKind } from '#formats/auth-wire/signed-bytes.ts';
import { readAccount, type AccountRow } from '#vault/database/accounts-read.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import type { LiveSession } from './sessions.ts';
import { isSignedBy } from './signatures.ts';

interface Signed {
  readonly challenge: string;
  readonly signature: string;
}

export interface SignedChange {
  readonly kind: ChangeKind;
  /** The request's body, challenge and signature included. */
  readonly of: Signed;
}

/** A challenge for one signed change of this session, five minutes. */
export function giveChallenge({ challenges }: Counter, session: LiveSession): { readonly challenge: string } {
  return { challenge: challenges.put(session.sessionId) };
}

/** Runs `change` alone for its account, after challenge and signature were right. */
export function withSignedChange(
  counter: Counter,
  session: LiveSession,
  { kind, of }: SignedChange,
  change: (account: AccountRow) => Promise<Result<void, AuthRefusal>>,
): Promise<Result<void, AuthRefusal>> {
  const { house, challenges, queue } = counter;
  const { accountId, sessionId } = session;
  return queue.run(accountId, async () => {
    const { challenge, signature, ...rest } = of;
    if (challenges.take(challenge) !== sessionId) return err({ kind: 'handleExpired' });
    const account = await readAccount(house.reader, accountId);
    if (!account) return err({ kind: 'signedOut' });
    const bytes = changeBytes({ instanceId: house.kit.instanceId, accountId }, kind, challenge, rest);
    if (!isSignedBy(account.authKey, bytes, signature)) return err({ kind: 'badSignature' });
    return change(account);
  });
}

/** A commit's result as this room's: whatever the door refused, nothing changed. */
export function settled(result: Result<unknown, { readonly kind: string }>): Result<void, AuthRefusal> {
  return result.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
}
