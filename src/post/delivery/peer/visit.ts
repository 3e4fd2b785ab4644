// One letter to one destination: host after host until each recipient has an outcome (RFC 5321 §5.1; TLS that breaks, RFC 7435 §3).

import type { Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { TlsFailure } from '#formats/mta-sts/tls-report.ts';
import type { RecipientOutcome } from '../transport.ts';
import type { AddressesRefusal, Destination } from './destination.ts';
import { hangUp, type Lane } from './lanes.ts';
import * as words from './own-words.ts';
import { openSession, type PeerDoor, type Session, type SessionRefusal, type SessionWorld } from './session.ts';
import type { TlsCounters } from './tls-counters.ts';
import { transact, type Mailbox, type Transaction, type TransactionEnd } from './transaction.ts';
import type { TroubleMemory } from './trouble-memory.ts';

export interface VisitWorld {
  readonly session: SessionWorld;
  readonly troubles: TroubleMemory;
  readonly tlsCounters: TlsCounters;
  readonly counters: VisitCounters;
  findAddresses(host: string, mayPrivate: boolean): Promise<Result<readonly string[], AddressesRefusal>>;
}

/** In memory, for metrics. */
export interface VisitCounters {
  connections: number;
  reused: number;
  brokenTls: number;
  mayHaveDoubled: number;
}

export interface Visit {
  readonly domain: string;
  readonly destination: Destination;
  readonly transaction: Transaction;
  readonly lane: Lane;
}

/** Sessions that answered for one letter: a domain that says "later" on two hosts says so on all. */
const SESSIONS_MAX = 2;

/** Outcomes of all mailboxes, and the session if it can take another letter. */
export async function visitDestination(
  visit: Visit,
  mailboxes: readonly Mailbox[],
  world: VisitWorld,
): Promise<{ readonly outcomes: readonly RecipientOutcome[]; readonly session: Session | undefined }> {
  const round = new Round(visit, mailboxes, world);
  try {
    await round.walk();
  } catch (cause) {
    round.session?.wire.destroy();
    throw cause;
  }
  return { outcomes: round.outcomes(), session: round.session };
}

interface Place {
  readonly host: string;
  readonly address: string;
}

class Round {
  readonly #visit: Visit;
  readonly #world: VisitWorld;
  readonly #mailboxes: readonly Mailbox[];
  readonly #outcomes = new Map<string, RecipientOutcome>();
  /** Without a final outcome yet. */
  #open: readonly Mailbox[];
  /** Those that this session may still be asked for. */
  #here: readonly Mailbox[] = [];
  #fallback: words.OwnWords | undefined;
  /** Its answer was heard on an idle session. */
  #heard: string | undefined;
  session: Session | undefined;

  constructor(visit: Visit, mailboxes: readonly Mailbox[], world: VisitWorld) {
    this.#visit = visit;
    this.#world = world;
    this.#mailboxes = mailboxes;
    this.#open = mailboxes;
  }

  outcomes(): readonly RecipientOutcome[] {
    const fallback = this.#fallback ?? words.noHostLeft;
    return this.#mailboxes.map(({ address }) => this.#outcomes.get(address) ?? { address, ...fallback, tls: 'none' });
  }

  async walk(): Promise<void> {
    const { session } = this.#visit.lane;
    if (session !== undefined) await this.#useIdle(session);
    let triesCount = 0;
    let sessionsCount = 0;
    for await (const place of this.#places()) {
      if (this.#open.length === 0 || sessionsCount >= SESSIONS_MAX || triesCount++ >= limits.delivery.triesMax) return;
      if (place.address === this.#heard) continue;
      const opened = await this.#openAt(place);
      if (opened === undefined) continue;
      sessionsCount++;
      if (this.session !== undefined) hangUp(this.session);
      this.session = opened;
      await this.#use(opened);
      if (this.#open.length === 0) return;
    }
  }

  /** A connection from before may be dead without having said so: then its host is tried anew. */
  async #useIdle(session: Session): Promise<void> {
    this.#world.counters.reused += 1;
    this.session = session;
    if (await this.#use(session)) this.#heard = session.door.address;
  }

  /** All open mailboxes over this session, in as many transactions as it takes; false when the session is over. */
  async #use(session: Session): Promise<boolean> {
    this.#here = this.#open;
    while (this.#here.length > 0) {
      const batch = this.#here.slice(0, limits.delivery.recipientsPerLetterMax);
      const end = await transact(session, this.#visit.transaction, batch);
      if (end.mayHaveIt) this.#world.counters.mayHaveDoubled += 1;
      this.#apply(end, batch);
      if (end.isUsable) continue;
      session.wire.destroy();
      this.session = undefined;
      return false;
    }
    return true;
  }

  #apply({ verdicts }: TransactionEnd, batch: readonly Mailbox[]): void {
    const next = new Map<string, string>();
    for (const { outcome, next: step } of verdicts) {
      this.#outcomes.set(outcome.address, outcome);
      next.set(outcome.address, step);
    }
    const isDone = ({ address }: Mailbox): boolean => ['final', 'later'].includes(next.get(address) ?? '');
    this.#open = this.#open.filter((mailbox) => !isDone(mailbox));
    const isAgain = (mailbox: Mailbox): boolean => !batch.includes(mailbox) || next.get(mailbox.address) === 'again';
    this.#here = this.#here.filter(isAgain);
  }

  /** Addresses that failed a moment ago come last. */
  async *#places(): AsyncGenerator<Place> {
    const { destination } = this.#visit;
    const dead: Place[] = [];
    for (const host of destination.hosts) {
      const addresses = await this.#world.findAddresses(host, destination.mayPrivate);
      if (!addresses.ok) {
        this.#note(words.ofAddresses(addresses.error));
        continue;
      }
      for (const address of addresses.value) {
        if (this.#world.troubles.isDead(address)) dead.push({ host, address });
        else yield { host, address };
      }
    }
    yield* dead;
  }

  /** A domain has failed only when all its hosts say so. */
  #note(why: words.OwnWords): void {
    if (this.#fallback === undefined || why.kind === 'deferred' || this.#fallback.kind === 'failed')
      this.#fallback = why;
  }

  async #openAt(place: Place): Promise<Session | undefined> {
    const { destination } = this.#visit;
    const { troubles, counters } = this.#world;
    const isBroken = destination.tls === 'opportunistic' && troubles.isTlsBroken(place.host);
    const first = await this.#tryOpen(place, isBroken ? 'never' : destination.tls);
    if (first.ok) return first.value;
    if (destination.tls !== 'opportunistic' || isBroken || destination.isTlsFirst || !isTlsTrouble(first.error))
      return undefined;
    // nobody demands encryption here: better in the clear than not at all, as it would be without STARTTLS
    troubles.tlsBroke(place.host);
    counters.brokenTls += 1;
    const second = await this.#tryOpen(place, 'never');
    return second.ok ? second.value : undefined;
  }

  async #tryOpen(place: Place, tls: PeerDoor['tls']): Promise<Result<Session, SessionRefusal>> {
    const { destination, domain } = this.#visit;
    const { troubles, tlsCounters, counters } = this.#world;
    const { port, isTlsFirst, credentials, policy } = destination;
    counters.connections += 1;
    const opened = await openSession({ ...place, port, tls, isTlsFirst, credentials }, this.#world.session);
    const failure = opened.ok ? sessionFailure(opened.value, destination) : tlsFailureOf(opened.error);
    if (failure !== undefined && tls !== 'never')
      tlsCounters.failure(domain, policy, { type: failure, mxHost: place.host });
    else if (opened.ok && tls !== 'never') tlsCounters.success(domain, policy);
    if (opened.ok) return opened;
    this.#note(words.ofSession(opened.error));
    if (opened.error.kind === 'fault' && opened.error.during === 'connect') troubles.died(place.address);
    return opened;
  }
}

function isTlsTrouble(refusal: SessionRefusal): boolean {
  return refusal.kind === 'tlsRefused' || (refusal.kind === 'fault' && refusal.during === 'tls');
}

/** What a policy in testing mode would have refused (RFC 8461 §5), and what was not closed at all. */
function sessionFailure({ secrecy, door }: Session, { policy }: Destination): TlsFailure | undefined {
  if (secrecy === 'none') return 'starttls-not-supported';
  const isJudged = policy !== undefined && policy.mode !== 'none' && door.tls === 'opportunistic';
  return isJudged && secrecy !== 'verified' ? 'certificate-not-trusted' : undefined;
}

function tlsFailureOf(refusal: SessionRefusal): TlsFailure | undefined {
  if (refusal.kind === 'tlsNotOffered') return 'starttls-not-supported';
  if (refusal.kind === 'notVerified') {
    if (refusal.code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'certificate-host-mismatch';
    return refusal.code === 'CERT_HAS_EXPIRED' ? 'certificate-expired' : 'certificate-not-trusted';
  }
  return isTlsTrouble(refusal) ? 'validation-failure' : undefined;
}
