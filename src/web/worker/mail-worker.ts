// Mail worker: holds the keys while a mailbox is open, opens summaries and letters, searches. The page only ever gets what it shows.

import type { Backend } from '../backend.ts';
import { clientDoor } from '../client-door.ts';
import { dropKeep, openKeep } from './device-keep.ts';
import { serveDoor } from './rpc.ts';

const reach: typeof fetch = (input, init) => fetch(input, init);

async function openMailbox(): Promise<Pick<Backend, 'session' | 'signOut'>> {
  const signedIn = await openKeep(() => clientDoor.deviceShare({ fetch: reach }));
  if (!signedIn) return { session: async () => undefined, signOut: async () => undefined };
  const backend = await clientDoor.openBackend({ fetch: reach, signedIn, eventSource: EventSource });
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
