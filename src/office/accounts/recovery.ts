// The way in with the recovery phrase: its token may fetch its wrap and set a new credential, nothing else.

import { createHash, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { readWraps } from '#vault/database/accounts-read.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter, LoginStep } from './counter.ts';
import { askCode } from './login-finish.ts';
import { findLiving, phraseTries } from './login-start.ts';

/** The account id the phrase's keys are bound to; an unknown address has one too, always the same. */
export function locateAccount(
  counter: Counter,
  of: RequestBody<'recoverLocate'>,
): Promise<Result<AnswerBody<'recoverLocate'>, AuthRefusal>> {
  return counter.pace(async () => {
    const { accountId } = await findLiving(counter, of.address);
    return ok({ accountId, instanceId: counter.house.kit.instanceId });
  });
}

const NOBODYS_HASH = new Uint8Array(32);

/** Equal in bytes and time for unknown addresses, accounts without a phrase and wrong phrases. */
export function startRecovery(
  counter: Counter,
  of: RequestBody<'recoverStart'>,
): Promise<Result<LoginStep, AuthRefusal>> {
  return counter.pace(async () => {
    const { accountId, account } = await findLiving(counter, of.address);
    const retryAfterMs = counter.tries.begin(phraseTries(accountId));
    if (retryAfterMs > 0) return err({ kind: 'tooManyTries', retryAfterMs });
    const wraps = await readWraps(counter.house.reader, accountId);
    const tokenHash = wraps.find((one) => one.kind === 'phrase')?.tokenHash ?? NOBODYS_HASH;
    const given = createHash('sha256').update(Buffer.from(of.token, 'base64url')).digest();
    const isRight = tokenHash.length === given.length && timingSafeEqual(tokenHash, given);
    if (!isRight || !account) return err({ kind: 'wrongPhrase' });
    return askCode(counter, account, 'phrase');
  });
}
