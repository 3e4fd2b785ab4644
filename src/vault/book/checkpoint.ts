// How far the book is whole: counts of every file, the tree's root and the last record taken, in two slots written in turn (decision 0012).

import { crc32c } from '../journal/crc32c.ts';
import type { Disk, DiskFile } from '../journal/disk.ts';
import { EMPTY_ROOT, type Hash } from './merkle.ts';
import { openOrCreate } from './record-file.ts';

export interface BookState {
  /** The last journal record that was taken. */
  readonly position: number;
  /** Records in the files letters, batches and entries. */
  readonly letters: number;
  readonly batches: number;
  readonly entries: number;
  /** Leaves of the log, and the root over them. */
  readonly size: number;
  readonly root: Hash;
  /** When the first letter of the open batch was taken, and the times of its first and last record; 0: no letter is in it. */
  readonly openSinceMs: number;
  readonly openFromMs: number;
  readonly openToMs: number;
}

/** What a store keeps its state in; tests put a twin here that forgets. */
export interface Checkpoint {
  readonly last: BookState;
  /** Resolves when the state is on the medium. Everything it counts must be there before. */
  write(state: BookState): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'checkpoint';
const MAGIC = 0x53474c42; // "SGLB"
const SLOT_BYTES = 256;
const SLOT_STRIDE = 4096;
const NUMBERS = [
  'position',
  'letters',
  'batches',
  'entries',
  'size',
  'openSinceMs',
  'openFromMs',
  'openToMs',
] as const satisfies readonly (keyof BookState)[];

const EMPTY: BookState = {
  position: 0,
  letters: 0,
  batches: 0,
  entries: 0,
  size: 0,
  root: EMPTY_ROOT,
  openSinceMs: 0,
  openFromMs: 0,
  openToMs: 0,
};

export async function openCheckpoint(disk: Disk, directory: string): Promise<Checkpoint> {
  const file = await openOrCreate(disk, directory, NAME);
  await file.sync(); // what a killed program wrote may not be on the medium yet, and is built upon from now on
  const slots = [await readSlot(file, 0), await readSlot(file, 1)].filter((slot) => slot !== undefined);
  const newest = slots.toSorted((a, b) => b.counter - a.counter)[0];
  return new FileCheckpoint(file, newest?.counter ?? 0, newest?.state ?? EMPTY);
}

class FileCheckpoint implements Checkpoint {
  readonly #file: DiskFile;
  #counter: number;
  #last: BookState;

  constructor(file: DiskFile, counter: number, last: BookState) {
    this.#file = file;
    this.#counter = counter;
    this.#last = last;
  }

  get last(): BookState {
    return this.#last;
  }

  async write(state: BookState): Promise<void> {
    const counter = this.#counter + 1;
    await this.#file.write([encodeSlot(counter, state)], (counter % 2) * SLOT_STRIDE);
    await this.#file.sync();
    // only now: a slot that failed is written again, so that the other one is never touched before this one stands
    this.#counter = counter;
    this.#last = state;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function encodeSlot(counter: number, state: BookState): Buffer {
  const bytes = Buffer.alloc(SLOT_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(1, 4);
  bytes.writeBigUInt64BE(BigInt(counter), 8);
  for (const [place, name] of NUMBERS.entries()) bytes.writeBigUInt64BE(BigInt(state[name]), 16 + place * 8);
  bytes.set(state.root, 128);
  bytes.writeUInt32BE(crc32c(bytes.subarray(0, SLOT_BYTES - 4)), SLOT_BYTES - 4);
  return bytes;
}

async function readSlot(file: DiskFile, slot: number): Promise<{ counter: number; state: BookState } | undefined> {
  const bytes = await file.read(slot * SLOT_STRIDE, SLOT_BYTES);
  if (bytes.length < SLOT_BYTES || bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(4) !== 1) return undefined;
  if (bytes.readUInt32BE(SLOT_BYTES - 4) !== crc32c(bytes.subarray(0, SLOT_BYTES - 4))) return undefined;
  const number = (name: (typeof NUMBERS)[number]): number =>
    Number(bytes.readBigUInt64BE(16 + NUMBERS.indexOf(name) * 8));
  const state: BookState = {
    position: number('position'),
    letters: number('letters'),
    batches: number('batches'),
    entries: number('entries'),
    size: number('size'),
    root: Uint8Array.from(bytes.subarray(128, 160)),
    openSinceMs: number('openSinceMs'),
    openFromMs: number('openFromMs'),
    openToMs: number('openToMs'),
  };
  return { counter: Number(bytes.readBigUInt64BE(8)), state };
}
