// What follows a right password, code or phrase: opening the root key, proving a new credential, and the secrets a device keeps.

import { err, ok, type Result } from '#base/result.ts';
import type { AccountKeys as ShownKeys, Step } from '#formats/auth-wire/auth-answers.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import type { AccountId } from '#base/ids.ts';
import { signChange } from '#vault/sealing/account-change.ts';
import { growKeys, type RootKey } from '#vault/sealing/client/root-key.ts';
import { unwrapWithPassword } from '#vault/sealing/client/wraps.ts';
import type { EntryRefusal, SignedIn } from '../backend.ts';
import { entryRefusal } from './entry-refusal.ts';
import type { HttpDoor } from './http-door.ts';
import { openAccount, secretsOf, type Known } from './opened-account.ts';
import { encodeSecrets } from './secrets.ts';

export type StepOf<S extends Step['step']> = Extract<Step, { readonly step: S }>;
export type Outcome<T> = Promise<Result<T, EntryRefusal>>;

export const FIRST_TIME: Known = { remembered: undefined, doorKey: undefined };
export const expired = err({ kind: 'handle-expired' });
/** Server and keys contradict each other: nothing is shown, nothing is kept. */
export const contradicted = err({ kind: 'server-unavailable' });

/** The root key out of the password's wrap; undefined when it does not open, or is empty after a reset by the operator. */
export async function unwrapShown(
  exportKey: Uint8Array,
  accountId: AccountId,
  { wrap, credentialVersion, arkVersion }: ShownKeys,
): Promise<RootKey | undefined> {
  const sealed = fromBase64(wrap);
  if (!sealed || sealed.length === 0) return undefined;
  const opened = await unwrapWithPassword(exportKey, sealed, { accountId, credentialVersion, arkVersion });
  return opened.ok ? opened.value : undefined;
}

/** `done` or `prove` after the password: ends with an open session and its secrets. */
export async function finishWithPassword(door: HttpDoor, exportKey: Uint8Array, step: Step): Outcome<SignedIn> {
  if (step.step === 'done') {
    const rootKey = await unwrapShown(exportKey, step.session.accountId, step.keys);
    // After a reset by the operator: only phrase, passkey or device re-attach the mail.
    if (!rootKey) return err({ kind: step.keys.wrap === '' ? 'wrong-phrase' : 'server-unavailable' });
    return signedIn(step, rootKey, FIRST_TIME);
  }
  if (step.step !== 'prove') return contradicted;
  const rootKey = await unwrapShown(exportKey, step.accountId, step.keys);
  if (!rootKey) return contradicted;
  const signature = await proveOpened(rootKey, step.keys.credentialVersion, step.handle);
  const proven = await door.call('loginProve', { handle: step.handle, signature });
  if (!proven.ok) return err(entryRefusal(proven.error));
  return proven.value.step === 'done' ? signedIn(proven.value, rootKey, FIRST_TIME) : contradicted;
}

/** Signature that shows the server that this credential's wrap opens. */
export function proveOpened(rootKey: RootKey, version: number, handle: string): Promise<string> {
  return signFor(rootKey, { kind: 'credentialPromoted', effect: { version }, challenge: handle });
}

/** Signature of the account-auth key over a change; `challenge` is the server's, or the handle. */
export async function signFor(
  rootKey: RootKey,
  { kind, effect, challenge }: { readonly kind: string; readonly effect: unknown; readonly challenge: string },
): Promise<string> {
  const { authKey } = await growKeys(rootKey);
  const bytes = fromBase64(challenge) ?? new Uint8Array();
  return toBase64Url(await signChange(authKey, { accountId: rootKey.accountId, kind, effect, challenge: bytes }));
}

export async function signedIn(step: StepOf<'done'>, rootKey: RootKey, known: Known): Outcome<SignedIn> {
  const account = await openAccount(rootKey, step.keys, known);
  if (!account.ok) return contradicted;
  return ok({ session: step.session, secrets: encodeSecrets(secretsOf(account.value)) });
}
