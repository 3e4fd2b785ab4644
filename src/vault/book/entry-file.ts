// entries-JJ: which record of the journal each entry of the log stands for, 24 bytes {seq 8, nth 2, kind 2, check 4, entry 8}, in order of seq.

import { crc32c } from '../journal/crc32c.ts';
import type { Disk } from '../journal/disk.ts';
import { numbered } from './letter-file.ts';
import type { Hash } from './merkle.ts';
import { RecordFile } from './record-file.ts';

export interface EntryName {
  readonly seq: number;
  readonly nth: number;
  /** Whether it is the receipt of a batch of letters. */
  readonly isBatch: boolean;
  /** Its place in the log. */
  readonly entry: number;
  /** CRC-32C over the name and the entry's leaf: finds a name that was moved or changed. */
  readonly check: number;
}

/** A name with its check. */
export function nameEntry(name: Omit<EntryName, 'check'>, leaf: Hash): EntryName {
  const bytes = encode({ ...name, check: 0 });
  return { ...name, check: crc32c(Buffer.concat([bytes, leaf])) };
}

const RECORD_BYTES = 24;
/** Fewer are read at once than looked for one by one. */
const NEAR = 64;

export class EntryFile {
  readonly #file: RecordFile;
  #count: number;

  private constructor(file: RecordFile, count: number) {
    this.#file = file;
    this.#count = count;
  }

  static async open(
    disk: Disk,
    directory: string,
    of: { readonly journal: number; readonly count: number },
  ): Promise<EntryFile> {
    const name = `entries-${numbered(of.journal)}`;
    return new EntryFile(await RecordFile.open(disk, directory, { name, recordBytes: RECORD_BYTES }), of.count);
  }

  count(): Promise<number> {
    return this.#file.count();
  }

  /** The entry of the `nth` receipt of a record; undefined when it has none. */
  async find(seq: number, nth: number): Promise<number | undefined> {
    let [low, high] = [0, this.#count];
    while (high - low > NEAR) {
      const middle = Math.floor((low + high) / 2);
      const [name] = await this.read(middle, 1);
      if (name === undefined || name.seq >= seq) high = middle;
      else low = middle + 1;
    }
    // all of one record lie together: at most a few beyond the place where they begin
    for (let at = low; at < this.#count; at += NEAR) {
      const names = await this.read(at, Math.min(NEAR, this.#count - at));
      const found = names.find((name) => name.seq === seq && name.nth === nth && !name.isBatch);
      if (found !== undefined) return found.entry;
      if ((names.at(-1)?.seq ?? 0) > seq) return undefined;
    }
    return undefined;
  }

  async read(index: number, count: number): Promise<readonly EntryName[]> {
    const bytes = await this.#file.read(index, count);
    return Array.from({ length: count }, (_, at) => {
      const record = bytes.subarray(at * RECORD_BYTES, (at + 1) * RECORD_BYTES);
      return {
        seq: Number(record.readBigUInt64BE(0)),
        nth: record.readUInt16BE(8),
        isBatch: record.readUInt16BE(10) === 1,
        check: record.readUInt32BE(12),
        entry: Number(record.readBigUInt64BE(16)),
      };
    });
  }

  write(index: number, names: readonly EntryName[]): Promise<void> {
    return this.#file.write(index, names.map(encode));
  }

  /** What was written counts from now on. */
  promise(count: number): void {
    this.#count += count;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function encode({ seq, nth, isBatch, check, entry }: EntryName): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.writeBigUInt64BE(BigInt(seq), 0);
  bytes.writeUInt16BE(nth, 8);
  bytes.writeUInt16BE(isBatch ? 1 : 0, 10);
  bytes.writeUInt32BE(check, 12);
  bytes.writeBigUInt64BE(BigInt(entry), 16);
  return bytes;
}
