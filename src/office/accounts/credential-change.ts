// A new password: registered, put beside the old one, proven by the client, and only then the one that opens.

import { err, ok, type Result } from '#base/result.ts';
import type { SessionId } from '#base/ids.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { readAccount, type AccountRow } from '#vault/database/accounts-read.ts';
import { endAppSessions } from './app-passwords.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter, SignedInStep } from './counter.ts';
import type { HandleOf } from './handles.ts';
import { keep, SYSTEM, sessionActor } from './house.ts';
import { openSession } from './login-finish.ts';
import { STRETCHING } from './opaque-server.ts';
import type { LiveSession } from './sessions.ts';
import { isSigned, settled } from './signed-change.ts';

type Change = HandleOf<'change'>;

/** The session goes on with the new credential. */
export interface KeptStep {
  readonly step: 'kept';
  readonly session: LiveSession;
  readonly version: number;
}

/** Registration of the new password; the handle remembers setup and version. */
export async function startCredential(
  { house, opaque, handles }: Counter,
  of: RequestBody<'credentialStart'>,
): Promise<Result<AnswerBody<'credentialStart'>, AuthRefusal>> {
  const change = handles.peek(of.handle, 'change');
  const account = change && (await readAccount(house.reader, change.accountId));
  if (!change || !account) return err({ kind: 'handleExpired' });
  const { accountId } = change;
  const registered = opaque.register(accountId, of.registrationRequest);
  if (!registered) return err({ kind: 'badRequest' });
  const version = 1 + Math.max(...account.credentials.map((one) => one.version));
  const { setupId, registrationResponse } = registered;
  handles.replace(of.handle, { ...change, setupId, version });
  return ok({
    version,
    accountId,
    instanceId: house.kit.instanceId,
    setupId,
    registrationResponse,
    stretching: STRETCHING,
  });
}

/** The new credential waits beside the old one; from here both passwords are answered, and the first good login decides. */
export async function putPendingCredential(
  counter: Counter,
  of: RequestBody<'credentialPending'>,
  session: LiveSession | undefined,
): Promise<Result<void, AuthRefusal>> {
  const { house, opaque, handles, queue } = counter;
  const change = handles.peek(of.handle, 'change');
  if (!change || !mayChange(change, session)) return err({ kind: 'handleExpired' });
  const { accountId, setupId, version } = change;
  return queue.run(accountId, async () => {
    const account = await readAccount(house.reader, accountId);
    if (!account || setupId === undefined || of.credential.version !== version) return err({ kind: 'stale' });
    if (account.credentials.some((one) => one.version >= version)) return err({ kind: 'stale' });
    const { handle, signature, ...rest } = of;
    const asked = { kind: 'credentialPending', effect: rest, challenge: handle, signature } as const;
    if (!(await isSigned(account, asked))) return err({ kind: 'badSignature' });
    const record = fromBase64(of.credential.record);
    if (!record || !opaque.isRecord(record) || of.credential.wrap === '') return err({ kind: 'keysUnusable' });
    if (of.manifest && of.manifest.version <= account.manifest.version) return err({ kind: 'stale' });
    const credential = { ...of.credential, setupId };
    const effect = of.manifest ? { credential, manifest: of.manifest } : { credential };
    return settled(await keep(house, accountId, { kind: 'credentialPending', effect }, actorOf(change)));
  });
}

/** The client proved that the new wrap opens: the old credential is erased, other sessions end. */
export async function promoteCredential(
  counter: Counter,
  of: RequestBody<'credentialPromote'>,
  session: LiveSession | undefined,
): Promise<Result<SignedInStep | KeptStep, AuthRefusal>> {
  const { house, handles, queue, sessions } = counter;
  const change = handles.peek(of.handle, 'change');
  if (!change || !mayChange(change, session)) return err({ kind: 'handleExpired' });
  const { accountId, version, by } = change;
  return queue.run(accountId, async () => {
    const account = await readAccount(house.reader, accountId);
    if (!account || version === undefined || !isPending(account, version)) return err({ kind: 'stale' });
    const proof = {
      kind: 'credentialPromoted',
      effect: { version },
      challenge: of.handle,
      signature: of.signature,
    } as const;
    if (!(await isSigned(account, proof))) return err({ kind: 'badSignature' });
    const keepSessions: readonly SessionId[] = by === 'phrase' ? [] : [by];
    const effect = { version, keepSessions, endsAppPasswords: true } as const;
    const promoted = await keep(house, accountId, { kind: 'credentialPromoted', effect }, actorOf(change));
    sessions.forget(accountId);
    endAppSessions(counter, accountId, undefined);
    if (!promoted.ok) return err({ kind: 'serverUnavailable' });
    handles.take(of.handle, 'change');
    return session && by !== 'phrase'
      ? ok({ step: 'kept', session, version })
      : openSession(counter, accountId, version);
  });
}

function isPending(account: AccountRow, version: number): boolean {
  return account.credentials.some((one) => one.version === version && !one.isActive);
}

/** By password only within the session that asked; the phrase needs none. */
function mayChange({ by }: Change, session: LiveSession | undefined): boolean {
  return by === 'phrase' || by === session?.sessionId;
}

function actorOf({ by }: Change) {
  return by === 'phrase' ? SYSTEM : sessionActor(by);
}
