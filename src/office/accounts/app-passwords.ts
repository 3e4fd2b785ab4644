// App passwords: made and named by the client in a signed change; here lies a keyed hash of what it says of the secret.

import { createHmac, hkdfSync } from 'node:crypto';
import type { AccountId, AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { readAppPasswords } from '#vault/database/read-app-passwords.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { keep, sessionActor } from './house.ts';
import type { LiveSession } from './sessions.ts';
import { settled, withSignedChange } from './signed-change.ts';

const VERIFIER_BYTES = 32;

export async function listAppPasswords(
  { house }: Counter,
  { accountId }: LiveSession,
): Promise<Result<AnswerBody<'appPasswords'>, AuthRefusal>> {
  const rows = await readAppPasswords(house.reader, accountId);
  const appPasswords = rows.map(({ id, sealedName, createdMs, usedDay = null }) => ({
    id,
    sealedName: toBase64Url(sealedName),
    createdMs,
    usedDay,
  }));
  return ok({ appPasswords });
}

export function putAppPassword(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'appPasswordPut'>,
): Promise<Result<void, AuthRefusal>> {
  return withSignedChange(counter, session, { kind: 'appPasswordPut', of }, async () => {
    const { house } = counter;
    const { accountId, sessionId } = session;
    const verifier = fromBase64(of.verifier);
    if (verifier?.length !== VERIFIER_BYTES || of.sealedName === '') return err({ kind: 'badRequest' });
    const known = await readAppPasswords(house.reader, accountId);
    if (known.length >= limits.account.appPasswordsMax) return err({ kind: 'tooMany' });
    if (known.some(({ id }) => id === of.id)) return err({ kind: 'stale' });
    const hash = toBase64Url(hashVerifier(house.kit, accountId, verifier));
    const effect = { id: of.id, hash, sealedName: of.sealedName, createdMs: house.clock.nowMs() };
    return settled(await keep(house, accountId, { kind: 'appPasswordPut', effect }, sessionActor(sessionId)));
  });
}

/** Connections that signed in with it end. */
export function removeAppPassword(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'appPasswordRemove'>,
): Promise<Result<void, AuthRefusal>> {
  return withSignedChange(counter, session, { kind: 'appPasswordRemoved', of }, async () => {
    const { house } = counter;
    const { accountId, sessionId } = session;
    const known = await readAppPasswords(house.reader, accountId);
    if (!known.some(({ id }) => id === of.id)) return err({ kind: 'gone' });
    const command = { kind: 'appPasswordRemoved', effect: { id: of.id } } as const;
    const removed = settled(await keep(house, accountId, command, sessionActor(sessionId)));
    endAppSessions(counter, accountId, of.id);
    return removed;
  });
}

/** After a removal, a new password or the end of the account. `id` undefined: all of the account. */
export function endAppSessions({ options }: Counter, accountId: AccountId, id: AppPasswordId | undefined): void {
  options.onAppPasswordEnded?.(accountId, id);
}

/** One HMAC is enough: behind it stand 120 random bits, which nobody can go through. The key makes a stolen database alone worthless. */
export function hashVerifier(kit: KeyKit, accountId: AccountId, verifier: Uint8Array): Uint8Array {
  const key = new Uint8Array(hkdfSync('sha256', kit.settingsKey, '', 'siegel/app-password/hash/v1', 32));
  return createHmac('sha256', key).update(`${accountId} `).update(verifier).digest();
}
