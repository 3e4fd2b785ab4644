// A file of records of equal size, written by place: what lies behind the checkpoint's count is written again, never read as meaning.

import { journalPath, type Disk, type DiskFile } from '../journal/disk.ts';

export class RecordFile {
  readonly #file: DiskFile;
  readonly #recordBytes: number;
  #isDirty = false;

  private constructor(file: DiskFile, recordBytes: number) {
    this.#file = file;
    this.#recordBytes = recordBytes;
  }

  /** Opens or creates; a new name is on the medium before this resolves. */
  static async open(disk: Disk, directory: string, of: { name: string; recordBytes: number }): Promise<RecordFile> {
    return new RecordFile(await openOrCreate(disk, directory, of.name), of.recordBytes);
  }

  /** Whole records in the file, promised or not. */
  async count(): Promise<number> {
    return Math.floor((await this.#file.size()) / this.#recordBytes);
  }

  async write(index: number, records: readonly Uint8Array[]): Promise<void> {
    if (records.length === 0) return;
    this.#isDirty = true;
    await this.#file.write([Buffer.concat(records)], index * this.#recordBytes);
  }

  /** `count` records in one buffer; rejects when they are not all there. */
  async read(index: number, count: number): Promise<Buffer> {
    const length = count * this.#recordBytes;
    if (length === 0) return Buffer.alloc(0);
    const bytes = await this.#file.read(index * this.#recordBytes, length);
    if (bytes.length < length) throw new Error('a file of the book is shorter than its checkpoint says');
    return bytes;
  }

  async sync(): Promise<void> {
    if (!this.#isDirty) return;
    await this.#file.sync();
    this.#isDirty = false;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

export async function openOrCreate(disk: Disk, directory: string, name: string): Promise<DiskFile> {
  const path = journalPath(directory, name);
  if ((await disk.list(directory)).includes(name)) return disk.open(path, 'write');
  const file = await disk.create(path);
  await disk.syncDirectory(directory);
  return file;
}
