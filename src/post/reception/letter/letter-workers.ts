// The pool of letter workers: hands each letter to the least busy one, replaces a worker that died, bounds the wait.

import { Worker, type WorkerOptions } from 'node:worker_threads';
import { systemClock, type Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { err, type Result } from '#base/result.ts';
import type { JobMessage, OutcomeMessage, WorkerData } from './letter-worker.ts';
import type { LetterJob, ProcessedLetter, ProcessRefusal } from './process-letter.ts';

export type WorkRefusal = ProcessRefusal | { readonly kind: 'notSealed' };

export interface LetterWorkers {
  /** Never rejects. The letter's buffer is transferred: the caller's view is empty afterwards. */
  process(job: LetterJob, dnsBudgetMs: number): Promise<Result<ProcessedLetter, WorkRefusal>>;
  close(): Promise<void>;
}

export interface LetterWorkersOptions extends WorkerData {
  readonly count: number;
  readonly jobWaitMs: number;
  /** How a worker is started; by default from its file. A program that dropped its rights brings the code in memory. */
  readonly startWorker?: StartLetterWorker | undefined;
}

export type StartLetterWorker = (options: WorkerOptions) => Worker;
/** The worker's own file, for a program that carries it in memory. */
export const letterWorkerFile = new URL('letter-worker.ts', import.meta.url);

interface Waiting {
  readonly settle: (outcome: Result<ProcessedLetter, WorkRefusal>) => void;
  readonly timer: NodeJS.Timeout;
}

interface Seat {
  worker: Worker;
  readonly waiting: Map<number, Waiting>;
  restarts: number;
}

const RESTART_WAIT_MS = 250;
/** A letter is short-lived: a large young generation costs memory for each worker and gains nothing. */
const YOUNG_MIB = 12;

export function createLetterWorkers(clock: Clock, log: Log, options: LetterWorkersOptions): LetterWorkers {
  const { count, jobWaitMs, domain, doorKey, dnsServers } = options;
  // only plain values cross to a thread
  const servers = dnsServers.map(({ address, port }) => ({ address, port }));
  const { keyId, privateKey, publicKey } = doorKey;
  const workerData: WorkerData = { domain, doorKey: { keyId, privateKey, publicKey }, dnsServers: servers };
  const seats: Seat[] = [];
  let lastNumber = 0;
  let isClosed = false;
  for (let index = 0; index < count; index++) {
    const seat: Seat = { worker: startWorker(), waiting: new Map(), restarts: 0 };
    attend(seat);
    seats.push(seat);
  }

  function startWorker(): Worker {
    const workerOptions = { workerData, name: 'letter', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } };
    return options.startWorker?.(workerOptions) ?? new Worker(letterWorkerFile, workerOptions);
  }

  function attend(seat: Seat): void {
    seat.worker.on('message', (message: OutcomeMessage) => settle(seat, message));
    seat.worker.on('error', (fault) => log.fault('reception.worker.fault', fault));
    seat.worker.on('exit', () => {
      for (const number of seat.waiting.keys()) finish(seat, number, err({ kind: 'notSealed' }));
      if (isClosed) return;
      log.error('reception.worker.died', { restarts: ++seat.restarts });
      setTimeout(() => {
        if (isClosed) return;
        seat.worker = startWorker();
        attend(seat);
      }, RESTART_WAIT_MS);
    });
  }

  function settle(seat: Seat, message: OutcomeMessage): void {
    if ('outcome' in message) return finish(seat, message.number, message.outcome);
    log.fault('reception.letter.fault', message.fault);
    finish(seat, message.number, err({ kind: 'notSealed' }));
  }

  function finish(seat: Seat, number: number, outcome: Result<ProcessedLetter, WorkRefusal>): void {
    const waiting = seat.waiting.get(number);
    if (waiting === undefined) return; // answered already: it took too long
    seat.waiting.delete(number);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
  }

  function leastBusy(): Seat {
    let best = seats[0];
    for (const seat of seats) if (best === undefined || seat.waiting.size < best.waiting.size) best = seat;
    if (best === undefined) throw new Error('there must be a letter worker');
    return best;
  }

  return {
    process(job, dnsBudgetMs) {
      if (isClosed) return Promise.resolve(err({ kind: 'notSealed' }));
      const seat = leastBusy();
      const number = ++lastNumber;
      const clockAheadMs = Math.round(clock.nowMs() - systemClock.nowMs());
      return new Promise((resolve) => {
        const timer = setTimeout(() => finish(seat, number, err({ kind: 'notSealed' })), jobWaitMs);
        seat.waiting.set(number, { settle: resolve, timer });
        const message: JobMessage = { number, job, dnsBudgetMs, clockAheadMs };
        seat.worker.postMessage(message, [job.plainLetter.buffer]);
      });
    },
    async close() {
      isClosed = true;
      await Promise.all(seats.map(({ worker }) => worker.terminate()));
    },
  };
}
