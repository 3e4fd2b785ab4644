// Bodies the server answers on /auth/*: shapes the client checks before it believes them.

import * as v from 'valibot';
import {
  accountId,
  appPasswordId,
  base64UrlText,
  instanceId,
  keyring,
  manifest,
  sessionId,
  stretching,
} from './auth-shapes.ts';

const ROLES = ['member', 'operator', 'second', 'clerk', 'officer', 'lawyer'] as const;
const text = v.pipe(v.string(), v.maxLength(1024));
const bytes = base64UrlText(512 * 1024);
const timeMs = v.pipe(v.number(), v.integer(), v.minValue(0));

export const sessionInfo = v.object({ address: text, accountId, role: v.picklist(ROLES), expiresMs: timeMs });

/** What a signed-in client opens its keyring with. `wrap` is empty after a reset by the operator: the phrase is needed. */
export const accountKeys = v.object({
  instanceId,
  credentialVersion: v.number(),
  arkVersion: v.number(),
  wrap: bytes,
  keyring,
  manifest,
  certificate: bytes,
  summaryKey: bytes,
  authKey: bytes,
  /** Ed25519 public key of the door, for the client to pin. */
  doorKey: bytes,
});
export type AccountKeys = v.InferOutput<typeof accountKeys>;

const phraseWrap = v.object({ wrapId: text, arkVersion: v.number(), publicKey: bytes, sealed: bytes });

/** What follows on a right password, code or phrase. */
export const step = v.variant('step', [
  v.object({ step: v.literal('done'), session: sessionInfo, keys: accountKeys }),
  v.object({ step: v.literal('code'), handle: text, accountId }),
  v.object({ step: v.literal('prove'), handle: text, accountId, keys: accountKeys }),
  v.object({ step: v.literal('fresh'), handle: text, accountId, keys: accountKeys }),
  v.object({ step: v.literal('phrase'), handle: text, accountId, keys: accountKeys, phraseWrap }),
  v.object({ step: v.literal('wait'), untilMs: timeMs }),
  /** The mailbox is closed: until then it can be reopened. */
  v.object({ step: v.literal('closed'), handle: text, reopenUntilMs: timeMs }),
]);
export type Step = v.InferOutput<typeof step>;

const registration = { accountId, instanceId, setupId: text, registrationResponse: bytes, stretching };
const candidate = v.object({ loginResponse: bytes, stretching });

export const answers = {
  invitation: v.object({ domain: text }),
  signupStart: v.object({ signupId: text, address: text, doorKey: bytes, ...registration }),
  loginStart: v.object({ loginId: text, accountId, instanceId, candidates: v.tuple([candidate, candidate]) }),
  step,
  recoverLocate: v.object({ accountId, instanceId }),
  credentialStart: v.object({ version: v.number(), ...registration }),
  resetStart: v.object({ resetId: text, address: text, ...registration }),
  nothing: v.object({}),
  challenge: v.object({ challenge: text }),
  session: v.object({
    session: sessionInfo,
    recoveryDueMs: timeMs,
    phraseSet: v.boolean(),
    codeSet: v.boolean(),
    keys: accountKeys,
  }),
  sessions: v.object({
    sessions: v.array(v.object({ id: sessionId, startedMs: timeMs, lastSeenMs: timeMs, current: v.boolean() })),
  }),
  appPasswords: v.object({
    appPasswords: v.array(
      v.object({ id: appPasswordId, sealedName: bytes, createdMs: timeMs, usedDay: v.nullable(timeMs) }),
    ),
  }),
  /** Own addresses, those in use; `domains`: where an alias may be; `left`: how many more. */
  addresses: v.object({
    addresses: v.array(v.object({ address: text, kind: v.picklist(['address', 'alias']) })),
    domains: v.array(text),
    left: timeMs,
  }),
  alias: v.object({ address: text }),
  /** Accounts this one holds beside itself; the wrap is the one sealed to this holder. */
  shared: v.object({
    accounts: v.array(
      v.object({
        accountId,
        address: text,
        keys: accountKeys,
        wrap: phraseWrap,
        /** `hasLeft`: out since `addedMs`, and the account still has the keys it knew: whoever opens it next changes them. */
        holders: v.array(v.object({ accountId, address: text, wrapId: text, addedMs: timeMs, hasLeft: v.boolean() })),
      }),
    ),
  }),
  rules: v.object({ rules: v.array(v.unknown()) }),
  share: v.object({ share: bytes }),
  problem: v.object({ type: text, title: text, detail: text, retryAfterMs: v.optional(timeMs) }),
} as const;

export type AnswerName = keyof typeof answers;
export type AnswerBody<K extends AnswerName> = v.InferOutput<(typeof answers)[K]>;
