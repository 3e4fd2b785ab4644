// Durable records waiting in memory for the database, bounded: what does not fit is dropped, for the journal has it.

import type { AccountId } from '#base/ids.ts';
import type { KeyRecord } from '../journal/journal.ts';

export interface StoreBounds {
  readonly queueRecordsMax: number;
  readonly queueBytesMax: number;
}

export class RecordStore {
  readonly #bounds: StoreBounds;
  readonly #records = new Map<number, KeyRecord>();
  readonly #lastSeqs = new Map<AccountId, number>();
  #bytes = 0;
  #droppedThrough = 0;

  constructor(bounds: StoreBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Whether `lastSeqOf` knows every account with records that are not yet applied. */
  get isComplete(): boolean {
    return this.#droppedThrough === 0;
  }

  /** The highest seq that was dropped; 0: none. */
  get droppedThrough(): number {
    return this.#droppedThrough;
  }

  /** Call when what was dropped has been applied from the journal. */
  complete(): void {
    this.#droppedThrough = 0;
  }

  put(records: readonly KeyRecord[], appliedSeq: number): void {
    const { queueRecordsMax, queueBytesMax } = this.#bounds;
    for (const record of records) {
      const { seq, accountId, payloadBytes } = record.header;
      if (seq <= appliedSeq) continue;
      if (this.#records.size >= queueRecordsMax || this.#bytes + payloadBytes > queueBytesMax) {
        this.#dropAll();
        this.#droppedThrough = Math.max(this.#droppedThrough, seq);
        continue;
      }
      this.#records.set(seq, record);
      this.#bytes += payloadBytes;
      if (accountId !== undefined) this.#lastSeqs.set(accountId, Math.max(seq, this.#lastSeqs.get(accountId) ?? 0));
    }
  }

  has(seq: number): boolean {
    return this.#records.has(seq);
  }

  /** The last waiting seq of an account; 0 when none waits. */
  lastSeqOf(accountId: AccountId): number {
    return this.#lastSeqs.get(accountId) ?? 0;
  }

  /** The records that follow `seq` without a gap, at most `max`; they stay until forgotten. */
  takeAfter(seq: number, max: number): readonly KeyRecord[] {
    const taken: KeyRecord[] = [];
    for (let next = this.#records.get(seq + 1); next !== undefined && taken.length < max;) {
      taken.push(next);
      next = this.#records.get(next.header.seq + 1);
    }
    return taken;
  }

  /** Lets go of everything up to `seq`. */
  forgetThrough(seq: number): void {
    for (const [key, record] of this.#records) {
      if (key > seq) break; // records come nearly in order: a straggler goes at the next call
      this.#forget(key, record);
    }
  }

  #dropAll(): void {
    for (const seq of this.#records.keys()) this.#droppedThrough = Math.max(this.#droppedThrough, seq);
    this.#records.clear();
    this.#lastSeqs.clear();
    this.#bytes = 0;
  }

  #forget(seq: number, { header }: KeyRecord): void {
    this.#records.delete(seq);
    this.#bytes -= header.payloadBytes;
    if (header.accountId !== undefined && (this.#lastSeqs.get(header.accountId) ?? 0) <= seq)
      this.#lastSeqs.delete(header.accountId);
  }
}
