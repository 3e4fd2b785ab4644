// letters-JJ: the leaf of every letter in the journal's order, 44 bytes {seq 8, leaf 32, check 4}; batches are stretches of it.

import { crc32c } from '../journal/crc32c.ts';
import type { Disk } from '../journal/disk.ts';
import { HASH_BYTES, type Hash } from './merkle.ts';
import { RecordFile } from './record-file.ts';

export interface LetterLeaf {
  readonly seq: number;
  readonly leaf: Hash;
}

const CHECKED_BYTES = 8 + HASH_BYTES;
const RECORD_BYTES = CHECKED_BYTES + 4;

export class LetterFile {
  readonly #file: RecordFile;

  private constructor(file: RecordFile) {
    this.#file = file;
  }

  static async open(disk: Disk, directory: string, journal: number): Promise<LetterFile> {
    const name = `letters-${numbered(journal)}`;
    return new LetterFile(await RecordFile.open(disk, directory, { name, recordBytes: RECORD_BYTES }));
  }

  count(): Promise<number> {
    return this.#file.count();
  }

  write(index: number, letters: readonly LetterLeaf[]): Promise<void> {
    const records = letters.map(({ seq, leaf }) => {
      const bytes = Buffer.alloc(RECORD_BYTES);
      bytes.writeBigUInt64BE(BigInt(seq), 0);
      bytes.set(leaf, 8);
      // says nothing about the leaf that its batch would not, but ties it to its record
      bytes.writeUInt32BE(crc32c(bytes.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
      return bytes;
    });
    return this.#file.write(index, records);
  }

  async read(index: number, count: number): Promise<readonly LetterLeaf[]> {
    const bytes = Uint8Array.from(await this.#file.read(index, count));
    const numbers = new DataView(bytes.buffer);
    return Array.from({ length: count }, (_, at) => {
      const start = at * RECORD_BYTES;
      return { seq: Number(numbers.getBigUint64(start)), leaf: bytes.subarray(start + 8, start + CHECKED_BYTES) };
    });
  }

  /** Whether `count` letters from `index` on are tied to their records as they were written. */
  async areWhole(index: number, count: number): Promise<boolean> {
    const bytes = await this.#file.read(index, count);
    for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
      const check = bytes.readUInt32BE(at + CHECKED_BYTES);
      if (check !== crc32c(bytes.subarray(at, at + CHECKED_BYTES))) return false;
    }
    return true;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Journals are numbered with two digits, as their folders are. */
export function numbered(journal: number): string {
  return String(journal).padStart(2, '0');
}
