// Bodies a client sends to /auth/*: shapes with bounds, checked once at the server's edge.

import * as v from 'valibot';
import { isId, type AccountId, type AppPasswordId, type InstanceId, type SessionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';

const KIB = 1024;

/** base64url text of at most `bytesMax` bytes. */
export function base64UrlText(bytesMax: number) {
  return v.pipe(v.string(), v.maxLength(Math.ceil((bytesMax * 4) / 3)), v.regex(/^[A-Za-z0-9_-]*$/));
}

const small = base64UrlText(KIB);
const token = base64UrlText(64);
const version = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000_000));
const code = v.pipe(v.string(), v.regex(/^[0-9]{6}$/));

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

/** What makes a change more than a cookie: a one-time challenge of the server, signed together with the change. */
const signed = { challenge: token, signature: small };

export const requests = {
  invitation: v.strictObject({ code: token }),
  signupStart: v.strictObject({
    code: token,
    localPart: v.pipe(v.string(), v.maxLength(256)),
    registrationRequest: small,
  }),
  signupFinish: v.strictObject({
    signupId: token,
    credential,
    keys: publicKeys,
    keyring,
    manifest,
  }),
  loginStart: v.strictObject({ address: v.pipe(v.string(), v.maxLength(512)), startLoginRequest: small }),
  loginFinish: v.strictObject({
    loginId: token,
    candidate: v.picklist([0, 1]),
    finishLoginRequest: small,
    purpose: v.picklist(['session', 'change']),
  }),
  loginCode: v.strictObject({ handle: token, code }),
  loginProve: v.strictObject({ handle: token, signature: small }),
  credentialStart: v.strictObject({ handle: token, registrationRequest: small }),
  credentialPending: v.strictObject({ handle: token, credential, manifest: v.optional(manifest), signature: small }),
  credentialPromote: v.strictObject({ handle: token, signature: small }),
  recoverLocate: v.strictObject({ address: v.pipe(v.string(), v.maxLength(512)) }),
  recoverStart: v.strictObject({ address: v.pipe(v.string(), v.maxLength(512)), token }),
  recoverLost: v.strictObject({ handle: token }),
  resetStart: v.strictObject({ code: token, registrationRequest: small }),
  resetFinish: v.strictObject({ resetId: token, record: small, stretching }),
  sessionEnd: v.strictObject({ id: sessionId }),
  wrapPut: v.strictObject({ wrap, manifest, ...signed }),
  wrapRemove: v.strictObject({ wrapId: v.pipe(v.string(), v.maxLength(64)), manifest, ...signed }),
  totpPut: v.strictObject({ secret: token, code, ...signed }),
  totpRemove: v.strictObject({ code, ...signed }),
  keyringPut: v.strictObject({ keyring, manifest, ...signed }),
  /** `verifier`: what the client says of the secret in its place. */
  appPasswordPut: v.strictObject({ id: appPasswordId, verifier: token, sealedName: small, ...signed }),
  appPasswordRemove: v.strictObject({ id: appPasswordId, ...signed }),
  aliasAdd: v.strictObject({ address: v.pipe(v.string(), v.maxLength(512)), ...signed }),
  aliasRemove: v.strictObject({ address: v.pipe(v.string(), v.maxLength(512)), ...signed }),
  /** `account`: whose holders these are; signed by its account-auth key. `address`: an address of the new holder. */
  holderPut: v.strictObject({
    account: accountId,
    address: v.pipe(v.string(), v.maxLength(512)),
    wrap,
    manifest,
    ...signed,
  }),
  /** Everything the account is sealed with afterwards, at once. */
  holderRemove: v.strictObject({
    account: accountId,
    holder: accountId,
    wraps: v.pipe(v.array(wrap), v.maxLength(limits.account.holdersMax)),
    keys: publicKeys,
    keyring,
    manifest,
    ...signed,
  }),
  /** Each rule as the door's own shape has it: checked where the door reads them. */
  rulesPut: v.strictObject({ rules: v.pipe(v.array(v.unknown()), v.maxLength(limits.account.rulesMax)) }),
  accountClose: v.strictObject({ ...signed }),
} as const;

export type RequestName = keyof typeof requests;
export type RequestBody<K extends RequestName> = v.InferOutput<(typeof requests)[K]>;
