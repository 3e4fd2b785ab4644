// The thread in which letters are read and sealed: takes jobs, gives back what is to be kept. Holds no letter longer than its job.

import { parentPort, workerData } from 'node:worker_threads';
import type { DnsServer } from '#base/config/values.ts';
import { systemClock } from '#base/clock.ts';
import { requireValue } from '#base/assert.ts';
import type { Result } from '#base/result.ts';
import type { DoorKey } from '#vault/sealing/door-key.ts';
import { createDns, withBudget } from '#base/dns/dns.ts';
import { processLetter, type LetterJob, type ProcessedLetter, type ProcessRefusal } from './process-letter.ts';

export interface WorkerData {
  readonly domain: string;
  readonly doorKey: DoorKey;
  readonly dnsServers: readonly DnsServer[];
}

export interface JobMessage {
  readonly number: number;
  readonly job: LetterJob;
  readonly dnsBudgetMs: number;
  /** What the program's clock says beyond the machine's. */
  readonly clockAheadMs: number;
}

export type OutcomeMessage =
  | { readonly number: number; readonly outcome: Result<ProcessedLetter, ProcessRefusal> }
  | { readonly number: number; readonly fault: unknown };

const port = requireValue(parentPort, 'letter-worker runs in a worker thread');
const { domain, doorKey, dnsServers }: WorkerData = workerData;
const dns = createDns(systemClock, { servers: dnsServers });

async function work({ number, job, dnsBudgetMs, clockAheadMs }: JobMessage): Promise<void> {
  try {
    const nowMs = (): number => systemClock.nowMs() + clockAheadMs;
    const world = { domain, doorKey, dns: withBudget(systemClock, dns, dnsBudgetMs), nowMs };
    const outcome = await processLetter(job, world);
    if (outcome.ok) send({ number, outcome }, [outcome.value.letter.packet.buffer]);
    else send({ number, outcome }, []);
  } catch (fault) {
    send({ number, fault }, []);
  }
}

function send(message: OutcomeMessage, transfer: readonly ArrayBufferLike[]): void {
  port.postMessage(
    message,
    transfer.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

port.on('message', (message: JobMessage) => void work(message));
