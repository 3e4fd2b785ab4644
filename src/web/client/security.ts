// Sessions, addresses, recovery phrase and second factor of the signed-in account.

import { err, ok, type Result } from '#base/result.ts';
import type { Backend, ChangeRefusal, SessionInfo } from '../backend.ts';
import { readState, type OpenSession } from './open-session.ts';
import { createDeleted } from './deleted-letters.ts';
import type { SecondFactor } from './second-factor.ts';
import { changeRefusal } from './signed-change.ts';

type Part = Pick<
  Backend,
  | 'signOut'
  | 'sessions'
  | 'endSession'
  | 'security'
  | 'appPasswords'
  | 'makeAppPassword'
  | 'removeAppPassword'
  | 'domains'
  | 'domainReport'
  | 'addresses'
  | 'addAlias'
  | 'removeAlias'
  | 'newPhrase'
  | 'confirmPhrase'
  | 'newCodeSecret'
  | 'confirmCode'
  | 'removeCode'
  | 'deleted'
  | 'bringBack'
  | 'destroyNow'
  | 'closeMailbox'
>;

/** Beside `Backend`: what is due when somebody said the second factor is lost. */
export interface Security extends Part {
  /** When the second factor falls away unless a session cancels; undefined: nothing is due. */
  recoveryDueMs(): Promise<number | undefined>;
  cancelRecovery(): Promise<Result<undefined, ChangeRefusal>>;
}

/** `shown`: the mailbox that is open, where it is not the own one. */
export function createSecurity(session: OpenSession, info: SessionInfo, shown = session): Security {
  return {
    ...createSessionsPart(session),
    ...createPhrasePart(session),
    ...createAppPasswordsPart(session),
    ...createDomainsPart(session),
    ...createAddressesPart(session),
    ...createCodePart(session, info),
    ...createDeleted(shown, session),
  };
}

function createSessionsPart(session: OpenSession) {
  const { door, reach } = session;
  return {
    async signOut() {
      await reach('/auth/logout', { method: 'POST', credentials: 'same-origin' }).catch(() => undefined);
    },
    async sessions() {
      const answer = await door.get('/auth/sessions', 'sessions');
      return answer.ok ? answer.value.sessions : [];
    },
    async endSession(id) {
      const ended = await door.call('sessionEnd', { id });
      return ended.ok ? ok(undefined) : err(changeRefusal(ended.error));
    },
    async security() {
      const state = await readState(door);
      const { phraseSet, codeSet } = state.ok ? state.value : { phraseSet: false, codeSet: false };
      return { phraseSet, codeSet, passwordChangedMs: undefined };
    },
    async recoveryDueMs(): Promise<number | undefined> {
      const state = await readState(door);
      return state.ok && state.value.recoveryDueMs > 0 ? state.value.recoveryDueMs : undefined;
    },
    async cancelRecovery(): Promise<Result<undefined, ChangeRefusal>> {
      const done = await door.ask('/auth/recover/cancel', 'nothing');
      return done.ok ? ok(undefined) : err(changeRefusal(done.error));
    },
  } satisfies Partial<Security>;
}

/** Loaded when they are shown, not with the list. */
function createAppPasswordsPart(session: OpenSession) {
  const load = () => import('./app-passwords.ts');
  return {
    async appPasswords() {
      const read = await (await load()).readAppPasswords(session);
      return read.ok ? read.value : [];
    },
    makeAppPassword: async (plainName) => (await load()).makeAppPassword(session, plainName),
    removeAppPassword: async (id) => (await load()).removeAppPassword(session, id),
  } satisfies Partial<Part>;
}

function createDomainsPart(session: OpenSession) {
  const load = () => import('./domains.ts');
  return {
    domains: async () => (await load()).readDomains(session),
    domainReport: async (domain) => (await load()).readDomainReport(session, domain),
  } satisfies Partial<Part>;
}

function createAddressesPart(session: OpenSession) {
  const load = () => import('./aliases.ts');
  return {
    async addresses() {
      const read = await (await load()).readAddresses(session);
      return read.ok ? read.value : undefined;
    },
    addAlias: async (address) => (await load()).addAlias(session, address),
    removeAlias: async (address) => (await load()).removeAlias(session, address),
  } satisfies Partial<Part>;
}

function createPhrasePart(session: OpenSession) {
  let plainWaiting: string | undefined;
  return {
    async newPhrase() {
      // Words and phrase code are loaded here, not with the list.
      const { makePhrase } = await import('./put-phrase.ts');
      plainWaiting = makePhrase();
      return plainWaiting.split(' ');
    },
    async confirmPhrase(words) {
      if (plainWaiting === undefined || words.join(' ') !== plainWaiting) return err({ kind: 'not-allowed' });
      const { putPhrase } = await import('./put-phrase.ts');
      const put = await putPhrase(session, plainWaiting);
      if (put.ok) plainWaiting = undefined;
      return put.ok ? ok(undefined) : put;
    },
  } satisfies Partial<Part>;
}

/** The secret that waits for its first code stays in the part: it is loaded once. */
function createCodePart(session: OpenSession, info: SessionInfo) {
  let loading: Promise<SecondFactor> | undefined;
  const part = (): Promise<SecondFactor> => {
    loading ??= import('./second-factor.ts').then(({ createSecondFactor }) => createSecondFactor(session, info));
    return loading;
  };
  return {
    newCodeSecret: async () => (await part()).newCodeSecret(),
    confirmCode: async (code) => (await part()).confirmCode(code),
    removeCode: async (code) => (await part()).removeCode(code),
  } satisfies Partial<Part>;
}
