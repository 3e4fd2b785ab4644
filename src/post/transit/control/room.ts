// What pages, commands and the house's doors may ask of the room, wherever it runs: in this process or behind a pipe.

import type { Result } from '#base/result.ts';
import type { OptimiseOrder, OptimiseResult, Progress } from '../contract.ts';
import type { SelfCheck } from '../report/self-check.ts';
import type { DeletionReceipt, FileSalts, FoundReceipt } from '../report/receipt.ts';

/** Why nothing was done, or nothing was handed over. */
export type RoomRefusal = {
  /** `noRoom`: too little memory or too much work; `overBudget`: it takes longer than the caller waits; `crashed`: the work broke off; `closed`: the room is not open. */
  readonly kind: 'noRoom' | 'overBudget' | 'crashed' | 'closed';
};

export interface RoomCounters {
  /** Since the room was opened. */
  readonly jobs: number;
  readonly returned: number;
  readonly pages: number;
  /** Now. */
  readonly atWork: number;
  readonly waiting: number;
  readonly objects: number;
  readonly bytes: number;
  /** Age of the oldest job that is in memory; 0: none. */
  readonly oldestMs: number;
  /** Objects that outlived their time: 0 unless something is wrong. */
  readonly alarms: number;
}

export interface Handed {
  readonly result: OptimiseResult;
  /** Signed after everything of the job was erased from the store. */
  readonly receipt: DeletionReceipt;
  /** What ties the receipt's hashes to the files, in the order of `result.report.files`; kept nowhere here. */
  readonly salts: FileSalts;
}

export interface TransitRoom {
  /** Work of the drop page: what comes back is handed over with its receipt, and erased here. */
  optimise(
    order: OptimiseOrder,
    way: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ): Promise<Result<Handed, RoomRefusal>>;
  selfCheck(): Promise<SelfCheck>;
  counters(): Promise<RoomCounters>;
  /** One of the newest receipts, by the id of its job. */
  findReceipt(job: string): Promise<FoundReceipt | undefined>;
}
