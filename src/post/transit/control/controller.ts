// The controller: which letters are at work, which results wait, what went back; keys and deadlines; nothing outlives its hour.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Optimise, OptimiseOrder, Progress } from '../contract.ts';
import type { DeletionReceipt, ReceiptSigner } from '../report/receipt.ts';
import type { SelfCheck } from '../report/self-check.ts';
import type { RamStore } from '../store/ram-store.ts';
import { createCrashes, returnUntouched, type Crashes } from './crashes.ts';
import { Job } from './job.ts';
import { answerMessageId, letterKey } from './letter-key.ts';
import { Receipts, type RecordReceipt } from './receipts.ts';
import type { Handed, RoomCounters, RoomRefusal, TransitRoom } from './room.ts';
import { createSlots, type Slots } from './slots.ts';
import type {
  AnswerOrder,
  AnswerRefusal,
  HandOver,
  LetterAnswer,
  OutgoingAnswer,
  TransitLetter,
} from './transit-letter.ts';
import { wipe } from './wipe.ts';
import { within } from './within.ts';

export type ControlBounds = { readonly [K in keyof typeof limits.transit]: number };

export interface ControllerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: RamStore;
  /** Knows letters again and names answers; the same after a restart. */
  readonly key: Uint8Array;
  readonly domain: string;
  readonly signer: ReceiptSigner;
  readonly selfCheck: SelfCheck;
  /** Tests turn single bounds down. */
  readonly bounds?: Partial<ControlBounds>;
  /** Letters at work when the process before this one died of itself, and how often. */
  readonly crashes?: ReadonlyMap<string, number>;
}

export interface ControllerNeighbours {
  readonly optimise: Optimise;
  readonly writeAnswer: (order: AnswerOrder) => Promise<Uint8Array>;
  /** Resolves when whoever takes the result has answered. */
  readonly deliver: (answer: OutgoingAnswer) => Promise<HandOver>;
  readonly record: RecordReceipt;
  /** Told to whoever would see this process die. Keys only. */
  readonly noteWork?: (letter: string, isBegun: boolean) => void;
}

type Worked = Result<{ readonly isUntouched: boolean }, AnswerRefusal>;

/** A letter that came less than an hour ago. */
interface Known {
  readonly letter: string;
  readonly endMs: number;
  readonly stopping: AbortController;
  readonly job: Job;
  work: Promise<Worked>;
  handing: Promise<LetterAnswer> | undefined;
  /** Set once it went back. */
  receipt: string | undefined;
}

export class Controller implements TransitRoom, AsyncDisposable {
  readonly #options: ControllerOptions;
  readonly #neighbours: ControllerNeighbours;
  readonly #bounds: ControlBounds;
  readonly #slots: Slots;
  readonly #crashes: Crashes;
  readonly #receipts: Receipts;
  readonly #known = new Map<string, Known>();
  /** Jobs of the page. */
  readonly #pageJobs = new Map<Job, AbortController>();
  readonly #counted = { jobs: 0, returned: 0, pages: 0, alarms: 0 };
  #sweeper: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ControllerOptions, neighbours: ControllerNeighbours) {
    const { clock, log, signer, selfCheck } = options;
    this.#options = options;
    this.#neighbours = neighbours;
    this.#bounds = { ...limits.transit, ...options.bounds };
    this.#slots = createSlots(this.#bounds.jobsMax, this.#bounds.jobsQueuedMax);
    this.#crashes = createCrashes(clock, options.crashes);
    this.#receipts = new Receipts({ clock, log, signer, selfCheck, record: neighbours.record });
  }

  begin(): void {
    this.#sweeper ??= setInterval(() => {
      this.sweep().catch((cause: unknown) => this.#options.log.fault('transit.sweepFailed', cause));
    }, this.#bounds.sweepMs).unref();
  }

  /** Whether a letter of this size may begin: it and its result must fit. */
  async hasRoomFor(sizeBytes: number): Promise<boolean> {
    const isQueueFull = this.#slots.waiting >= this.#bounds.jobsQueuedMax;
    return !this.#isClosed && !isQueueFull && 2 * sizeBytes <= (await this.#options.store.room());
  }

  /** Resolves with a receipt once the result is taken and everything here is erased; else says what the sender hears. */
  async take(letter: TransitLetter): Promise<LetterAnswer> {
    if (this.#isClosed) return err({ kind: 'closed' });
    const key = letterKey(this.#options.key, letter);
    const known = this.#known.get(key) ?? this.#begin(key, letter);
    if (known === undefined) return err({ kind: 'noRoom' });
    const { budgetMs, submissionBudgetMs, handOverWaitMs } = this.#bounds;
    const worked = await within(known.work, letter.comesAgain ? budgetMs : submissionBudgetMs);
    if (worked === undefined) {
      if (letter.comesAgain) return err({ kind: 'overBudget' });
      await this.#end(known);
      return err({ kind: 'tooLongForProgram' });
    }
    if (!worked.ok) return worked;
    // by now the store has its own copy, sealed
    wipe([letter.plainBody, ...letter.files.map(({ bytes }) => bytes)]);
    known.handing ??= this.#handOver(known, letter, worked.value.isUntouched);
    return (await within(known.handing, handOverWaitMs)) ?? err({ kind: 'outboundLater' });
  }

  async optimise(
    order: OptimiseOrder,
    way: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ): Promise<Result<Handed, RoomRefusal>> {
    if (this.#isClosed) return err({ kind: 'closed' });
    const stopping = new AbortController();
    const signal = AbortSignal.any([way.signal, stopping.signal, AbortSignal.timeout(this.#bounds.dwellMs / 2)]);
    const job = new Job(this.#options.store, this.#options.clock);
    this.#pageJobs.set(job, stopping);
    try {
      const put = await job.putOrder(order);
      // by now the store has its own copy, sealed
      wipe(order.files.map(({ bytes }) => bytes));
      const worked = put.ok
        ? await this.#work(job, { signal, onProgress: way.onProgress })
        : err({ kind: 'noRoom' } as const);
      const kept = worked.ok ? await job.takeResult() : undefined;
      const receipt = await this.#receipts.eraseAndSign(job, kept && this.#options.clock.nowMs());
      if (!worked.ok) return worked;
      if (kept === undefined) return err({ kind: 'crashed' });
      this.#counted.returned += 1;
      return ok({ ...kept, receipt });
    } catch (cause) {
      if (!signal.aborted) this.#options.log.fault('transit.workFailed', cause);
      await this.#receipts.eraseAndSign(job, undefined);
      return err({ kind: 'crashed' });
    } finally {
      this.#pageJobs.delete(job);
    }
  }

  selfCheck(): Promise<SelfCheck> {
    return Promise.resolve(this.#options.selfCheck);
  }

  async counters(): Promise<RoomCounters> {
    const { taken, waiting } = this.#slots;
    const held = [...this.#known.values()].filter(({ receipt }) => receipt === undefined).map(({ job }) => job);
    const nowMs = this.#options.clock.nowMs();
    const oldestMs = Math.max(0, ...[...held, ...this.#pageJobs.keys()].map(({ receivedMs }) => nowMs - receivedMs));
    return { ...this.#counted, ...(await this.#options.store.size()), atWork: taken, waiting, oldestMs };
  }

  findReceipt(job: string): Promise<DeletionReceipt | undefined> {
    return Promise.resolve(this.#receipts.find(job));
  }

  /** Ends what is older than its hour. What the store finds beyond that is a deletion that we forgot. */
  async sweep(): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    for (const known of this.#known.values()) if (known.endMs <= nowMs) await this.#end(known);
    this.#crashes.forgetOld();
    const alarms = await this.#options.store.sweep();
    this.#counted.alarms += alarms;
    if (alarms > 0) this.#options.log.error('transit.deletionForgotten', { objects: alarms });
    await this.#receipts.retry();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    for (const stopping of this.#pageJobs.values()) stopping.abort();
    for (const known of this.#known.values()) await this.#end(known);
    await this.#options.store[Symbol.asyncDispose]();
  }

  /** Undefined: too much is known already. */
  #begin(letter: string, { files, profile }: TransitLetter): Known | undefined {
    const { clock, store } = this.#options;
    const { jobsKnownMax, dwellMs, sweepMs } = this.#bounds;
    if (this.#known.size >= jobsKnownMax) return undefined;
    const stopping = new AbortController();
    const job = new Job(store, clock);
    // two sweeps before the store itself would end it, which is one before the hour is over
    const endMs = clock.monotonicMs() + dwellMs - 3 * sweepMs;
    const work = this.#workOn(letter, job, { files, profile }, stopping.signal);
    const known: Known = { letter, endMs, stopping, job, work, handing: undefined, receipt: undefined };
    this.#known.set(letter, known);
    known.work = work.then(async (worked) => {
      if (!worked.ok) await this.#end(known);
      return worked;
    });
    return known;
  }

  async #workOn(letter: string, job: Job, order: OptimiseOrder, signal: AbortSignal): Promise<Worked> {
    const isUntouched = this.#crashes.isTooMany(letter);
    this.#neighbours.noteWork?.(letter, true);
    try {
      const put = await job.putOrder(order);
      if (!put.ok) return err({ kind: 'noRoom' });
      const worked = await this.#work(job, { signal, onProgress: () => undefined, isUntouched });
      return worked.ok ? ok({ isUntouched }) : worked;
    } catch (cause) {
      if (!signal.aborted) {
        this.#crashes.note(letter);
        this.#options.log.fault('transit.workFailed', cause);
      }
      return err({ kind: 'crashed' });
    } finally {
      this.#neighbours.noteWork?.(letter, false);
    }
  }

  /** Order out of the store, result into it; in between plaintext is in the workers and here. Rejects when the work breaks. */
  async #work(
    job: Job,
    way: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: Progress) => void;
      readonly isUntouched?: boolean;
    },
  ): Promise<Result<void, { readonly kind: 'noRoom' }>> {
    const slot = this.#slots.take();
    if (slot === undefined) return err({ kind: 'noRoom' });
    const free = await slot;
    try {
      way.signal.throwIfAborted();
      this.#counted.jobs += 1;
      const order = await job.takeOrder();
      // gone with a store outside this process: the letter is not to blame, and comes again
      if (order === undefined) return err({ kind: 'noRoom' });
      const result = way.isUntouched === true ? returnUntouched(order) : await this.#neighbours.optimise(order, way);
      way.signal.throwIfAborted();
      this.#counted.pages += result.report.files.reduce((sum, { pages }) => sum + pages.length, 0);
      const put = await job.putResult(result, order.files.length);
      wipe([...order.files, ...result.files].map(({ bytes }) => bytes));
      return put.ok ? put : err({ kind: 'noRoom' });
    } finally {
      free();
    }
  }

  async #handOver(known: Known, letter: TransitLetter, isUntouched: boolean): Promise<LetterAnswer> {
    try {
      const how = await this.#deliver(known, letter, isUntouched);
      if (how === 'taken') {
        const receipt = await this.#receipts.eraseAndSign(known.job, this.#options.clock.nowMs());
        this.#counted.returned += 1;
        known.receipt = receipt.facts.job;
        return ok({ receipt: receipt.facts.job });
      }
      if (how === 'refused') await this.#end(known);
      else known.handing = undefined;
      return err({ kind: how === 'refused' ? 'outboundRefused' : 'outboundLater' });
    } catch (cause) {
      this.#options.log.fault('transit.handOverFailed', cause);
      known.handing = undefined;
      return err({ kind: 'outboundLater' });
    }
  }

  async #deliver(known: Known, letter: TransitLetter, isUntouched: boolean): Promise<HandOver> {
    const { letter: key, job } = known;
    const kept = await job.takeResult();
    if (kept === undefined) {
      // the letter comes again and is worked on anew
      await this.#end(known);
      return 'later';
    }
    const { clock, domain } = this.#options;
    const { sender, messageId, plainSubject, language } = letter;
    const answerId = answerMessageId(this.#options.key, key, { isUntouched, domain });
    const plainLetter = await this.#neighbours.writeAnswer({
      job: job.id,
      to: sender,
      inReplyTo: messageId,
      plainSubject,
      messageId: answerId,
      language,
      files: kept.result.files,
      report: kept.result.report,
      salts: kept.salts,
      receivedMs: job.receivedMs,
      nowMs: clock.nowMs(),
      erasedByMs: job.receivedMs + this.#bounds.dwellMs,
    });
    try {
      return await this.#neighbours.deliver({ to: sender, messageId: answerId, plainLetter, language });
    } finally {
      wipe([plainLetter, ...kept.result.files.map(({ bytes }) => bytes)]);
    }
  }

  /** Stops it, erases it, forgets it; what nobody took has a receipt too. */
  async #end(known: Known): Promise<void> {
    if (this.#known.get(known.letter) !== known) return;
    this.#known.delete(known.letter);
    known.stopping.abort();
    if (known.receipt === undefined) await this.#receipts.eraseAndSign(known.job, undefined);
  }
}
