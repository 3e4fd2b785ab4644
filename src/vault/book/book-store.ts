// The book's files together: letters wait in the open batch, entries go into the log, a commit makes both last (decision 0012).

import { assert } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Disk } from '../journal/disk.ts';
import { BatchFile, type Batch } from './batch-file.ts';
import type { Bodies } from './bodies.ts';
import { openCheckpoint, type BookState, type Checkpoint } from './checkpoint.ts';
import { receiptLeaf } from './check/receipt.ts';
import { EntryFile, nameEntry } from './entry-file.ts';
import { LetterFile, type LetterLeaf } from './letter-file.ts';
import { fastNodeHash } from './fast-hash.ts';
import { buildLevels, rootOf, type Hash } from './merkle.ts';
import { MerkleLog, type LogRefusal } from './merkle-log.ts';

export interface StoreOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly journal: number;
  readonly bodies: Bodies;
  /** Tests put a twin here that forgets. */
  readonly openCheckpoint?: typeof openCheckpoint;
}

export class BookStore {
  readonly journal: number;
  readonly log: MerkleLog;
  readonly letters: LetterFile;
  readonly batches: BatchFile;
  readonly entries: EntryFile;
  readonly #bodies: Bodies;
  readonly #checkpoint: Checkpoint;
  /** Leaves of the open batch, those on the disk included. */
  #open: LetterLeaf[];
  #newLetters: LetterLeaf[] = [];
  #newEntries: { readonly seq: number; readonly nth: number; readonly isBatch: boolean; readonly leaf: Hash }[] = [];
  #newBatches: Batch[] = [];
  #state: BookState;
  #isBroken = false;

  private constructor(
    options: StoreOptions,
    files: Pick<BookStore, 'log' | 'letters' | 'batches' | 'entries'>,
    parts: { readonly checkpoint: Checkpoint; readonly open: LetterLeaf[] },
  ) {
    this.journal = options.journal;
    this.#bodies = options.bodies;
    this.log = files.log;
    this.letters = files.letters;
    this.batches = files.batches;
    this.entries = files.entries;
    this.#checkpoint = parts.checkpoint;
    this.#open = parts.open;
    this.#state = parts.checkpoint.last;
  }

  static async open(options: StoreOptions): Promise<Result<BookStore, LogRefusal>> {
    const { disk, directory, journal } = options;
    await using opened = new AsyncDisposableStack();
    const checkpoint = await (options.openCheckpoint ?? openCheckpoint)(disk, directory);
    opened.defer(() => checkpoint.close());
    const state = checkpoint.last;
    const log = await MerkleLog.open(disk, directory, state);
    if (!log.ok) return log;
    opened.defer(() => log.value.close());
    const letters = await LetterFile.open(disk, directory, journal);
    opened.defer(() => letters.close());
    const batches = await BatchFile.open(disk, directory, { journal, count: state.batches });
    opened.defer(() => batches.close());
    const entries = await EntryFile.open(disk, directory, { journal, count: state.entries });
    opened.defer(() => entries.close());
    if (!(await areAllThere({ letters, batches, entries }, state))) return err({ kind: 'logDamaged' });
    const open = await letters.read(batches.lettersInAll, state.letters - batches.lettersInAll);
    opened.move();
    return ok(new BookStore(options, { log: log.value, letters, batches, entries }, { checkpoint, open: [...open] }));
  }

  /** A commit failed: what is in memory is not what is on the medium. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** What is on the medium. */
  get durable(): BookState {
    return this.#checkpoint.last;
  }

  /** The last journal record that was taken, on the medium or not. */
  get position(): number {
    return this.#state.position;
  }

  /** When the first letter of the open batch was taken; undefined while it is empty. */
  get openSinceMs(): number | undefined {
    return this.#open.length === 0 ? undefined : this.#state.openSinceMs;
  }

  /** What waits for a commit: entries make one urgent, letters alone do not. */
  get waiting(): 'nothing' | 'letters' | 'entries' {
    if (this.#newEntries.length > 0) return 'entries';
    return this.#newLetters.length > 0 ? 'letters' : 'nothing';
  }

  addLetter(letter: LetterLeaf, timeMs: number, nowMs: number): void {
    const isFirst = this.#open.length === 0;
    this.#open.push(letter);
    this.#newLetters.push(letter);
    this.#state = {
      ...this.#state,
      openSinceMs: isFirst ? nowMs : this.#state.openSinceMs,
      openFromMs: isFirst ? timeMs : this.#state.openFromMs,
      openToMs: timeMs,
    };
    this.#moveTo(letter.seq);
    if (this.#open.length >= limits.book.lettersInBatchMax) this.closeBatch(nowMs);
  }

  addEntry(entry: { readonly seq: number; readonly nth: number; readonly leaf: Hash }): void {
    this.#newEntries.push({ ...entry, isBatch: false });
  }

  /** Everything up to this record was looked at. */
  passed(seq: number): void {
    this.#moveTo(seq);
  }

  /** The open batch becomes an entry; its receipt is named by the last record that was taken. */
  closeBatch(nowMs: number): void {
    const [first] = this.#open;
    if (first === undefined) return;
    const { position: seq, openFromMs: fromMs, openToMs: toMs } = this.#state;
    const count = this.#open.length;
    const root = rootOf(
      buildLevels(
        this.#open.map(({ leaf }) => leaf),
        fastNodeHash,
      ),
    );
    const facts = { journal: this.journal, seq, root, count, fromMs, toMs, closedMs: nowMs };
    this.#newBatches.push({
      entry: this.log.size + this.#newEntries.length,
      firstLetter: this.batches.lettersInAll + this.#newBatches.reduce((sum, batch) => sum + batch.count, 0),
      firstSeq: first.seq,
      seq,
      count,
      fromMs,
      toMs,
      closedMs: nowMs,
    });
    this.#newEntries.push({ seq, nth: 0, isBatch: true, leaf: receiptLeaf(this.#bodies.batch(facts)) });
    this.#open = [];
    this.#state = { ...this.#state, openSinceMs: 0, openFromMs: 0, openToMs: 0 };
  }

  /** Everything that was added is on the medium. After a rejection the store is of no use: open it anew. */
  async commit(): Promise<void> {
    assert(!this.#isBroken, 'a store whose commit failed is opened anew');
    this.#isBroken = true; // until all of it stands: half of it must never be built upon
    const [letters, entries, batches] = [this.#newLetters, this.#newEntries, this.#newBatches];
    [this.#newLetters, this.#newEntries, this.#newBatches] = [[], [], []];
    const durable = this.#checkpoint.last;
    const firstEntry = this.log.size;
    await this.letters.write(durable.letters, letters);
    await this.entries.write(
      durable.entries,
      entries.map(({ leaf, ...name }, index) => nameEntry({ ...name, entry: firstEntry + index }, leaf)),
    );
    await this.batches.write(durable.batches, batches);
    await this.log.append(entries.map(({ leaf }) => leaf));
    await Promise.all([this.letters.sync(), this.entries.sync(), this.batches.sync(), this.log.sync()]);
    await this.#checkpoint.write({
      ...this.#state,
      letters: durable.letters + letters.length,
      batches: durable.batches + batches.length,
      entries: durable.entries + entries.length,
      size: this.log.size,
      root: this.log.root,
    });
    this.entries.promise(entries.length);
    this.batches.promise(batches);
    this.#isBroken = false;
  }

  async close(): Promise<void> {
    for (const file of [this.letters, this.entries, this.batches, this.log, this.#checkpoint]) await file.close();
  }

  #moveTo(seq: number): void {
    assert(seq >= this.#state.position, 'the book takes records in order');
    this.#state = { ...this.#state, position: seq };
  }
}

async function areAllThere(
  files: Pick<BookStore, 'letters' | 'batches' | 'entries'>,
  state: BookState,
): Promise<boolean> {
  const counts = [await files.letters.count(), await files.batches.count(), await files.entries.count()];
  const isEnough = [state.letters, state.batches, state.entries].every((promised, at) => (counts[at] ?? 0) >= promised);
  const openCount = state.letters - files.batches.lettersInAll;
  return isEnough && (state.openSinceMs === 0 ? openCount === 0 : openCount > 0);
}
