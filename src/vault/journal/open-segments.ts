// Segments open for reading, each with the places of its records: kept while somebody reads, so that a compacted file never mixes with the one before.

import { limits } from '#base/limits.ts';
import { journalPath, type Disk, type DiskFile } from './disk.ts';
import type { Lane } from './record-types.ts';
import { scanSegment } from './scan.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from './segment.ts';

/** One reader's hold on a segment's file. The file is closed when it was forgotten and nobody holds it. */
export interface HeldSegment extends Disposable {
  readonly file: DiskFile;
  /** Where the record of this seq begins; undefined when the segment holds none. Only for segments that are not written any more. */
  offsetOf(seq: number): Promise<number | undefined>;
}

interface Entry {
  readonly opening: Promise<DiskFile>;
  holders: number;
  isForgotten: boolean;
  index: Promise<SegmentIndex> | undefined;
}

/** Offsets by seq − first; 0: no record. */
interface SegmentIndex {
  readonly firstSeq: number;
  readonly offsets: Float64Array;
}

export class OpenSegments {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #entries = new Map<string, Entry>();

  constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#directory = directory;
  }

  async hold(lane: Lane, segment: number): Promise<HeldSegment> {
    const name = segmentName(lane, segment);
    const entry = this.#entries.get(name) ?? this.#openEntry(name);
    // the last used stand at the end
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    entry.holders += 1;
    const release = (): void => {
      entry.holders -= 1;
      closeIfDone(entry);
    };
    try {
      const file = await entry.opening;
      this.#closeOldest();
      return { file, offsetOf: (seq) => offsetIn(entry, file, seq), [Symbol.dispose]: release };
    } catch (cause) {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
      throw cause;
    }
  }

  /** The file was replaced: who reads the old one goes on with it, who comes next opens the new one. */
  forget(lane: Lane, segment: number): void {
    this.#forget(segmentName(lane, segment));
  }

  async close(): Promise<void> {
    const open = [...this.#entries.values()];
    this.#entries.clear();
    for (const { opening } of open) await opening.then((file) => file.close()).catch(() => undefined);
  }

  #openEntry(name: string): Entry {
    const opening = this.#disk.open(journalPath(this.#directory, name), 'read');
    return { opening, holders: 0, isForgotten: false, index: undefined };
  }

  #closeOldest(): void {
    if (this.#entries.size <= limits.journal.segmentsOpenMax) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    entry.isForgotten = true;
    closeIfDone(entry);
  }
}

function closeIfDone({ opening, holders, isForgotten }: Entry): void {
  if (isForgotten && holders === 0) void opening.then((file) => file.close()).catch(() => undefined);
}

async function offsetIn(entry: Entry, file: DiskFile, seq: number): Promise<number | undefined> {
  entry.index ??= indexSegment(file);
  const { firstSeq, offsets } = await entry.index;
  const offset = offsets[seq - firstSeq] ?? 0;
  return offset === 0 ? undefined : offset;
}

async function indexSegment(file: DiskFile): Promise<SegmentIndex> {
  const head = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
  const places: { readonly seq: number; readonly offset: number }[] = [];
  let firstSeq = head.ok ? head.value.firstSeq : Number.POSITIVE_INFINITY;
  let lastSeq = 0;
  for await (const event of scanSegment(file, { payloads: 'skip', chain: 'skip' })) {
    if (event.kind !== 'record') continue;
    const { seq } = event.header;
    firstSeq = Math.min(firstSeq, seq);
    lastSeq = Math.max(lastSeq, seq);
    places.push({ seq, offset: event.offset });
  }
  // numbers of one segment follow each other; where damage tore a hole it stays empty
  const offsets = new Float64Array(
    places.length === 0 ? 0 : Math.min(lastSeq - firstSeq + 1, places.length * 2 + 1_000),
  );
  for (const { seq, offset } of places) offsets[seq - firstSeq] = offset;
  return { firstSeq, offsets };
}
