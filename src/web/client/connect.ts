// The client's door for the page's workers. OPAQUE and the mailbox are loaded apart: each worker carries only its half.

import { systemClock } from '#base/clock.ts';
import { err, type Result } from '#base/result.ts';
import type { ClientDoor, Entry, EntryRefusal, SignInStep } from '../backend.ts';
import { readDeviceShare } from './device-share.ts';
import type { EntryClient } from './entry.ts';

export const clientDoor: ClientDoor = {
  createEntry: ({ fetch: reach }) => entryWhenNeeded(reach),
  async openBackend({ fetch: reach, signedIn, eventSource, shared }) {
    const { openMailboxClient } = await import('./mailbox-client.ts');
    const openStream = (path: string) => new eventSource(path);
    return openMailboxClient({ reach, signedIn, openStream, clock: systemClock, shared });
  },
  deviceShare: ({ fetch: reach }) => readDeviceShare(reach),
};

/** Beside `Entry`: the way out when the second factor is lost too. */
export type PageEntryClient = Entry & {
  codeLost(): Promise<Result<SignInStep, EntryRefusal>>;
};

function entryWhenNeeded(reach: typeof fetch): PageEntryClient {
  let loading: Promise<EntryClient> | undefined;
  const entry = (): Promise<EntryClient> => {
    loading ??= import('./entry.ts').then(({ createEntryClient }) => createEntryClient(reach, systemClock));
    return loading;
  };
  return {
    invitation: async (code) => (await entry()).invitation(code),
    signUp: async (of) => (await entry()).signUp(of),
    signIn: async (of) => (await entry()).signIn(of),
    giveCode: async (code) => (await entry()).giveCode(code),
    recover: async (of) => (await entry()).recover(of),
    changePassword: async (of) => (await entry()).changePassword(of),
    reopen: async () => (loading ? (await loading).reopen() : err({ kind: 'handle-expired' })),
    codeLost: async () => (loading ? (await loading).codeLost() : err({ kind: 'handle-expired' })),
  };
}
