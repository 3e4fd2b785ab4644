// When a letter leaves: takes letters, tries them when they are due, holds what must not go, and ends what is over.

import { newId, type AccountId, type SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { LiveLetter } from '#vault/live/live-store.ts';
import type { StateFile } from '#vault/live/state-file.ts';
import type { CancelRefusal, LetterToSend, Outbox, RecipientProgress, SubmitRefusal } from '../outbox.ts';
import { attempt, domainOf, openByDomain, tellSender, type AttemptWay } from './attempt.ts';
import { Departing } from './departing.ts';
import { DueHeap } from './due-heap.ts';
import { encodeContent, type Answer, type PlainContent } from './envelope.ts';
import { Holds, type Hold, type HoldReason } from './holds.ts';
import { Lanes } from './lanes.ts';
import type { QueueRows } from './neighbours.ts';
import { endDamaged, reconcile } from './reconcile.ts';
import { SenderLimits } from './sender-limits.ts';
import { hasShare } from './shares.ts';
import { OpenQuestions, whyNotWaiting } from './taking-back.ts';

export interface QueueOptions extends Omit<AttemptWay, 'onAnswers' | 'isClosing'> {
  readonly rows: QueueRows;
  readonly state: StateFile;
  /** For benches: accounts may send as much as they like. */
  readonly isUnlimited?: boolean | undefined;
}

export interface QueueStatus {
  readonly waiting: number;
  readonly inFlight: number;
  readonly held: Hold | undefined;
  readonly heldAccounts: ReadonlyMap<AccountId, Hold>;
  /** Since the start. */
  readonly delivered: number;
  readonly failed: number;
  readonly hasFailed: boolean;
}

const TIMER_MS_MAX = 60_000;
const DAY_MS = 86_400_000;

export class Queue implements Outbox, AsyncDisposable {
  readonly #way: AttemptWay;
  readonly #rows: QueueRows;
  readonly #holds: Holds;
  readonly #senders: SenderLimits;
  readonly #isUnlimited: boolean;
  readonly #heap = new DueHeap<SubmissionId>();
  readonly #lanes = new Lanes();
  readonly #departing = new Map<SubmissionId, Departing>();
  readonly #kept = new Map<SubmissionId, PlainContent>();
  #keptBytes = 0;
  readonly #inFlight = new Map<SubmissionId, Promise<void>>();
  #bytesInFlight = 0;
  /** Whose turn with a busy domain came while they were still being put aside. */
  readonly #called = new Set<SubmissionId>();
  readonly #canceling = new OpenQuestions();
  readonly #parked = new Map<AccountId, SubmissionId[]>();
  /** Everything this program has seen wait: the rows are not asked about these. */
  readonly #seen = new Set<SubmissionId>();
  #isReconciled = false;
  #timer: NodeJS.Timeout | undefined;
  #reconcileTimer: NodeJS.Timeout | undefined;
  readonly #sweeper: NodeJS.Timeout;
  readonly #counts = { delivered: 0, failed: 0 };
  #isClosed = false;

  private constructor(options: QueueOptions, holds: Holds) {
    const { rows, state: _, isUnlimited = false, ...way } = options;
    this.#isUnlimited = isUnlimited;
    this.#way = {
      ...way,
      isClosing: () => this.#isClosed,
      onAnswers: (accountId, content, answers) => this.#heard(accountId, content, answers),
    };
    this.#rows = rows;
    this.#holds = holds;
    this.#senders = new SenderLimits(way.clock, rows);
    this.#sweeper = setInterval(() => void this.#sweep(), DAY_MS);
    this.#sweeper.unref();
  }

  /** What waits in the live store goes on at once; what only the journal knows is compared as soon as the database answers. */
  static async open(options: QueueOptions): Promise<Queue> {
    const holds = await Holds.open(options.state, options.clock.nowMs());
    const queue = new Queue(options, holds);
    const { live, journal, clock, log } = options;
    if (live.highestJournalSeq > journal.durableSeq) {
      log.error('delivery.olderJournal', { seen: live.highestJournalSeq, durable: journal.durableSeq });
      await holds.hold(undefined, { reason: 'restored', sinceMs: clock.nowMs() });
    }
    if (live.damagedSlots > 0) log.error('delivery.damagedSlots', { count: live.damagedSlots });
    const waiting = live.letters();
    for (const { id } of waiting) queue.#seen.add(id);
    await queue.#reconcile(waiting, journal.durableSeq);
    for (const { id, state } of waiting) if (state === 'queued') queue.#enqueue(id);
    return queue;
  }

  async submit(
    letter: LetterToSend,
  ): Promise<Result<{ readonly submissionId: SubmissionId; readonly dueMs: number }, SubmitRefusal>> {
    const { accountId } = letter;
    const recipients = letter.recipients.length;
    if (this.#isClosed || this.#way.live.hasFailed || recipients === 0) return err({ kind: 'unavailable' });
    if (recipients > limits.queue.recipientsMax) return err({ kind: 'tooManyRecipients' });
    if (this.#holds.accounts.has(accountId)) return err({ kind: 'held' });
    const room = this.#way.journal.mayAccept();
    if (!room.ok) return err({ kind: room.error.kind === 'diskFull' ? 'diskFull' : 'unavailable' });
    const isTrusted = this.#holds.isTrusted(accountId, this.#way.clock.nowMs());
    const verdict = this.#isUnlimited ? 'ok' : await this.#senders.judge(accountId, recipients, isTrusted);
    if (verdict === 'brake') {
      await this.#brake(accountId, letter.identity, 'mass');
      return err({ kind: 'held' });
    }
    if (verdict === 'tooMany' || !hasShare(this.#way.live, accountId)) return err({ kind: 'tooManyToday' });
    this.#senders.count(accountId, recipients);
    const taken = await this.#take(letter);
    if (!taken.ok) this.#senders.count(accountId, -recipients);
    return taken;
  }

  cancel(accountId: AccountId, submissionId: SubmissionId): Promise<Result<void, CancelRefusal>> {
    return this.#canceling.ask(`${accountId} ${submissionId}`, () => this.#cancel(accountId, submissionId));
  }

  async #cancel(accountId: AccountId, submissionId: SubmissionId): Promise<Result<void, CancelRefusal>> {
    const { live, journal } = this.#way;
    const letter = live.find(submissionId);
    if (letter === undefined || letter.accountId !== accountId)
      return whyNotWaiting({ rows: this.#rows, live }, accountId, submissionId);
    if (letter.state !== 'queued' || letter.attempts > 0 || this.#inFlight.has(submissionId))
      return err({ kind: 'left' });
    const envelope = (this.#kept.get(submissionId) ?? (await this.#departingOf(letter).content()))?.envelope;
    if (this.#inFlight.has(submissionId)) return err({ kind: 'left' });
    await live.end(submissionId, 'canceled', 0, journal.durableSeq);
    this.#heap.remove(submissionId);
    this.#passOn(submissionId);
    this.#forget(submissionId);
    this.#pump();
    const actor = envelope?.actor ?? { kind: 'system', id: new Uint8Array(16) };
    const noted = await journal.note(accountId, actor, { kind: 'submissionCanceled', effect: { submissionId } });
    // not journalled: the slot says so, and the journal hears it at the next start
    return noted.ok ? ok(undefined) : err({ kind: 'unavailable' });
  }

  async progress(accountId: AccountId, submissionId: SubmissionId): Promise<readonly RecipientProgress[] | undefined> {
    const slot = this.#way.live.find(submissionId);
    if (slot === undefined || slot.accountId !== accountId) return undefined;
    const letter = this.#departingOf(slot);
    const recipients = this.#kept.get(submissionId)?.envelope.recipients ?? (await letter.recipients());
    await letter.load();
    return recipients?.map((address, index) => {
      const answer = letter.answers.get(index);
      const { code, enhanced, plainText } = answer ??
        letter.putOff.get(index) ?? { code: 0, enhanced: '', plainText: '' };
      const state = answer === undefined ? 'queued' : answer.kind === 'delivered' ? 'delivered' : 'failed';
      return { address, state, code, enhanced, plainText };
    });
  }

  get status(): QueueStatus {
    return {
      waiting: this.#way.live.letters().length,
      inFlight: this.#inFlight.size,
      held: this.#holds.queue,
      heldAccounts: this.#holds.accounts,
      ...this.#counts,
      hasFailed: this.#way.live.hasFailed,
    };
  }

  /** What waits, the next first: ids, numbers and times only. */
  list(): readonly LiveLetter[] {
    return this.#way.live.letters().toSorted((a, b) => a.dueMs - b.dueMs);
  }

  /** Other rows serve from now on; `isOlder`: put back, or without what was undone. */
  hearEra(era: number, isOlder: boolean): Promise<void> {
    return this.#holds.hearEra(era, isOlder, this.#way.clock.nowMs());
  }

  hold(accountId: AccountId | undefined, reason: HoldReason): Promise<void> {
    return this.#holds.hold(accountId, { reason, sinceMs: this.#way.clock.nowMs() });
  }

  async release(accountId: AccountId | undefined): Promise<void> {
    await this.#holds.release(accountId, this.#way.clock.nowMs());
    if (accountId !== undefined) {
      this.#senders.forgive(accountId);
      const parked = this.#parked.get(accountId) ?? [];
      this.#parked.delete(accountId);
      for (const id of parked) this.#enqueue(id);
    }
    this.#pump();
  }

  /** What is under way may take `stopWaitMs` to finish, then its connections are closed; what waits stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#reconcileTimer);
    clearInterval(this.#sweeper);
    await this.#settleWithin(limits.queue.stopWaitMs);
    await this.#way.transport[Symbol.asyncDispose]();
    await this.#settleWithin(limits.queue.stopWaitMs);
  }

  async #settleWithin(waitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([Promise.all(this.#inFlight.values()), late]);
    clearTimeout(timer);
  }

  async #take(
    letter: LetterToSend,
  ): Promise<Result<{ readonly submissionId: SubmissionId; readonly dueMs: number }, SubmitRefusal>> {
    const { live, journal, clock } = this.#way;
    const { accountId, actor, identity, letterId } = letter;
    const id = newId<SubmissionId>();
    const nowMs = clock.nowMs();
    const dueMs = Math.min(Math.max(letter.dueMs, nowMs), nowMs + limits.queue.aheadMs);
    const plainParts = encodeContent(letter, dueMs);
    const recipients = letter.recipients.length;
    if (!this.#isReconciled) this.#seen.add(id);
    const put = await live.put({ id, accountId, dueMs, recipients, plainParts, journalSeq: journal.durableSeq });
    if (!put.ok) return err({ kind: put.error.kind === 'diskFull' ? 'diskFull' : 'unavailable' });
    const effect = { submissionId: id, letterId, identity, dueMs, recipients };
    const queued = await journal.note(accountId, actor, { kind: 'submissionQueued', effect });
    if (!queued.ok) {
      await live.discard(id);
      return err({ kind: queued.error.kind === 'diskFull' ? 'diskFull' : 'unavailable' });
    }
    live.confirm(id, queued.value.header.seq);
    if (dueMs <= nowMs) this.#keep(id, letter, dueMs);
    this.#enqueue(id);
    return ok({ submissionId: id, dueMs });
  }

  /** A letter that leaves at once need not be read back. */
  #keep(id: SubmissionId, letter: LetterToSend, sendAtMs: number): void {
    const { plainLetter, identity, letterId, mailFrom, recipients, actor } = letter;
    if (this.#keptBytes + plainLetter.length > limits.queue.plainKeptBytes) return;
    this.#keptBytes += plainLetter.length;
    this.#kept.set(id, { envelope: { identity, letterId, mailFrom, recipients, sendAtMs, actor }, plainLetter });
  }

  #unkeep(id: SubmissionId): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#keptBytes -= kept.plainLetter.length;
    this.#kept.delete(id);
  }

  #forget(id: SubmissionId): void {
    this.#unkeep(id);
    this.#departing.delete(id);
    if (this.#isReconciled) this.#seen.delete(id);
  }

  #enqueue(id: SubmissionId): void {
    this.#heap.put(id, this.#way.live.find(id)?.dueMs ?? 0);
    this.#pump();
  }

  /** Whoever does not take its turn with a domain gives it to the next in line. */
  #passOn(id: SubmissionId): void {
    const next = this.#lanes.passOn(id);
    if (next !== undefined) this.#heap.put(next, this.#way.live.find(next)?.dueMs ?? 0);
  }

  #pump(): void {
    if (this.#isClosed || this.#way.live.hasFailed || this.#holds.queue !== undefined) return;
    const { lettersInFlightMax, bytesInFlightMax } = limits.queue;
    while (this.#inFlight.size < lettersInFlightMax && this.#bytesInFlight < bytesInFlightMax) {
      const next = this.#heap.peek();
      if (next === undefined) return;
      const waitMs = next.dueMs - this.#way.clock.nowMs();
      if (waitMs > 0) return this.#wakeIn(waitMs);
      this.#heap.pop();
      const letter = this.#way.live.find(next.id);
      if (letter === undefined) this.#passOn(next.id);
      else if (this.#inFlight.has(next.id)) this.#called.add(next.id);
      else if (this.#holds.accounts.has(letter.accountId)) this.#park(letter);
      else this.#start(letter);
    }
  }

  #wakeIn(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.min(waitMs, TIMER_MS_MAX));
  }

  #park({ id, accountId }: LiveLetter): void {
    const parked = this.#parked.get(accountId);
    if (parked === undefined) this.#parked.set(accountId, [id]);
    else parked.push(id);
    this.#passOn(id);
  }

  #start(letter: LiveLetter): void {
    const { id } = letter;
    const bytes = letter.place.length;
    this.#bytesInFlight += bytes;
    const run = this.#run(letter)
      .catch((cause: unknown) => {
        this.#way.log.fault('delivery.letterFailed', cause);
        return this.#way.clock.nowMs() + (limits.queue.retriesMs[0] ?? 0);
      })
      .then((againMs) => {
        this.#inFlight.delete(id);
        this.#bytesInFlight -= bytes;
        if (againMs === 'waits') {
          if (this.#called.delete(id)) this.#enqueue(id);
        } else {
          this.#unkeep(id);
          this.#passOn(id);
          if (againMs === undefined) this.#forget(id);
          else this.#heap.put(id, againMs);
        }
        this.#pump();
      });
    this.#inFlight.set(id, run);
  }

  /** When it is tried again; undefined: it is over. `waits`: for its turn with a busy domain. */
  async #run(slot: LiveLetter): Promise<number | 'waits' | undefined> {
    const letter = this.#departingOf(slot);
    const content = this.#kept.get(slot.id) ?? (await letter.content());
    if (content === undefined) {
      this.#way.log.error('delivery.letterDamaged', { submissionId: slot.id });
      await endDamaged({ ...this.#way, rows: this.#rows }, slot.id);
      return undefined;
    }
    await letter.load();
    const foreign = [...openByDomain(letter, content.envelope.recipients).keys()].filter(
      (domain) => !this.#way.isOwnDomain(domain),
    );
    if (!this.#lanes.enter(slot.id, foreign)) {
      this.#passOn(slot.id);
      return 'waits';
    }
    try {
      const result = await attempt(this.#way, letter, content);
      return result.kind === 'over' ? undefined : result.dueMs;
    } finally {
      for (const id of this.#lanes.leave(foreign)) this.#enqueue(id);
    }
  }

  #departingOf(slot: LiveLetter): Departing {
    let letter = this.#departing.get(slot.id);
    if (letter === undefined) {
      letter = new Departing(this.#way.live, slot, this.#kept.has(slot.id));
      this.#departing.set(slot.id, letter);
    }
    return letter;
  }

  #heard(accountId: AccountId, { envelope }: PlainContent, answers: readonly Answer[]): void {
    for (const { kind } of answers) this.#counts[kind === 'delivered' ? 'delivered' : 'failed'] += 1;
    const foreign = answers.filter(({ index }) => !this.#way.isOwnDomain(domainOf(envelope.recipients[index] ?? '')));
    const isOdd = this.#senders.heard(accountId, foreign);
    if (isOdd && !this.#holds.isTrusted(accountId, this.#way.clock.nowMs()))
      void this.#brake(accountId, envelope.identity, 'unknownRecipients');
  }

  async #brake(accountId: AccountId, identity: string, reason: HoldReason): Promise<void> {
    if (this.#holds.accounts.has(accountId)) return;
    this.#way.log.warn('delivery.accountHeld', { accountId, isMass: reason === 'mass' });
    await this.hold(accountId, reason).catch((cause: unknown) => this.#way.log.fault('delivery.holdNotKept', cause));
    await tellSender(this.#way, 'held', { to: identity });
  }

  /** Tries until the database answers; letters that wait go on meanwhile. */
  async #reconcile(waiting: readonly LiveLetter[], startSeq: number): Promise<void> {
    if (this.#isClosed) return;
    const way = { ...this.#way, rows: this.#rows, holds: this.#holds, seen: this.#seen };
    try {
      if (this.#rows.hasApplied(startSeq)) {
        for (const id of await reconcile(way, waiting)) this.#enqueue(id);
        this.#isReconciled = true;
        this.#seen.clear();
        return;
      }
    } catch (cause) {
      this.#way.log.fault('delivery.notCompared', cause);
    }
    this.#reconcileTimer = setTimeout(() => void this.#reconcile(waiting, startSeq), limits.queue.reconcileRetryMs);
    this.#reconcileTimer.unref();
  }

  async #sweep(): Promise<void> {
    await this.#way.live.sweep().catch((cause: unknown) => this.#way.log.fault('delivery.notSwept', cause));
  }
}
