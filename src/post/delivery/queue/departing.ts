// A letter that waits, as the queue knows it in memory: what was answered so far, and what is still to do.

import type { AccountId, SubmissionId } from '#base/ids.ts';
import type { LiveStore } from '#vault/live/live-store.ts';
import type { RecipientOutcome } from '../transport.ts';
import { decodeContent, decodeNote, encodeNote, type Answer, type Note, type PlainContent } from './envelope.ts';

/** What is known of a letter's way; read from the live store before its first try since the start. */
export class Departing {
  readonly id: SubmissionId;
  readonly accountId: AccountId;
  readonly queuedMs: number;
  /** Final answers by the recipient's place in the envelope. */
  readonly answers = new Map<number, Answer>();
  /** What a peer said last where it decided nothing. */
  readonly putOff = new Map<number, RecipientOutcome>();
  readonly told = new Set<number>();
  isDelayTold = false;
  attempts: number;
  readonly #live: LiveStore;
  #isLoaded: boolean;
  #recipients: readonly string[] | undefined;

  constructor(live: LiveStore, of: Pick<Departing, 'id' | 'accountId' | 'queuedMs' | 'attempts'>, isFresh: boolean) {
    this.#live = live;
    this.id = of.id;
    this.accountId = of.accountId;
    this.queuedMs = of.queuedMs;
    this.attempts = of.attempts;
    this.#isLoaded = isFresh;
  }

  /** Brings in what was noted before a restart. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    for (const plain of await this.#live.notes(this.id)) this.#take(decodeNote(plain));
    this.#isLoaded = true;
  }

  async content(): Promise<PlainContent | undefined> {
    const plain = await this.#live.read(this.id);
    const content = plain && decodeContent(plain);
    this.#recipients = content?.envelope.recipients;
    return content;
  }

  /** Whom it is for, without reading the letter each time it is asked. */
  async recipients(): Promise<readonly string[] | undefined> {
    return this.#recipients ?? (await this.content())?.envelope.recipients;
  }

  /** Resolves when it is on the medium. It counts from now on, also when it cannot be written: nobody gets the letter twice for a full disk. */
  note(note: Note): Promise<void> {
    this.#take(note);
    return this.#live.note(this.id, encodeNote(note));
  }

  get delivered(): number {
    let count = 0;
    for (const { kind } of this.answers.values()) if (kind === 'delivered') count += 1;
    return count;
  }

  /** Failures the sender does not know of yet. */
  get untold(): readonly Answer[] {
    return [...this.answers.values()].filter(({ kind, index }) => kind !== 'delivered' && !this.told.has(index));
  }

  #take({ answers, told, delayed }: Note): void {
    for (const answer of answers ?? []) if (!this.answers.has(answer.index)) this.answers.set(answer.index, answer);
    for (const index of told ?? []) this.told.add(index);
    if (delayed) this.isDelayTold = true;
  }
}
