// The document workshop of this machine: who starts its workers, what they are shut in with, how many work at once.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Optimise } from '#post/transit/contract.ts';
import { nameFiles } from '#post/transit/names/name-files.ts';
import { findSandbox, type Sandbox } from '#post/transit/workshop/locks.ts';
import { makeOptimise } from '#post/transit/workshop/make-optimise.ts';
import { startWorker, type StartWorker } from '#post/transit/workshop/start-worker.ts';
import { workerReads } from '#post/transit/workshop/worker-program.ts';

export interface Workshop {
  readonly optimise: Optimise;
  /** For the self-check. */
  readonly sandbox: Sandbox;
}

/** `pagesAtOnce`: as many as the machine has cores, unless fewer are wanted. */
export async function openWorkshop(clock: Clock, pagesAtOnce = availableParallelism()): Promise<Workshop> {
  const program = { ...workerReads(), file: join(import.meta.dirname, 'worker.ts') };
  const sandbox = await findSandbox(program);
  const locks = { sandbox, hasBounds: true, hasPermissions: true };
  const start: StartWorker = (role) => startWorker(program, role, locks);
  return { sandbox, optimise: makeOptimise({ clock, pagesAtOnce, nameFiles, start }) };
}
