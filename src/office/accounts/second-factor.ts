// The second factor: when it is asked, each code once, and the slow way out when it is lost.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { toBase64Url, fromBase64 } from '#formats/base64/base64.ts';
import { readAccount, type AccountRow } from '#vault/database/accounts-read.ts';
import { openSetting, sealSetting } from '#vault/keykit/settings-seal.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter, LoginStep } from './counter.ts';
import { keep, SYSTEM, sessionActor } from './house.ts';
import type { LiveSession } from './sessions.ts';
import { withSignedChange } from './signed-change.ts';
import { findTotpStep, TOTP_SECRET_BYTES_MIN } from './totp.ts';

/** Whether a code is asked now. A reset whose 72 hours are over is carried out here. */
export async function isCodeNeeded({ house }: Counter, account: AccountRow): Promise<boolean> {
  if (!account.secondFactor) return false;
  const { accountId, recoveryDueMs } = account;
  if (recoveryDueMs === 0 || house.clock.nowMs() < recoveryDueMs) return true;
  const removed = await keep(house, accountId, { kind: 'secondFactorRemoved', effect: {} }, SYSTEM);
  if (!removed.ok) return true;
  await keep(house, accountId, { kind: 'recoveryReset', effect: { dueMs: 0 } }, SYSTEM);
  return false;
}

/** Checks a code and uses its time step up. */
export async function useCode(
  { house }: Counter,
  account: AccountRow,
  code: string,
): Promise<Result<void, AuthRefusal>> {
  const { accountId, secondFactor, secondFactorStep } = account;
  if (!secondFactor) return err({ kind: 'gone' });
  const plainSecret = openSetting(house.kit.settingsKey, accountId, 'second-factor', secondFactor);
  if (!plainSecret) return err({ kind: 'serverUnavailable' });
  const step = findTotpStep(plainSecret, code, house.clock.nowMs(), secondFactorStep);
  if (step === undefined) return err({ kind: 'wrongCode' });
  const used = await keep(house, accountId, { kind: 'secondFactorStep', effect: { step } }, SYSTEM);
  return used.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
}

/** Sets the secret after the person has shown one code of it. */
export function putSecondFactor(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'totpPut'>,
): Promise<Result<void, AuthRefusal>> {
  return withSignedChange(counter, session, { kind: 'secondFactorPut', of }, async () => {
    const { house } = counter;
    const { accountId } = session;
    const plainSecret = fromBase64(of.secret);
    if (!plainSecret || plainSecret.length < TOTP_SECRET_BYTES_MIN) return err({ kind: 'badRequest' });
    const step = findTotpStep(plainSecret, of.code, house.clock.nowMs(), 0);
    if (step === undefined) return err({ kind: 'wrongCode' });
    const sealed = toBase64Url(sealSetting(house.kit.settingsKey, accountId, 'second-factor', plainSecret));
    const actor = sessionActor(session.sessionId);
    const put = await keep(house, accountId, { kind: 'secondFactorPut', effect: { sealed, step } }, actor);
    return put.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
  });
}

export function removeSecondFactor(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'totpRemove'>,
): Promise<Result<void, AuthRefusal>> {
  return withSignedChange(counter, session, { kind: 'secondFactorRemoved', of }, async (account) => {
    const used = await useCode(counter, account, of.code);
    if (!used.ok) return used;
    const actor = sessionActor(session.sessionId);
    const command = { kind: 'secondFactorRemoved', effect: {} } as const;
    const removed = await keep(counter.house, session.accountId, command, actor);
    return removed.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
  });
}

/** Password or phrase was right but the code is lost: it falls away after 72 hours, unless a session cancels. */
export async function loseSecondFactor(
  counter: Counter,
  { handle }: RequestBody<'recoverLost'>,
): Promise<Result<LoginStep, AuthRefusal>> {
  const accountId = counter.handles.peek(handle, 'code')?.accountId;
  if (!accountId) return err({ kind: 'handleExpired' });
  return counter.queue.run(accountId, async () => {
    const account = await readAccount(counter.house.reader, accountId);
    if (!account) return err({ kind: 'handleExpired' });
    if (account.recoveryDueMs > 0) return ok({ step: 'wait', untilMs: account.recoveryDueMs });
    const dueMs = counter.house.clock.nowMs() + limits.login.recoveryWaitMs;
    const put = await keep(counter.house, accountId, { kind: 'recoveryReset', effect: { dueMs } }, SYSTEM);
    return put.ok ? ok({ step: 'wait', untilMs: dueMs }) : err({ kind: 'serverUnavailable' });
  });
}

/** Any session may cancel. */
export async function keepSecondFactor({ house }: Counter, session: LiveSession): Promise<Result<void, AuthRefusal>> {
  const command = { kind: 'recoveryReset', effect: { dueMs: 0 } } as const;
  const cancelled = await keep(house, session.accountId, command, sessionActor(session.sessionId));
  return cancelled.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
}
