// Desk worker: the desk's work with the account's keys, in a worker of its own that few ever load.

import { systemClock } from '#base/clock.ts';
import { createDeskWork } from '../client/desk/desk-work.ts';
import { readDeviceShare } from '../client/device-share.ts';
import { openSession } from '../client/open-session.ts';
import type { DeskWork } from '../desk-work.ts';
import { openKeep } from './device-keep.ts';
import { serveDoor } from './rpc.ts';

const reach: typeof fetch = (input, init) => fetch(input, init);

async function openDesk(): Promise<DeskWork> {
  const signedIn = await openKeep(() => readDeviceShare(reach));
  const session = signedIn && (await openSession(reach, signedIn));
  if (session?.ok !== true) throw new Error('nobody is signed in here');
  return createDeskWork(session.value, systemClock);
}

serveDoor(self, openDesk());
