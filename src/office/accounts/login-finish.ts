// The second half of a login: the client's answer, then the code, then the proof of a pending credential, then the session.

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { readAccount, type AccountRow, type CredentialRow } from '#vault/database/accounts-read.ts';
import { endAppSessions } from './app-passwords.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter, LoginStep, SignedInStep } from './counter.ts';
import { changeHandle, type HandleOf, type OpenedBy } from './handles.ts';
import { keep, SYSTEM } from './house.ts';
import { endTries, mayReturn, phraseTries } from './login-start.ts';
import { isCodeNeeded, useCode } from './second-factor.ts';
import type { LiveSession } from './sessions.ts';
import { isSigned } from './signed-change.ts';

type StepResult = Promise<Result<LoginStep, AuthRefusal>>;

/** `session`: the one the request came with; purpose `change` needs it. The state is used up, right or wrong. */
export async function finishLogin(
  counter: Counter,
  of: RequestBody<'loginFinish'>,
  session: LiveSession | undefined,
): StepResult {
  const started = counter.logins.take(of.loginId);
  if (!started) return err({ kind: 'handleExpired' });
  const { accountId } = started;
  const place = started.places[of.candidate];
  const isRight = counter.opaque.finishLogin(accountId, place.state, of.finishLoginRequest);
  if (!isRight || place.version === undefined) return err({ kind: 'wrongCredentials' });
  return counter.queue.run(accountId, async () => {
    const account = await readAccount(counter.house.reader, accountId);
    const credential = account?.credentials.find((one) => one.version === place.version);
    // A change that ended in between has decided: this password no longer opens.
    if (!account || !mayReturn(counter, account) || !credential) return err({ kind: 'wrongCredentials' });
    return of.purpose === 'change'
      ? allowChange(counter, account, credential, session)
      : askCode(counter, account, { version: credential.version, isPending: !credential.isActive });
  });
}

/** The code if one is set, else what follows it. */
export async function askCode(counter: Counter, account: AccountRow, opened: OpenedBy | 'phrase'): StepResult {
  const { accountId } = account;
  if (await isCodeNeeded(counter, account)) {
    const triesLeft = limits.login.totpTriesMax;
    const handle = counter.handles.put({ stage: 'code', accountId, opened, triesLeft });
    return ok({ step: 'code', accountId, handle });
  }
  return afterCode(counter, account, opened);
}

/** A fresh login within a session: what is opened is the right to set a new credential, not another session. */
async function allowChange(
  counter: Counter,
  account: AccountRow,
  credential: CredentialRow,
  session: LiveSession | undefined,
): StepResult {
  const { accountId } = account;
  if (session?.accountId !== accountId) return err({ kind: 'signedOut' });
  const dropped = await dropPending(counter, account, credential);
  if (!dropped.ok) return dropped;
  await endTries(counter, account);
  const handle = counter.handles.put(changeHandle(accountId, session.sessionId));
  return ok({ step: 'fresh', accountId, handle, version: credential.version });
}

/** What follows when password (or phrase) and code were right. Only now the series of tries ends: a password without its code ends none. */
export async function afterCode(counter: Counter, account: AccountRow, opened: OpenedBy | 'phrase'): StepResult {
  const { accountId } = account;
  if (opened === 'phrase') {
    counter.tries.succeed(phraseTries(accountId));
    return ok({ step: 'phrase', accountId, handle: counter.handles.put(changeHandle(accountId, 'phrase')) });
  }
  await endTries(counter, account);
  if (account.closedMs !== undefined) return offerReopening(counter, accountId, account.closedMs, opened);
  const { version } = opened;
  if (opened.isPending) {
    return ok({
      step: 'prove',
      accountId,
      handle: counter.handles.put({ stage: 'prove', accountId, version }),
      version,
    });
  }
  const credential = account.credentials.find((one) => one.version === version);
  if (!credential) return err({ kind: 'wrongCredentials' });
  const dropped = await dropPending(counter, account, credential);
  return dropped.ok ? openSession(counter, accountId, version) : dropped;
}

/** A closed account is not signed in to: whoever knows password and code is asked whether it shall be open again. */
function offerReopening(
  { handles }: Counter,
  accountId: AccountId,
  closedMs: number,
  opened: OpenedBy,
): Result<LoginStep, AuthRefusal> {
  const handle = handles.put({ stage: 'reopen', accountId, opened });
  return ok({ step: 'closed', handle, reopenUntilMs: closedMs + limits.forgetting.graceMs });
}

/** The old password decided: a change that was not finished is given up, and every session stays. */
async function dropPending(
  { house, sessions }: Counter,
  account: AccountRow,
  credential: CredentialRow,
): Promise<Result<void, AuthRefusal>> {
  if (!credential.isActive || account.credentials.length < 2) return ok(undefined);
  const keepSessions = (await sessions.list(account.accountId)).map((one) => one.id);
  const effect = { version: credential.version, keepSessions };
  const dropped = await keep(house, account.accountId, { kind: 'credentialPromoted', effect }, SYSTEM);
  return dropped.ok ? ok(undefined) : err({ kind: 'serverUnavailable' });
}

export async function openSession(
  { sessions }: Counter,
  accountId: AccountId,
  version: number,
): Promise<Result<SignedInStep, AuthRefusal>> {
  const opened = await sessions.open(accountId);
  return opened.ok ? ok({ step: 'done', accountId, version, ...opened.value }) : opened;
}

/** The six digits after a right password or phrase: five tries a login, each time step once. */
export async function giveCode(counter: Counter, { handle, code }: RequestBody<'loginCode'>): StepResult {
  const accountId = counter.handles.peek(handle, 'code')?.accountId;
  if (!accountId) return err({ kind: 'handleExpired' });
  return counter.queue.run(accountId, async () => {
    const kept = counter.handles.peek(handle, 'code');
    const account = await readAccount(counter.house.reader, accountId);
    if (!kept || !account || !mayReturn(counter, account)) return err({ kind: 'handleExpired' });
    const used = await useCode(counter, account, code);
    if (!used.ok) {
      if (used.error.kind === 'wrongCode') spendTry(counter, handle, kept);
      return used;
    }
    counter.handles.take(handle, 'code');
    return afterCode(counter, account, kept.opened);
  });
}

function spendTry({ handles }: Counter, name: string, handle: HandleOf<'code'>): void {
  const triesLeft = handle.triesLeft - 1;
  if (triesLeft > 0) handles.replace(name, { ...handle, triesLeft });
  else handles.take(name, 'code');
}

/** A login with the new password of an unfinished change: the client shows that its wrap opens, then the old one is erased. */
export async function proveCredential(
  counter: Counter,
  { handle, signature }: RequestBody<'loginProve'>,
): Promise<Result<SignedInStep, AuthRefusal>> {
  const { house, sessions, handles, queue } = counter;
  const kept = handles.take(handle, 'prove');
  if (!kept) return err({ kind: 'handleExpired' });
  const { accountId, version } = kept;
  return queue.run(accountId, async () => {
    const account = await readAccount(house.reader, accountId);
    if (!account?.credentials.some((one) => one.version === version)) return err({ kind: 'stale' });
    const proof = { kind: 'credentialPromoted', effect: { version }, challenge: handle, signature } as const;
    if (!(await isSigned(account, proof))) return err({ kind: 'badSignature' });
    const effect = { version, keepSessions: [], endsAppPasswords: true } as const;
    const promoted = await keep(house, accountId, { kind: 'credentialPromoted', effect }, SYSTEM);
    sessions.forget(accountId);
    endAppSessions(counter, accountId, undefined);
    return promoted.ok ? openSession(counter, accountId, version) : err({ kind: 'serverUnavailable' });
  });
}
