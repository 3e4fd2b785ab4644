// Workers that wait for a job: started, shut in, their libraries loaded, told nothing yet. Each is given away once, to one job.

import { limits } from '#base/limits.ts';
import type { Role, StartWorker, Worker } from './start-worker.ts';

export interface WaitingWorkers {
  /** Gives away one that waits, or begins one. */
  readonly start: StartWorker;
  /** Those begin to wait that are missing: at once. */
  readonly fill: () => void;
  /** Nothing is at work any more: the missing ones begin after a pause, unless a job came meanwhile. */
  readonly rest: () => void;
  /** Those that wait die; resolves when their processes are gone. */
  readonly close: () => Promise<void>;
}

export interface WaitingWay {
  readonly start: StartWorker;
  /** Which should wait, the first needed first. */
  readonly roles: readonly Role[];
  /** The machine has memory to spare for processes that do nothing yet. */
  readonly hasRoom: () => boolean;
  /** Tests turn them down. */
  readonly pauseMs?: number;
  readonly waitMs?: number;
}

export function keepWorkersWaiting(way: WaitingWay): WaitingWorkers {
  const { start, hasRoom, pauseMs = limits.transit.waitingPauseMs, waitMs = limits.transit.waitingMs } = way;
  const roles = way.roles.slice(0, limits.transit.workersWaitingMax);
  const waiting: { readonly role: Role; readonly worker: Worker }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const later = (work: () => void, afterMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(work, afterMs).unref();
  };
  const endAll = async (): Promise<void> => {
    clearTimeout(timer);
    const ending = waiting.splice(0);
    for (const { worker } of ending) worker.kill();
    await Promise.all(ending.map(({ worker }) => worker.ended));
  };
  const fill = (): void => {
    // one that died while it waited is begun anew here only: whatever kills them does not start a chain
    for (let at = waiting.length - 1; at >= 0; at--) if (waiting[at]?.worker.isGone === true) waiting.splice(at, 1);
    const missing = [...roles];
    for (const { role } of waiting) missing.splice(missing.indexOf(role), 1);
    for (const role of missing) if (hasRoom()) waiting.push({ role, worker: start(role) });
    later(() => void endAll(), waitMs);
  };
  return {
    start(role) {
      clearTimeout(timer);
      const at = waiting.findIndex((one) => one.role === role && !one.worker.isGone);
      const [found] = at < 0 ? [] : waiting.splice(at, 1);
      return found?.worker ?? start(role);
    },
    fill,
    rest: () => later(fill, pauseMs),
    close: endAll,
  };
}
