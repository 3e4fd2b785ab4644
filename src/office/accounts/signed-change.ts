// A change that a session alone cannot make: signed by the account-auth key over a one-time challenge of this server.

import { err, ok, type Result } from '#base/result.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { readAccount, type AccountRow } from '#vault/database/accounts-read.ts';
import type { CommandKind } from '#vault/journal/commands.ts';
import { verifyChange } from '#vault/sealing/account-change.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import type { LiveSession } from './sessions.ts';

interface Signed {
  readonly challenge: string;
  readonly signature: string;
}

export interface SignedChange {
  readonly kind: CommandKind;
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
    if (!(await isSigned(account, { kind, effect: rest, challenge, signature }))) return err({ kind: 'badSignature' });
    return change(account);
  });
}

export interface SignedEffect extends Signed {
  readonly kind: CommandKind;
  /** What the client asked for: the request without challenge (or handle) and signature. */
  readonly effect: unknown;
}

/** Whether the holder of the root key asked for exactly this now. */
export async function isSigned(account: AccountRow, of: SignedEffect): Promise<boolean> {
  const { accountId, authKey } = account;
  const challenge = fromBase64(of.challenge);
  const signature = fromBase64(of.signature);
  if (!challenge || !signature) return false;
  return verifyChange(new Uint8Array(authKey), { accountId, kind: of.kind, effect: of.effect, challenge }, signature);
}

/** A commit's result as this room's: whatever the door refused, nothing changed. */
export function settled(result: Result<unknown, { readonly kind: string }>): Result<void, AuthRefusal> {
  return result.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
}
