// Signs a shared mailbox up: nobody signs in to it, so the session of its sign-up must not take the place of this browser's.

import { systemClock } from '#base/clock.ts';
import { makeMailbox } from '../client/entry.ts';
import type { MakeMailbox } from '../client/holders/make-shared.ts';
import { createHttpDoor } from '../client/http-door.ts';

const reachAsNobody: typeof fetch = (input, init) => fetch(input, { ...init, credentials: 'omit' });

export const makeAsNobody: MakeMailbox = (of) => makeMailbox(createHttpDoor(reachAsNobody), systemClock, of);
