// The routes that may open a session: their answer carries the account's sealed keys, and the cookie.

import type { Context } from 'hono';
import { requireValue } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Step } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody, RequestName } from '#formats/auth-wire/auth-requests.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { readAccount, readWraps, type AccountRow } from '#vault/database/accounts-read.ts';
import { accountKeysOf } from './account-keys.ts';
import { jsonAnswer, problemAnswer, readRequest } from './auth-edge.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import { reopenAccount } from './reopen-account.ts';
import { findSession, refusePeer, type AuthRouting } from './auth-routing.ts';
import type { Counter, LoginStep } from './counter.ts';
import { promoteCredential, type KeptStep } from './credential-change.ts';
import { finishLogin, giveCode, proveCredential } from './login-finish.ts';
import { startRecovery } from './recovery.ts';
import { loseSecondFactor } from './second-factor.ts';
import { sessionCookie } from './session-token.ts';
import type { LiveSession } from './sessions.ts';
import { finishSignUp } from './sign-up.ts';

type StepAnswer = Promise<Result<LoginStep | KeptStep, AuthRefusal>>;

export function addStepRoutes(routing: AuthRouting): void {
  const { counter } = routing;
  step(routing, '/signup/finish', 'signupFinish', (of) => finishSignUp(counter, of));
  step(routing, '/login/finish', 'loginFinish', (of, session) => finishLogin(counter, of, session));
  step(routing, '/login/code', 'loginCode', (of) => giveCode(counter, of));
  step(routing, '/login/prove', 'loginProve', (of) => proveCredential(counter, of));
  step(routing, '/login/reopen', 'loginReopen', (of) => reopenAccount(counter, of));
  step(routing, '/credential/promote', 'credentialPromote', (of, session) => promoteCredential(counter, of, session));
  routing.app.use('/recover/start', async (context, next) => refusePeer(routing, context) ?? (await next()));
  step(routing, '/recover/start', 'recoverStart', (of) => startRecovery(counter, of));
  step(routing, '/recover/lost', 'recoverLost', (of) => loseSecondFactor(counter, of));
}

function step<K extends RequestName>(
  routing: AuthRouting,
  path: string,
  name: K,
  answer: (of: RequestBody<K>, session: LiveSession | undefined) => StepAnswer,
): void {
  routing.app.post(path, async (context) => {
    const request = await readRequest(context, name);
    if (!request.ok) return problemAnswer(context, request.error);
    const result = await answer(request.value, await findSession(routing, context));
    return result.ok ? answerStep(routing, context, result.value) : problemAnswer(context, result.error);
  });
}

async function answerStep(routing: AuthRouting, context: Context, step: LoginStep | KeptStep): Promise<Response> {
  if (step.step === 'done') context.header('Set-Cookie', sessionCookie(step.token, routing.isSecure));
  return jsonAnswer(context, await describeStep(routing.counter, step));
}

/** The wire form: wraps and keyring only with what was opened. */
async function describeStep(counter: Counter, step: LoginStep | KeptStep): Promise<Result<Step, AuthRefusal>> {
  if (step.step === 'code' || step.step === 'wait' || step.step === 'closed') return ok(step);
  const accountId = step.step === 'kept' ? step.session.accountId : step.accountId;
  const account = await readAccount(counter.house.reader, accountId);
  if (!account) return err({ kind: 'serverUnavailable' });
  if (step.step === 'phrase') return describePhraseStep(counter, account, step.handle);
  const credential = account.credentials.find((one) => one.version === step.version);
  const keys = accountKeysOf(counter.house.kit, account, credential);
  if (step.step === 'prove' || step.step === 'fresh') {
    return ok({ step: step.step, handle: step.handle, accountId, keys });
  }
  const { address, role, expiresMs } = step.session;
  return ok({ step: 'done', session: { address, accountId, role, expiresMs }, keys });
}

async function describePhraseStep(
  { house }: Counter,
  account: AccountRow,
  handle: string,
): Promise<Result<Step, AuthRefusal>> {
  const { accountId } = account;
  const wraps = await readWraps(house.reader, accountId);
  const { wrapId, arkVersion, publicKey, sealed } = requireValue(
    wraps.find((one) => one.kind === 'phrase'),
    'the wrap whose token was right',
  );
  const phraseWrap = { wrapId, arkVersion, publicKey: toBase64Url(publicKey), sealed: toBase64Url(sealed) };
  return ok({ step: 'phrase', handle, accountId, keys: accountKeysOf(house.kit, account, undefined), phraseWrap });
}
