// The routes of /auth/*: each reads one request, asks one function of this room, answers JSON.

import { Hono, type Context } from 'hono';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { RequestBody, RequestName } from '#formats/auth-wire/auth-requests.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { addAlias, listAddresses, removeAlias } from './aliases.ts';
import { listAppPasswords, putAppPassword, removeAppPassword } from './app-passwords.ts';
import { listShared, putHolder, removeHolder } from './holders.ts';
import { leaveShared } from './leave-held.ts';
import { putRules, readRules } from './door-rules.ts';
import { findSession, refusePeer, type AuthRouting } from './auth-routing.ts';
import { faultAnswer, jsonAnswer, problemAnswer, readRequest } from './auth-edge.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { putPendingCredential, startCredential } from './credential-change.ts';
import { finishReset, startReset } from './operator-reset.ts';
import { startLogin } from './login-start.ts';
import { locateAccount } from './recovery.ts';
import { keepSecondFactor, putSecondFactor, removeSecondFactor } from './second-factor.ts';
import { endedCookie } from './session-token.ts';
import { readSessionState } from './session-state.ts';
import type { LiveSession } from './sessions.ts';
import { readInvitation, startSignUp } from './sign-up.ts';
import { giveChallenge } from './signed-change.ts';
import { closeAccount, putKeyring, putWrap, removeWrap } from './signed-settings.ts';
import { addStepRoutes } from './step-routes.ts';
import { createPeerLimit } from './try-limits.ts';

type Answer = Promise<Result<object | void, AuthRefusal>>;

/** `isSecure`: HTTPS, so the cookie is `__Host-` and Secure. */
export function createAuthRoutes(counter: Counter, isSecure: boolean): Hono {
  const app = new Hono();
  const { house, options } = counter;
  const peerLimit = createPeerLimit(house.clock, limits.login.perPeerPerMinute, options.isUnlimitedPeer);
  const routing: AuthRouting = { app, counter, isSecure, peerLimit };
  app.onError((cause, context) => faultAnswer(context, house.log, cause));
  // A body that nobody reads would cost the connection: every body is read, whatever the answer is.
  app.use(async (context, next) => {
    if (context.req.method === 'POST') await context.req.text();
    await next();
  });
  addEntranceRoutes(routing);
  addStepRoutes(routing);
  addSessionRoutes(routing);
  addSignedRoutes(routing);
  return app;
}

/** What works without a session. What begins something is limited by network address; what goes on with it needs its handle. */
function addEntranceRoutes(routing: AuthRouting): void {
  const { counter } = routing;
  open(routing, '/invitation', 'invitation', (of) => readInvitation(counter, of));
  open(routing, '/signup/start', 'signupStart', (of) => startSignUp(counter, of));
  open(routing, '/login/start', 'loginStart', (of) => startLogin(counter, of));
  open(routing, '/recover/locate', 'recoverLocate', (of) => locateAccount(counter, of));
  open(routing, '/reset/start', 'resetStart', (of) => startReset(counter, of));
  goOn(routing, '/reset/finish', 'resetFinish', (of) => finishReset(counter, of));
  goOn(routing, '/credential/start', 'credentialStart', (of) => startCredential(counter, of));
  goOn(routing, '/credential/pending', 'credentialPending', (of, session) =>
    putPendingCredential(counter, of, session),
  );
}

/** What a session alone may: look, end sessions, cancel the reset of a second factor. */
function addSessionRoutes(routing: AuthRouting): void {
  const { app, counter, isSecure } = routing;
  const { sessions } = counter;
  const get = (path: string, answer: (session: LiveSession) => Answer) =>
    app.get(path, (context) => withSession(routing, context, answer));
  const post = (path: string, answer: (session: LiveSession) => Answer) =>
    app.post(path, (context) => withSession(routing, context, answer));
  get('/session', (session) => readSessionState(counter, session));
  get('/sessions', async (session) => {
    const seen = await sessions.list(session.accountId);
    return ok({ sessions: seen.map((one) => ({ ...one, current: one.id === session.sessionId })) });
  });
  get('/share', async (session) => ok({ share: toBase64Url(sessions.share(session)) }));
  get('/rules', (session) => readRules(counter, session));
  within(routing, '/rules', 'rulesPut', (session, of) => putRules(counter, session, of));
  get('/addresses', (session) => listAddresses(counter, session));
  get('/shared', (session) => listShared(counter, session));
  get('/app-passwords', (session) => listAppPasswords(counter, session));
  post('/challenge', async (session) => ok(giveChallenge(counter, session)));
  post('/recover/cancel', (session) => keepSecondFactor(counter, session));
  within(routing, '/sessions/end', 'sessionEnd', (session, { id }) =>
    sessions.close(session.accountId, [id], session.sessionId),
  );
  app.post('/logout', async (context) => {
    context.header('Set-Cookie', endedCookie(isSecure));
    const session = await findSession(routing, context);
    if (session) await sessions.close(session.accountId, [session.sessionId], session.sessionId);
    return jsonAnswer(context, ok(undefined));
  });
}

/** What needs session and signature of the account-auth key. */
function addSignedRoutes(routing: AuthRouting): void {
  const { counter } = routing;
  within(routing, '/wrap/put', 'wrapPut', (session, of) => putWrap(counter, session, of));
  within(routing, '/wrap/remove', 'wrapRemove', (session, of) => removeWrap(counter, session, of));
  within(routing, '/totp/put', 'totpPut', (session, of) => putSecondFactor(counter, session, of));
  within(routing, '/totp/remove', 'totpRemove', (session, of) => removeSecondFactor(counter, session, of));
  within(routing, '/app-password/put', 'appPasswordPut', (session, of) => putAppPassword(counter, session, of));
  within(routing, '/app-password/remove', 'appPasswordRemove', (session, of) =>
    removeAppPassword(counter, session, of),
  );
  within(routing, '/alias/add', 'aliasAdd', (session, of) => addAlias(counter, session, of));
  within(routing, '/alias/remove', 'aliasRemove', (session, of) => removeAlias(counter, session, of));
  within(routing, '/holder/put', 'holderPut', (session, of) => putHolder(counter, session, of));
  within(routing, '/holder/remove', 'holderRemove', (session, of) => removeHolder(counter, session, of));
  within(routing, '/holder/leave', 'holderLeave', (session, of) => leaveShared(counter, session, of));
  within(routing, '/keyring/put', 'keyringPut', (session, of) => putKeyring(counter, session, of));
  within(routing, '/account/close', 'accountClose', (session, of) => closeAccount(counter, session, of));
}

type Answering<K extends RequestName> = (of: RequestBody<K>, session: LiveSession | undefined) => Answer;

function open<K extends RequestName>(routing: AuthRouting, path: string, name: K, answer: Answering<K>): void {
  routing.app.use(path, async (context, next) => refusePeer(routing, context) ?? (await next()));
  goOn(routing, path, name, answer);
}

function goOn<K extends RequestName>(routing: AuthRouting, path: string, name: K, answer: Answering<K>): void {
  routing.app.post(path, async (context) => {
    const request = await readRequest(context, name);
    if (!request.ok) return problemAnswer(context, request.error);
    return jsonAnswer(context, await answer(request.value, await findSession(routing, context)));
  });
}

function within<K extends RequestName>(
  routing: AuthRouting,
  path: string,
  name: K,
  answer: (session: LiveSession, of: RequestBody<K>) => Answer,
): void {
  routing.app.post(path, (context) =>
    withSession(routing, context, async (session) => {
      const request = await readRequest(context, name);
      return request.ok ? answer(session, request.value) : request;
    }),
  );
}

async function withSession(
  routing: AuthRouting,
  context: Context,
  answer: (session: LiveSession) => Answer,
): Promise<Response> {
  const session = await findSession(routing, context);
  return jsonAnswer(context, session ? await answer(session) : err({ kind: 'signedOut' }));
}
