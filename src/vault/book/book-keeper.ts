// Keeps the book going: takes what is offered, closes batches, commits, signs heads; after a failure it begins again where the checkpoint stands.

import { requireValue } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { Mutexes } from '#base/mutexes.ts';
import type { KeyRecord } from '../journal/journal.ts';
import type { Bodies } from './bodies.ts';
import { BookStore, type StoreOptions } from './book-store.ts';
import type { SignedHead } from './check/receipt.ts';
import { takeFromJournal, takeOffered, type FeederParts, type FeedSource } from './feeder.ts';
import type { Heads } from './heads.ts';
import { verifyBook, type BookFinding } from './verify-book.ts';

export interface KeeperParts {
  readonly storeOptions: StoreOptions;
  readonly source: FeedSource;
  readonly bodies: Bodies;
  readonly clock: Clock;
  readonly log: Log;
  readonly heads: Heads;
}

const TICK_MS = 30_000;
/** What is offered within so long is taken together. */
const GATHER_MS = 20;

export class BookKeeper {
  readonly #parts: KeeperParts;
  readonly #feeding: FeederParts;
  readonly #turns = new Mutexes<'book'>();
  #store: BookStore;
  #offered: (readonly KeyRecord[])[] = [];
  #offeredCount = 0;
  #lettersSinceMs: number | undefined;
  #signing: Promise<SignedHead> | undefined;
  #waiting: { readonly seq: number; readonly reached: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = 0;
  #failures = 0;
  /** Monotonic time of the last head, or of the start. */
  #signedAtMs: number;
  #isClosed = false;

  constructor(parts: KeeperParts, store: BookStore) {
    this.#parts = parts;
    this.#feeding = { ...parts, isOver: () => this.#isClosed };
    this.#store = store;
    this.#signedAtMs = parts.clock.monotonicMs();
  }

  /** There is always a head, also of an empty book. What the journal holds is taken in the background. */
  async begin(): Promise<void> {
    if (this.#parts.heads.newest === undefined) await this.#turns.run('book', () => this.#signHead());
    this.#wakeIn(0);
  }

  get store(): BookStore {
    return this.#store;
  }

  get newestHead(): SignedHead {
    return requireValue(this.#parts.heads.newest, 'the first head');
  }

  offer(records: readonly KeyRecord[]): void {
    if (this.#isClosed || records.length === 0) return;
    this.#offered.push(records);
    this.#offeredCount += records.length;
    if (this.#offeredCount > limits.book.waitingRecordsMax) this.#forgetOffered(); // the journal has them
    this.#wakeIn(GATHER_MS);
  }

  /** Resolves when everything due was done; rejects with what failed: the next time begins where the checkpoint stands. */
  work(): Promise<void> {
    return this.#turns.run('book', async () => {
      if (this.#store.isBroken) await this.#reopen();
      await this.#work();
    });
  }

  /** A head over everything that is in the book now; at most one a second is signed. */
  headOver(size: number): Promise<SignedHead> {
    const { newestHead } = this;
    if (newestHead.size >= size) return Promise.resolve(newestHead);
    this.#signing ??= this.#signSoon().finally(() => (this.#signing = undefined));
    return this.#signing;
  }

  settled(seq: number): Promise<void> {
    if (this.#store.durable.position >= seq) return Promise.resolve();
    this.#wakeIn(GATHER_MS);
    return new Promise((reached) => this.#waiting.push({ seq, reached }));
  }

  /** Everything that is not as it was promised; nothing is added meanwhile. */
  verify(): Promise<readonly BookFinding[]> {
    return this.#turns.run('book', () => verifyBook(this.#store, this.#parts.heads, this.#parts.bodies));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#signing?.catch(() => undefined);
    await this.#turns.run('book', async () => {
      const isBehind = this.#store.position > this.#store.durable.position;
      if (isBehind && !this.#store.isBroken) await this.#store.commit();
      await this.#store.close();
    });
  }

  async #work(): Promise<void> {
    const { source, clock } = this.#parts;
    for (let records = this.#nextOffered(); records; records = this.#nextOffered()) {
      await takeOffered(this.#feeding, this.#store, records);
    }
    const appliedSeq = source.appliedSeq();
    if (this.#offered.length === 0 && appliedSeq > this.#store.position)
      await takeFromJournal(this.#feeding, this.#store, appliedSeq);
    const { openSinceMs } = this.#store;
    // also when the clock was set back since
    if (openSinceMs !== undefined && Math.abs(clock.nowMs() - openSinceMs) >= limits.book.batchOpenMs)
      this.#store.closeBatch(clock.nowMs());
    const isHeadDue = this.#isHeadDue();
    if (this.#isCommitDue(isHeadDue)) await this.#commit();
    if (isHeadDue) await this.#signHead();
  }

  /** An hour after the last one by the clock, or by the time this program runs when the clock was set back. */
  #isHeadDue(): boolean {
    const { clock } = this.#parts;
    const isHourOver = clock.nowMs() >= this.newestHead.timeMs + limits.book.headEveryMs;
    return isHourOver || clock.monotonicMs() >= this.#signedAtMs + limits.book.headEveryMs;
  }

  #isCommitDue(isHeadDue: boolean): boolean {
    const { waiting, position, durable } = this.#store;
    const nowMs = this.#parts.clock.nowMs();
    if (waiting === 'letters') this.#lettersSinceMs ??= nowMs;
    const isLong = this.#lettersSinceMs !== undefined && nowMs >= this.#lettersSinceMs + limits.book.commitLingerMs;
    return waiting === 'entries' || isLong || (isHeadDue && position > durable.position) || this.#isAskedFor();
  }

  #isAskedFor(): boolean {
    return this.#waiting.some(({ seq }) => seq <= this.#store.position);
  }

  async #commit(): Promise<void> {
    await this.#store.commit();
    this.#lettersSinceMs = undefined;
    const { position } = this.#store.durable;
    const reached = this.#waiting.filter(({ seq }) => seq <= position);
    this.#waiting = this.#waiting.filter(({ seq }) => seq > position);
    for (const waiter of reached) waiter.reached();
  }

  async #signSoon(): Promise<SignedHead> {
    const { clock } = this.#parts;
    const waitMs = Math.min(limits.book.headPauseMs, this.newestHead.timeMs + limits.book.headPauseMs - clock.nowMs());
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    return this.#turns.run('book', () => this.#signHead());
  }

  /** Over what is on the medium alone. Times only grow, whatever the clock does. */
  async #signHead(): Promise<SignedHead> {
    const { bodies, clock, heads } = this.#parts;
    const { size, root } = this.#store.durable;
    const head = bodies.head(size, root, Math.max(clock.nowMs(), (heads.newest?.timeMs ?? -1) + 1));
    await heads.append(head);
    this.#signedAtMs = clock.monotonicMs();
    return head;
  }

  #nextOffered(): readonly KeyRecord[] | undefined {
    const records = this.#offered.shift();
    this.#offeredCount -= records?.length ?? 0;
    return records;
  }

  #forgetOffered(): void {
    this.#offered = [];
    this.#offeredCount = 0;
  }

  /** The timer calls in a moment, or when something is due; the earlier of what is asked wins. */
  #wakeIn(waitMs: number): void {
    if (this.#isClosed) return;
    const atMs = this.#parts.clock.monotonicMs() + waitMs;
    if (this.#timer !== undefined && this.#timerAtMs <= atMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => void this.#tick(), waitMs);
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    try {
      await this.work();
      this.#failures = 0;
      this.#wakeIn(this.#offered.length > 0 ? GATHER_MS : TICK_MS);
    } catch (cause) {
      // said once for each outage; nothing is lost by it, the journal has every record
      if (this.#failures === 0) this.#parts.log.fault('book.failed', cause);
      this.#failures += 1;
      this.#wakeIn(Math.min(TICK_MS, limits.book.retryMs * 2 ** Math.min(this.#failures - 1, 5)));
    }
  }

  /** What was half done is written again: positions are those of the checkpoint, and the journal has every record. */
  async #reopen(): Promise<void> {
    this.#forgetOffered();
    this.#lettersSinceMs = undefined;
    const opened = await BookStore.open(this.#parts.storeOptions);
    if (!opened.ok) throw new Error('the book does not hold what its checkpoint promises');
    const old = this.#store;
    this.#store = opened.value;
    await old.close().catch(() => undefined);
  }
}
