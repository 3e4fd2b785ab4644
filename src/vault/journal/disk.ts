// The few file operations a journal needs, so that a test can stand between it and a disk that loses power.

import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskFile {
  /** Writes all of `parts` one after the other from `position`; rejects when any byte could not be written. */
  write(parts: readonly Uint8Array[], position: number): Promise<void>;
  /** Up to `length` bytes from `position`; fewer only at the end of the file. They may be put into `into`, if it has room. */
  read(position: number, length: number, into?: Buffer): Promise<Buffer>;
  /** fdatasync: resolves when what was written is on the medium. */
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface Disk {
  list(directory: string): Promise<readonly string[]>;
  /** Creates with mode 0600; fails when the file exists. */
  create(path: string): Promise<DiskFile>;
  open(path: string, mode: 'read' | 'write'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** fsync of a directory: names created or renamed in it are on the medium. */
  syncDirectory(path: string): Promise<void>;
  /** Bytes free for this process and bytes in all. */
  space(directory: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number }>;
}

const WRITE_PARTS_MAX = 512; // below IOV_MAX everywhere

class NodeFile implements DiskFile {
  readonly #handle: fs.FileHandle;

  constructor(handle: fs.FileHandle) {
    this.#handle = handle;
  }

  async write(parts: readonly Uint8Array[], position: number): Promise<void> {
    let at = position;
    for (let first = 0; first < parts.length; first += WRITE_PARTS_MAX) {
      at += await this.#writeSome(parts.slice(first, first + WRITE_PARTS_MAX), at);
    }
  }

  async #writeSome(parts: Uint8Array[], position: number): Promise<number> {
    const wanted = parts.reduce((sum, part) => sum + part.length, 0);
    let done = parts.length === 1 ? 0 : (await this.#handle.writev(parts, position)).bytesWritten;
    if (done < wanted) {
      // a short write: the rest in one piece, until it is all there or the system says why not
      const rest = Buffer.concat(parts).subarray(done);
      let offset = 0;
      while (offset < rest.length) {
        const { bytesWritten } = await this.#handle.write(rest, offset, rest.length - offset, position + done + offset);
        if (bytesWritten === 0) throw Object.assign(new Error('nothing could be written'), { code: 'ENOSPC' });
        offset += bytesWritten;
      }
      done += offset;
    }
    return done;
  }

  async read(position: number, length: number, into?: Buffer): Promise<Buffer> {
    const buffer = into !== undefined && into.length >= length ? into : Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(buffer, done, length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

export const nodeDisk: Disk = {
  async list(directory) {
    return (await fs.readdir(directory)).toSorted();
  },
  async create(path) {
    return new NodeFile(await fs.open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600));
  },
  async open(path, mode) {
    return new NodeFile(await fs.open(path, mode === 'read' ? constants.O_RDONLY : constants.O_RDWR));
  },
  rename: (from, to) => fs.rename(from, to),
  remove: (path) => fs.rm(path, { force: true }),
  async makeDirectory(path) {
    await fs.mkdir(path, { recursive: true, mode: 0o700 });
  },
  async syncDirectory(path) {
    const handle = await fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async space(directory) {
    const facts = await fs.statfs(directory);
    return { freeBytes: facts.bavail * facts.bsize, totalBytes: facts.blocks * facts.bsize };
  },
};

/** Path of a file in a journal's folder. */
export function journalPath(directory: string, name: string): string {
  return join(directory, name);
}
