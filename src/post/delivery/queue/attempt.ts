// One try of one letter: a parcel for each domain, every final answer on the medium before the peer is spoken to again.

import type { AccountId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { LiveStore } from '#vault/live/live-store.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { SubmissionCommand } from '#vault/journal/commands.ts';
import type { RecipientOutcome, Transport } from '../transport.ts';
import type { Departing } from './departing.ts';
import type { Answer, PlainContent } from './envelope.ts';
import type { DeliverHere, QueueJournal } from './neighbours.ts';
import { writeNotice, type NoticeHouse, type NoticeKind, type NoticeOf } from './notices.ts';
import { recipientHash } from './outcome-hash.ts';

export interface AttemptWay {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly journal: QueueJournal;
  readonly transport: Transport;
  readonly deliverHere: DeliverHere;
  readonly isOwnDomain: (domain: string) => boolean;
  /** Keys the hashes of recipients in the journal. */
  readonly outboundKey: Uint8Array;
  readonly house: NoticeHouse;
  /** Pauses between tries; default limits.queue.retriesMs. */
  readonly retriesMs?: readonly number[] | undefined;
  /** The program is about to end: what was put off for it is no try. */
  readonly isClosing: () => boolean;
  readonly onAnswers: (accountId: AccountId, content: PlainContent, answers: readonly Answer[]) => void;
}

/** `later`: when it is tried again. */
export type AttemptResult = { readonly kind: 'over' } | { readonly kind: 'later'; readonly dueMs: number };

export const SYSTEM: Actor = { kind: 'system', id: new Uint8Array(16) };

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Places in the envelope that still wait for an answer, by domain. */
export function openByDomain(letter: Departing, recipients: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const domains = new Map<string, number[]>();
  for (const [index, address] of recipients.entries()) {
    if (letter.answers.has(index)) continue;
    const domain = domainOf(address);
    const indexes = domains.get(domain);
    if (indexes === undefined) domains.set(domain, [index]);
    else indexes.push(index);
  }
  return domains;
}

export async function attempt(way: AttemptWay, letter: Departing, content: PlainContent): Promise<AttemptResult> {
  const groups = openByDomain(letter, content.envelope.recipients);
  const noted: Promise<void>[] = [];
  const one = new OneTry(way, letter, content, noted);
  await Promise.all([...groups].map(([domain, indexes]) => one.deliver(domain, indexes)));
  const result = await one.conclude();
  await Promise.all(noted);
  if (result.kind === 'over') await one.tellOver();
  return result;
}

class OneTry {
  readonly #way: AttemptWay;
  readonly #letter: Departing;
  readonly #content: PlainContent;
  readonly #noted: Promise<void>[];
  #isEnded = false;

  constructor(way: AttemptWay, letter: Departing, content: PlainContent, noted: Promise<void>[]) {
    this.#way = way;
    this.#letter = letter;
    this.#content = content;
    this.#noted = noted;
  }

  async deliver(domain: string, indexes: readonly number[]): Promise<void> {
    const { transport, deliverHere, isOwnDomain, log } = this.#way;
    const { mailFrom, recipients } = this.#content.envelope;
    const { plainLetter } = this.#content;
    const addresses = indexes.map((index) => recipients[index] ?? '');
    const places = new Map(indexes.map((index) => [recipients[index] ?? '', index] as const));
    const settled = (outcomes: readonly RecipientOutcome[]): Promise<void> => this.#settle(outcomes, places);
    try {
      let outcomes: readonly RecipientOutcome[];
      if (isOwnDomain(domain)) {
        const { accountId } = this.#letter;
        outcomes = await deliverHere({ mailFrom, recipients: addresses, plainLetter, accountId });
        await settled(outcomes);
      } else {
        const parcel = { mailFrom, domain, recipients: addresses, bytes: plainLetter };
        outcomes = await transport.deliver(parcel, settled);
      }
      for (const outcome of outcomes) {
        const index = places.get(outcome.address);
        if (index !== undefined && outcome.kind === 'deferred') this.#letter.putOff.set(index, outcome);
      }
    } catch (cause) {
      // a mistake of ours, or a medium that cannot be written: what was not answered is tried again
      log.fault('delivery.tryFailed', cause);
    }
  }

  /** Nobody is spoken to before this is on the medium: between a peer's 250 and here lies the only doubling there is. */
  async #settle(outcomes: readonly RecipientOutcome[], places: ReadonlyMap<string, number>): Promise<void> {
    const { live, journal } = this.#way;
    const answers = outcomes.flatMap(({ address, kind, code, enhanced, plainText }): Answer[] => {
      const index = places.get(address);
      if (index === undefined || kind === 'deferred' || this.#letter.answers.has(index)) return [];
      return [{ index, kind, code, enhanced, plainText: plainText.slice(0, limits.delivery.plainTextCharacters) }];
    });
    if (answers.length === 0) return;
    const count = this.#content.envelope.recipients.length;
    const isAll =
      answers.length + this.#letter.delivered === count && answers.every(({ kind }) => kind === 'delivered');
    if (isAll) {
      // everybody has it: the end itself is the note
      await live.end(this.#letter.id, 'delivered', count, journal.durableSeq);
      for (const answer of answers) this.#letter.answers.set(answer.index, answer);
      this.#isEnded = true;
    } else {
      await this.#letter.note({ answers });
    }
    this.#journalOutcome(answers);
    this.#way.onAnswers(this.#letter.accountId, this.#content, answers);
  }

  /** Gives up what waited too long, tells the sender what failed, and says when it is tried again. */
  async conclude(): Promise<AttemptResult> {
    if (this.#isEnded) return { kind: 'over' };
    const { clock, live } = this.#way;
    const letter = this.#letter;
    const nowMs = clock.nowMs();
    const waitedMs = nowMs - Math.max(letter.queuedMs, this.#content.envelope.sendAtMs);
    if (waitedMs >= limits.queue.giveUpMs) await this.#giveUp();
    const isTold = await this.#tellFailures();
    if (letter.answers.size === this.#content.envelope.recipients.length && isTold) {
      await this.#end();
      return { kind: 'over' };
    }
    if (this.#way.isClosing()) return { kind: 'later', dueMs: nowMs };
    letter.attempts += 1;
    const { retriesMs = limits.queue.retriesMs } = this.#way;
    const dueMs = clock.nowMs() + (retriesMs[Math.min(letter.attempts, retriesMs.length) - 1] ?? 0);
    live.postpone(letter.id, dueMs, letter.attempts);
    if (waitedMs >= limits.queue.delayNoticeMs) await this.#tellDelay();
    return { kind: 'later', dueMs };
  }

  /** After all outcomes: the journal knows that it is over. */
  async tellOver(): Promise<void> {
    const { delivered } = this.#letter;
    const failed = this.#content.envelope.recipients.length - delivered;
    const result = this.#result();
    await this.#journal({
      kind: 'submissionDone',
      effect: { submissionId: this.#letter.id, result, delivered, failed },
    });
  }

  #result(): 'delivered' | 'failed' | 'expired' {
    const answers = [...this.#letter.answers.values()];
    if (answers.every(({ kind }) => kind === 'delivered')) return 'delivered';
    return answers.some(({ kind }) => kind === 'expired') ? 'expired' : 'failed';
  }

  #end(): Promise<void> {
    const { live, journal } = this.#way;
    return live.end(this.#letter.id, this.#result(), this.#letter.delivered, journal.durableSeq);
  }

  async #giveUp(): Promise<void> {
    const open = [...openByDomain(this.#letter, this.#content.envelope.recipients).values()].flat();
    const answers = open.map((index): Answer => {
      const { code = 0, plainText = '' } = this.#letter.putOff.get(index) ?? {};
      return { index, kind: 'expired', code, enhanced: '5.4.7', plainText };
    });
    if (answers.length === 0) return;
    await this.#letter.note({ answers });
    this.#journalOutcome(answers);
  }

  /** True when nothing is left to tell. A letter without a sender is a notice itself: nobody is told. */
  async #tellFailures(): Promise<boolean> {
    const answers = this.#letter.untold;
    if (answers.length === 0 || this.#content.envelope.mailFrom === '') return true;
    if (!(await this.#tell('failed', answers))) return false;
    await this.#letter.note({ told: answers.map(({ index }) => index) });
    return true;
  }

  async #tellDelay(): Promise<void> {
    if (this.#letter.isDelayTold || this.#content.envelope.mailFrom === '') return;
    const open = [...openByDomain(this.#letter, this.#content.envelope.recipients).values()].flat();
    const answers = open.map((index): Answer => {
      const { code = 0, plainText = '' } = this.#letter.putOff.get(index) ?? {};
      return { index, kind: 'failed', code, enhanced: '4.4.7', plainText };
    });
    if (answers.length > 0 && (await this.#tell('delayed', answers))) await this.#letter.note({ delayed: true });
  }

  /** False: not now. An address that is gone is told nothing any more. */
  #tell(kind: NoticeKind, answers: readonly Answer[]): Promise<boolean> {
    const { envelope, plainLetter } = this.#content;
    const { queuedMs } = this.#letter;
    return tellSender(this.#way, kind, { to: envelope.identity, envelope, answers, plainLetter, queuedMs });
  }

  #journalOutcome(answers: readonly Answer[]): void {
    const { clock, outboundKey } = this.#way;
    const { id } = this.#letter;
    const outcomes = answers.map(({ index, kind, code }) => ({
      hash: recipientHash(outboundKey, id, this.#content.envelope.recipients[index] ?? ''),
      outcome: kind,
      code,
    }));
    const effect = { submissionId: id, timeMs: clock.nowMs(), outcomes };
    this.#noted.push(this.#journal({ kind: 'deliveryOutcome', effect }));
  }

  /** What cannot be journalled now is journalled at the next start: the live store knows it. */
  async #journal(command: SubmissionCommand): Promise<void> {
    const { journal, log } = this.#way;
    const noted = await journal.note(this.#letter.accountId, SYSTEM, command);
    if (!noted.ok) log.error('delivery.outcomeNotJournalled', { submissionId: this.#letter.id });
  }
}

/** Seals a notice to a sender of this house. False: not possible now. */
export async function tellSender(
  { deliverHere, house, log }: Pick<AttemptWay, 'deliverHere' | 'house' | 'log'>,
  kind: NoticeKind,
  of: NoticeOf,
): Promise<boolean> {
  const plainLetter = writeNotice(house, kind, of);
  try {
    const [outcome] = await deliverHere({ mailFrom: '', recipients: [of.to], plainLetter, accountId: null });
    if (outcome?.kind === 'failed') log.warn('delivery.senderGone', { code: outcome.code });
    return outcome !== undefined && outcome.kind !== 'deferred';
  } catch (cause) {
    log.fault('delivery.noticeFailed', cause);
    return false;
  }
}
