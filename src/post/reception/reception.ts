// The door with the letter's way behind it: sockets, sender checks, sealing in worker threads, the journal, and only then 250.

import { systemClock, type Clock } from '#base/clock.ts';
import type { DnsServer } from '#base/config/values.ts';
import { limits } from '#base/limits.ts';
import { silentLog, type Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, type Address } from '#formats/smtp/address.ts';
import type { DoorKey } from '#vault/sealing/door-key.ts';
import { findRecipient, type Finder } from './checks/recipient.ts';
import { checkSpf } from './authentication/check-spf.ts';
import type { Rspamd } from './checks/rspamd.ts';
import { createDns, withBudget, type Dns } from '#base/dns/dns.ts';
import { LetterWorkers, type StartLetterWorker } from './letter/letter-workers.ts';
import type { LetterJob, ProcessedLetter } from './letter/process-letter.ts';
import type { Found, KeepRefusal, ReceptionNeighbours, TraceStep } from './neighbours.ts';
import {
  jobReaders,
  keepOwnCopy,
  submitLetter,
  type HouseLetter,
  type OwnCopy,
  type SubmitOutcome,
  type SubmitWay,
} from './submit.ts';
import { createDoor, type Door, type DoorOptions } from './wire/door.ts';
import type { IncomingLetter, LetterRefusal, TakeLetter } from './wire/incoming-letter.ts';

export { passingRefusals, type HouseLetter, type OwnCopy, type SubmitOutcome, type SubmitRefusal } from './submit.ts';
export { letterWorkerFile } from './letter/letter-workers.ts';
export type { CopyToKeep, LetterToKeep, ReceptionNeighbours, Recipient, TraceStep } from './neighbours.ts';

export interface ReceptionOptions extends DoorOptions {
  readonly doorKey: DoorKey;
  /** Empty: the machine's own name servers. */
  readonly dnsServers: readonly DnsServer[];
  /** Threads that seal letters. */
  readonly workers: number;
  readonly startWorker?: StartLetterWorker;
  /** Asked about letters from other servers; not about those of our own networks or by LMTP. */
  readonly rspamd?: Rspamd | undefined;
}

export interface Reception extends Omit<Door, 'close'> {
  /** Keeps a letter born in this house for its people; one outcome for each recipient, in order. Works without sockets. */
  submit(letter: HouseLetter): Promise<readonly SubmitOutcome[]>;
  /** Who gets a letter to one exact address of this house, as the door asks it. */
  readonly find: Finder;
  /** Who a letter to this address would go to: itself, its base, postmaster, the catch-all. */
  findRecipients(address: Address): Found | Promise<Found>;
  /** Seals a letter that left for its sender alone. Works without sockets. */
  keepOwnCopy(copy: OwnCopy): Promise<SubmitOutcome['outcome']>;
  close(): Promise<void>;
  readonly rspamd: Rspamd | undefined;
}

const traceOfRefusal = {
  loop: 'refusedLoop',
  dmarcReject: 'refusedByDmarc',
  filterRefuse: 'refusedByFilter',
  filterLater: 'putOffByFilter',
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

  const way: Way = { clock, dns, workers, neighbours, rspamd: options.rspamd };
  const find: Finder = (address) => {
    const found = neighbours.findRecipients(address);
    return found instanceof Promise ? within(found, limits.smtp.lookupWaitMs, stale) : found;
  };
  const houseWay: SubmitWay = {
    clock,
    domain,
    find,
    seal: (job) => traced(way, job, () => sealAndKeep(way, job, 0)),
  };
  const door = createDoor(options, {
    findRecipients: find,
    mayAccept: () => neighbours.mayAccept(),
    takeLetter: letterWay(way),
    ...(neighbours.places && { places: neighbours.places }),
  });
  return {
    rspamd: options.rspamd,
    listen: () => door.listen(),
    find,
    submit: (letter) => submitLetter(houseWay, letter),
    findRecipients: (address) => findRecipient(find, address, domain),
    keepOwnCopy: (copy) => keepOwnCopy(houseWay, copy),
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
  readonly rspamd: Rspamd | undefined;
  readonly neighbours: ReceptionNeighbours;
}

function letterWay(way: Way): TakeLetter {
  const { clock, dns, rspamd } = way;
  return async (letter) => {
    const job = jobOf(letter);
    const taken = await traced(way, job, async () => {
      const { dnsBudgetMs } = limits.authentication;
      const budgetEndsMs = clock.monotonicMs() + dnsBudgetMs;
      const { source, sender } = letter;
      const spf = source.trusted
        ? undefined
        : await checkSpf({ ...source, sender }, withBudget(clock, dns, dnsBudgetMs));
      const dnsLeftMs = Math.max(0, budgetEndsMs - clock.monotonicMs());
      // Before the worker: the letter's bytes are handed over to it and are no longer ours.
      const opinion = source.trusted ? undefined : await rspamd?.judge(letter);
      if (opinion === 'refuse') return err({ kind: 'filterRefuse' });
      if (opinion === 'later') return err({ kind: 'filterLater' });
      return sealAndKeep(way, { ...job, spf, isFilterJunk: opinion === 'junk' }, dnsLeftMs);
    });
    return taken.ok ? ok(undefined) : taken;
  };
}

type Kept = Result<ProcessedLetter, LetterRefusal>;

/** The letter's first and last step in its trace. */
async function traced({ neighbours }: Way, { traceId }: LetterJob, take: () => Promise<Kept>): Promise<Kept> {
  neighbours.trace(traceId, 'received');
  const taken = await take();
  if (!taken.ok) neighbours.trace(traceId, traceOfRefusal[taken.error.kind]);
  return taken;
}

async function sealAndKeep({ workers, neighbours }: Way, job: LetterJob, dnsBudgetMs: number): Promise<Kept> {
  const { traceId } = job;
  const processed = await workers.process(job, dnsBudgetMs);
  if (!processed.ok) return processed;
  neighbours.trace(traceId, 'sealed');
  if (processed.value.isJunk) neighbours.trace(traceId, 'movedToJunk');
  const kept = await within(neighbours.keep(processed.value.letter), limits.smtp.keepWaitMs, journalFailed);
  if (kept.ok) neighbours.trace(traceId, 'kept');
  return kept.ok ? processed : kept;
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
function jobOf(letter: IncomingLetter): LetterJob {
  const { traceId, beganMs, receivedMs, plainLetter, smtpUtf8, sender, source, recipients } = letter;
  return {
    traceId,
    beganMs,
    receivedMs,
    plainLetter,
    smtpUtf8,
    spf: undefined,
    returnPath: sender === undefined ? '' : formatAddress(sender),
    protocol: source.protocol === 'lmtp' ? 'lmtp' : 'smtp',
    tlsVersion: source.tlsVersion,
    readers: jobReaders(recipients),
  };
}
