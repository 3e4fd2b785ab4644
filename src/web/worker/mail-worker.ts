// Mail worker: holds the keys while a mailbox is open, opens summaries and letters, searches. The page only ever gets what it shows.

import { parseId, type AccountId } from '#base/ids.ts';
import type { Backend, SignedIn } from '../backend.ts';
import { clientDoor } from '../client-door.ts';
import { dropKeep, openKeep } from './device-keep.ts';
import { serveDoor } from './rpc.ts';

/** The page names the worker after the shared mailbox it wants; otherwise the person's own is opened. */
const shared = parseId<AccountId>(self.name);

const reach: typeof fetch = (input, init) => fetch(input, init);

/** Nobody is signed in here. */
const nobody: Pick<Backend, 'session' | 'signOut'> = {
  session: async () => undefined,
  signOut: async () => undefined,
};

/** Undefined when these keys open nothing any more: what is kept of them goes, and signing in begins anew. */
async function openBackend(signedIn: SignedIn): Promise<Backend | undefined> {
  try {
    return await clientDoor.openBackend({ fetch: reach, signedIn, eventSource: EventSource, shared });
  } catch (cause) {
    const passes = cause instanceof Error && /no-connection|server-unavailable/.test(cause.message);
    // a shared mailbox that was taken away says nothing about the person's own keys
    if (passes || shared !== undefined) throw cause;
    await dropKeep();
    return undefined;
  }
}

async function openMailbox(): Promise<Pick<Backend, 'session' | 'signOut'>> {
  const signedIn = await openKeep(() => clientDoor.deviceShare({ fetch: reach }));
  if (!signedIn) return nobody;
  const backend = await openBackend(signedIn);
  if (!backend) return nobody;
  backend.onChange((event) => served.tell(event));
  const endSession = backend.signOut.bind(backend);
  return Object.assign(backend, {
    signOut: async () => {
      await dropKeep();
      await endSession();
    },
  });
}

const served = serveDoor(self, openMailbox());
