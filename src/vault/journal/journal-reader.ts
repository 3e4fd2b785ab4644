// Reads a journal's records: by place (hint checked, else searched), and the key lane in order for replay.

import { err, ok, type Result } from '#base/result.ts';
import type { Command } from './commands.ts';
import type { Disk, DiskFile } from './disk.ts';
import type { KeyRecord, Place, ReadRefusal } from './journal.ts';
import { OpenSegments } from './open-segments.ts';
import { copyWithoutSealed } from './letter-record.ts';
import { commandOf, decodeContent } from './record-content.ts';
import { decodeHeader, FRAME_BYTES, HEADER_BYTES, payloadDigest, type RecordHeader } from './record.ts';
import type { Lane, RecordKind } from './record-types.ts';
import { RESTATABLE, Restatements } from './restatements.ts';
import { scanBatches, scanSegment } from './scan.ts';
import { decodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES } from './segment.ts';

const VOIDING: ReadonlySet<RecordKind> = new Set<RecordKind>(['voided']);
const RESTATING: ReadonlySet<RecordKind> = new Set<RecordKind>(['accountRestated']);

export interface ReadRecord {
  readonly header: RecordHeader;
  readonly payload: Buffer;
}

export interface SegmentStart {
  readonly segment: number;
  /** Seq of its first record. */
  readonly firstSeq: number;
}

/** A record as it lies in its lane; `payload` undefined: not asked for, or erased. */
export interface LaneRecord {
  readonly header: RecordHeader;
  readonly payload: Buffer | undefined;
  readonly stored: boolean;
  readonly segment: number;
  readonly offset: number;
}

interface Indexed {
  readonly offset: number;
  readonly digest: Uint8Array;
}

/** Where the bodies of a segment lie, as far as it was written when it was last looked through. */
interface BodyIndex {
  readonly places: Map<number, Indexed>;
  endOffset: number;
}

/** The body lane's segments as one walk through the key lane knows them; those begun meanwhile are looked for when needed. */
interface KnownBodies {
  segments: readonly SegmentStart[];
}

export class JournalReader {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #journal: number;
  readonly #open: OpenSegments;
  readonly #restatements: Restatements;
  readonly #starts = new Map<string, number>();
  readonly #bodyIndex = new Map<number, BodyIndex>();

  /** `untilSeq`: the last record of the key lane that counts. */
  constructor(disk: Disk, directory: string, journal: number, untilSeq: () => number = () => Number.POSITIVE_INFINITY) {
    this.#disk = disk;
    this.#directory = directory;
    this.#journal = journal;
    this.#open = new OpenSegments(disk, directory);
    this.#restatements = new Restatements({
      list: (afterSeq) => this.#listRestated(afterSeq, untilSeq()),
      read: async (seq) => {
        const place = await this.find('key', seq);
        const record = place && (await this.#readAt('key', place));
        return record?.ok ? record.value.payload : undefined;
      },
      untilSeq,
    });
  }

  /** The record named by (lane, seq); the hint is only where to look first. */
  async read(lane: Lane, place: Place): Promise<Result<ReadRecord, ReadRefusal>> {
    const atHint = await this.#readAt(lane, place);
    if (atHint.ok || atHint.error.kind === 'erased') return atHint;
    // the file may have been compacted since the hint was made, even between the two reads
    for (let tries = 0; tries < 2; tries += 1) {
      const found = await this.find(lane, place.seq);
      if (found === undefined) return err({ kind: 'notFound' });
      const there = await this.#readAt(lane, found);
      if (there.ok || there.error.kind !== 'notFound') return there;
    }
    return err({ kind: 'notFound' });
  }

  /** Where a record lies, whatever a hint said. */
  async find(lane: Lane, seq: number): Promise<Place | undefined> {
    const starts = await this.segments(lane);
    const at = starts.findLastIndex(({ firstSeq }) => firstSeq <= seq);
    const holder = starts[at];
    if (holder === undefined) return undefined;
    const { segment } = holder;
    using held = await this.#open.hold(lane, segment);
    const offset = at < starts.length - 1 ? await held.offsetOf(seq) : await findInOpen(held.file, seq);
    return offset === undefined ? undefined : { journal: this.#journal, seq, segment, offset };
  }

  /** Segments of a lane in order, with the seq each begins with. */
  async segments(lane: Lane): Promise<readonly SegmentStart[]> {
    const found: SegmentStart[] = [];
    for (const name of await this.#disk.list(this.#directory)) {
      const parsed = parseSegmentName(name);
      if (parsed?.lane !== lane) continue;
      const firstSeq = this.#starts.get(name) ?? (await this.#readStart(lane, parsed.segment));
      if (firstSeq === undefined) continue;
      this.#starts.set(name, firstSeq);
      found.push({ segment: parsed.segment, firstSeq });
    }
    return found;
  }

  /** A record was restated since the last read. */
  forgetRestated(): void {
    this.#restatements.forget();
  }

  /** A segment's file was replaced by its compacted copy. */
  forgetSegment(lane: Lane, segment: number): void {
    this.#open.forget(lane, segment);
    if (lane === 'body') this.#bodyIndex.delete(segment);
  }

  /** Records of a lane with afterSeq < seq ≤ untilSeq as they lie, in order; damaged ones are left out. */
  async *readLane(
    lane: Lane,
    range: { readonly afterSeq: number; readonly untilSeq: () => number },
    payloads: 'check' | 'skip',
  ): AsyncGenerator<LaneRecord> {
    for await (const records of this.#readBatches(lane, range, payloads)) for (const record of records) yield record;
  }

  async *#readBatches(
    lane: Lane,
    range: { readonly afterSeq: number; readonly untilSeq: () => number },
    payloads: 'check' | 'skip',
  ): AsyncGenerator<readonly LaneRecord[]> {
    const starts = await this.segments(lane);
    for (const [index, { segment }] of starts.entries()) {
      const next = starts[index + 1];
      if (next !== undefined && next.firstSeq <= range.afterSeq + 1) continue;
      using held = await this.#open.hold(lane, segment);
      for await (const events of scanBatches(held.file, { payloads, chain: 'skip' })) {
        const records: LaneRecord[] = [];
        // a record that a stop tore may bear a number that was given again in the next segment
        const endSeq = Math.min(range.untilSeq() + 1, next?.firstSeq ?? Infinity);
        let isOver = false;
        for (const event of events) {
          if (event.kind !== 'record' || event.header.seq <= range.afterSeq) continue;
          isOver = event.header.seq >= endSeq;
          if (isOver) break;
          const { header, stored, offset, payload } = event;
          records.push({ header, stored, segment, offset, payload: stored ? payload : undefined });
        }
        if (records.length > 0) yield records;
        if (isOver) break;
      }
    }
  }

  /** Key-lane records with afterSeq < seq ≤ untilSeq, in order. */
  async *readKeyRecords(afterSeq: number, untilSeq: () => number): AsyncGenerator<readonly KeyRecord[]> {
    const bodies: KnownBodies = { segments: await this.segments('body') };
    for await (const lying of this.#readBatches('key', { afterSeq, untilSeq }, 'check')) {
      const batch: KeyRecord[] = [];
      for (const each of lying) {
        const record = this.#readAtHand(each, bodies) ?? (await this.#toKeyRecord(each, bodies));
        if (record) batch.push(record);
      }
      if (batch.length > 0) yield batch;
    }
  }

  /** Seqs after `afterSeq` that a voided record names: headers only, so that replay can know them before it begins. */
  async findVoided(afterSeq: number): Promise<ReadonlySet<number>> {
    const voided = new Set<number>();
    for await (const { header, payload } of this.readOfKinds(VOIDING, afterSeq)) {
      const content = decodeContent(header, payload);
      if (content.ok && content.value.kind === 'voided') voided.add(content.value.voided.seq);
    }
    return voided;
  }

  /** Records of these kinds with seq > `afterSeq`, in order: of all others only the headers are read. */
  async *readOfKinds(
    kinds: ReadonlySet<RecordKind>,
    afterSeq: number,
    untilSeq = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<ReadRecord> {
    for await (const { header, stored, segment, offset } of this.readLane(
      'key',
      { afterSeq, untilSeq: () => untilSeq },
      'skip',
    )) {
      if (!kinds.has(header.kind) || !stored) continue;
      const record = await this.read('key', { journal: this.#journal, seq: header.seq, segment, offset });
      if (record.ok) yield record.value;
    }
  }

  /** What a command's record says, or what was restated of it; undefined when it says nothing any more. */
  async readEffect(seq: number): Promise<Command | undefined> {
    const place = await this.find('key', seq);
    const record = place && (await this.#readAt('key', place));
    if (place === undefined || record === undefined) return undefined;
    if (record.ok) {
      const content = decodeContent(record.value.header, record.value.payload);
      return content.ok && content.value.kind === 'command' ? content.value.command : undefined;
    }
    using held = await this.#open.hold('key', place.segment);
    const header = decodeHeader((await held.file.read(place.offset, FRAME_BYTES)).subarray(4, 4 + HEADER_BYTES));
    const effect = header.ok ? await this.#restatements.find(seq) : undefined;
    return header.ok && effect !== undefined ? commandOf(header.value.kind, effect) : undefined;
  }

  async close(): Promise<void> {
    await this.#open.close();
  }

  async *#listRestated(afterSeq: number, untilSeq: number): AsyncGenerator<{ seq: number; payload: Buffer }> {
    for await (const { header, payload } of this.readOfKinds(RESTATING, afterSeq, untilSeq)) {
      yield { seq: header.seq, payload };
    }
  }

  async #readStart(lane: Lane, segment: number): Promise<number | undefined> {
    using held = await this.#open.hold(lane, segment);
    const head = decodeSegmentHeader(await held.file.read(0, SEGMENT_HEADER_BYTES));
    return head.ok ? head.value.firstSeq : undefined;
  }

  /** The record of a letter whose body's segment is indexed: most of a replay. Undefined: `#toKeyRecord` has to look. */
  #readAtHand({ header, payload, segment, offset }: LaneRecord, bodies: KnownBodies): KeyRecord | undefined {
    if (header.kind !== 'letter' || payload === undefined) return undefined;
    const content = decodeContent(header, ownCopy(header, payload));
    if (!content.ok || content.value.kind !== 'letter') return undefined;
    const { letter } = content.value;
    const bodyPlace = this.#findIndexed(letter.bodySeq, letter.packetDigest, bodies);
    const place = { journal: this.#journal, seq: header.seq, segment, offset };
    return bodyPlace && { header, place, content: { kind: 'letter', letter, bodyPlace } };
  }

  async #toKeyRecord(
    { header, payload, segment, offset }: LaneRecord,
    bodies: KnownBodies,
  ): Promise<KeyRecord | undefined> {
    const content = decodeContent(header, payload && ownCopy(header, payload));
    if (!content.ok) return undefined;
    const place = { journal: this.#journal, seq: header.seq, segment, offset };
    if (content.value.kind === 'gone' && RESTATABLE.has(header.kind)) return this.#restate(header, place);
    if (content.value.kind !== 'letter') return { header, place, content: content.value };
    const bodyPlace = await this.#findBody(content.value.letter.bodySeq, content.value.letter.packetDigest, bodies);
    return { header, place, content: { ...content.value, bodyPlace } };
  }

  /** An erased record of which a later one says what is still true. */
  async #restate(header: RecordHeader, place: Place): Promise<KeyRecord> {
    const effect = await this.#restatements.find(header.seq);
    if (effect === undefined) return { header, place, content: { kind: 'gone' } };
    return { header, place, content: { kind: 'command', command: commandOf(header.kind, effect) } };
  }

  /** Where a letter's body lies, if it is there and its digest agrees. */
  async #findBody(seq: number, digest: Uint8Array, bodies: KnownBodies): Promise<Place | undefined> {
    await this.#indexBodies(holderOf(seq, bodies));
    const known = this.#findIndexed(seq, digest, bodies);
    if (known !== undefined) return known;
    // the lane is written while it is read: there may be more segments now, and more in the one that was the last
    bodies.segments = await this.segments('body');
    await this.#indexBodies(holderOf(seq, bodies), 'further');
    return this.#findIndexed(seq, digest, bodies);
  }

  #findIndexed(seq: number, digest: Uint8Array, bodies: KnownBodies): Place | undefined {
    const segment = holderOf(seq, bodies);
    const found = segment === undefined ? undefined : this.#bodyIndex.get(segment)?.places.get(seq);
    if (segment === undefined || found === undefined || Buffer.compare(found.digest, digest) !== 0) return undefined;
    return { journal: this.#journal, seq, segment, offset: found.offset };
  }

  /** `further`: from where it was looked through to where it is written now. */
  async #indexBodies(segment: number | undefined, how?: 'further'): Promise<void> {
    if (segment === undefined) return;
    const known = this.#bodyIndex.get(segment);
    if (known !== undefined && how === undefined) return;
    const index = known ?? { places: new Map<number, Indexed>(), endOffset: 0 };
    using held = await this.#open.hold('body', segment);
    const from = index.endOffset === 0 ? {} : { from: index.endOffset };
    let soundUntil = Infinity;
    for await (const events of scanBatches(held.file, { payloads: 'skip', chain: 'skip', ...from })) {
      for (const event of events) {
        if (event.kind === 'record')
          index.places.set(event.header.seq, { offset: event.offset, digest: event.header.digest });
        // what looks damaged may only be half written: it is looked at again
        else soundUntil = Math.min(soundUntil, event.offset);
      }
    }
    if (soundUntil < Infinity) index.endOffset = soundUntil;
    if (known !== undefined) return;
    // replay goes forward: two neighbours are enough
    const [oldest] = this.#bodyIndex.keys();
    if (oldest !== undefined && this.#bodyIndex.size >= 2) this.#bodyIndex.delete(oldest);
    this.#bodyIndex.set(segment, index);
  }

  async #readAt(lane: Lane, place: Place): Promise<Result<ReadRecord, ReadRefusal>> {
    using held = await this.#open.hold(lane, place.segment).catch(() => undefined);
    if (held === undefined) return err({ kind: 'notFound' });
    const { file } = held;
    const frame = await file.read(place.offset, FRAME_BYTES);
    if (frame.length < FRAME_BYTES) return err({ kind: 'notFound' });
    const header = decodeHeader(frame.subarray(4, 4 + HEADER_BYTES));
    if (!header.ok) return err({ kind: header.error.kind === 'magic' ? 'notFound' : 'damaged' });
    if (header.value.seq !== place.seq || header.value.lane !== lane) return err({ kind: 'notFound' });
    const storedBytes = frame.readUInt32BE(0);
    if (storedBytes === 0 && header.value.payloadBytes > 0) return err({ kind: 'erased' });
    const payload = await file.read(place.offset + FRAME_BYTES, header.value.payloadBytes);
    if (!payloadDigest(payload).equals(header.value.digest)) return err({ kind: 'damaged' });
    return ok({ header: header.value, payload });
  }
}

function holderOf(seq: number, { segments }: KnownBodies): number | undefined {
  return segments.findLast((body) => body.firstSeq <= seq)?.segment;
}

/** The scanner's window moves on. Of a letter only what rows are made of is kept: its sealed parts are read by place. */
function ownCopy(header: RecordHeader, payload: Buffer): Buffer {
  return header.kind === 'letter' ? copyWithoutSealed(payload) : Buffer.from(payload);
}

async function findInOpen(file: DiskFile, seq: number): Promise<number | undefined> {
  for await (const event of scanSegment(file, { payloads: 'skip', chain: 'skip' })) {
    if (event.kind === 'record' && event.header.seq === seq) return event.offset;
  }
  return undefined;
}
