// Shapes that questions and answers of /auth/* share: apart, so that a client which only checks answers carries no questions.

import * as v from 'valibot';
import { isId, type AccountId, type AppPasswordId, type InstanceId, type SessionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';

export const KIB = 1024;

/** base64url text of at most `bytesMax` bytes. */
export function base64UrlText(bytesMax: number) {
  return v.pipe(v.string(), v.maxLength(Math.ceil((bytesMax * 4) / 3)), v.regex(/^[A-Za-z0-9_-]*$/));
}

export const small = base64UrlText(KIB);
export const token = base64UrlText(64);
export const version = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000_000));
export const code = v.pipe(v.string(), v.regex(/^[0-9]{6}$/));

export const accountId = v.custom<AccountId>((value) => typeof value === 'string' && isId(value));
export const instanceId = v.custom<InstanceId>((value) => typeof value === 'string' && isId(value));
export const sessionId = v.custom<SessionId>((value) => typeof value === 'string' && isId(value));
export const appPasswordId = v.custom<AppPasswordId>((value) => typeof value === 'string' && isId(value));

export const stretching = v.strictObject({
  suite: v.literal('argon2id'),
  version: v.pipe(v.number(), v.integer()),
  iterations: v.pipe(v.number(), v.integer()),
  memoryKib: v.pipe(v.number(), v.integer()),
  parallelism: v.pipe(v.number(), v.integer()),
});
export type Stretching = Readonly<v.InferOutput<typeof stretching>>;

export const publicKeys = v.strictObject({
  version,
  certificate: base64UrlText(limits.openpgp.publicKeyBytes),
  summaryKey: token,
  authKey: token,
});
export const keyring = v.strictObject({ version, sealed: base64UrlText(limits.account.keyringBytes) });
export const manifest = v.strictObject({ version, bytes: base64UrlText(64 * KIB) });

export const wrap = v.strictObject({
  wrapId: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)),
  kind: v.picklist(['phrase', 'passkey', 'device', 'holder', 'organisation']),
  arkVersion: version,
  publicKey: token,
  sealed: small,
  tokenHash: v.optional(token),
});

export const credential = v.strictObject({
  version,
  record: small,
  stretching,
  wrap: small,
  arkVersion: version,
});
