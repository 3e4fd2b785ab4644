// New keys for a mailbox that somebody leaves: what is sealed afterwards opens with none of the old ones, what was sealed before still opens.

import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { nextKeyring, sealKeyring } from '#vault/sealing/client/keyring.ts';
import { makeUserKeys } from '#vault/sealing/client/make-user-key.ts';
import { describeAccount, signManifest, type Manifest } from '#vault/sealing/client/manifest.ts';
import { growKeys, makeRootKey, type RootKey } from '#vault/sealing/client/root-key.ts';
import type { OpenedAccount } from '../opened-account.ts';

export interface RotatedKeys {
  readonly rootKey: RootKey;
  /** As the server takes them. */
  readonly keys: {
    readonly version: number;
    readonly certificate: string;
    readonly summaryKey: string;
    readonly authKey: string;
  };
  readonly keyring: { readonly version: number; readonly sealed: string };
  /** The next manifest, naming these wraps alone. */
  manifestWith(wraps: Manifest['wraps']): Promise<{ readonly version: number; readonly bytes: string }>;
}

/** The identity key stays: by it the other holders know the mailbox again. */
export async function rotateKeys(
  account: OpenedAccount,
  address: string,
  nowMs: number,
): Promise<Result<RotatedKeys, { readonly kind: 'keyringTooLarge' }>> {
  const { keys: old, keyring, manifest: before, remembered } = account;
  const rootKey = makeRootKey(old.rootKey.accountId, old.rootKey.version + 1);
  const [grown, made] = [await growKeys(rootKey), await makeUserKeys(address, nowMs)];
  const version = before.keys.version + 1;
  const seeds = made.keyring.summary.map(({ seed }) => ({ version, seed }));
  const next = nextKeyring(keyring, {
    openpgp: [...keyring.openpgp, ...made.keyring.openpgp],
    summary: [...keyring.summary, ...seeds],
    formerRoots: [...(keyring.formerRoots ?? []), { version: old.rootKey.version, bytes: old.rootKey.bytes }],
    identitySeed: keyring.identitySeed,
  });
  const sealed = next.ok ? await sealKeyring(grown, next.value) : next;
  if (!next.ok || !sealed.ok) return err({ kind: 'keyringTooLarge' });
  const { certificate, summaryKey } = made;
  const authKey = grown.authKey.publicKey;
  const described = describeAccount({
    arkVersion: rootKey.version,
    keyringVersion: next.value.version,
    wraps: [],
    keys: { version, certificate, summaryKey, authKey },
  });
  return ok({
    rootKey,
    keys: {
      version,
      certificate: toBase64Url(certificate),
      summaryKey: toBase64Url(summaryKey),
      authKey: toBase64Url(authKey),
    },
    keyring: { version: next.value.version, sealed: toBase64Url(sealed.value) },
    async manifestWith(wraps) {
      const bytes = await signManifest(keyring.identitySeed, {
        accountId: rootKey.accountId,
        version: before.version + 1,
        previous: remembered.sha256,
        ...described,
        wraps,
      });
      return { version: before.version + 1, bytes: toBase64Url(bytes) };
    },
  });
}
