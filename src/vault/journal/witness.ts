// The witness: the last synced (seq, hash) of both lanes in a tiny file of its own, so that a cut-off tail is noticed (decision 0002).

import { crc32c } from './crc32c.ts';
import { journalPath, type Disk, type DiskFile } from './disk.ts';

export interface LaneEnd {
  readonly seq: number;
  readonly hash: Uint8Array;
}
export interface Testimony {
  readonly body: LaneEnd;
  readonly key: LaneEnd;
}

const NAME = 'witness';
const MAGIC = 0x53474c57; // "SGLW"
const SLOT_BYTES = 128;
const SLOT_STRIDE = 4096;
const SYNC_EVERY_MS = 1_000;

/** Two slots written in turn: one is whole whatever happens to the other. */
export class Witness {
  readonly #file: DiskFile;
  #counter: number;
  #syncedMs = 0;

  private constructor(file: DiskFile, counter: number) {
    this.#file = file;
    this.#counter = counter;
  }

  static async open(
    disk: Disk,
    directory: string,
  ): Promise<{ readonly witness: Witness; readonly last: Testimony | undefined }> {
    const path = journalPath(directory, NAME);
    const exists = (await disk.list(directory)).includes(NAME);
    const file = exists ? await disk.open(path, 'write') : await disk.create(path);
    const newest = await readNewest(file);
    if (!exists) {
      await file.write([Buffer.alloc(SLOT_STRIDE + SLOT_BYTES)], 0);
      await file.sync();
      await disk.syncDirectory(directory);
    }
    return { witness: new Witness(file, newest?.counter ?? 0), last: newest?.testimony };
  }

  /** Survives the end of the program at once, a loss of power after at most a second. */
  async write(testimony: Testimony, nowMs: number): Promise<void> {
    this.#counter += 1;
    await this.#file.write([encodeSlot(this.#counter, testimony)], (this.#counter % 2) * SLOT_STRIDE);
    if (Math.abs(nowMs - this.#syncedMs) < SYNC_EVERY_MS) return;
    this.#syncedMs = nowMs;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
  }
}

/** What it says, for who only looks. */
export async function readWitness(disk: Disk, directory: string): Promise<Testimony | undefined> {
  const file = await disk.open(journalPath(directory, NAME), 'read').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return (await readNewest(file))?.testimony;
  } finally {
    await file.close();
  }
}

async function readNewest(file: DiskFile): ReturnType<typeof readSlot> {
  const slots = [await readSlot(file, 0), await readSlot(file, 1)].filter((slot) => slot !== undefined);
  return slots.toSorted((a, b) => b.counter - a.counter)[0];
}

function encodeSlot(counter: number, testimony: Testimony): Buffer {
  const bytes = Buffer.alloc(SLOT_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeBigUInt64BE(BigInt(counter), 8);
  bytes.writeBigUInt64BE(BigInt(testimony.body.seq), 16);
  bytes.set(testimony.body.hash, 24);
  bytes.writeBigUInt64BE(BigInt(testimony.key.seq), 56);
  bytes.set(testimony.key.hash, 64);
  bytes.writeUInt32BE(crc32c(bytes.subarray(0, 124)), 124);
  return bytes;
}

async function readSlot(file: DiskFile, slot: number): Promise<{ counter: number; testimony: Testimony } | undefined> {
  const bytes = await file.read(slot * SLOT_STRIDE, SLOT_BYTES);
  if (bytes.length < SLOT_BYTES || bytes.readUInt32BE(0) !== MAGIC) return undefined;
  if (bytes.readUInt32BE(124) !== crc32c(bytes.subarray(0, 124))) return undefined;
  return {
    counter: Number(bytes.readBigUInt64BE(8)),
    testimony: {
      body: { seq: Number(bytes.readBigUInt64BE(16)), hash: Uint8Array.from(bytes.subarray(24, 56)) },
      key: { seq: Number(bytes.readBigUInt64BE(56)), hash: Uint8Array.from(bytes.subarray(64, 96)) },
    },
  };
}
