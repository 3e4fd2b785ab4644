// The thread in which the journal is summed: its work and its memory are its own, and it gives way to all others.

import { setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { requireValue } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { JournalReader } from '../../journal/journal-reader.ts';
import { JournalLedger } from './journal-ledger.ts';
import { sumsOf } from './journal-sums.ts';
import type { SumOrder } from './sum-aside.ts';

const PIECE_MS = 20;
/** Of its time a thread that nobody crowds is at work; the rest it waits for the disk. */
const SPARE_SHARE = 0.6;

const port = requireValue(parentPort, 'sum-thread runs in a worker thread');
const { directory, journal, ledgerKey, untilSeq, leaveOut }: SumOrder = workerData;
// 0: on Linux this very thread
setPriority(0, limits.database.lowPriority);
const reader = new JournalReader(nodeDisk, directory, journal, () => untilSeq);
const ledger = await JournalLedger.replay({
  journal: {
    journal,
    readKeyRecords: (afterSeq) => unhurried(reader.readKeyRecords(afterSeq, () => untilSeq)),
    findVoided: async (afterSeq) => new Set([...(await reader.findVoided(afterSeq)), ...leaveOut]),
  },
  untilSeq,
  ledgerKey,
});
await reader.close();
port.postMessage(sumsOf(ledger));

/**
 * Where the machine has no time to spare, as long a rest as each piece of work took: what cleans up behind this thread belongs
 * to all threads and has no priority of its own.
 */
async function* unhurried<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
  let [wallMs, cpu] = [performance.now(), process.threadCpuUsage()];
  for await (const batch of batches) {
    yield batch;
    const tookMs = performance.now() - wallMs;
    if (tookMs < PIECE_MS) continue;
    const { user, system } = process.threadCpuUsage(cpu);
    if ((user + system) / 1000 < tookMs * SPARE_SHARE) await wait(tookMs);
    [wallMs, cpu] = [performance.now(), process.threadCpuUsage()];
  }
}
