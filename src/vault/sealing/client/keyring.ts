// The keyring: every private key of an account, sealed under a key of the root key; it only ever grows (decision 0003 §8).

import { idToBytes } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { number32 } from '../bytes.ts';
import { openBox, sealBox } from './aead.ts';
import { labelled } from '../derive.ts';
import type { AccountKeys } from './root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Keyring {
  /** Counts writes; the server accepts only the next one (compare and swap). */
  readonly version: number;
  /** Binary transferable secret keys, newest last; no passphrase: the keyring is the lock. */
  readonly openpgp: readonly Bytes[];
  /** X25519 private keys for summaries; each names the version that sealed blobs carry. */
  readonly summary: readonly { readonly version: number; readonly seed: Bytes }[];
  /** Root keys before the present one, for what their lists keys sealed; left out where it was never rotated. */
  readonly formerRoots?: readonly { readonly version: number; readonly bytes: Bytes }[];
  /** Ed25519 seed of the identity key: signs the account manifest, outlives every rotation of the root key. */
  readonly identitySeed: Bytes;
}

export type KeyringError =
  { readonly kind: 'keyringDoesNotOpen' } | { readonly kind: 'keyringTooLarge' } | { readonly kind: 'keyringLostKeys' };

/** AES-256-GCM box; AAD: account, version of the keyring, version of the root key. */
export async function sealKeyring(keys: AccountKeys, keyring: Keyring): Promise<Result<Bytes, KeyringError>> {
  const plain = canonicalBytes({
    v: 1,
    version: keyring.version,
    openpgp: keyring.openpgp.map(toBase64Url),
    summary: keyring.summary.map(({ version, seed }) => ({ version, seed: toBase64Url(seed) })),
    identity: toBase64Url(keyring.identitySeed),
    ...(keyring.formerRoots === undefined
      ? {}
      : { roots: keyring.formerRoots.map(({ version, bytes }) => ({ version, root: toBase64Url(bytes) })) }),
  });
  if (plain.length > limits.account.keyringBytes) return err({ kind: 'keyringTooLarge' });
  return ok(await sealBox(keys.keyringKey, keyringAad(keys, keyring.version), plain));
}

export async function openKeyring(
  keys: AccountKeys,
  version: number,
  sealed: Bytes,
): Promise<Result<Keyring, KeyringError>> {
  const plain = await openBox(keys.keyringKey, keyringAad(keys, version), sealed);
  const keyring = plain === undefined ? undefined : parseKeyring(plain);
  return keyring?.version === version ? ok(keyring) : err({ kind: 'keyringDoesNotOpen' });
}

/** The next version of a keyring. Refuses one that lacks a key of the old: letters would become unreadable. */
export function nextKeyring(old: Keyring, changed: Omit<Keyring, 'version'>): Result<Keyring, KeyringError> {
  const kept =
    containsAll(changed.openpgp.map(toBase64Url), old.openpgp.map(toBase64Url)) &&
    containsAll(changed.summary.map(summaryText), old.summary.map(summaryText)) &&
    containsAll((changed.formerRoots ?? []).map(rootText), (old.formerRoots ?? []).map(rootText)) &&
    toBase64Url(changed.identitySeed) === toBase64Url(old.identitySeed);
  return kept ? ok({ ...changed, version: old.version + 1 }) : err({ kind: 'keyringLostKeys' });
}

function keyringAad(keys: AccountKeys, version: number): Bytes {
  const { accountId, version: arkVersion } = keys.rootKey;
  return labelled('siegel/keyring/v1', idToBytes(accountId), number32(version), number32(arkVersion));
}

function summaryText({ version, seed }: Keyring['summary'][number]): string {
  return `${version}:${toBase64Url(seed)}`;
}

function rootText({ version, bytes }: { readonly version: number; readonly bytes: Bytes }): string {
  return `${version}:${toBase64Url(bytes)}`;
}

function containsAll(all: readonly string[], wanted: readonly string[]): boolean {
  const set = new Set(all);
  return wanted.every((text) => set.has(text));
}

function parseKeyring(plain: Bytes): Keyring | undefined {
  try {
    const json = JSON.parse(new TextDecoder().decode(plain)) as {
      v: number;
      version: number;
      openpgp: string[];
      summary: { version: number; seed: string }[];
      identity: string;
      roots?: { version: number; root: string }[];
    };
    const identitySeed = fromBase64(json.identity);
    if (json.v !== 1 || identitySeed?.length !== 32) return undefined;
    return {
      version: json.version,
      openpgp: json.openpgp.map(requireBytes),
      summary: json.summary.map(({ version, seed }) => ({ version, seed: requireBytes(seed) })),
      ...(json.roots === undefined
        ? {}
        : { formerRoots: json.roots.map(({ version, root }) => ({ version, bytes: requireBytes(root) })) }),
      identitySeed,
    };
  } catch {
    return undefined; // authenticated, so written by a newer client in another form
  }
}

function requireBytes(text: string): Bytes {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new Error('not base64');
  return bytes;
}
