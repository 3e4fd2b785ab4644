// The thread in which the journal is summed: its work and its memory are its own, and it gives way to all others.

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { requireValue } from '#base/assert.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { JournalReader } from '../../journal/journal-reader.ts';
import { JournalLedger } from './journal-ledger.ts';
import { sumsOf } from './journal-sums.ts';
import type { SumOrder } from './sum-aside.ts';

/** As `nice` counts: letters and people go first. */
const PRIORITY = 10;

const port = requireValue(parentPort, 'sum-thread runs in a worker thread');
const { directory, journal, ledgerKey, untilSeq, leaveOut }: SumOrder = workerData;
// 0: on Linux this very thread
setPriority(0, PRIORITY);
const reader = new JournalReader(nodeDisk, directory, journal, () => untilSeq);
const ledger = await JournalLedger.replay({
  journal: {
    journal,
    readKeyRecords: (afterSeq) => reader.readKeyRecords(afterSeq, () => untilSeq),
    findVoided: async (afterSeq) => new Set([...(await reader.findVoided(afterSeq)), ...leaveOut]),
  },
  untilSeq,
  ledgerKey,
});
await reader.close();
port.postMessage(sumsOf(ledger));
