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
/** Names that are read at once. */
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

  /**
   * The entry of the `nth` receipt of a record; undefined when it has none. Seqs grow evenly on the whole, so the place is guessed
   * between the ends that are known, and every second time taken from the middle, which bounds the reads whatever the seqs are.
   */
  async find(seq: number, nth: number): Promise<number | undefined> {
    let low = { at: 0, seq: 0 };
    const [end] = this.#count > NEAR ? await this.read(this.#count - 1, 1) : [];
    let high = { at: this.#count, seq: (end?.seq ?? 0) + 1 };
    for (let tries = 0; high.at - low.at > NEAR; tries++) {
      const share = tries % 2 === 0 ? Math.min(1, (seq - low.seq) / (high.seq - low.seq)) : 0.5;
      const guess = low.at + Math.floor((high.at - low.at) * share) - NEAR / 2;
      const from = Math.min(Math.max(guess, low.at), high.at - NEAR);
      const names = await this.read(from, NEAR);
      const [first, last] = [names[0]?.seq ?? 0, names.at(-1)?.seq ?? 0];
      // all of one record lie together: those before `low` are smaller, those from `high` on are not
      if (first >= seq) high = { at: from, seq: first };
      else if (last < seq) low = { at: from + NEAR, seq: last };
      else return this.#findFrom(from, seq, nth);
    }
    return this.#findFrom(low.at, seq, nth);
  }

  async #findFrom(start: number, seq: number, nth: number): Promise<number | undefined> {
    for (let at = start; at < this.#count; at += NEAR) {
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
