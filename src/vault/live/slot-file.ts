// The slots in one file, written in place; a letter's slot is given anew only long after the letter is over.

import { join } from 'node:path';
import type { AccountId, SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Disk, DiskFile } from '../journal/disk.ts';
import { decodeSlot, encodeSlot, isEnded, SLOT_BYTES, type EndedState, type Slot } from './slot.ts';

const NAME = 'slots';
const SLOTS_READ = 2_048;

export interface EndedLetter {
  readonly id: SubmissionId;
  readonly accountId: AccountId;
  readonly state: EndedState;
  readonly recipients: number;
  readonly delivered: number;
}

export class SlotFile {
  readonly #file: DiskFile;
  #size: number;
  /** Slots that may be given, the lowest last. */
  #free: number[] = [];
  /** Given and perhaps not yet written. */
  readonly #given = new Set<number>();
  readonly #unwritten = new Set<number>();
  #growing: Promise<void> | undefined;
  #walking: Promise<unknown> = Promise.resolve();

  private constructor(file: DiskFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  static async open(disk: Disk, directory: string): Promise<SlotFile> {
    const path = join(directory, NAME);
    const isThere = (await disk.list(directory)).includes(NAME);
    const file = isThere ? await disk.open(path, 'write') : await disk.create(path);
    if (!isThere) await disk.syncDirectory(directory);
    return new SlotFile(file, Math.floor((await file.size()) / SLOT_BYTES));
  }

  /**
   * Shows every slot that was ever written and is whole, in order, and finds which may be given: those never written and those
   * over for longer than any copy of the database lives. Returns how many are damaged; they are never given.
   */
  refresh(nowMs: number, visit: (slot: Slot) => void = () => undefined): Promise<number> {
    return this.#alone(() => this.#refresh(nowMs, visit));
  }

  async #refresh(nowMs: number, visit: (slot: Slot) => void): Promise<number> {
    const free: number[] = [];
    const damaged = await this.scan((slot, index) => {
      if (slot === undefined || (slot !== 'damaged' && isLongOver(slot, nowMs))) free.push(index);
      if (slot !== undefined) this.#given.delete(index);
      if (slot !== undefined && slot !== 'damaged') visit(slot);
    });
    this.#free = free.filter((index) => !this.#given.has(index)).toReversed();
    return damaged;
  }

  /** Every slot in order; returns how many are damaged. */
  async scan(visit: (slot: Slot | 'damaged' | undefined, index: number) => void): Promise<number> {
    let damaged = 0;
    for (let first = 0; first < this.#size; first += SLOTS_READ) {
      const bytes = await this.#file.read(first * SLOT_BYTES, SLOTS_READ * SLOT_BYTES);
      for (let at = 0; at + SLOT_BYTES <= bytes.length; at += SLOT_BYTES) {
        const index = first + at / SLOT_BYTES;
        const slot = decodeSlot(bytes.subarray(at, at + SLOT_BYTES), index);
        if (slot === 'damaged') damaged += 1;
        visit(slot, index);
      }
    }
    return damaged;
  }

  async findEnded(ids: ReadonlySet<SubmissionId>): Promise<ReadonlyMap<SubmissionId, EndedLetter>> {
    const ended = new Map<SubmissionId, EndedLetter>();
    if (ids.size === 0) return ended;
    await this.scan((slot) => {
      if (slot === undefined || slot === 'damaged') return;
      const { id, accountId, state, recipients, delivered } = slot;
      if (ids.has(id) && isEnded(state)) ended.set(id, { id, accountId, state, recipients, delivered });
    });
    return ended;
  }

  async remembered(): Promise<readonly { readonly name: string; readonly sinceMs: number }[]> {
    const found: { name: string; sinceMs: number }[] = [];
    await this.scan((slot) => {
      if (slot !== undefined && slot !== 'damaged' && isEnded(slot.state))
        found.push({ name: slot.id, sinceMs: slot.dueMs });
    });
    return found;
  }

  /** Writes zeros over what was remembered for long enough: whose letter it was, and when it left. Returns how many. */
  forget(nowMs: number): Promise<number> {
    return this.#alone(async () => {
      // what is given while we look may be written at any moment and is left alone
      const settled = new Set([...this.#given].filter((index) => !this.#unwritten.has(index)));
      const over: number[] = [];
      await this.scan((slot, index) => {
        if (slot !== undefined && slot !== 'damaged' && isLongOver(slot, nowMs)) over.push(index);
      });
      const free = new Set(this.#free);
      const due = new Set(over.filter((index) => free.has(index) || settled.has(index)));
      if (due.size === 0) return 0;
      this.#free = this.#free.filter((index) => !due.has(index));
      for (const index of due) await this.#file.write([Buffer.alloc(SLOT_BYTES)], index * SLOT_BYTES);
      await this.#file.sync();
      for (const index of due) this.giveBack(index);
      return due.size;
    });
  }

  /** One walk that decides about slots at a time. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#walking.then(work);
    this.#walking = done.catch(() => undefined);
    return done;
  }

  take(): number | undefined {
    const index = this.#free.pop();
    if (index !== undefined) this.#given.add(index);
    if (index !== undefined) this.#unwritten.add(index);
    return index;
  }

  giveBack(index: number): void {
    this.#given.delete(index);
    this.#unwritten.delete(index);
    this.#free.push(index);
  }

  /** Writes zeros behind the last slot, so that there are free ones. */
  grow(): Promise<void> {
    // two at once would write zeros over slots that were given in between
    this.#growing ??= this.#grow().finally(() => (this.#growing = undefined));
    return this.#growing;
  }

  async #grow(): Promise<void> {
    const { slotsGrowBy } = limits.live;
    await this.#file.write([Buffer.alloc(slotsGrowBy * SLOT_BYTES)], this.#size * SLOT_BYTES);
    await this.#file.sync();
    const first = this.#size;
    this.#size += slotsGrowBy;
    const fresh = Array.from({ length: slotsGrowBy }, (_, count) => first + slotsGrowBy - 1 - count);
    this.#free = [...fresh, ...this.#free];
  }

  /** Neighbouring slots are written in one piece. Not synced. */
  async write(slots: readonly Slot[]): Promise<void> {
    const ordered = [...new Set(slots)].toSorted((a, b) => a.index - b.index);
    for (let from = 0; from < ordered.length;) {
      let to = from + 1;
      while (to < ordered.length && ordered[to]?.index === (ordered[to - 1]?.index ?? 0) + 1) to += 1;
      const run = ordered.slice(from, to);
      await this.#file.write([Buffer.concat(run.map(encodeSlot))], (run[0]?.index ?? 0) * SLOT_BYTES);
      for (const { index } of run) this.#unwritten.delete(index);
      from = to;
    }
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function isLongOver({ state, dueMs: endedMs }: Slot, nowMs: number): boolean {
  return isEnded(state) && nowMs - endedMs >= limits.live.endedKeptMs;
}
