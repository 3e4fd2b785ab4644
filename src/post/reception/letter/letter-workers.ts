// The pool of letter workers: hands each letter to the least busy one, replaces a worker that died, bounds the wait.

import { Worker, type WorkerOptions } from 'node:worker_threads';
import { systemClock, type Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { err, type Result } from '#base/result.ts';
import type { JobMessage, OutcomeMessage, WorkerData } from './letter-worker.ts';
import type { LetterJob, ProcessedLetter, ProcessRefusal } from './process-letter.ts';

export type WorkRefusal = ProcessRefusal | { readonly kind: 'notSealed' };

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
  isAlive: boolean;
}

const RESTART_WAIT_MS = 250;
/** A letter is short-lived: a large young generation costs memory for each worker and gains nothing. */
const YOUNG_MIB = 12;

export class LetterWorkers {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #options: LetterWorkersOptions;
  readonly #seats: readonly Seat[];
  #lastNumber = 0;
  #isClosed = false;

  constructor(clock: Clock, log: Log, options: LetterWorkersOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
    this.#seats = Array.from({ length: options.count }, () => {
      const seat: Seat = { worker: this.#startWorker(), waiting: new Map(), restarts: 0, isAlive: true };
      this.#attend(seat);
      return seat;
    });
  }

  /** Never rejects. The letter's buffer is transferred: the caller's view is empty afterwards. */
  process(job: LetterJob, dnsBudgetMs: number): Promise<Result<ProcessedLetter, WorkRefusal>> {
    const seat = this.#isClosed ? undefined : this.#leastBusy();
    if (seat === undefined) return Promise.resolve(err({ kind: 'notSealed' }));
    const number = ++this.#lastNumber;
    const clockAheadMs = Math.round(this.#clock.nowMs() - systemClock.nowMs());
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#finish(seat, number, err({ kind: 'notSealed' })), this.#options.jobWaitMs);
      seat.waiting.set(number, { settle: resolve, timer });
      const message: JobMessage = { number, job, dnsBudgetMs, clockAheadMs };
      seat.worker.postMessage(message, [job.plainLetter.buffer]);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#seats.map(({ worker }) => worker.terminate()));
  }

  #startWorker(): Worker {
    const { domain, doorKey, dnsServers, startWorker } = this.#options;
    // only plain values cross to a thread
    const servers = dnsServers.map(({ address, port }) => ({ address, port }));
    const { keyId, privateKey, publicKey } = doorKey;
    const workerData: WorkerData = { domain, doorKey: { keyId, privateKey, publicKey }, dnsServers: servers };
    const workerOptions = { workerData, name: 'letter', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } };
    return startWorker?.(workerOptions) ?? new Worker(letterWorkerFile, workerOptions);
  }

  #attend(seat: Seat): void {
    seat.worker.on('message', (message: OutcomeMessage) => this.#settle(seat, message));
    seat.worker.on('error', (fault) => this.#log.fault('reception.worker.fault', fault));
    seat.worker.on('exit', () => {
      seat.isAlive = false;
      for (const number of seat.waiting.keys()) this.#finish(seat, number, err({ kind: 'notSealed' }));
      if (this.#isClosed) return;
      this.#log.error('reception.worker.died', { restarts: ++seat.restarts });
      setTimeout(() => {
        if (this.#isClosed) return;
        seat.worker = this.#startWorker();
        seat.isAlive = true;
        this.#attend(seat);
      }, RESTART_WAIT_MS);
    });
  }

  #settle(seat: Seat, message: OutcomeMessage): void {
    if ('outcome' in message) return this.#finish(seat, message.number, message.outcome);
    this.#log.fault('reception.letter.fault', message.fault);
    this.#finish(seat, message.number, err({ kind: 'notSealed' }));
  }

  #finish(seat: Seat, number: number, outcome: Result<ProcessedLetter, WorkRefusal>): void {
    const waiting = seat.waiting.get(number);
    if (waiting === undefined) return; // answered already: it took too long
    seat.waiting.delete(number);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
  }

  /** undefined while all workers are being replaced. */
  #leastBusy(): Seat | undefined {
    let best: Seat | undefined;
    for (const seat of this.#seats)
      if (seat.isAlive && (best === undefined || seat.waiting.size < best.waiting.size)) best = seat;
    return best;
  }
}
