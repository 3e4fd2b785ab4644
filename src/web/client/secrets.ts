// What a device keeps to go on without a password: the root key, the door key it pinned, the highest manifest it has seen.

import * as v from 'valibot';
import type { AccountId } from '#base/ids.ts';
import { accountId as accountIdShape } from '#formats/auth-wire/auth-shapes.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { RememberedManifest } from '#vault/sealing/client/manifest.ts';
import type { RootKey } from '#vault/sealing/client/root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Secrets {
  readonly rootKey: RootKey;
  readonly doorKey: Bytes;
  readonly remembered: RememberedManifest;
}

const shape = v.object({
  v: v.literal(1),
  accountId: accountIdShape,
  arkVersion: v.number(),
  ark: v.string(),
  doorKey: v.string(),
  manifest: v.object({ version: v.number(), sha256: v.string() }),
});

export function encodeSecrets({ rootKey, doorKey, remembered }: Secrets): Bytes {
  return canonicalBytes({
    v: 1,
    accountId: rootKey.accountId,
    arkVersion: rootKey.version,
    ark: toBase64Url(rootKey.bytes),
    doorKey: toBase64Url(doorKey),
    manifest: remembered,
  });
}

/** Undefined when these are not the secrets of this version of the client. */
export function parseSecrets(plainSecrets: Bytes): Secrets | undefined {
  const parsed = v.safeParse(shape, readJson(plainSecrets));
  if (!parsed.success) return undefined;
  const { arkVersion, ark, doorKey, manifest } = parsed.output;
  const bytes = fromBase64(ark);
  const door = fromBase64(doorKey);
  const accountId: AccountId = parsed.output.accountId;
  if (bytes?.length !== 32 || door?.length !== 32) return undefined;
  return { rootKey: { accountId, version: arkVersion, bytes }, doorKey: door, remembered: manifest };
}

function readJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
