// The document workshop of this machine: who starts its workers, what they are shut in with, how many work at once.

import { availableParallelism, freemem } from 'node:os';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Optimise } from '#post/transit/contract.ts';
import { nameFiles } from '#post/transit/names/name-files.ts';
import type { OfficeCheck } from '#post/transit/report/self-check.ts';
import { convertInTurn, type Convert } from '#post/transit/workshop/convert-in-turn.ts';
import { findSandbox, type Sandbox } from '#post/transit/workshop/locks.ts';
import { makeOptimise } from '#post/transit/workshop/make-optimise.ts';
import { startWorker, type StartWorker } from '#post/transit/workshop/start-worker.ts';
import { keepWorkersWaiting } from '#post/transit/workshop/waiting-workers.ts';
import { findWorkersProgram } from './built-workers.ts';
import { findOffice, type FoundOffice } from './find-office.ts';

export interface Workshop extends AsyncDisposable {
  readonly optimise: Optimise;
  /** For the self-check. */
  readonly sandbox: Sandbox;
  readonly office: () => Promise<OfficeCheck>;
}

export interface WorkshopWay {
  /** As many as the machine has cores, unless fewer are wanted. */
  readonly pagesAtOnce?: number;
  /** A job is certain: workers begin at once. Else they begin to wait when the first job is over. */
  readonly isBegun?: boolean;
  /** The documents come from a disk of whoever asks: a swap there tells it nothing new. */
  readonly isOwn?: boolean;
}

export async function openWorkshop(
  clock: Clock,
  { pagesAtOnce = availableParallelism(), isBegun = false, isOwn = false }: WorkshopWay = {},
): Promise<Workshop> {
  const program = await findWorkersProgram();
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
  const office = officeOf(() => findOffice({ sandbox, ...(isOwn && { hasSwap: false }) }));
  // whoever has one job waits for LibreOffice only where it is needed
  if (!isBegun) await office.check();
  return {
    sandbox,
    office: office.check,
    optimise: makeOptimise({
      clock,
      pagesAtOnce,
      nameFiles,
      start: waiting.start,
      convert: office.convert,
      ...(isBegun ? {} : { afterJobs: waiting.rest }),
    }),
    [Symbol.asyncDispose]: waiting.close,
  };
}

const PAGES_WAITING = 2;

/** Looked for once, when it is first asked for. */
function officeOf(look: () => Promise<FoundOffice>): {
  readonly check: () => Promise<OfficeCheck>;
  readonly convert: Convert;
} {
  let found: Promise<FoundOffice & { readonly convert: Convert }> | undefined;
  const find = (): NonNullable<typeof found> =>
    (found ??= look().then((one) => ({ ...one, convert: convertInTurn(one.places) })));
  return {
    check: async () => (await find()).check,
    convert: async (order, signal) => (await find()).convert(order, signal),
  };
}
