// Key worker: the only script that runs OPAQUE. Loaded where a password is typed; ends with the page.

import { clientDoor } from '../client-door.ts';
import { pageEntry } from './page-entry.ts';
import { serveDoor } from './rpc.ts';

const reach: typeof fetch = (input, init) => fetch(input, init);
serveDoor(
  self,
  Promise.resolve(pageEntry(clientDoor.createEntry({ fetch: reach }), () => clientDoor.deviceShare({ fetch: reach }))),
);
