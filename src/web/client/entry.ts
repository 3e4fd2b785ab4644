// Sign-up, sign-in, recovery and change of password: the side of the client where a password is typed (Entry of web/backend.ts).

import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Step } from '#formats/auth-wire/auth-answers.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { parsePhrase, phraseKeys, type PhraseKeys } from '#vault/sealing/client/phrase.ts';
import type { RootKey } from '#vault/sealing/client/root-key.ts';
import { unwrapWith } from '#vault/sealing/client/wraps.ts';
import type { Entry, EntryRefusal, SignedIn, SignInStep } from '../backend.ts';
import { entryRefusal } from './entry-refusal.ts';
import {
  contradicted,
  expired,
  FIRST_TIME,
  finishWithPassword,
  signedIn,
  unwrapShown,
  type Outcome,
  type StepOf,
} from './entry-step.ts';
import { createHttpDoor, type HttpDoor } from './http-door.ts';
import { makeAccount } from './new-account.ts';
import { startRegistering } from './opaque-client.ts';
import { openAccount } from './opened-account.ts';
import { parseSecrets } from './secrets.ts';
import { isTooShort, setPassword } from './set-password.ts';
import { signInWithPassword } from './sign-in.ts';

/** Beside `Entry`: the way out when the second factor is lost too. */
export interface EntryClient extends Entry {
  /** After `code`: starts the 72 hours, or tells how long they still last. */
  codeLost(): Promise<Result<SignInStep, EntryRefusal>>;
}

/** The handle stays here until the code comes; `goOn` takes the step that follows it. */
interface Waiting {
  readonly handle: string;
  readonly goOn: (step: Step) => Outcome<SignedIn>;
}

export function createEntryClient(reach: typeof fetch, clock: Clock): EntryClient {
  const door = createHttpDoor(reach);
  let waiting: Waiting | undefined;
  let closed: Waiting | undefined;

  async function follow(step: Step, goOn: Waiting['goOn']): Outcome<SignInStep> {
    waiting = step.step === 'code' ? { handle: step.handle, goOn } : undefined;
    if (step.step === 'code') return ok({ step: 'code' });
    closed = step.step === 'closed' ? { handle: step.handle, goOn } : undefined;
    if (step.step === 'closed') return ok({ step: 'closed', reopenUntilMs: step.reopenUntilMs });
    const done = await goOn(step);
    return done.ok ? ok({ step: 'done', signedIn: done.value }) : done;
  }

  return {
    async invitation(code) {
      const answer = await door.call('invitation', { code });
      return answer.ok ? answer : err(entryRefusal(answer.error));
    },
    signUp: (of) => signUp(door, clock, of),
    async signIn(of) {
      const opened = await signInWithPassword(door, of, 'session');
      if (!opened.ok) return opened;
      const { step, exportKey } = opened.value;
      return follow(step, (next) => finishWithPassword(door, exportKey, next));
    },
    async giveCode(code) {
      if (!waiting) return expired;
      const { handle, goOn } = waiting;
      const step = await door.call('loginCode', { handle, code });
      if (!step.ok && step.error.kind === 'wrong-code') return err({ kind: 'wrong-code' });
      return step.ok ? follow(step.value, goOn) : err(entryRefusal(step.error));
    },
    async reopen() {
      if (!closed) return expired;
      const { handle, goOn } = closed;
      const step = await door.call('loginReopen', { handle });
      return step.ok ? follow(step.value, goOn) : err(entryRefusal(step.error));
    },
    async recover(of) {
      const located = await recoverWithPhrase(door, of);
      if (!located.ok) return located;
      const { step, phrase } = located.value;
      return follow(step, (next) => finishWithPhrase(door, phrase, of.plainNewPassword, next));
    },
    changePassword: (of) => changePassword(door, of),
    async codeLost() {
      if (!waiting) return expired;
      const step = await door.call('recoverLost', { handle: waiting.handle });
      if (!step.ok) return err(entryRefusal(step.error));
      return step.value.step === 'wait' ? ok({ step: 'wait', untilMs: step.value.untilMs }) : contradicted;
    },
  };
}

async function signUp(
  door: HttpDoor,
  clock: Clock,
  { code, localPart, plainPassword }: Parameters<Entry['signUp']>[0],
): Outcome<SignedIn> {
  if (isTooShort(plainPassword)) return err({ kind: 'password-too-short' });
  const made = await makeMailbox(door, clock, { code, localPart, plainPassword });
  return made.ok ? signedIn(made.value.step, made.value.rootKey, FIRST_TIME) : made;
}

/** The account is made and its first session opened, whoever that session is for. */
export async function makeMailbox(
  door: HttpDoor,
  clock: Clock,
  { code, localPart, plainPassword }: Parameters<Entry['signUp']>[0],
): Outcome<{ readonly step: StepOf<'done'>; readonly rootKey: RootKey }> {
  const registering = await startRegistering(plainPassword);
  const { registrationRequest } = registering;
  const started = await door.call('signupStart', { code, localPart, registrationRequest });
  if (!started.ok) return err(entryRefusal(started.error));
  const { signupId, registrationResponse, stretching, accountId, address } = started.value;
  const registered = registering.finish(registrationResponse, started.value, stretching);
  if (!registered) return contradicted;
  const made = await makeAccount({ accountId, address, ...registered, stretching, nowMs: clock.nowMs() });
  const finished = await door.call('signupFinish', { signupId, ...made.request });
  if (!finished.ok) return err(entryRefusal(finished.error));
  if (finished.value.step !== 'done') return contradicted;
  return ok({ step: finished.value, rootKey: made.rootKey });
}

/** Root key and keyring from the wrap that the old password opened, not from the device: what the server holds must open. */
async function changePassword(door: HttpDoor, of: Parameters<Entry['changePassword']>[0]): Outcome<SignedIn> {
  if (isTooShort(of.plainNewPassword)) return err({ kind: 'password-too-short' });
  const secrets = parseSecrets(of.signedIn.secrets);
  if (!secrets) return expired;
  const login = { address: of.signedIn.session.address, plainPassword: of.plainOldPassword };
  const opened = await signInWithPassword(door, login, 'change');
  if (!opened.ok) return opened;
  const { step, exportKey } = opened.value;
  if (step.step !== 'fresh') return contradicted;
  const rootKey = await unwrapShown(exportKey, step.accountId, step.keys);
  const account = rootKey && (await openAccount(rootKey, step.keys, secrets));
  if (!account?.ok) return contradicted;
  return setPassword(door, account.value, { handle: step.handle, plainNewPassword: of.plainNewPassword });
}

interface Located {
  readonly step: Step;
  readonly phrase: PhraseKeys;
}

async function recoverWithPhrase(door: HttpDoor, of: Parameters<Entry['recover']>[0]): Outcome<Located> {
  if (isTooShort(of.plainNewPassword)) return err({ kind: 'password-too-short' });
  const entropy = parsePhrase(of.plainPhrase);
  if (!entropy.ok) return err({ kind: 'wrong-phrase' });
  const { address } = of;
  const located = await door.call('recoverLocate', { address });
  if (!located.ok) return err(entryRefusal(located.error));
  const phrase = await phraseKeys(entropy.value, located.value.accountId);
  const step = await door.call('recoverStart', { address, token: toBase64Url(phrase.token) });
  return step.ok ? ok({ step: step.value, phrase }) : err(entryRefusal(step.error));
}

async function finishWithPhrase(
  door: HttpDoor,
  { wrapKey }: PhraseKeys,
  plainNewPassword: string,
  step: Step,
): Outcome<SignedIn> {
  if (step.step !== 'phrase') return contradicted;
  const { accountId, phraseWrap, handle } = step;
  const sealed = fromBase64(phraseWrap.sealed);
  const { wrapId, arkVersion } = phraseWrap;
  const rootKey = sealed && (await unwrapWith('phrase', wrapKey, { accountId, wrapId, arkVersion }, sealed));
  const account = rootKey?.ok && (await openAccount(rootKey.value, step.keys, FIRST_TIME));
  return account && account.ok ? setPassword(door, account.value, { handle, plainNewPassword }) : contradicted;
}
