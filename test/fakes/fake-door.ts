// The stand-in's door: who signs in with which address gets which mailbox.

import { newId, type AccountId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import type { ClientDoor, Entry, SessionInfo, SignedIn } from '#web/backend.ts';
import type { Writing } from '#web/writing.ts';
import { FakeBackend } from './fake-client.ts';
import { listenToLine } from './fake-line.ts';
import { phrase } from './fake-security.ts';
import { fakeWriting } from './fake-writing.ts';
import { hostileLetters } from './held-letters.ts';
import { talkLetters } from './talk-letters.ts';

const HOUR_MS = 3_600_000;

function sessionOf(address: string): SignedIn {
  const session: SessionInfo = {
    address,
    accountId: newId<AccountId>(),
    role: 'operator',
    expiresMs: Date.now() + 30 * 24 * HOUR_MS,
  };
  return { session, secrets: new TextEncoder().encode(JSON.stringify(session)) };
}

export function fakeEntry(): Entry {
  let pending = '';
  return {
    invitation: async (code) =>
      code === 'gone' ? err({ kind: 'invitation-unknown' }) : ok({ domain: 'kanzlei.test' }),
    signUp: async (of) =>
      of.localPart === 'jonas' ? err({ kind: 'address-taken' }) : ok(sessionOf(`${of.localPart}@kanzlei.test`)),
    signIn: async (of) => {
      if (of.plainPassword === 'wrong') return err({ kind: 'wrong-credentials' });
      pending = of.address;
      if (of.address.startsWith('closed@'))
        return ok({ step: 'closed', reopenUntilMs: Date.now() + 14 * 24 * HOUR_MS });
      if (!of.address.startsWith('code@')) return ok({ step: 'done', signedIn: sessionOf(of.address) });
      pending = of.address;
      return ok({ step: 'code' });
    },
    giveCode: async (code) =>
      code === '000000' ? err({ kind: 'wrong-code' }) : ok({ step: 'done', signedIn: sessionOf(pending) }),
    reopen: async () => ok({ step: 'done', signedIn: sessionOf(pending) }),
    codeLost: async () => ok({ step: 'wait', untilMs: Date.now() + 72 * HOUR_MS }),
    recover: async (of) =>
      of.plainPhrase === phrase.join(' ')
        ? ok(of.address.startsWith('code@') ? { step: 'code' } : { step: 'done', signedIn: sessionOf(of.address) })
        : err({ kind: 'wrong-phrase' }),
    changePassword: async (of) =>
      of.plainOldPassword === 'wrong' ? err({ kind: 'wrong-credentials' }) : ok(of.signedIn),
  };
}

function parseSession(secrets: Uint8Array): SessionInfo {
  return JSON.parse(new TextDecoder().decode(secrets)) as SessionInfo;
}

/** Both halves as one object: the worker answers calls by name. */
function withWriting(backend: FakeBackend): FakeBackend & Writing {
  return Object.assign(backend, fakeWriting(backend));
}

/** A letter arrives every 20 s in the live mailbox, and once shortly after it was opened. */
const ARRIVALS_MS = 20_000;

export const clientDoor: ClientDoor = {
  createEntry: () => fakeEntry(),
  openBackend: async ({ signedIn }) => {
    const session = parseSession(signedIn.secrets);
    const localPart = session.address.split('@')[0];
    if (localPart === 'hostile') {
      return withWriting(new FakeBackend(session, hostileLetters.length, Date.now(), hostileLetters));
    }
    if (localPart === 'talk') return withWriting(listenToLine(new FakeBackend(session, 60, Date.now(), talkLetters)));
    const count = localPart === 'many' ? 100_000 : localPart === 'empty' || localPart === 'first' ? 0 : 240;
    const backend = new FakeBackend(session, count);
    listenToLine(backend);
    if (localPart === 'live') setInterval(() => backend.arrive(), ARRIVALS_MS / 10);
    if (localPart === 'first') setTimeout(() => backend.arrive(), ARRIVALS_MS / 3);
    return withWriting(backend);
  },
  deviceShare: async () => new Uint8Array(32).fill(7),
};
