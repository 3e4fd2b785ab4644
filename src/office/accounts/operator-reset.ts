// Reset by the operator: a one-time link where the person sets a new password. Mail stays sealed until phrase, passkey or device re-attaches it.

import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { findPrimaryAddress, readAccount } from '#vault/database/accounts-read.ts';
import { endAppSessions } from './app-passwords.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { keep, SYSTEM } from './house.ts';
import { STRETCHING } from './opaque-server.ts';
import { settled } from './signed-change.ts';

/** A code that works once within 24 hours, while this program runs: it is kept in memory only. */
export function makeResetCode({ resetLinks }: Counter, accountId: AccountId): string {
  return resetLinks.put(accountId);
}

export async function startReset(
  { house, opaque, resetLinks, resets }: Counter,
  of: RequestBody<'resetStart'>,
): Promise<Result<AnswerBody<'resetStart'>, AuthRefusal>> {
  const accountId = resetLinks.peek(of.code);
  const address = accountId && (await findPrimaryAddress(house.reader, accountId));
  if (!accountId || address === undefined) return err({ kind: 'invitationUnknown' });
  const registered = opaque.register(accountId, of.registrationRequest);
  if (!registered) return err({ kind: 'badRequest' });
  const { setupId, registrationResponse } = registered;
  return ok({
    resetId: resets.put({ accountId, code: of.code, setupId }),
    address,
    accountId,
    instanceId: house.kit.instanceId,
    setupId,
    registrationResponse,
    stretching: STRETCHING,
  });
}

/** The new password opens a session, but its wrap is empty: no letter can be read with it. All sessions end. */
export async function finishReset(
  counter: Counter,
  of: RequestBody<'resetFinish'>,
): Promise<Result<void, AuthRefusal>> {
  const { house, opaque, resetLinks, resets, queue, sessions } = counter;
  const started = resets.take(of.resetId);
  const record = fromBase64(of.record);
  if (!started || resetLinks.take(started.code) !== started.accountId) return err({ kind: 'handleExpired' });
  if (!record || !opaque.isRecord(record)) return err({ kind: 'keysUnusable' });
  const { accountId, setupId } = started;
  return queue.run(accountId, async () => {
    const account = await readAccount(house.reader, accountId);
    const [active] = account?.credentials ?? [];
    if (!account || account.closed || !active) return err({ kind: 'gone' });
    const version = 1 + Math.max(...account.credentials.map((one) => one.version));
    const { arkVersion } = active;
    const credential = { version, setupId, record: toBase64Url(record), stretching: STRETCHING, wrap: '', arkVersion };
    const put = await keep(house, accountId, { kind: 'credentialPending', effect: { credential } }, SYSTEM);
    if (!put.ok) return settled(put);
    const effect = { version, keepSessions: [], endsAppPasswords: true } as const;
    const promoted = await keep(house, accountId, { kind: 'credentialPromoted', effect }, SYSTEM);
    sessions.forget(accountId);
    endAppSessions(counter, accountId, undefined);
    return settled(promoted);
  });
}
