// One journal, one writer: entries wait together, are written to both lanes, synced once, then answered (decision 0002).

import { assert } from '#base/assert.ts';
import type { AccountId, InstanceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { BatchWriter, NO_ACTOR, type BatchEntry, type BatchOptions, type KeyDraft } from './batch-writer.ts';
import { commandSpan, type Command } from './commands.ts';
import { compactSegment, type Compacted, type CompactionHooks, type CompactionRefusal } from './compact-segment.ts';
import type { Disk } from './disk.ts';
import type {
  AppendRefusal,
  CommandEntry,
  ErasedContent,
  Journal,
  KeyRecord,
  LetterEntry,
  Place,
  ReadRefusal,
  VoidedContent,
} from './journal.ts';
import { JournalReader, type LaneRecord, type ReadRecord } from './journal-reader.ts';
import { LaneWriter } from './lane-writer.ts';
import { decodeLetterRecord, type LetterRecord } from './letter-record.ts';
import type { Lane, RecordKind } from './record-types.ts';
import { decodeContent, encodeCommand, encodeErased, encodeRecovered, encodeVoided } from './record-content.ts';
import { recoverLane, type LaneDamage } from './recover-lane.ts';
import { Witness } from './witness.ts';

export interface JournalOptions extends BatchOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly instanceId: InstanceId;
  /** Hears what made a batch fail, other than a full disk. */
  readonly onFault?: (cause: unknown) => void;
}

export interface OpenedJournal {
  readonly journal: SingleWriterJournal;
  /** What the last stop left behind; empty after a clean one. */
  readonly damage: readonly LaneDamage[];
}

type Entry = BatchEntry & { readonly done: (result: Result<readonly KeyRecord[], AppendRefusal>) => void };

const SPACE_EVERY_MS = 250;

/** Opens or creates the journal in `directory`. Never cuts anything off. */
export async function openJournal(options: JournalOptions): Promise<OpenedJournal> {
  const { disk, directory } = options;
  await disk.makeDirectory(directory);
  const { witness, last } = await Witness.open(disk, directory);
  const body = await recoverLane(disk, directory, 'body', last?.body);
  const key = await recoverLane(disk, directory, 'key', last?.key);
  const damage = [...body.damage, ...key.damage];
  const lane = {
    disk,
    directory,
    instanceId: options.instanceId,
    journal: options.journal,
    nowMs: () => options.clock.nowMs(),
  };
  const lanes = {
    body: new LaneWriter({ ...lane, lane: 'body', afterCrash: body.damage.length > 0 }, body.position),
    key: new LaneWriter({ ...lane, lane: 'key', afterCrash: key.damage.length > 0 }, key.position),
  };
  const journal = new SingleWriterJournal(options, new BatchWriter(options, lanes, witness));
  await journal.refreshSpace();
  if (damage.length > 0) {
    const { segment, offset, lastSeq } = key.position;
    await journal.appendKey({
      kind: 'recovered',
      accountId: undefined,
      actor: NO_ACTOR,
      span: 0,
      payload: encodeRecovered({ segment, validBytes: offset, lastSeq }),
    });
  }
  return { journal, damage };
}

export class SingleWriterJournal implements Journal {
  readonly journal: number;
  readonly #options: JournalOptions;
  readonly #batches: BatchWriter;
  readonly #reader: JournalReader;
  readonly #spaceTimer: NodeJS.Timeout;
  #queue: Entry[] = [];
  #running: Promise<void> | undefined;
  #failed = false;
  #full = false;
  #closed = false;

  constructor(options: JournalOptions, batches: BatchWriter) {
    this.#options = options;
    this.journal = options.journal;
    this.#batches = batches;
    const { disk, directory } = options;
    this.#reader = new JournalReader(disk, directory, options.journal, () => batches.durableSeq);
    this.#spaceTimer = setInterval(() => void this.refreshSpace(), SPACE_EVERY_MS);
    this.#spaceTimer.unref();
  }

  get durableSeq(): number {
    return this.#batches.durableSeq;
  }

  /** The last synced record that may change who is known at the door; 0 when there was none since the start. */
  get lastAddressingSeq(): number {
    return this.#batches.lastAddressingSeq;
  }

  appendLetter(letter: LetterEntry): Promise<Result<readonly KeyRecord[], AppendRefusal>> {
    if (letter.packet.length > limits.journal.payloadBytes) return Promise.resolve(err({ kind: 'tooLarge' }));
    for (const { record } of letter.copies) requireWhole(record); // here it is one letter's fault, in the batch it is everybody's
    return new Promise((done) => this.#enqueue({ kind: 'letter', letter, done }));
  }

  async appendCommand({ accountId, actor, command }: CommandEntry): Promise<Result<KeyRecord, AppendRefusal>> {
    const done = await this.appendKey({
      kind: command.kind,
      accountId,
      actor,
      span: accountId === undefined ? 0 : commandSpan(command),
      payload: encodeCommand(command),
    });
    if (command.kind === 'accountRestated') this.#reader.forgetRestated();
    return done;
  }

  /** Says that a command's effect could not be applied: replay leaves it out too. */
  appendVoided(content: VoidedContent): Promise<Result<KeyRecord, AppendRefusal>> {
    return this.appendKey({
      kind: 'voided',
      accountId: undefined,
      actor: NO_ACTOR,
      span: 0,
      payload: encodeVoided(content),
    });
  }

  /** Says that records' payloads are to go: what does it is compaction. */
  appendErased(accountId: AccountId | undefined, content: ErasedContent): Promise<Result<KeyRecord, AppendRefusal>> {
    const span = accountId === undefined ? 0 : 1;
    return this.appendKey({ kind: 'erased', accountId, actor: NO_ACTOR, span, payload: encodeErased(content) });
  }

  async appendKey(draft: KeyDraft): Promise<Result<KeyRecord, AppendRefusal>> {
    if (draft.payload.length > limits.journal.payloadBytes) return err({ kind: 'tooLarge' });
    const result = await new Promise<Result<readonly KeyRecord[], AppendRefusal>>((done) =>
      this.#enqueue({ kind: 'key', drafts: [draft], done }),
    );
    if (!result.ok) return result;
    const [record] = result.value;
    if (record === undefined) throw new Error('a record was appended and is not there');
    return ok(record);
  }

  mayAccept(): Result<void, { kind: 'diskFull' } | { kind: 'journalFailed' }> {
    if (this.#failed || this.#closed) return err({ kind: 'journalFailed' });
    return this.#full ? err({ kind: 'diskFull' }) : ok(undefined);
  }

  async refreshSpace(): Promise<void> {
    try {
      const { freeBytes, totalBytes } = await this.#options.disk.space(this.#options.directory);
      this.#full = freeBytes < Math.min(limits.journal.reserveBytes, totalBytes * limits.journal.reserveShare);
    } catch {
      this.#full = true;
    }
  }

  readKeyRecords(afterSeq: number): AsyncGenerator<readonly KeyRecord[]> {
    return this.#reader.readKeyRecords(afterSeq, () => this.#batches.durableSeq);
  }

  findVoided(afterSeq: number): Promise<ReadonlySet<number>> {
    return this.#reader.findVoided(afterSeq);
  }

  /** Body records up to here have their key records beside them. */
  get settledBodySeq(): number {
    return this.#batches.settledBodySeq;
  }

  /** Records of a lane as they lie, up to what is durable when reached. */
  readLane(lane: Lane, payloads: 'check' | 'skip'): AsyncGenerator<LaneRecord> {
    const untilSeq = (): number => (lane === 'key' ? this.#batches.durableSeq : this.#batches.settledBodySeq);
    return this.#reader.readLane(lane, { afterSeq: 0, untilSeq }, payloads);
  }

  /** Records of these kinds, up to what is durable now. */
  readOfKinds(kinds: ReadonlySet<RecordKind>): AsyncGenerator<ReadRecord> {
    return this.#reader.readOfKinds(kinds, 0, this.#batches.durableSeq);
  }

  /** What a command's record says, or what was restated of it. */
  readEffect(seq: number): Promise<Command | undefined> {
    return this.#reader.readEffect(seq);
  }

  /** The segment of a lane that is written to. */
  openSegment(lane: Lane): number {
    return this.#batches.segments[lane];
  }

  /** The lane goes on in a new segment, so that the one before may be compacted. */
  async rotate(lane: Lane): Promise<Result<void, AppendRefusal>> {
    const done = await new Promise<Result<readonly KeyRecord[], AppendRefusal>>((answer) =>
      this.#enqueue({ kind: 'rotate', lane, done: answer }),
    );
    return done.ok ? ok(undefined) : done;
  }

  /** Writes a segment anew without the payloads of the dead. Letters are taken meanwhile. */
  async compact(
    { lane, segment }: { readonly lane: Lane; readonly segment: number },
    isDead: (seq: number) => boolean,
    hooks: CompactionHooks = {},
  ): Promise<Result<Compacted, CompactionRefusal>> {
    if (segment >= this.#batches.segments[lane]) return err({ kind: 'notClosed' });
    const { disk, directory } = this.#options;
    const done = await compactSegment({ disk, directory, lane, segment, isDead, hooks });
    if (done.ok) this.#reader.forgetSegment(lane, segment);
    return done;
  }

  async readBody(place: Place): Promise<Result<Uint8Array, ReadRefusal>> {
    const record = await this.#reader.read('body', place);
    return record.ok ? ok(record.value.payload) : record;
  }

  async readLetterRecord(place: Place): Promise<Result<LetterRecord, ReadRefusal>> {
    const record = await this.#reader.read('key', place);
    if (!record.ok) return record;
    const letter = decodeLetterRecord(record.value.payload);
    return letter.ok ? letter : err({ kind: 'damaged' });
  }

  async readCommand(place: Place): Promise<Result<Command, ReadRefusal>> {
    const record = await this.#reader.read('key', place);
    if (!record.ok) return record;
    const content = decodeContent(record.value.header, record.value.payload);
    return content.ok && content.value.kind === 'command' ? ok(content.value.command) : err({ kind: 'damaged' });
  }

  /** Writes what waits, then closes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#spaceTimer);
    await this.#running;
    await this.#batches.close();
    await this.#reader.close();
  }

  #enqueue(entry: Entry): void {
    if (this.#failed || this.#closed) return entry.done(err({ kind: 'journalFailed' }));
    this.#queue.push(entry);
    this.#running ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await new Promise(setImmediate); // what arrives in the same turn goes into the same batch
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      const results = await this.#writeBatch(batch);
      for (const [index, entry] of batch.entries()) entry.done(results[index] ?? err({ kind: 'journalFailed' }));
    }
    this.#running = undefined;
  }

  #takeBatch(): Entry[] {
    const { batchRecordsMax, batchBytesMax } = limits.journal;
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && count < batchRecordsMax) {
      const entry = this.#queue[count];
      const size = entry?.kind === 'letter' ? entry.letter.packet.length : 0;
      if (count > 0 && bytes + size > batchBytesMax) break;
      bytes += size;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #writeBatch(batch: readonly Entry[]): Promise<readonly Result<readonly KeyRecord[], AppendRefusal>[]> {
    if (this.#failed) return batch.map(() => err({ kind: 'journalFailed' }));
    try {
      return (await this.#batches.write(batch)).map((records) => ok(records));
    } catch (cause) {
      if (!isDiskFull(cause)) {
        this.#options.onFault?.(cause);
        // never try a failed sync again: what the kernel holds is no longer known. A mistake of ours before it stops nothing
        this.#failed ||= isSystemError(cause);
        return batch.map(() => err({ kind: 'journalFailed' }));
      }
      this.#full = true;
      const letters = batch.filter((entry) => entry.kind === 'letter').length;
      if (letters === 0 || letters === batch.length) return batch.map(() => err({ kind: 'diskFull' }));
      // letters are what fills a disk: what users do goes on as long as it fits
      const commands = await this.#writeBatch(batch.filter((entry) => entry.kind !== 'letter'));
      let next = 0;
      return batch.map((entry) =>
        entry.kind === 'letter' ? err({ kind: 'diskFull' }) : (commands[next++] ?? err({ kind: 'diskFull' })),
      );
    }
  }
}

function requireWhole(record: LetterEntry['copies'][number]['record']): void {
  const { receivedMs, expiresMs, renderSizeBytes, renderVersion, wrapping } = record;
  for (const number of [receivedMs, expiresMs, renderSizeBytes, renderVersion, wrapping])
    assert(Number.isSafeInteger(number) && number >= 0, 'times and sizes of a letter are whole numbers');
}

function isSystemError(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code);
}

function isDiskFull(cause: unknown): boolean {
  return isSystemError(cause) && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}
