// A new password: registered, its wrap made, put beside the old one, proven, promoted. Killed anywhere, exactly one of both opens.

import { limits } from '#base/limits.ts';
import { err } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { sha256 } from '#vault/sealing/derive.ts';
import { wrapForPassword } from '#vault/sealing/client/wraps.ts';
import type { SignedIn } from '../backend.ts';
import { entryRefusal } from './entry-refusal.ts';
import { contradicted, proveOpened, signedIn, signFor, type Outcome } from './entry-step.ts';
import type { HttpDoor } from './http-door.ts';
import { passwordWrapId } from './new-account.ts';
import { startRegistering } from './opaque-client.ts';
import { nextManifest, type OpenedAccount } from './opened-account.ts';

export function isTooShort(plainPassword: string): boolean {
  return Array.from(plainPassword).length < limits.account.passwordCharactersMin;
}

/** `handle`: the right to set a credential, from a fresh login or the phrase. */
export async function setPassword(
  door: HttpDoor,
  account: OpenedAccount,
  of: { readonly handle: string; readonly plainNewPassword: string },
): Outcome<SignedIn> {
  const { handle } = of;
  const { rootKey } = account.keys;
  const registering = await startRegistering(of.plainNewPassword);
  const { registrationRequest } = registering;
  const started = await door.call('credentialStart', { handle, registrationRequest });
  if (!started.ok) return err(entryRefusal(started.error));
  const { version, stretching, registrationResponse } = started.value;
  const registered = registering.finish(registrationResponse, started.value, stretching);
  if (!registered) return contradicted;
  const wrap = await wrapForPassword(registered.exportKey, rootKey, version);
  const credential = {
    version,
    record: registered.record,
    stretching,
    wrap: toBase64Url(wrap),
    arkVersion: rootKey.version,
  };
  const wraps = { ...account.manifest.wraps, [passwordWrapId(version)]: toBase64Url(sha256(wrap)) };
  const effect = { credential, manifest: await nextManifest(account, dropOldPasswords(wraps, version)) };
  const signature = await signFor(rootKey, { kind: 'credentialPending', effect, challenge: handle });
  const put = await door.call('credentialPending', { handle, ...effect, signature });
  if (!put.ok) return err(entryRefusal(put.error));
  const proof = await proveOpened(rootKey, version, handle);
  const promoted = await door.call('credentialPromote', { handle, signature: proof });
  if (!promoted.ok) return err(entryRefusal(promoted.error));
  if (promoted.value.step !== 'done') return contradicted;
  return signedIn(promoted.value, rootKey, { remembered: account.remembered, doorKey: account.doorKey });
}

/** The new password's wrap and the one before it: until the change is decided both are right. */
function dropOldPasswords(wraps: Readonly<Record<string, string>>, version: number): Record<string, string> {
  const passwords = Object.keys(wraps)
    .filter((id) => id.startsWith('password:') && id !== passwordWrapId(version))
    .toSorted((a, b) => Number(b.slice(9)) - Number(a.slice(9)));
  const dropped = new Set(passwords.slice(2));
  return Object.fromEntries(Object.entries(wraps).filter(([id]) => !dropped.has(id)));
}
