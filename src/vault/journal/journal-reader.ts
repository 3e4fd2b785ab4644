// Reads a journal's records: by place (hint checked, else searched), and the key lane in order for replay.

import { err, ok, type Result } from '#base/result.ts';
import { journalPath, type Disk, type DiskFile } from './disk.ts';
import type { KeyRecord, Place, ReadRefusal } from './journal.ts';
import { decodeContent } from './record-content.ts';
import { decodeHeader, FRAME_BYTES, HEADER_BYTES, payloadDigest, type RecordHeader } from './record.ts';
import type { Lane } from './record-types.ts';
import { scanSegment } from './scan.ts';
import { decodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES, segmentName } from './segment.ts';

const OPEN_FILES_MAX = 64;
const BATCH_RECORDS = 500;

export interface ReadRecord {
  readonly header: RecordHeader;
  readonly payload: Buffer;
}

interface Indexed {
  readonly offset: number;
  readonly digest: Uint8Array;
}

export class JournalReader {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #journal: number;
  readonly #files = new Map<string, Promise<DiskFile>>();
  readonly #bodyIndex = new Map<number, ReadonlyMap<number, Indexed>>();

  constructor(disk: Disk, directory: string, journal: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.#journal = journal;
  }

  /** The record named by (lane, seq); the hint is only where to look first. */
  async read(lane: Lane, place: Place): Promise<Result<ReadRecord, ReadRefusal>> {
    const atHint = await this.#readAt(lane, place);
    if (atHint.ok || atHint.error.kind !== 'notFound') return atHint;
    const found = await this.find(lane, place.seq);
    return found === undefined ? err({ kind: 'notFound' }) : this.#readAt(lane, found);
  }

  /** Searches the segments for a record: slow, for hints that no longer hold. */
  async find(lane: Lane, seq: number): Promise<Place | undefined> {
    for (const { segment, firstSeq } of (await this.segments(lane)).toReversed()) {
      if (firstSeq > seq) continue;
      const file = await this.#open(lane, segment);
      for await (const event of scanSegment(file, { payloads: 'skip' })) {
        if (event.kind === 'record' && event.header.seq === seq)
          return { journal: this.#journal, seq, segment, offset: event.offset };
      }
    }
    return undefined;
  }

  /** Segments of a lane in order, with the seq each begins with. */
  async segments(lane: Lane): Promise<readonly { readonly segment: number; readonly firstSeq: number }[]> {
    const found: { segment: number; firstSeq: number }[] = [];
    for (const name of await this.#disk.list(this.#directory)) {
      const parsed = parseSegmentName(name);
      if (parsed?.lane !== lane) continue;
      const head = decodeSegmentHeader(await (await this.#open(lane, parsed.segment)).read(0, SEGMENT_HEADER_BYTES));
      if (head.ok) found.push({ segment: parsed.segment, firstSeq: head.value.firstSeq });
    }
    return found;
  }

  /** Key-lane records with afterSeq < seq ≤ untilSeq, in order. */
  async *readKeyRecords(afterSeq: number, untilSeq: () => number): AsyncGenerator<readonly KeyRecord[]> {
    const segments = await this.segments('key');
    const bodies = await this.segments('body');
    for (const [index, { segment }] of segments.entries()) {
      const next = segments[index + 1];
      if (next !== undefined && next.firstSeq <= afterSeq + 1) continue;
      let batch: KeyRecord[] = [];
      for await (const event of scanSegment(await this.#open('key', segment), { payloads: 'check' })) {
        if (event.kind !== 'record' || event.header.seq <= afterSeq) continue;
        if (event.header.seq > untilSeq()) break;
        const record = await this.#toKeyRecord(
          event.header,
          event.stored ? event.payload : undefined,
          segment,
          event.offset,
          bodies,
        );
        if (record) batch.push(record);
        if (batch.length < BATCH_RECORDS) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    }
  }

  /** Seqs after `afterSeq` that a voided record names: headers only, so that replay can know them before it begins. */
  async findVoided(afterSeq: number): Promise<ReadonlySet<number>> {
    const voided = new Set<number>();
    const segments = await this.segments('key');
    for (const [index, { segment }] of segments.entries()) {
      const next = segments[index + 1];
      if (next !== undefined && next.firstSeq <= afterSeq + 1) continue;
      for await (const event of scanSegment(await this.#open('key', segment), { payloads: 'skip' })) {
        if (event.kind !== 'record' || event.header.kind !== 'voided' || event.header.seq <= afterSeq) continue;
        const { seq } = event.header;
        const record = await this.read('key', { journal: this.#journal, seq, segment, offset: event.offset });
        const content = record.ok ? decodeContent(record.value.header, record.value.payload) : undefined;
        if (content?.ok && content.value.kind === 'voided') voided.add(content.value.voided.seq);
      }
    }
    return voided;
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await (await file).close();
    this.#files.clear();
  }

  async #toKeyRecord(
    header: RecordHeader,
    payload: Buffer | undefined,
    segment: number,
    offset: number,
    bodies: readonly { readonly segment: number; readonly firstSeq: number }[],
  ): Promise<KeyRecord | undefined> {
    const copy = payload && Buffer.from(payload); // the scanner's window moves on
    const content = decodeContent(header, copy);
    if (!content.ok) return undefined;
    const place = { journal: this.#journal, seq: header.seq, segment, offset };
    if (content.value.kind !== 'letter') return { header, place, content: content.value };
    const bodyPlace = await this.#findBody(content.value.letter.bodySeq, content.value.letter.packetDigest, bodies);
    return { header, place, content: { ...content.value, bodyPlace } };
  }

  /** Where a letter's body lies, if it is there and its digest agrees. */
  async #findBody(
    seq: number,
    digest: Uint8Array,
    bodies: readonly { readonly segment: number; readonly firstSeq: number }[],
  ): Promise<Place | undefined> {
    const find = async (from: typeof bodies): Promise<Place | undefined> => {
      const holder = from.findLast((body) => body.firstSeq <= seq);
      if (holder === undefined) return undefined;
      const found = (await this.#indexBodies(holder.segment)).get(seq);
      if (found === undefined || !Buffer.from(found.digest).equals(digest)) return undefined;
      return { journal: this.#journal, seq, segment: holder.segment, offset: found.offset };
    };
    const known = await find(bodies);
    if (known !== undefined) return known;
    // the lane is written while it is read: what was indexed may be older than this letter
    this.forgetIndex();
    return find(await this.segments('body'));
  }

  async #indexBodies(segment: number): Promise<ReadonlyMap<number, Indexed>> {
    const known = this.#bodyIndex.get(segment);
    if (known) return known;
    const index = new Map<number, Indexed>();
    for await (const event of scanSegment(await this.#open('body', segment), { payloads: 'skip' })) {
      if (event.kind === 'record') index.set(event.header.seq, { offset: event.offset, digest: event.header.digest });
    }
    if (this.#bodyIndex.size >= 2) this.#bodyIndex.clear(); // replay goes forward: two neighbours are enough
    this.#bodyIndex.set(segment, index);
    return index;
  }

  /** Forgets what was indexed of the segments still being written. */
  forgetIndex(): void {
    this.#bodyIndex.clear();
  }

  async #readAt(lane: Lane, place: Place): Promise<Result<ReadRecord, ReadRefusal>> {
    const file = await this.#open(lane, place.segment).catch(() => undefined);
    if (file === undefined) return err({ kind: 'notFound' });
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

  #open(lane: Lane, segment: number): Promise<DiskFile> {
    const name = segmentName(lane, segment);
    let file = this.#files.get(name);
    if (file === undefined) {
      file = this.#disk.open(journalPath(this.#directory, name), 'read');
      file.catch(() => this.#files.delete(name));
      this.#files.set(name, file);
      this.#closeOldest();
    }
    return file;
  }

  #closeOldest(): void {
    if (this.#files.size <= OPEN_FILES_MAX) return;
    const [name, file] = this.#files.entries().next().value ?? [];
    if (name === undefined || file === undefined) return;
    this.#files.delete(name);
    // a read may still be under way on it
    setTimeout(() => void file.then((open) => open.close()).catch(() => undefined), 30_000).unref();
  }
}
