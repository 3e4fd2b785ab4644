// The document workshop of this machine: who starts its workers, what they are shut in with, how many work at once.

import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Optimise } from '#post/transit/contract.ts';
import { nameFiles } from '#post/transit/names/name-files.ts';
import { findSandbox, type Sandbox } from '#post/transit/workshop/locks.ts';
import { makeOptimise } from '#post/transit/workshop/make-optimise.ts';
import { startWorker, type StartWorker } from '#post/transit/workshop/start-worker.ts';
import { keepWorkersWaiting } from '#post/transit/workshop/waiting-workers.ts';
import { workerReads } from '#post/transit/workshop/worker-program.ts';

export interface Workshop extends AsyncDisposable {
  readonly optimise: Optimise;
  /** For the self-check. */
  readonly sandbox: Sandbox;
}

export interface WorkshopWay {
  /** As many as the machine has cores, unless fewer are wanted. */
  readonly pagesAtOnce?: number;
  /** A job is certain: workers begin at once. Else they begin to wait when the first job is over. */
  readonly isBegun?: boolean;
}

export async function openWorkshop(
  clock: Clock,
  { pagesAtOnce = availableParallelism(), isBegun = false }: WorkshopWay = {},
): Promise<Workshop> {
  const program = { ...workerReads(), file: join(import.meta.dirname, 'worker.ts') };
  const sandbox = await findSandbox(program);
  const locks = { sandbox, hasBounds: true, hasPermissions: true };
  const start: StartWorker = (role) => startWorker(program, role, locks);
  const pages = Array.from({ length: Math.min(pagesAtOnce, PAGES_WAITING) }, () => 'page' as const);
  const waiting = keepWorkersWaiting({
    start,
    // whoever has one job needs no binder yet: it begins while pages are made
    roles: isBegun ? ['read', 'page'] : ['read', ...pages, 'bind', 'verify'],
    hasRoom: () => isBegun || freemem() >= limits.transit.waitingSpareBytes,
  });
  if (isBegun) waiting.fill();
  return {
    sandbox,
    optimise: makeOptimise({
      clock,
      pagesAtOnce,
      nameFiles,
      start: waiting.start,
      ...(isBegun ? {} : { afterJobs: waiting.rest }),
    }),
    [Symbol.asyncDispose]: waiting.close,
  };
}

const PAGES_WAITING = 2;
