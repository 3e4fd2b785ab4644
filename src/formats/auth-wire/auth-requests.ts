// Bodies a client sends to /auth/*: shapes with bounds, checked once at the server's edge.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import {
  small,
  token,
  code,
  accountId,
  sessionId,
  appPasswordId,
  stretching,
  publicKeys,
  keyring,
  manifest,
  wrap,
  credential,
} from './auth-shapes.ts';

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
  loginReopen: v.strictObject({ handle: token }),
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
  /** The person's own access; signed by the person's own account-auth key. */
  holderLeave: v.strictObject({ account: accountId, ...signed }),
  /** Each rule as the door's own shape has it: checked where the door reads them. */
  rulesPut: v.strictObject({ rules: v.pipe(v.array(v.unknown()), v.maxLength(limits.account.rulesMax)) }),
  accountClose: v.strictObject({ ...signed }),
} as const;

export type RequestName = keyof typeof requests;
export type RequestBody<K extends RequestName> = v.InferOutput<(typeof requests)[K]>;
