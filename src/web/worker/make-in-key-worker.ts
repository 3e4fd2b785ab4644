// The mail worker asks a key worker of its own to sign a mailbox up: OPAQUE runs there, and the new keys never pass the page.

import { err } from '#base/result.ts';
import type { MakeMailbox } from '../client/holders/make-shared.ts';
import { callDoor } from './call-door.ts';

/** What the key worker does for the mail worker beside `PageEntry`: the page has no type for it. */
export interface MailboxMaker {
  makeMailbox: MakeMailbox;
}

/** `address`: of the key worker's script; the policy of this worker lets only scripts of this server run. */
export function makeInKeyWorker(address: string): MakeMailbox {
  return async (of) => {
    const worker = new Worker(address, { type: 'module' });
    try {
      return await callDoor<MailboxMaker>(worker).makeMailbox(of);
    } catch {
      return err({ kind: 'server-unavailable' });
    } finally {
      worker.terminate();
    }
  };
}
