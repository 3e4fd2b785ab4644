// Sums the journal in a thread of its own: a walk through a million records must not make letters and people wait.

import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { JournalSums } from './journal-sums.ts';

/** What the thread is told. */
export interface SumOrder {
  /** The journal's folder as it can be reached now. */
  readonly directory: string;
  readonly journal: number;
  readonly ledgerKey: Uint8Array;
  /** Nothing behind this record counts; it is durable. */
  readonly untilSeq: number;
  /** Commands that are passed over besides those the journal names itself. */
  readonly leaveOut: readonly number[];
}

export type SumAside = (untilSeq: number, leaveOut?: readonly number[]) => Promise<JournalSums>;
export type StartSumThread = (options: WorkerOptions) => Worker;

/** The thread's own file, for a program that carries it in memory. */
export const sumThreadFile = new URL('sum-thread.ts', import.meta.url);

/** What lives only for a moment must not make its heap large. */
const YOUNG_MIB = 16;

export function sumAside(
  house: Pick<SumOrder, 'directory' | 'journal' | 'ledgerKey'>,
  start: StartSumThread = (options) => new Worker(sumThreadFile, options),
): SumAside {
  return (untilSeq, leaveOut = []) =>
    new Promise((resolve, reject) => {
      const workerData: SumOrder = { ...house, untilSeq, leaveOut };
      const worker = start({ workerData, name: 'ledger', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
      worker.unref(); // a program that ends waits for no count
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread that sums ended without an answer')));
    });
}
