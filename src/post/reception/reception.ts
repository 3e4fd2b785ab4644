// The door with the letter's way behind it: sockets, sender checks, sealing in worker threads, the journal, and only then 250.

import { systemClock, type Clock } from '#base/clock.ts';
import type { DnsServer } from '#base/config/values.ts';
import { newId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { silentLog, type Log } from '#base/log/log.ts';
import { err, type Result } from '#base/result.ts';
import { formatAddress } from '#formats/smtp/address.ts';
import type { DoorKey } from '#vault/sealing/door-key.ts';
import { checkSpf } from './authentication/check-spf.ts';
import { createDns, withBudget, type Dns } from './authentication/dns.ts';
import { LetterWorkers, type StartLetterWorker } from './letter/letter-workers.ts';
import type { LetterJob } from './letter/process-letter.ts';
import type { Found, KeepRefusal, ReceptionNeighbours, TraceStep } from './neighbours.ts';
import { createDoor, type Door, type DoorOptions } from './wire/door.ts';
import type { IncomingLetter, LetterRefusal, TakeLetter } from './wire/incoming-letter.ts';

export { letterWorkerFile } from './letter/letter-workers.ts';
export type { CopyToKeep, LetterToKeep, ReceptionNeighbours, Recipient, TraceStep } from './neighbours.ts';

export interface ReceptionOptions extends DoorOptions {
  readonly doorKey: DoorKey;
  /** Empty: the machine's own name servers. */
  readonly dnsServers: readonly DnsServer[];
  /** Threads that seal letters. */
  readonly workers: number;
  readonly startWorker?: StartLetterWorker;
}

export interface Reception extends Omit<Door, 'close'> {
  close(): Promise<void>;
}

const traceOfRefusal = {
  loop: 'refusedLoop',
  dmarcReject: 'refusedByDmarc',
  diskFull: 'refusedDiskFull',
  journalFailed: 'refusedJournalFailed',
  notSealed: 'refusedInternal',
} as const satisfies Record<LetterRefusal['kind'], TraceStep>;

export function createReception(options: ReceptionOptions, neighbours: ReceptionNeighbours): Reception {
  const clock: Clock = options.clock ?? systemClock;
  const log: Log = options.log ?? silentLog;
  const { domain, doorKey, dnsServers } = options;
  const dns = createDns(clock, { servers: dnsServers });
  const workers = new LetterWorkers(clock, log, {
    domain,
    doorKey,
    dnsServers,
    count: options.workers,
    jobWaitMs: limits.smtp.workWaitMs,
    startWorker: options.startWorker,
  });

  const takeLetter = letterWay({ clock, dns, workers, neighbours });
  const door = createDoor(options, {
    findRecipients: (address) => {
      const found = neighbours.findRecipients(address);
      return found instanceof Promise ? within(found, limits.smtp.lookupWaitMs, stale) : found;
    },
    mayAccept: () => neighbours.mayAccept(),
    takeLetter,
  });
  return {
    listen: () => door.listen(),
    async close() {
      await door.close();
      await workers.close();
    },
    useCertificate: (tls) => door.useCertificate(tls),
    get inFlight() {
      return door.inFlight;
    },
    get connections() {
      return door.connections;
    },
  };
}

interface Way {
  readonly clock: Clock;
  readonly dns: Dns;
  readonly workers: LetterWorkers;
  readonly neighbours: ReceptionNeighbours;
}

function letterWay({ clock, dns, workers, neighbours }: Way): TakeLetter {
  async function sealAndKeep(letter: IncomingLetter): Promise<Result<void, LetterRefusal>> {
    const { dnsBudgetMs } = limits.authentication;
    const budgetEndsMs = clock.monotonicMs() + dnsBudgetMs;
    const { source, sender } = letter;
    const spf = source.trusted ? undefined : await checkSpf({ ...source, sender }, withBudget(clock, dns, dnsBudgetMs));
    const processed = await workers.process(jobOf(letter, spf), Math.max(0, budgetEndsMs - clock.monotonicMs()));
    if (!processed.ok) return processed;
    neighbours.trace(letter.traceId, 'sealed');
    if (processed.value.isJunk) neighbours.trace(letter.traceId, 'movedToJunk');
    const kept = await within(neighbours.keep(processed.value.letter), limits.smtp.keepWaitMs, journalFailed);
    if (kept.ok) neighbours.trace(letter.traceId, 'kept');
    return kept;
  }

  return async (letter) => {
    neighbours.trace(letter.traceId, 'received');
    const taken = await sealAndKeep(letter);
    if (!taken.ok) neighbours.trace(letter.traceId, traceOfRefusal[taken.error.kind]);
    return taken;
  };
}

const journalFailed: Result<void, KeepRefusal> = err({ kind: 'journalFailed' });
const stale: Found = err({ kind: 'stale' });

/** A neighbour that does not answer in time has refused, for now: no client waits for ever. */
async function within<T>(answer: Promise<T>, waitMs: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), waitMs);
  });
  try {
    return await Promise.race([answer, alarm]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a worker needs; the peer's address and name stay behind. */
function jobOf(letter: IncomingLetter, spf: LetterJob['spf']): LetterJob {
  const { traceId, beganMs, receivedMs, plainLetter, smtpUtf8, sender, source, recipients } = letter;
  return {
    traceId,
    beganMs,
    receivedMs,
    plainLetter,
    smtpUtf8,
    spf,
    returnPath: sender === undefined ? '' : formatAddress(sender),
    protocol: source.protocol,
    tlsVersion: source.tlsVersion,
    readers: recipients.map(({ accountId, keys, rules, inbox, junk }) => ({
      letterId: newId<LetterId>(),
      accountId,
      keys,
      rules,
      inbox,
      junk,
    })),
  };
}
