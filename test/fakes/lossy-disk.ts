// A disk in memory that can lose power: what was not synced is lost, torn or kept, sector by sector, as chance wills.

import type { Disk, DiskFile } from '../../src/vault/journal/disk.ts';

const SECTOR_BYTES = 512;

interface Stored {
  bytes: Buffer;
  /** What is on the medium. */
  durable: Buffer;
  pending: { readonly position: number; readonly bytes: Buffer }[];
}

export interface LossyDisk extends Disk {
  /** After this many more writes, syncs and renames every operation fails: the power is gone. */
  failAfter(operations: number): void;
  /** A disk with what the medium holds after the power came back. */
  restart(): LossyDisk;
  readonly isDown: boolean;
}

export interface LossyOptions {
  readonly random: () => number;
  /** The twin: a disk that says "synced" and is not. */
  readonly syncLies?: boolean;
  readonly freeBytes?: number;
}

/** Names that were renamed or created but whose directory was not synced may be lost too. */
export function createLossyDisk(
  options: LossyOptions,
  files = new Map<string, Stored>(),
  durableNames = new Map<string, Stored>(),
): LossyDisk {
  let operationsLeft = Number.POSITIVE_INFINITY;
  let down = false;

  const step = (): void => {
    operationsLeft -= 1;
    if (operationsLeft < 0) down = true;
    if (down) throw Object.assign(new Error('no power'), { code: 'EIO' });
  };
  const openFile = (stored: Stored): DiskFile => ({
    async write(parts, position) {
      await Promise.resolve();
      const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
      if (position + bytes.length > stored.bytes.length)
        stored.bytes = Buffer.concat([stored.bytes], position + bytes.length);
      bytes.copy(stored.bytes, position);
      stored.pending.push({ position, bytes });
      step();
    },
    async read(position, length) {
      await Promise.resolve();
      return Buffer.from(stored.bytes.subarray(position, Math.min(stored.bytes.length, position + length)));
    },
    async sync() {
      await new Promise(setImmediate);
      step();
      if (options.syncLies) return;
      stored.durable = Buffer.from(stored.bytes);
      stored.pending = [];
    },
    async size() {
      return stored.bytes.length;
    },
    async close() {},
  });
  const requireFile = (path: string): Stored => {
    const stored = files.get(path);
    if (stored === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return stored;
  };

  return {
    get isDown() {
      return down;
    },
    failAfter(operations) {
      operationsLeft = operations;
    },
    async list(directory) {
      const prefix = `${directory}/`;
      return [...files.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length))
        .toSorted();
    },
    async create(path) {
      step();
      if (files.has(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      const stored: Stored = { bytes: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] };
      files.set(path, stored);
      return openFile(stored);
    },
    async open(path) {
      return openFile(requireFile(path));
    },
    async rename(from, to) {
      step();
      const stored = requireFile(from);
      files.delete(from);
      files.set(to, stored);
    },
    async remove(path) {
      files.delete(path);
    },
    async makeDirectory() {},
    async syncDirectory() {
      step();
      if (options.syncLies) return;
      durableNames.clear();
      for (const [name, stored] of files) durableNames.set(name, stored);
    },
    async space() {
      return { freeBytes: options.freeBytes ?? 1e12, totalBytes: 2e12 };
    },
    restart() {
      // a name whose directory was not synced is kept or lost as a whole
      const names = new Map(durableNames);
      for (const [name, stored] of files) if (options.random() < 0.5) names.set(name, stored);
      const after = new Map<string, Stored>();
      const moved = new Map<Stored, string>();
      for (const [name, stored] of names) {
        const before = moved.get(stored);
        if (before !== undefined) after.delete(files.get(before) === stored ? name : before);
        if (before !== undefined && files.get(before) === stored) continue;
        moved.set(stored, name);
        const bytes = afterPowerLoss(stored, options.random);
        after.set(name, { bytes, durable: Buffer.from(bytes), pending: [] });
      }
      return createLossyDisk(options, after, new Map(after));
    },
  };
}

/** Each sector of each write that was not synced got there, or did not. */
function afterPowerLoss(stored: Stored, random: () => number): Buffer {
  let bytes = Buffer.from(stored.durable);
  const mood = random();
  for (const { position, bytes: written } of stored.pending) {
    for (let at = 0; at < written.length;) {
      const end = Math.min(written.length, at + SECTOR_BYTES - ((position + at) % SECTOR_BYTES));
      if (random() < mood) {
        if (position + end > bytes.length) bytes = Buffer.concat([bytes], position + end);
        written.copy(bytes, position + at, at, end);
      }
      at = end;
    }
  }
  return bytes;
}
