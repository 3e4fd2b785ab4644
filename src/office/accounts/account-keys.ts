// What a signed-in client is given to open its keyring with; all of it sealed or public.

import { toBase64Url } from '#formats/base64/base64.ts';
import type { AccountKeys } from '#formats/auth-wire/auth-answers.ts';
import type { AccountRow, CredentialRow } from '#vault/database/accounts-read.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';

/** The account's keys with the wrap of `credential`; without one (phrase, reload) the wrap is empty. */
export function accountKeysOf(kit: KeyKit, account: AccountRow, credential: CredentialRow | undefined): AccountKeys {
  return {
    instanceId: kit.instanceId,
    credentialVersion: credential?.version ?? 0,
    arkVersion: credential?.arkVersion ?? 0,
    wrap: credential ? toBase64Url(credential.wrap) : '',
    keyring: { version: account.keyring.version, sealed: toBase64Url(account.keyring.sealed) },
    manifest: { version: account.manifest.version, bytes: toBase64Url(account.manifest.bytes) },
    certificate: toBase64Url(account.certificate),
    summaryKey: toBase64Url(account.summaryKey),
    authKey: toBase64Url(account.authKey),
    doorKey: toBase64Url(kit.doorKey.publicKey),
  };
}
