// batches-JJ: which letters share an entry of the log, 64 bytes each; all of them are kept in memory, 24 a day at least.

import type { Disk } from '../journal/disk.ts';
import { numbered } from './letter-file.ts';
import { RecordFile } from './record-file.ts';

export interface Batch {
  /** Its entry in the log. */
  readonly entry: number;
  /** Its first letter's place in letters-JJ, and that letter's record. */
  readonly firstLetter: number;
  readonly firstSeq: number;
  /** The record its receipt is named by: the last one taken when it was closed. */
  readonly seq: number;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly closedMs: number;
}

const NUMBERS = ['entry', 'firstLetter', 'firstSeq', 'seq', 'count', 'fromMs', 'toMs', 'closedMs'] as const;
const RECORD_BYTES = NUMBERS.length * 8;

export class BatchFile {
  readonly #file: RecordFile;
  readonly #batches: Batch[];

  private constructor(file: RecordFile, batches: Batch[]) {
    this.#file = file;
    this.#batches = batches;
  }

  static async open(
    disk: Disk,
    directory: string,
    of: { readonly journal: number; readonly count: number },
  ): Promise<BatchFile> {
    const name = `batches-${numbered(of.journal)}`;
    const file = await RecordFile.open(disk, directory, { name, recordBytes: RECORD_BYTES });
    const isThere = (await file.count()) >= of.count;
    const bytes = await file.read(0, isThere ? of.count : 0);
    return new BatchFile(file, isThere ? Array.from({ length: of.count }, (_, at) => decode(bytes, at)) : []);
  }

  /** Letters in all batches. */
  get lettersInAll(): number {
    const last = this.#batches.at(-1);
    return last === undefined ? 0 : last.firstLetter + last.count;
  }

  get all(): readonly Batch[] {
    return this.#batches;
  }

  count(): Promise<number> {
    return this.#file.count();
  }

  /** The batch that holds the letter of this record, if it is closed. */
  find(seq: number): Batch | undefined {
    let [low, high] = [0, this.#batches.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#batches[middle]?.firstSeq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    const batch = this.#batches[low - 1];
    return batch !== undefined && seq <= batch.seq ? batch : undefined;
  }

  write(index: number, batches: readonly Batch[]): Promise<void> {
    return this.#file.write(index, batches.map(encode));
  }

  /** What was written counts from now on. */
  promise(batches: readonly Batch[]): void {
    this.#batches.push(...batches);
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function encode(batch: Batch): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  for (const [place, name] of NUMBERS.entries()) bytes.writeBigUInt64BE(BigInt(batch[name]), place * 8);
  return bytes;
}

function decode(bytes: Buffer, at: number): Batch {
  const number = (name: (typeof NUMBERS)[number]): number =>
    Number(bytes.readBigUInt64BE(at * RECORD_BYTES + NUMBERS.indexOf(name) * 8));
  return {
    entry: number('entry'),
    firstLetter: number('firstLetter'),
    firstSeq: number('firstSeq'),
    seq: number('seq'),
    count: number('count'),
    fromMs: number('fromMs'),
    toMs: number('toMs'),
    closedMs: number('closedMs'),
  };
}
