// Letters on their way out, outside journal, database and backups: each under its own key, which is erased when it is over (0013).

import { randomBytes } from 'node:crypto';
import type { AccountId, SubmissionId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Disk } from '../journal/disk.ts';
import { LetterLog, openEntry, sealEntry, type LogEntry } from './letter-log.ts';
import { Segments } from './segments.ts';
import { SlotFile, type EndedLetter } from './slot-file.ts';
import { isEnded, KEY_BYTES, type EndedState, type LogPlace, type Slot } from './slot.ts';

export type PutRefusal = { readonly kind: 'diskFull' | 'tooMany' | 'failed' };

export interface LetterToPut {
  readonly id: SubmissionId;
  readonly accountId: AccountId;
  readonly dueMs: number;
  readonly recipients: number;
  /** Envelope and letter as the queue writes them, one behind the other. */
  readonly plainParts: readonly Uint8Array[];
  /** The journal's last durable record. */
  readonly journalSeq: number;
}

/** A letter that waits. */
export type LiveLetter = Readonly<Slot>;

export interface LiveOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly clock: Clock;
  readonly onFault: (cause: unknown) => void;
  /** Tests make it small. */
  readonly segmentBytes?: number;
  /** The twin: progress and ends are not synced and not even written. */
  readonly forgetsProgress?: boolean;
}

export class LiveStoreFailed extends Error {
  constructor() {
    super('the live store could not be synced');
    this.name = 'LiveStoreFailed';
  }
}

type Done = (result: Result<void, PutRefusal>) => void;
/** What waits for the next write: an entry of the log, a slot, or both. */
interface Work {
  readonly slot: Slot;
  readonly entry?: { readonly kind: 'letter' | 'note'; readonly parts: readonly Buffer[] };
  readonly writesSlot: boolean;
  readonly isSynced: boolean;
  readonly done: Done;
}

export class LiveStore implements AsyncDisposable {
  readonly #options: LiveOptions;
  readonly #slots: SlotFile;
  readonly memory: Pick<SlotFile, 'remembered' | 'forget'>; // of letters that are over
  readonly #log: LetterLog;
  readonly #segments: Segments;
  readonly #waiting = new Map<SubmissionId, Slot>();
  readonly #segmentBytes: number;
  #work: Work[] = [];
  #running: Promise<void> | undefined;
  #failed = false;
  #closed = false;
  /** The highest record of the journal any slot names: a journal that ends before it is an older copy. */
  highestJournalSeq = 0;
  damagedSlots = 0;

  private constructor(options: LiveOptions, slots: SlotFile) {
    this.#options = options;
    this.#slots = slots;
    this.memory = slots;
    this.#log = new LetterLog(options.disk, options.directory);
    this.#segments = new Segments(this.#log);
    this.#segmentBytes = options.segmentBytes ?? limits.live.segmentBytes;
  }

  /** Opens or creates; what no slot knows is removed. */
  static async open(options: LiveOptions): Promise<LiveStore> {
    await options.disk.makeDirectory(options.directory);
    const store = new LiveStore(options, await SlotFile.open(options.disk, options.directory));
    await store.#load();
    return store;
  }

  async #load(): Promise<void> {
    this.damagedSlots = await this.#slots.refresh(this.#options.clock.nowMs(), (slot) => {
      this.highestJournalSeq = Math.max(this.highestJournalSeq, slot.journalSeq);
      if (!isEnded(slot.state)) this.#waiting.set(slot.id, slot);
    });
    await this.#log.scan((entry) => this.#found(entry));
    for (const [id, slot] of this.#waiting) {
      // a crash before the letter was on the medium: it was never acknowledged
      if (slot.state === 'placed' && !this.#segments.holdsLetter(slot)) await this.discard(id);
    }
    await this.#running;
    await this.#segments.dropEmpty();
  }

  #found(entry: LogEntry): void {
    const slot = this.#waiting.get(entry.id);
    if (slot === undefined) return;
    const { place } = entry;
    if (entry.kind === 'letter' && (place.segment !== slot.place.segment || place.offset !== slot.place.offset)) return;
    this.#segments.add(slot, entry.kind, place);
  }

  /** Everything that waits, as it is now. */
  letters(): readonly LiveLetter[] {
    return [...this.#waiting.values()];
  }

  find(id: SubmissionId): LiveLetter | undefined {
    return this.#waiting.get(id);
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  get bytes(): number {
    return this.#log.totalBytes;
  }

  /** Resolves when the letter and its slot are on the medium. `confirm` follows when the journal knows it too. */
  async put(letter: LetterToPut): Promise<Result<void, PutRefusal>> {
    if (this.#failed || this.#closed) return err({ kind: 'failed' });
    const { lettersMax, bytesMax } = limits.live;
    if (this.#waiting.size >= lettersMax || this.#log.totalBytes >= bytesMax) return err({ kind: 'tooMany' });
    const index = await this.#takeSlot();
    if (!index.ok) return index;
    const slot: Slot = {
      index: index.value,
      id: letter.id,
      accountId: letter.accountId,
      state: 'placed',
      key: randomBytes(KEY_BYTES),
      place: { segment: 0, offset: 0, length: 0 },
      dueMs: letter.dueMs,
      queuedMs: this.#options.clock.nowMs(),
      journalSeq: letter.journalSeq,
      recipients: letter.recipients,
      delivered: 0,
      attempts: 0,
    };
    this.#waiting.set(slot.id, slot);
    const parts = sealEntry(slot.key, 'letter', slot.id, letter.plainParts);
    const put = await this.#enqueue({ slot, entry: { kind: 'letter', parts }, writesSlot: true, isSynced: true });
    if (put.ok) return put;
    this.#waiting.delete(slot.id);
    slot.key.fill(0);
    this.#slots.giveBack(slot.index);
    return put;
  }

  /** The journal knows the letter. Not synced: what a loss of power takes back here, the rows say at the next start. */
  confirm(id: SubmissionId, journalSeq: number): void {
    this.#change(id, (slot) => {
      slot.state = 'queued';
      slot.journalSeq = journalSeq;
    });
  }

  /** When it is tried next, and how often it was. Not synced: at worst it is tried earlier. */
  postpone(id: SubmissionId, dueMs: number, attempts: number): void {
    this.#change(id, (slot) => {
      slot.dueMs = dueMs;
      slot.attempts = attempts;
    });
  }

  /** Envelope and letter; undefined when it is over or damaged. Rejects when the medium does not answer. */
  async read(id: SubmissionId): Promise<Buffer | undefined> {
    const slot = this.#waiting.get(id);
    return slot === undefined ? undefined : this.#readEntry(slot, 'letter', slot.place);
  }

  /** Adds to what is known of a letter's progress; resolves when it is on the medium, throws when it cannot be. */
  async note(id: SubmissionId, plainNote: Uint8Array): Promise<void> {
    const slot = this.#waiting.get(id);
    if (slot === undefined || this.#options.forgetsProgress === true) return;
    const parts = sealEntry(slot.key, 'note', id, [plainNote]);
    const noted = await this.#enqueue({ slot, entry: { kind: 'note', parts }, writesSlot: false, isSynced: true });
    if (!noted.ok) throw new LiveStoreFailed();
  }

  /** All notes of a letter, oldest first. */
  async notes(id: SubmissionId): Promise<readonly Buffer[]> {
    const slot = this.#waiting.get(id);
    if (slot === undefined) return [];
    const notes: Buffer[] = [];
    const places = this.#segments.notesOf(id);
    for (let at = 0; at < places.length; at += 1) {
      const place = places[at];
      if (place === undefined) continue;
      const note = await this.#readEntry(slot, 'note', place).catch((cause: unknown) => {
        // it moved on while it was looked for: it is looked for again
        if (places[at--] === place) throw cause;
      });
      if (note !== undefined) notes.push(note);
    }
    return notes;
  }

  /** The letter is over: its key is overwritten with zeros and synced, its bytes are dropped as soon as nothing else needs them. */
  async end(id: SubmissionId, state: EndedState, delivered: number, journalSeq: number): Promise<void> {
    const slot = this.#waiting.get(id);
    if (slot === undefined) return;
    slot.state = state;
    slot.delivered = delivered;
    slot.dueMs = this.#options.clock.nowMs();
    slot.journalSeq = Math.max(slot.journalSeq, journalSeq);
    await this.#erase(slot);
  }

  /** As if it had never been put: for a letter that was not acknowledged. */
  async discard(id: SubmissionId): Promise<void> {
    const slot = this.#waiting.get(id);
    if (slot === undefined) return;
    slot.state = 'free';
    await this.#erase(slot);
    this.#slots.giveBack(slot.index);
  }

  /** What became of those of `ids` that are over and not yet forgotten. Reads the whole file of slots. */
  findEnded(ids: ReadonlySet<SubmissionId>): Promise<ReadonlyMap<SubmissionId, EndedLetter>> {
    return this.#slots.findEnded(ids);
  }

  /** Once a day: slots whose letters are long over may be given again. */
  async sweep(): Promise<void> {
    await this.#slots.refresh(this.#options.clock.nowMs());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#running;
    await this.#log.close();
    await this.#slots.close();
  }

  async #takeSlot(): Promise<Result<number, PutRefusal>> {
    for (;;) {
      const index = this.#slots.take();
      if (index !== undefined) return ok(index);
      try {
        await this.#slots.grow();
      } catch (cause) {
        return err({ kind: this.#refusalOf(cause) });
      }
    }
  }

  #change(id: SubmissionId, change: (slot: Slot) => void): void {
    const slot = this.#waiting.get(id);
    if (slot === undefined || this.#failed || this.#closed) return;
    change(slot);
    void this.#enqueue({ slot, writesSlot: true, isSynced: false });
  }

  async #erase(slot: Slot): Promise<void> {
    if (this.#options.forgetsProgress === true) return;
    slot.key.fill(0);
    this.#waiting.delete(slot.id);
    const erased = await this.#enqueue({ slot, writesSlot: true, isSynced: true });
    if (!erased.ok) throw new LiveStoreFailed();
  }

  async #readEntry(slot: Slot, kind: 'letter' | 'note', place: LogPlace): Promise<Buffer | undefined> {
    try {
      return openEntry(slot.key, kind, slot.id, await this.#log.read(place));
    } catch (cause) {
      // it moved on while it was looked for
      if (kind !== 'letter' || slot.place === place) throw cause;
      return openEntry(slot.key, kind, slot.id, await this.#log.read(slot.place));
    }
  }

  #enqueue(work: Omit<Work, 'done'>): Promise<Result<void, PutRefusal>> {
    if (this.#failed || this.#closed) return Promise.resolve(err({ kind: 'failed' }));
    return new Promise((done) => {
      this.#work.push({ ...work, done });
      this.#running ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    await new Promise(setImmediate); // what comes in the same turn shares one sync
    while (this.#work.length > 0) {
      const batch = this.#takeBatch();
      const whole = await this.#write(batch);
      const slotsOnly = batch.filter(({ entry }) => entry === undefined);
      // a full disk takes no letter and no note; slots have their places already, and what is over has to be over
      const isFull = !whole.ok && whole.error.kind === 'diskFull';
      const ofSlots = isFull && slotsOnly.length > 0 ? await this.#write(slotsOnly) : whole;
      for (const { slot, entry, done } of batch) {
        const result = entry === undefined ? ofSlots : whole;
        if (result.ok && !this.#waiting.has(slot.id)) this.#segments.release(slot.id);
        done(result);
      }
      if (ofSlots.ok) await this.#tidy();
    }
    this.#running = undefined;
  }

  #takeBatch(): Work[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#work.length && bytes < limits.live.batchBytesMax) {
      for (const part of this.#work[count]?.entry?.parts ?? []) bytes += part.length;
      count += 1;
    }
    return this.#work.splice(0, count);
  }

  async #write(batch: readonly Work[]): Promise<Result<void, PutRefusal>> {
    if (this.#failed) return err({ kind: 'failed' });
    const entries = batch.filter((work) => work.entry !== undefined);
    try {
      if (entries.length > 0) await this.#writeEntries(entries);
      await this.#slots.write(batch.filter((work) => work.writesSlot).map(({ slot }) => slot));
    } catch (cause) {
      return err({ kind: this.#refusalOf(cause) });
    }
    const syncsSlots = batch.some((work) => work.isSynced && work.writesSlot);
    try {
      await Promise.all([entries.length > 0 && this.#log.sync(), syncsSlots && this.#slots.sync()]);
      return ok(undefined);
    } catch (cause) {
      return err({ kind: this.#fail(cause) });
    }
  }

  async #writeEntries(work: readonly Work[]): Promise<void> {
    const places = await this.#log.append(
      work.map(({ entry }) => entry?.parts ?? []),
      this.#segmentBytes,
    );
    for (const [index, { slot, entry }] of work.entries()) {
      const place = places[index];
      if (place === undefined || entry === undefined) continue;
      if (entry.kind === 'letter') slot.place = place;
      if (this.#waiting.get(slot.id) === slot) this.#segments.add(slot, entry.kind, place);
    }
  }

  async #tidy(): Promise<void> {
    try {
      await this.#segments.dropEmpty();
      await this.#compact();
    } catch (cause) {
      this.#refusalOf(cause);
    }
  }

  /** A segment of which little still waits: that moves on, as it stands, and the segment goes. */
  async #compact(): Promise<void> {
    const segment = this.#segments.findSparse(limits.live.segmentLivingShare);
    if (segment === undefined) return;
    const moving = this.#segments.entriesIn(segment).filter(({ id }) => this.#waiting.has(id));
    const bytes = await Promise.all(moving.map(({ place }) => this.#log.read(place)));
    const places = await this.#log.append(
      bytes.map((one) => [one]),
      this.#segmentBytes,
    );
    const letters: Slot[] = [];
    for (const [index, entry] of moving.entries()) {
      const slot = this.#waiting.get(entry.id);
      const place = places[index];
      if (slot === undefined || place === undefined) continue;
      this.#segments.move(entry, place);
      if (entry.kind !== 'letter') continue;
      slot.place = place;
      letters.push(slot);
    }
    await this.#log.sync();
    await this.#slots.write(letters);
    await this.#slots.sync();
    await this.#segments.drop(segment);
  }

  #refusalOf(cause: unknown): PutRefusal['kind'] {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    return code === 'ENOSPC' || code === 'EDQUOT' ? 'diskFull' : this.#fail(cause);
  }

  /** A failed sync is never tried again, for whatever reason: what the kernel still holds is unknown. */
  #fail(cause: unknown): 'failed' {
    this.#failed = true;
    this.#options.onFault(cause);
    return 'failed';
  }
}
