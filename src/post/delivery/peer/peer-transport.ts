// The transport by SMTP: a letter for one domain goes to its mail hosts or to the smarthost, over connections that are used again (RFC 5321).

import { createSecureContext, rootCertificates } from 'node:tls';
import type { Clock } from '#base/clock.ts';
import type { Dns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { formatAddress, parseAddress } from '#formats/smtp/address.ts';
import type { Parcel, RecipientOutcome, Settled, Transport } from '../transport.ts';
import { createDepartures } from './departing-letter.ts';
import { findDestination, findHostAddresses, type DestinationsOptions, type Smarthost } from './destination.ts';
import type { Sign } from './dkim-signer.ts';
import { createLanes, type Lanes } from './lanes.ts';
import * as words from './own-words.ts';
import { createStsPolicies } from './sts-policies.ts';
import { createTlsCounters, type TlsCounters } from './tls-counters.ts';
import type { Mailbox } from './transaction.ts';
import { createTroubleMemory } from './trouble-memory.ts';
import { visitDestination, type VisitCounters, type VisitWorld } from './visit.ts';
import { usualWaits, type Waits } from './waits.ts';
import type { Wire } from './wire.ts';

export interface PeerTransportOptions {
  readonly clock: Clock;
  readonly dns: Dns;
  /** For TLS policies; without it none is asked for. */
  readonly outgoing?: Outgoing;
  /** Our own name, for EHLO. */
  readonly greetingName: string;
  /** Lower-case names of hosts under which this house takes letters. */
  readonly ownHosts?: ReadonlySet<string>;
  /** SIEGEL_OUTBOUND_PRIVATE: private addresses and address literals too. */
  readonly mayPrivate: boolean;
  readonly port?: number;
  readonly smarthost?: Smarthost;
  /** Signatures of the house; without it letters leave unsigned. */
  readonly sign?: Sign;
  /** Certificates to trust beside those of the runtime, in PEM. */
  readonly trustPem?: string;
  readonly waits?: Partial<Waits>;
  /** For tests: the port of policies' servers. */
  readonly policyPort?: number;
  readonly connectionsPerDestinationMax?: number;
  /** Of another transport of the house, to count together with it. */
  readonly counters?: VisitCounters;
}

export interface PeerTransport extends Transport {
  readonly counters: VisitCounters;
  readonly tlsCounters: TlsCounters;
  readonly connectionsCount: number;
}

const SMTP_PORT = 25;

export function createPeerTransport(options: PeerTransportOptions): PeerTransport {
  return new SmtpTransport(options);
}

class SmtpTransport implements PeerTransport {
  readonly counters: VisitCounters;
  readonly tlsCounters: TlsCounters;
  readonly #lanes: Lanes;
  readonly #departures: ReturnType<typeof createDepartures>;
  readonly #destinations: DestinationsOptions;
  readonly #world: VisitWorld;
  readonly #waits: Waits;
  readonly #wires = new Set<Wire>();

  constructor(options: PeerTransportOptions) {
    const { clock, dns, outgoing, mayPrivate, trustPem } = options;
    const waits = { ...usualWaits, ...options.waits };
    this.#waits = waits;
    this.counters = options.counters ?? { connections: 0, reused: 0, brokenTls: 0, mayHaveDoubled: 0 };
    this.tlsCounters = createTlsCounters(clock);
    this.#departures = createDepartures(options.sign);
    this.#lanes = createLanes({ waits, ...pick(options.connectionsPerDestinationMax) });
    this.#destinations = {
      dns,
      mayPrivate,
      policies:
        outgoing &&
        createStsPolicies({ clock, dns, outgoing, ...(options.policyPort && { policyPort: options.policyPort }) }),
      smarthost: options.smarthost,
      ownHosts: options.ownHosts ?? new Set(),
      port: options.port ?? SMTP_PORT,
    };
    this.#world = {
      session: {
        greetingName: options.greetingName,
        // made once: reading some hundred certificates takes milliseconds
        tlsContext: createSecureContext(trustPem === undefined ? {} : { ca: [...rootCertificates, trustPem] }),
        waits,
        opened: (wire) => this.#remember(wire),
      },
      troubles: createTroubleMemory(clock),
      tlsCounters: this.tlsCounters,
      counters: this.counters,
      findAddresses: (host, mayBePrivate) => findHostAddresses(host, { dns, mayPrivate: mayBePrivate }),
    };
  }

  get connectionsCount(): number {
    return this.#lanes.openCount;
  }

  async deliver(parcel: Parcel, settled: Settled): Promise<readonly RecipientOutcome[]> {
    const told = new Set<string>();
    const outcomes = await this.#deliver(parcel, (decided) => {
      for (const { address } of decided) told.add(address);
      return settled(decided);
    });
    const untold = outcomes.filter(({ kind, address }) => kind !== 'deferred' && !told.has(address));
    if (untold.length > 0) await settled(untold);
    return outcomes;
  }

  async #deliver(parcel: Parcel, settled: Settled): Promise<readonly RecipientOutcome[]> {
    const { mailboxes, unusable } = readMailboxes(parcel.recipients);
    const sender = parcel.mailFrom === '' ? '' : pathOf(parcel.mailFrom);
    if (sender === undefined || mailboxes.length === 0) return forAll(parcel.recipients, words.badAddress);
    const found = await findDestination(parcel.domain, this.#destinations);
    if (!found.ok) {
      if (found.error.kind === 'noHostInPolicy')
        this.tlsCounters.failure(parcel.domain, found.error.policy, { type: 'certificate-host-mismatch', mxHost: '' });
      return forAll(parcel.recipients, words.ofDestination(found.error));
    }
    const { policy, policyProblem } = found.value;
    if (policyProblem !== undefined)
      this.tlsCounters.failure(parcel.domain, policy, { type: policyProblem, mxHost: '' });
    const lane = await this.#lanes.take(found.value.key);
    if (lane === undefined) return forAll(parcel.recipients, words.closing);
    const transaction = {
      mailFrom: sender,
      letter: this.#departures(parcel.bytes),
      settled,
      waits: this.#waits,
    };
    let session;
    try {
      const visit = { domain: parcel.domain, destination: found.value, transaction, lane };
      const visited = await visitDestination(visit, mailboxes, this.#world);
      session = visited.session;
      return [...visited.outcomes, ...forAll(unusable, words.badAddress)];
    } finally {
      lane.release(session);
    }
  }

  /** Letters on the wire have a moment to end: cutting one behind its dot may double it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#lanes[Symbol.asyncDispose]();
    await orAfter(closed, limits.smtp.closeWaitMs);
    for (const wire of this.#wires) wire.destroy();
    await orAfter(closed, limits.delivery.quitWaitMs);
  }

  #remember(wire: Wire): void {
    if (this.#wires.size > 2 * limits.delivery.connectionsMax)
      for (const old of this.#wires) if (!old.isOpen) this.#wires.delete(old);
    this.#wires.add(wire);
  }
}

function pick(connectionsPerDestinationMax: number | undefined): { readonly connectionsPerDestinationMax?: number } {
  return connectionsPerDestinationMax === undefined ? {} : { connectionsPerDestinationMax };
}

function readMailboxes(recipients: readonly string[]): {
  readonly mailboxes: readonly Mailbox[];
  readonly unusable: readonly string[];
} {
  const mailboxes: Mailbox[] = [];
  const unusable: string[] = [];
  for (const address of new Set(recipients)) {
    const path = pathOf(address);
    if (path === undefined) unusable.push(address);
    else mailboxes.push({ address, path });
  }
  return { mailboxes, unusable };
}

/** Written anew from its parts, so that nothing in it can end a line; the domain as A-labels (RFC 6531 §3.2). */
function pathOf(address: string): string | undefined {
  const parsed = parseAddress(address);
  return parsed.ok ? formatAddress(parsed.value) : undefined;
}

function forAll(recipients: readonly string[], why: words.OwnWords): readonly RecipientOutcome[] {
  return recipients.map((address) => ({ address, ...why, tls: 'none' }));
}

async function orAfter(work: PromiseLike<void>, waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  try {
    await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
