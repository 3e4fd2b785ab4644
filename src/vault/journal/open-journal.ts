// One journal, one writer: entries wait together, are written to both lanes, synced once, then answered (decision 0002).

import type { AccountId, InstanceId } from '../../base/ids.ts';
import { limits } from '../../base/limits.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../base/clock.ts';
import { commandSpan, type Command } from './commands.ts';
import type { Disk } from './disk.ts';
import type {
  AppendRefusal,
  CommandEntry,
  Journal,
  KeyRecord,
  LetterEntry,
  Place,
  ReadRefusal,
  VoidedContent,
} from './journal.ts';
import { JournalReader } from './journal-reader.ts';
import { LaneWriter, type Draft, type Written } from './lane-writer.ts';
import { decodeLetterRecord, encodeLetterRecord, type LetterRecord } from './letter-record.ts';
import { decodeContent, encodeCommand, encodeRecovered, encodeVoided } from './record-content.ts';
import { payloadDigest, type Actor, type RecordHeader } from './record.ts';
import type { RecordKind } from './record-types.ts';
import { recoverLane, type LaneDamage } from './recover-lane.ts';
import { Witness } from './witness.ts';

export interface JournalOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly instanceId: InstanceId;
  readonly journal: number;
  readonly clock: Clock;
  /** 8 bytes naming the program's build. */
  readonly build: Uint8Array;
  /** The last account number known for an account (directory snapshot); 0 when there is none yet. */
  readonly lastAccountSeq: (accountId: AccountId) => number;
}

export interface OpenedJournal {
  readonly journal: SingleWriterJournal;
  /** What the last stop left behind; empty after a clean one. */
  readonly damage: readonly LaneDamage[];
}

type Entry =
  | {
      readonly kind: 'letter';
      readonly letter: LetterEntry;
      readonly done: (result: Result<readonly KeyRecord[], AppendRefusal>) => void;
    }
  | {
      readonly kind: 'key';
      readonly drafts: readonly KeyDraft[];
      readonly done: (result: Result<readonly KeyRecord[], AppendRefusal>) => void;
    };

interface KeyDraft {
  readonly kind: RecordKind;
  readonly accountId: AccountId | undefined;
  readonly actor: Actor;
  readonly span: number;
  readonly payload: Uint8Array;
}

const NO_ACTOR: Actor = { kind: 'system', id: new Uint8Array(16) };
const ADDRESSING: ReadonlySet<RecordKind> = new Set(['accountCreated', 'addressAdded', 'domainAdded', 'catchAllPut']);
const ACCOUNTS_REMEMBERED = 100_000;
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
  const journal = new SingleWriterJournal(options, lanes, witness);
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
  readonly #body: LaneWriter;
  readonly #key: LaneWriter;
  readonly #witness: Witness;
  readonly #reader: JournalReader;
  readonly #accountSeqs = new Map<AccountId, number>();
  readonly #spaceTimer: NodeJS.Timeout;
  #lastAddressingSeq = 0;
  #queue: Entry[] = [];
  #running: Promise<void> | undefined;
  #failed = false;
  #full = false;
  #closed = false;

  constructor(
    options: JournalOptions,
    lanes: { readonly body: LaneWriter; readonly key: LaneWriter },
    witness: Witness,
  ) {
    this.#options = options;
    this.journal = options.journal;
    this.#body = lanes.body;
    this.#key = lanes.key;
    this.#witness = witness;
    this.#reader = new JournalReader(options.disk, options.directory, options.journal);
    this.#spaceTimer = setInterval(() => void this.refreshSpace(), SPACE_EVERY_MS);
    this.#spaceTimer.unref();
  }

  get durableSeq(): number {
    return this.#key.durableSeq;
  }

  /** The last synced record that may change who is known at the door; 0 when there was none since the start. */
  get lastAddressingSeq(): number {
    return this.#lastAddressingSeq;
  }

  appendLetter(letter: LetterEntry): Promise<Result<readonly KeyRecord[], AppendRefusal>> {
    if (letter.packet.length > limits.journal.payloadBytes) return Promise.resolve(err({ kind: 'tooLarge' }));
    return new Promise((done) => this.#enqueue({ kind: 'letter', letter, done }));
  }

  async appendCommand({ accountId, actor, command }: CommandEntry): Promise<Result<KeyRecord, AppendRefusal>> {
    return this.appendKey({
      kind: command.kind,
      accountId,
      actor,
      span: accountId === undefined ? 0 : commandSpan(command),
      payload: encodeCommand(command),
    });
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

  async *readKeyRecords(afterSeq: number): AsyncGenerator<readonly KeyRecord[]> {
    this.#reader.forgetIndex();
    yield* this.#reader.readKeyRecords(afterSeq, () => this.#key.durableSeq);
  }

  findVoided(afterSeq: number): Promise<ReadonlySet<number>> {
    return this.#reader.findVoided(afterSeq);
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
    const content = decodeContent(record.value.header, record.value.payload, () => undefined);
    return content.ok && content.value.kind === 'command' ? ok(content.value.command) : err({ kind: 'damaged' });
  }

  /** Writes what waits, then closes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#spaceTimer);
    await this.#running;
    await this.#body.close();
    await this.#key.close();
    await this.#witness.close();
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
      return (await this.#writeBoth(batch)).map((records) => ok(records));
    } catch (cause) {
      if (!isDiskFull(cause)) {
        this.#failed = true; // never try a failed sync again: what the kernel holds is no longer known
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

  async #writeBoth(batch: readonly Entry[]): Promise<readonly (readonly KeyRecord[])[]> {
    const bodies = await this.#body.write(
      batch.flatMap((entry) => (entry.kind === 'letter' ? [this.#bodyDraft(entry.letter)] : [])),
    );
    const numbers = new Map<AccountId, number>();
    let nextBody = 0;
    const drafts: Draft[] = [];
    const contents: (LetterRecord | undefined)[] = [];
    const perEntry = batch.map((entry) => {
      const body = entry.kind === 'letter' ? bodies[nextBody++] : undefined;
      const letters = entry.kind === 'letter' && body ? letterRecords(entry.letter, body, this.journal) : [];
      const own = entry.kind === 'letter' ? letterDrafts(entry.letter, letters) : entry.drafts;
      for (const [index, draft] of own.entries()) {
        drafts.push(this.#keyDraft(draft, numbers));
        contents.push(letters[index]);
      }
      return { count: own.length, body };
    });
    const written = await this.#key.write(drafts);
    await Promise.all([bodies.length > 0 ? this.#body.sync() : undefined, this.#key.sync()]);
    const body = { seq: this.#body.durableSeq, hash: this.#body.lastHash };
    await this.#witness.write(
      { body, key: { seq: this.#key.durableSeq, hash: this.#key.lastHash } },
      this.#options.clock.monotonicMs(),
    );
    this.#rememberNumbers(numbers);
    const addressing = written.findLast(({ header }) => ADDRESSING.has(header.kind));
    if (addressing) this.#lastAddressingSeq = addressing.header.seq;
    let at = 0;
    return perEntry.map(({ count, body }) => {
      const records = written
        .slice(at, at + count)
        .map((record, index) => this.#keyRecord(record, drafts[at + index], contents[at + index], body));
      at += count;
      return records;
    });
  }

  #bodyDraft(letter: LetterEntry): Draft {
    const zero = { class: 'ordinary', chainDay: 0, epoch: 0, accountId: undefined, accountSeq: 0, span: 0 } as const;
    return {
      ...zero,
      kind: 'body',
      actor: NO_ACTOR,
      build: this.#options.build,
      digest: letter.packetDigest,
      payload: letter.packet,
    };
  }

  #keyDraft(draft: KeyDraft, numbers: Map<AccountId, number>): Draft {
    const { accountId, span, payload, kind, actor } = draft;
    let accountSeq = 0;
    if (accountId !== undefined) {
      const last =
        numbers.get(accountId) ?? this.#accountSeqs.get(accountId) ?? this.#options.lastAccountSeq(accountId);
      accountSeq = last + 1;
      numbers.set(accountId, last + span);
    }
    const ordinary = { class: 'ordinary', chainDay: 0, epoch: 0 } as const;
    return {
      ...ordinary,
      kind,
      actor,
      accountId,
      accountSeq,
      span,
      build: this.#options.build,
      digest: payloadDigest(payload),
      payload,
    };
  }

  #keyRecord(
    { header, segment, offset }: Written,
    draft: Draft | undefined,
    letter: LetterRecord | undefined,
    body: Written | undefined,
  ): KeyRecord {
    const place: Place = { journal: this.journal, seq: header.seq, segment, offset };
    if (letter && body) {
      const bodyPlace = { journal: this.journal, seq: body.header.seq, segment: body.segment, offset: body.offset };
      return { header, place, content: { kind: 'letter', letter, bodyPlace } };
    }
    const content = decodeContent(header, Buffer.from(draft?.payload ?? []), () => undefined);
    if (!content.ok) throw new Error('a record that was just written cannot be read');
    return { header, place, content: content.value };
  }

  #rememberNumbers(numbers: ReadonlyMap<AccountId, number>): void {
    if (this.#accountSeqs.size > ACCOUNTS_REMEMBERED) {
      for (const [accountId, seq] of this.#accountSeqs) {
        if (this.#options.lastAccountSeq(accountId) >= seq) this.#accountSeqs.delete(accountId);
      }
    }
    for (const [accountId, seq] of numbers) this.#accountSeqs.set(accountId, seq);
  }
}

function letterRecords(letter: LetterEntry, body: Written, journal: number): LetterRecord[] {
  const shared = {
    bodyJournal: journal,
    bodySeq: body.header.seq,
    packetDigest: letter.packetDigest,
    packetBytes: letter.packet.length,
  };
  return letter.copies.map((copy) => ({ ...copy.record, ...shared }));
}

function letterDrafts(letter: LetterEntry, records: readonly LetterRecord[]): KeyDraft[] {
  return letter.copies.flatMap((copy, index) => {
    const record = records[index];
    return record
      ? [{ kind: 'letter', accountId: copy.accountId, actor: copy.actor, span: 1, payload: encodeLetterRecord(record) }]
      : [];
  });
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

/** What a header says a record is; exported for tools that print it. */
export type { RecordHeader };
