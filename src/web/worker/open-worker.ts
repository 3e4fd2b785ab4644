// Starts a worker of our own: the only script addresses the policy `worker` lets through are the three built ones.

import { createPolicy } from '../trusted-types.ts';
import { callDoor } from './call-door.ts';
import type { Backend } from '../backend.ts';
import type { Writing } from '../writing.ts';
import type { PageEntry } from './page-entry.ts';

const own: ReadonlySet<string> = new Set([MAIL_WORKER_URL, KEY_WORKER_URL, DESK_WORKER_URL]);

const policy = createPolicy('worker', {
  createScriptURL: (address: string): string => {
    if (own.has(address)) return address;
    throw new TypeError('not a worker of this page');
  },
});

export function startWorker(address: string, name = ''): Worker {
  return new Worker(policy.createScriptURL(address), { type: 'module', name });
}

/** `shared`: the id of a mailbox held beside the own one. */
export function openMailWorker(shared = ''): Backend & Writing {
  return callDoor<Backend & Writing>(startWorker(MAIL_WORKER_URL, shared));
}

/** `end` stops it: nothing typed stays in its memory. */
export function openKeyWorker(): { readonly entry: PageEntry; end(): void } {
  const worker = startWorker(KEY_WORKER_URL);
  return { entry: callDoor<PageEntry>(worker), end: () => worker.terminate() };
}
