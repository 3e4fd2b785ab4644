// From the root key to everything that opens mail: the keyring, checked against the account's signed manifest.

import { err, ok, type Result } from '#base/result.ts';
import type { AccountKeys as ShownKeys } from '#formats/auth-wire/auth-answers.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { type Keyring, openKeyring } from '#vault/sealing/client/keyring.ts';
import {
  checkManifest,
  describeAccount,
  type Manifest,
  type RememberedManifest,
  rememberManifest,
  signManifest,
} from '#vault/sealing/client/manifest.ts';
import { type AccountKeys, growKeys, type RootKey, withFormerRoots } from '#vault/sealing/client/root-key.ts';
import { signingKey } from '#vault/sealing/curve-keys.ts';
import type { Secrets } from './secrets.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** All keys of a signed-in account; stays inside the worker. */
export interface OpenedAccount {
  readonly keys: AccountKeys;
  readonly keyring: Keyring;
  readonly manifest: Manifest;
  readonly remembered: RememberedManifest;
  readonly doorKey: Bytes;
  /** X25519 public key that summaries of this account are sealed to. */
  readonly summaryKey: Bytes;
}

export type OpenAccountRefusal = { readonly kind: 'keysAltered' };
const altered = err({ kind: 'keysAltered' });

export interface Known {
  /** Undefined at the first sign-in on a device. */
  readonly remembered: RememberedManifest | undefined;
  readonly doorKey: Bytes | undefined;
}

/** What the server shows is believed only as far as root key, identity key and memory of this device agree with it. */
export async function openAccount(
  rootKey: RootKey,
  shown: ShownKeys,
  known: Known,
): Promise<Result<OpenedAccount, OpenAccountRefusal>> {
  const keys = await growKeys(rootKey);
  const sealed = fromBase64(shown.keyring.sealed);
  const bytes = fromBase64(shown.manifest.bytes);
  const doorKey = fromBase64(shown.doorKey);
  const summaryKey = fromBase64(shown.summaryKey);
  if (!sealed || !bytes || doorKey?.length !== 32 || summaryKey?.length !== 32) return altered;
  if (known.doorKey && toBase64Url(known.doorKey) !== shown.doorKey) return altered;
  const keyring = await openKeyring(keys, shown.keyring.version, sealed);
  if (!keyring.ok) return altered;
  const identityKey = (await signingKey(keyring.value.identitySeed)).publicKey;
  const expected = { accountId: rootKey.accountId, identityKey, remembered: known.remembered };
  const manifest = await checkManifest(bytes, expected);
  if (!manifest.ok || !fits(manifest.value, shown, keys)) return altered;
  return ok({
    keys: withFormerRoots(keys, keyring.value.formerRoots ?? []),
    keyring: keyring.value,
    manifest: manifest.value,
    remembered: rememberManifest(bytes, manifest.value),
    doorKey,
    summaryKey,
  });
}

/** The keys that mail is sealed to must be those the manifest names: otherwise the door seals for somebody else. */
function fits(manifest: Manifest, shown: ShownKeys, keys: AccountKeys): boolean {
  const certificate = fromBase64(shown.certificate);
  const summaryKey = fromBase64(shown.summaryKey);
  if (!certificate || !summaryKey || toBase64Url(keys.authKey.publicKey) !== shown.authKey) return false;
  const { version } = manifest.keys;
  const described = describeAccount({
    arkVersion: keys.rootKey.version,
    keyringVersion: shown.keyring.version,
    wraps: [],
    keys: { version, certificate, summaryKey, authKey: keys.authKey.publicKey },
  });
  return (
    manifest.arkVersion === described.arkVersion &&
    manifest.keyringVersion === described.keyringVersion &&
    manifest.keys.certificateSha256 === described.keys.certificateSha256 &&
    manifest.keys.summaryKey === described.keys.summaryKey &&
    manifest.keys.authKey === described.keys.authKey
  );
}

export function secretsOf(account: OpenedAccount): Secrets {
  return { rootKey: account.keys.rootKey, doorKey: account.doorKey, remembered: account.remembered };
}

/** The next manifest with other wraps, as the server wants it. */
export async function nextManifest(
  account: OpenedAccount,
  wraps: Manifest['wraps'],
): Promise<{ readonly version: number; readonly bytes: string }> {
  const { manifest, remembered, keyring } = account;
  const version = manifest.version + 1;
  const { identity: _, ...rest } = manifest;
  const bytes = await signManifest(keyring.identitySeed, { ...rest, version, wraps, previous: remembered.sha256 });
  return { version, bytes: toBase64Url(bytes) };
}
