// Brings durable records into the rows: strictly in the journal's order, in batches, once, whatever the database does meanwhile.

import type { AccountId, InstanceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Result } from '#base/result.ts';
import type { AppendRefusal, ErasedContent, Journal, KeyRecord, VoidedContent } from '../journal/journal.ts';
import { applyRecords } from './apply.ts';
import { prepareDatabase, type DatabaseRefusal, type PrepareOptions } from './check-database.ts';
import type { AccountState } from './effects/counters.ts';
import { splitByOwner } from './guarded-records.ts';
import type { Database } from './open-database.ts';
import { RecordStore, type StoreBounds } from './record-store.ts';
import { inLargeBatches } from './replay-batches.ts';
import { classifyFailure, ConnectionLost, type Session } from './session.ts';

/** A journal that can also say, and tell, that a command's effect could not be applied. */
export interface VoidingJournal extends Journal {
  /** Undefined: it is known now, and the journal is not told. */
  appendVoided(content: VoidedContent): Promise<Result<KeyRecord | undefined, AppendRefusal>>;
  /** Only where the journal is written. */
  appendErased?(accountId: AccountId | undefined, content: ErasedContent): Promise<Result<KeyRecord, AppendRefusal>>;
  /** Seqs that voided records after `afterSeq` name. */
  findVoided(afterSeq: number): Promise<ReadonlySet<number>>;
}

export type Apply = (
  tx: Session,
  records: readonly KeyRecord[],
  voided: ReadonlySet<number>,
) => Promise<readonly AccountState[]>;
export type AppliedListener = (states: readonly AccountState[], records: readonly KeyRecord[]) => void;

export interface QueueOptions {
  readonly log: Log;
  readonly database: Database;
  readonly journal: VoidingJournal;
  readonly instanceId: InstanceId;
  /** How a batch is applied inside its transaction; tests put a twin here. */
  readonly apply?: Apply;
  /** How the tables are made; a pending migration may wait for a change that is approved. */
  readonly prepare?: PrepareOptions;
  /** Rows beside a house that serves: small batches, and as much time as one takes is left to letters that come meanwhile. */
  readonly isGentle?: boolean;
  /** How much may wait in memory; default: limits.database. */
  readonly memory?: StoreBounds;
}

export interface DatabaseHealth {
  readonly state: 'starting' | 'up' | 'down' | 'refused';
  readonly refusal?: DatabaseRefusal;
  readonly appliedSeq: number;
  /** Records that are durable and not yet in the rows. */
  readonly behind: number;
  /** Letters whose rows could not be made; they stay in the journal. */
  readonly heldBack: number;
}

const GAP_WAIT_MS = 20;
const RETRIES_MAX = 5;

export class ApplyQueue {
  readonly #options: QueueOptions;
  readonly #apply: Apply;
  readonly #store: RecordStore;
  readonly #voided = new Set<number>();
  readonly #outcomes = new Map<number, (outcome: 'applied' | 'voided') => void>();
  readonly #listeners = new Set<AppliedListener>();
  #watchers: { readonly seq: number; readonly reached: () => void }[] = [];
  #state: DatabaseHealth['state'] = 'starting';
  #refusal: DatabaseRefusal | undefined;
  #session: Session | undefined;
  #appliedSeq = 0;
  #heldBack = 0;
  #isDue = false;
  #lingering: NodeJS.Timeout | undefined;
  #wake: () => void = () => {};
  #isClosed = false;
  #firstTry: () => void = () => {};
  #work: Promise<void> = Promise.resolve();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#store = new RecordStore(options.memory ?? limits.database);
    this.#apply = options.apply ?? applyRecords;
  }

  /** Resolves after the first try to connect, whatever came of it. */
  async start(): Promise<DatabaseHealth> {
    const tried = new Promise<void>((resolve) => (this.#firstTry = resolve));
    this.#work = this.#run();
    await tried;
    return this.health;
  }

  get health(): DatabaseHealth {
    const behind = Math.max(0, this.#options.journal.durableSeq - this.#appliedSeq);
    const known = { state: this.#state, appliedSeq: this.#appliedSeq, behind, heldBack: this.#heldBack };
    return this.#refusal === undefined ? known : { ...known, refusal: this.#refusal };
  }

  /** Takes durable records. Letters may wait for company; `urgent` ones may not. */
  offer(records: readonly KeyRecord[], urgent: boolean): void {
    this.#store.put(records, this.#appliedSeq);
    if (urgent || this.#store.size >= limits.database.applyBatchRecords) return this.#flush();
    this.#lingering ??= setTimeout(() => this.#flush(), limits.database.applyLingerMs);
  }

  /** What became of a record that was offered; undefined when that is not known after `waitMs`. */
  outcomeOf(seq: number, waitMs: number): Promise<'applied' | 'voided' | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#outcomes.delete(seq);
        resolve(undefined);
      }, waitMs);
      this.#outcomes.set(seq, (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      });
    });
  }

  /** True once everything durable now (of one account, or of all) is in the rows; false after `waitMs` without. */
  settled(accountId: AccountId | undefined, waitMs: number): Promise<boolean> {
    const seq = this.#targetOf(accountId);
    if (this.#state === 'up' && this.#appliedSeq >= seq) return Promise.resolve(true);
    if (this.#state === 'refused') return Promise.resolve(false);
    this.#flush();
    return new Promise((resolve) => {
      const watcher = { seq, reached: () => finish(true) };
      const timer = setTimeout(() => finish(false), waitMs);
      const finish = (isReached: boolean): void => {
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((other) => other !== watcher);
        resolve(isReached);
      };
      this.#watchers.push(watcher);
    });
  }

  onApplied(listener: AppliedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Applies what waits if the database is there, then ends. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#state === 'up') await this.settled(undefined, limits.database.commitWaitMs);
    this.#isClosed = true;
    clearTimeout(this.#lingering);
    this.#wake();
    await this.#work;
    await this.#session?.close();
  }

  #targetOf(accountId: AccountId | undefined): number {
    const durable = this.#options.journal.durableSeq;
    if (this.#state !== 'up' || accountId === undefined || !this.#store.isComplete) return durable;
    return this.#store.lastSeqOf(accountId);
  }

  #flush(): void {
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    this.#isDue = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    let waitMs: number = limits.database.reconnectMsMin;
    while (!this.#isClosed) {
      try {
        const session = this.#session?.isOpen ? this.#session : await this.#connect();
        if (session === undefined) return;
        await this.#step(session);
        waitMs = limits.database.reconnectMsMin;
      } catch (cause) {
        // said once for each outage, not at every try
        if (this.#state !== 'down' || waitMs === limits.database.reconnectMsMin)
          this.#options.log.fault('database.unavailable', cause);
        await this.#drop();
        this.#firstTry();
        await this.#sleep(waitMs);
        waitMs = Math.min(waitMs * 2, limits.database.reconnectMsMax);
      }
    }
  }

  /** Undefined: the database is refused for good. */
  async #connect(): Promise<Session | undefined> {
    const { database, journal, instanceId, log } = this.#options;
    const session = await database.connect(() => this.#lost());
    this.#session = session;
    const expected = { instanceId, journal: journal.journal, durableSeq: journal.durableSeq };
    const prepared = await prepareDatabase(database, session, expected, this.#options.prepare);
    if (!prepared.ok) {
      this.#refusal = prepared.error;
      this.#state = 'refused';
      log.error('database.refused', {});
      this.#firstTry();
      return undefined;
    }
    // after a crash the rows may stand before what was told: commits do not wait for the disk, the journal has them all
    this.#appliedSeq = prepared.value;
    this.#store.forgetThrough(this.#appliedSeq);
    // also what was undone meanwhile: rows that a crash took back must not bring it again
    for (const seq of await journal.findVoided(this.#appliedSeq)) this.#voided.add(seq);
    await this.#catchUp(session);
    this.#state = 'up';
    this.#isDue = this.#store.size > 0;
    log.info('database.up', { appliedSeq: this.#appliedSeq });
    this.#firstTry();
    this.#tellWatchers();
    return session;
  }

  #lost(): void {
    if (this.#state === 'up') this.#state = 'down';
    this.#wake();
  }

  async #drop(): Promise<void> {
    if (this.#state !== 'refused') this.#state = 'down';
    await this.#session?.close();
    this.#session = undefined;
  }

  async #step(session: Session): Promise<void> {
    const { applyBatchRecords } = limits.database;
    if (this.#isDue || this.#store.size >= applyBatchRecords) {
      this.#isDue = false;
      const batch = this.#store.takeAfter(this.#appliedSeq, applyBatchRecords);
      if (batch.length > 0) {
        await this.#applyAll(session, batch);
        if (this.#store.size > 0 && this.#lingering === undefined) this.#isDue = true;
        return;
      }
      if (this.#appliedSeq < this.#options.journal.durableSeq) {
        // its own promise may be about to resolve; if not, the journal knows
        await this.#sleep(GAP_WAIT_MS);
        if (!this.#store.has(this.#appliedSeq + 1)) await this.#catchUp(session);
        this.#isDue = this.#store.size > 0;
        return;
      }
    }
    await this.#sleep(60_000);
  }

  /** Applies from the journal what memory does not hold. */
  async #catchUp(session: Session): Promise<void> {
    const { journal, isGentle = false } = this.#options;
    const target = journal.durableSeq;
    const { gentleBatchRecords, replayBatchRecords } = limits.database;
    const batchRecords = isGentle ? gentleBatchRecords : replayBatchRecords;
    if (this.#appliedSeq < target && !this.#store.has(this.#appliedSeq + 1)) {
      for await (const records of inLargeBatches(journal.readKeyRecords(this.#appliedSeq), batchRecords)) {
        const [beganMs, beganSeq] = [performance.now(), journal.durableSeq];
        if (this.#isClosed) return;
        // what is written while it is read may look damaged; what was durable before does not
        const whole = records.filter((record) => record.header.seq <= target);
        if (whole.length > 0) await this.#applyAll(session, whole);
        if (whole.length < records.length) break;
        if (isGentle && journal.durableSeq > beganSeq) await this.#sleep(performance.now() - beganMs);
      }
      // a seq without a readable record has no effect
      this.#advance(target);
    }
    if (this.#store.isComplete || this.#appliedSeq >= this.#store.droppedThrough) this.#store.complete();
  }

  /** The guard allows a transaction to take away rows of one account only. */
  async #applyAll(session: Session, records: readonly KeyRecord[]): Promise<void> {
    for (const run of session.isGuarded ? splitByOwner(records) : [records]) await this.#applyRun(session, run);
  }

  async #applyRun(session: Session, records: readonly KeyRecord[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const states = await session.transaction(() => this.#apply(session, records, this.#voided));
        this.#report(records, states);
        return;
      } catch (cause) {
        const failure = classifyFailure(cause);
        if (failure === 'retry' && tries < RETRIES_MAX) continue;
        if (failure !== 'deterministic') throw cause;
        return await this.#isolate(session, records, cause);
      }
    }
  }

  /** Halves until the record that cannot be applied stands alone. */
  async #isolate(session: Session, records: readonly KeyRecord[], cause: unknown): Promise<void> {
    const [record] = records;
    if (records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      await this.#applyRun(session, records.slice(0, middle));
      await this.#applyRun(session, records.slice(middle));
    } else if (record !== undefined) {
      if (this.#voided.has(record.header.seq)) throw new ConnectionLost(cause);
      await this.#void(record, cause);
      await this.#applyRun(session, records);
    }
  }

  /** A command is voided in the journal. A letter was acknowledged: it stays valid there, only its row is missing. */
  async #void(record: KeyRecord, cause: unknown): Promise<void> {
    const { log, journal } = this.#options;
    const { seq } = record.header;
    if (record.content.kind === 'command') {
      log.fault('database.commandVoided', cause);
      const voided = await journal.appendVoided({ seq, reason: 'applyFailed' });
      if (!voided.ok) throw new ConnectionLost(cause);
      if (voided.value !== undefined) this.offer([voided.value], false);
    } else {
      log.fault('database.letterHeldBack', cause);
      this.#heldBack += 1;
    }
    log.error('database.recordNotApplied', { seq });
    this.#voided.add(seq);
  }

  #report(records: readonly KeyRecord[], states: readonly AccountState[]): void {
    this.#advance(records.at(-1)?.header.seq ?? 0);
    for (const { header } of records) {
      const { seq } = header;
      this.#outcomes.get(seq)?.(this.#voided.has(seq) ? 'voided' : 'applied');
      this.#outcomes.delete(seq);
    }
    for (const { header, content } of records) {
      // never answered with 250, or damage: the journal's own check tells which
      if (content.kind === 'letter' && content.bodyPlace === undefined) {
        this.#options.log.warn('database.letterWithoutBody', { seq: header.seq });
      }
    }
    const effective = records.filter((record) => !this.#voided.has(record.header.seq));
    for (const listener of this.#listeners) listener(states, effective);
  }

  #advance(seq: number): void {
    this.#appliedSeq = Math.max(this.#appliedSeq, seq);
    this.#store.forgetThrough(this.#appliedSeq);
    if (this.#state === 'up') this.#tellWatchers();
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers.filter(({ seq }) => this.#appliedSeq >= seq)) watcher.reached();
  }

  async #sleep(waitMs: number): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}
