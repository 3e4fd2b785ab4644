// Key worker: the only script that runs OPAQUE. Loaded where a password is typed or a shared mailbox is made; ends with that.

import { clientDoor } from '../client-door.ts';
import type { MailboxMaker } from './make-in-key-worker.ts';
import { pageEntry } from './page-entry.ts';
import { serveDoor } from './rpc.ts';

const reach: typeof fetch = (input, init) => fetch(input, init);
const maker: MailboxMaker = {
  makeMailbox: async (of) => (await import('./make-as-nobody.ts')).makeAsNobody(of),
};
const entry = pageEntry(clientDoor.createEntry({ fetch: reach }), () => clientDoor.deviceShare({ fetch: reach }));
serveDoor(self, Promise.resolve({ ...entry, ...maker }));
