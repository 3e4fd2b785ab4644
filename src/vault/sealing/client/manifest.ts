// The account manifest: what an account consists of, signed by its identity key; each device remembers the highest and accepts no lower one (decision 0003 §9).

import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { joinBytes } from '../bytes.ts';
import { signBytes, signingKey, verifyBytes } from '../curve-keys.ts';
import { labelled, sha256 } from '../derive.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Manifest {
  readonly accountId: AccountId;
  readonly version: number;
  readonly arkVersion: number;
  readonly keyringVersion: number;
  /** Wrap id → SHA-256 of the sealed wrap, base64url. The password's wrap has the id `password:VERSION`. */
  readonly wraps: Readonly<Record<string, string>>;
  /** Public keys: certificate by its SHA-256, the others whole, all base64url. */
  readonly keys: {
    readonly version: number;
    readonly certificateSha256: string;
    readonly summaryKey: string;
    readonly authKey: string;
  };
  /** Ed25519 public key that signs, base64url. */
  readonly identity: string;
  /** SHA-256 of the bytes of the manifest before this one, base64url; null for the first. */
  readonly previous: string | null;
}

export type ManifestError =
  | { readonly kind: 'notAManifest' }
  | { readonly kind: 'manifestNotSigned' }
  /** Older than what this device has seen. */
  | { readonly kind: 'manifestRolledBack' }
  /** As new as what this device has seen, but another; or not built on it. */
  | { readonly kind: 'manifestForked' };

const SIGNATURE_BYTES = 64;

/** signature ‖ canonical JSON. */
export async function signManifest(identitySeed: Bytes, manifest: Omit<Manifest, 'identity'>): Promise<Bytes> {
  const key = await signingKey(identitySeed);
  const json = canonicalBytes({ v: 1, ...manifest, identity: toBase64Url(key.publicKey) });
  return joinBytes(await signBytes(key, signedBytes(json)), json);
}

/** What a device keeps of the last manifest it accepted. */
export interface RememberedManifest {
  readonly version: number;
  readonly sha256: string;
}

export function rememberManifest(bytes: Bytes, manifest: Manifest): RememberedManifest {
  return { version: manifest.version, sha256: toBase64Url(sha256(bytes)) };
}

/** The manifest in `bytes` if this identity signed it for this account and it is not older than what is remembered. */
export async function checkManifest(
  bytes: Bytes,
  expected: {
    readonly accountId: AccountId;
    readonly identityKey: Bytes;
    readonly remembered: RememberedManifest | undefined;
  },
): Promise<Result<Manifest, ManifestError>> {
  const json = bytes.slice(SIGNATURE_BYTES);
  const manifest = parseManifest(json);
  if (manifest === undefined || manifest.accountId !== expected.accountId) return err({ kind: 'notAManifest' });
  const isSigned =
    manifest.identity === toBase64Url(expected.identityKey) &&
    (await verifyBytes(expected.identityKey, bytes.slice(0, SIGNATURE_BYTES), signedBytes(json)));
  if (!isSigned) return err({ kind: 'manifestNotSigned' });
  const { remembered } = expected;
  if (remembered !== undefined) {
    if (manifest.version < remembered.version) return err({ kind: 'manifestRolledBack' });
    const isSame = toBase64Url(sha256(bytes)) === remembered.sha256;
    if (manifest.version === remembered.version && !isSame) return err({ kind: 'manifestForked' });
    if (manifest.version === remembered.version + 1 && manifest.previous !== remembered.sha256) {
      return err({ kind: 'manifestForked' });
    }
  }
  return ok(manifest);
}

/** What the server says the account consists of. */
export interface ShownAccount {
  readonly arkVersion: number;
  readonly keyringVersion: number;
  readonly wraps: readonly { readonly id: string; readonly sealed: Bytes }[];
  readonly keys: {
    readonly version: number;
    readonly certificate: Bytes;
    readonly summaryKey: Bytes;
    readonly authKey: Bytes;
  };
}

/** The parts of a manifest that follow from what is stored. */
export function describeAccount(
  shown: ShownAccount,
): Pick<Manifest, 'arkVersion' | 'keyringVersion' | 'wraps' | 'keys'> {
  return {
    arkVersion: shown.arkVersion,
    keyringVersion: shown.keyringVersion,
    wraps: Object.fromEntries(shown.wraps.map(({ id, sealed }) => [id, toBase64Url(sha256(sealed))])),
    keys: {
      version: shown.keys.version,
      certificateSha256: toBase64Url(sha256(shown.keys.certificate)),
      summaryKey: toBase64Url(shown.keys.summaryKey),
      authKey: toBase64Url(shown.keys.authKey),
    },
  };
}

/** Whether the server shows exactly what the manifest names: no wrap too many, none missing, no other key. */
export function matchesManifest(manifest: Manifest, shown: ShownAccount): boolean {
  const { arkVersion, keyringVersion, wraps, keys } = manifest;
  return canonicalJson({ arkVersion, keyringVersion, wraps, keys }) === canonicalJson(describeAccount(shown));
}

function signedBytes(json: Bytes): Bytes {
  return labelled('siegel/manifest/v1', json);
}

function parseManifest(json: Bytes): Manifest | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
    const value = JSON.parse(text) as Manifest & { v: number };
    const isWhole =
      value.v === 1 &&
      [value.version, value.arkVersion, value.keyringVersion].every((count) => Number.isSafeInteger(count)) &&
      fromBase64(value.identity)?.length === 32 &&
      typeof value.wraps === 'object' &&
      typeof value.keys === 'object' &&
      canonicalJson(value) === text;
    return isWhole ? value : undefined;
  } catch {
    return undefined;
  }
}
