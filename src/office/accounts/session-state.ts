// What a live session sees of its own account: who it is, what is set, and the sealed keys for a reload without password.

import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import { readAccount, readWraps } from '#vault/database/accounts-read.ts';
import { accountKeysOf } from './account-keys.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import type { LiveSession } from './sessions.ts';

export async function readSessionState(
  { house }: Counter,
  { accountId, address, role, expiresMs }: LiveSession,
): Promise<Result<AnswerBody<'session'>, AuthRefusal>> {
  const account = await readAccount(house.reader, accountId);
  if (!account) return err({ kind: 'signedOut' });
  const wraps = await readWraps(house.reader, accountId);
  return ok({
    session: { address, accountId, role, expiresMs },
    recoveryDueMs: account.recoveryDueMs,
    phraseSet: wraps.some((one) => one.kind === 'phrase'),
    codeSet: account.secondFactor !== undefined,
    keys: accountKeysOf(house.kit, account, undefined),
  });
}
