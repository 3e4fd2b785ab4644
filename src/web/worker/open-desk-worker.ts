// Starts the desk's worker, when the desk is first opened.

import type { DeskWork } from '../desk-work.ts';
import { callDoor } from './call-door.ts';
import { startWorker } from './open-worker.ts';

let started: DeskWork | undefined;

export function openDeskWorker(): DeskWork {
  started ??= callDoor<DeskWork>(startWorker(DESK_WORKER_URL));
  return started;
}
