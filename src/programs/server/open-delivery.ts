// Letters out: the live store, the queue over it, and the way to peers; letters for people here go back to reception.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import type { Log } from '#base/log/log.ts';
import type { PeerTransport, PeerTransportOptions } from '#post/delivery/peer/peer-transport.ts';
import type { DeliverHere, QueueRows } from '#post/delivery/queue/neighbours.ts';
import { outboundKey } from '#post/delivery/queue/outcome-hash.ts';
import { Queue } from '#post/delivery/queue/queue.ts';
import { startTlsReports, type TlsReports } from '#post/delivery/reports/tls-reports.ts';
import type { RecipientOutcome } from '#post/delivery/transport.ts';
import { passingRefusals, type Reception, type SubmitOutcome } from '#post/reception/reception.ts';
import { readEra } from '#vault/database/house-read.ts';
import {
  readCreatedMs,
  readKnownSubmissions,
  readOutbound,
  readRecipientsByHour,
} from '#vault/database/read-submissions.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { LiveStore, type LiveOptions } from '#vault/live/live-store.ts';
import { createStateFile } from '#vault/live/state-file.ts';
import { openTransport } from './open-transport.ts';
import type { Vault } from './open-vault.ts';
import type { DeskPost } from './desk-post.ts';
import type { Prepared } from './prepare.ts';

export interface DeliveryParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly prepared: Prepared;
  readonly vault: Vault;
  readonly reception: Reception;
  /** Letters of our accounts to its address go there. */
  readonly desk: DeskPost | undefined;
  /** For tests: another port of peers, a twin without notes. */
  readonly tuning?: DeliveryTuning | undefined;
}

export interface DeliveryTuning {
  readonly transport?: Partial<PeerTransportOptions>;
  readonly live?: Partial<LiveOptions>;
  readonly rows?: Partial<QueueRows>;
  readonly retriesMs?: readonly number[];
  readonly isUnlimited?: boolean;
}

export interface Delivery extends AsyncDisposable {
  readonly queue: Queue;
  readonly transport: PeerTransport;
  /** How old is what it keeps, and forgetting what is over. */
  readonly live: Pick<LiveStore, 'letters' | 'memory'>;
}

export async function openDelivery(parts: DeliveryParts): Promise<Delivery> {
  const { config, clock, log, prepared, vault, tuning } = parts;
  const { kit, dataDir, outgoing, outward } = prepared;
  const directory = join(dataDir, 'live');
  const onFault = (cause: unknown): void => log.fault('live.failed', cause);
  const live = await LiveStore.open({ disk: nodeDisk, directory, clock, onFault, ...tuning?.live });
  const isOwnDomain = (domain: string): boolean => vault.directory.hasDomain(domain);
  const transport = openTransport({ config, clock, outgoing, outward, isOwnDomain, tuning: tuning?.transport });
  const reports = startReports(parts, isOwnDomain, transport);
  const queue = await Queue.open({
    clock,
    log,
    live,
    transport,
    state: createStateFile(nodeDisk, directory),
    journal: {
      get durableSeq() {
        return vault.journal.durableSeq;
      },
      mayAccept: () => vault.journal.mayAccept(),
      note: (accountId, actor, command) => vault.door.noteSubmission(accountId, actor, command),
    },
    rows: { ...rowsOf(vault), ...tuning?.rows },
    deliverHere: createDeliverHere(parts.reception, parts.desk),
    isOwnDomain,
    retriesMs: tuning?.retriesMs,
    isUnlimited: tuning?.isUnlimited,
    outboundKey: outboundKey(kit.settingsKey),
    house: {
      domain: config.domain,
      nowMs: () => clock.nowMs(),
      token: () => randomBytes(16).toString('hex'),
    },
  });
  const stopHearing = vault.door.onApplied((_, records) => {
    for (const { content } of records) {
      if (content.kind !== 'command' || content.command.kind !== 'eraRaised') continue;
      const { era, reason } = content.command.effect;
      queue.hearEra(era, reason !== 'rebuilt').catch((cause: unknown) => log.fault('delivery.holdNotKept', cause));
    }
  });
  return {
    queue,
    transport,
    live,
    async [Symbol.asyncDispose]() {
      stopHearing();
      reports?.[Symbol.dispose]();
      await queue[Symbol.asyncDispose]();
      await live[Symbol.asyncDispose]();
    },
  };
}

/** With a smarthost the connections are the smarthost's to report. */
function startReports(
  { config, clock, log, prepared, tuning }: DeliveryParts,
  isOwnDomain: (domain: string) => boolean,
  { tlsCounters, counters }: PeerTransport,
): TlsReports | undefined {
  if (config.smarthost !== undefined) return undefined;
  const { outgoing, outward } = prepared;
  return startTlsReports({
    clock,
    log,
    dns: createDns(clock, { servers: config.dns }),
    outgoing,
    takeDays: () => tlsCounters.takeDays(),
    openTransport: () => {
      const tuned = { ...tuning?.transport, counters };
      return openTransport({ config, clock, outgoing: undefined, outward, isOwnDomain, tuning: tuned });
    },
    house: { domain: config.domain, token: () => randomBytes(16).toString('hex') },
  });
}

function rowsOf({ database, door }: Vault): QueueRows {
  const { reader } = database;
  return {
    hasApplied: (seq) => door.health.state === 'up' && door.health.appliedSeq >= seq,
    era: () => readEra(reader),
    outbound: () => readOutbound(reader.db),
    known: (ids) => readKnownSubmissions(reader.db, ids),
    recipientsByHour: (accountId, sinceMs) => readRecipientsByHour(reader.db, accountId, sinceMs),
    createdMs: (accountId) => readCreatedMs(reader.db, accountId),
  };
}

/** What reception's refusals are to a sender (RFC 3463). */
const ENHANCED: Readonly<Record<string, readonly [code: number, enhanced: string, plainText: string]>> = {
  unknown: [550, '5.1.1', 'nobody here has this address'],
  notOurs: [550, '5.1.2', 'this domain is not served here'],
  badAddress: [553, '5.1.3', 'this is not an address'],
  tooLarge: [552, '5.3.4', 'the letter is too large'],
  overQuota: [452, '4.2.2', 'the mailbox is full'],
  loop: [554, '5.4.6', 'the letter goes round in circles'],
};

export function createDeliverHere(
  reception: Pick<Reception, 'submit'>,
  desk: Pick<DeskPost, 'takeOwn' | 'knowsText'> | undefined,
): DeliverHere {
  return async ({ mailFrom, recipients, plainLetter, accountId }) => {
    const by = accountId === null ? 'house notice' : { accountId };
    const isForDesk = (address: string): boolean => accountId !== null && desk?.knowsText(address) === true;
    const others = recipients.filter((address) => !isForDesk(address));
    const submitted = others.length === 0 ? [] : await reception.submit({ mailFrom, recipients: others, plainLetter, by }); // prettier-ignore
    const outcomes: SubmitOutcome[] = [...submitted];
    for (const address of recipients.filter(isForDesk))
      outcomes.push({ address, outcome: (await desk?.takeOwn(plainLetter)) ?? 'unknown' });
    return recipients.flatMap((address) => outcomes.filter((one) => one.address === address).map(toOutcome));
  };
}

function toOutcome({ address, outcome }: SubmitOutcome): RecipientOutcome {
  const tls = 'verified'; // it never leaves this program
  if (outcome === 'kept') return { address, kind: 'delivered', code: 250, enhanced: '2.0.0', plainText: '', tls };
  const isPassing = passingRefusals.has(outcome);
  const fallback = isPassing ? ([451, '4.3.0', 'not now'] as const) : ([554, '5.0.0', 'refused'] as const);
  const [code, enhanced, plainText] = ENHANCED[outcome] ?? fallback;
  return { address, kind: isPassing ? 'deferred' : 'failed', code, enhanced, plainText, tls };
}
