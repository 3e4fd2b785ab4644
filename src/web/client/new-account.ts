// Makes everything a new account hands to the server: keys, sealed keyring, password wrap, signed manifest.

import { requireValue } from '#base/assert.ts';
import type { AccountId } from '#base/ids.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import type { Stretching } from '#formats/auth-wire/auth-shapes.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { sealKeyring } from '#vault/sealing/client/keyring.ts';
import { makeUserKeys } from '#vault/sealing/client/make-user-key.ts';
import { describeAccount, signManifest } from '#vault/sealing/client/manifest.ts';
import { growKeys, makeRootKey, type RootKey } from '#vault/sealing/client/root-key.ts';
import { wrapForPassword } from '#vault/sealing/client/wraps.ts';

export interface NewAccountFacts {
  readonly accountId: AccountId;
  readonly address: string;
  readonly record: string;
  readonly exportKey: Uint8Array;
  readonly stretching: Stretching;
  readonly nowMs: number;
}

export interface NewAccount {
  readonly rootKey: RootKey;
  readonly request: Omit<RequestBody<'signupFinish'>, 'signupId'>;
}

const FIRST = 1;

export async function makeAccount(facts: NewAccountFacts): Promise<NewAccount> {
  const rootKey = makeRootKey(facts.accountId);
  const keys = await growKeys(rootKey);
  const { keyring, certificate, summaryKey } = await makeUserKeys(facts.address, facts.nowMs);
  const sealed = await sealKeyring(keys, keyring);
  const wrap = await wrapForPassword(facts.exportKey, rootKey, FIRST);
  const authKey = keys.authKey.publicKey;
  const manifest = await signManifest(keyring.identitySeed, {
    accountId: facts.accountId,
    version: FIRST,
    previous: null,
    ...describeAccount({
      arkVersion: rootKey.version,
      keyringVersion: keyring.version,
      wraps: [{ id: passwordWrapId(FIRST), sealed: wrap }],
      keys: { version: FIRST, certificate, summaryKey, authKey },
    }),
  });
  return {
    rootKey,
    request: {
      credential: {
        version: FIRST,
        record: facts.record,
        stretching: facts.stretching,
        wrap: toBase64Url(wrap),
        arkVersion: rootKey.version,
      },
      keys: {
        version: FIRST,
        certificate: toBase64Url(certificate),
        summaryKey: toBase64Url(summaryKey),
        authKey: toBase64Url(authKey),
      },
      keyring: {
        version: keyring.version,
        sealed: toBase64Url(requireValue(sealed.ok ? sealed.value : undefined, 'a sealed keyring')),
      },
      manifest: { version: FIRST, bytes: toBase64Url(manifest) },
    },
  };
}

export function passwordWrapId(credentialVersion: number): string {
  return `password:${credentialVersion}`;
}
