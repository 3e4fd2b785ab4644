// Writes one batch to both lanes, syncs them together and then the witness; numbers each account's records (decision 0002).

import { assert } from '#base/assert.ts';
import type { AccountId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import type { KeyRecord, LetterEntry, Place } from './journal.ts';
import type { Draft, LaneWriter, Written } from './lane-writer.ts';
import { encodeLetterRecord, type LetterRecord } from './letter-record.ts';
import { decodeContent } from './record-content.ts';
import { payloadDigest, type Actor } from './record.ts';
import type { Lane, RecordKind } from './record-types.ts';
import type { Witness } from './witness.ts';

export interface BatchOptions {
  readonly journal: number;
  readonly clock: Clock;
  /** 8 bytes naming the program's build. */
  readonly build: Uint8Array;
  /** The last account number known for an account (directory snapshot); 0 when there is none yet. */
  readonly lastAccountSeq: (accountId: AccountId) => number;
}

/** A key-lane record before it has its numbers. */
export interface KeyDraft {
  readonly kind: RecordKind;
  readonly accountId: AccountId | undefined;
  readonly actor: Actor;
  readonly span: number;
  readonly payload: Uint8Array;
}

export type BatchEntry =
  | { readonly kind: 'letter'; readonly letter: LetterEntry }
  | { readonly kind: 'key'; readonly drafts: readonly KeyDraft[] }
  /** Nothing is written: the lane goes on in a new segment. */
  | { readonly kind: 'rotate'; readonly lane: Lane };

export const NO_ACTOR: Actor = { kind: 'system', id: new Uint8Array(16) };
const ADDRESSING: ReadonlySet<RecordKind> = new Set([
  'accountCreated',
  'addressAdded',
  'domainAdded',
  'catchAllPut',
  'groupPut',
]);
const NOTHING = new Uint8Array(0);
const ACCOUNTS_REMEMBERED = 100_000;

export class BatchWriter {
  readonly #options: BatchOptions;
  readonly #body: LaneWriter;
  readonly #key: LaneWriter;
  readonly #witness: Witness;
  readonly #accountSeqs = new Map<AccountId, number>();
  #lastAddressingSeq = 0;
  #settledBodySeq: number;

  constructor(options: BatchOptions, lanes: { readonly body: LaneWriter; readonly key: LaneWriter }, witness: Witness) {
    this.#options = options;
    this.#body = lanes.body;
    this.#key = lanes.key;
    this.#witness = witness;
    this.#settledBodySeq = lanes.body.durableEnd.seq;
  }

  get durableSeq(): number {
    return this.#key.durableEnd.seq;
  }

  /** Body records up to here have their key records beside them. */
  get settledBodySeq(): number {
    return this.#settledBodySeq;
  }

  /** The segments that are written to. */
  get segments(): Readonly<Record<Lane, number>> {
    return { body: this.#body.segment, key: this.#key.segment };
  }

  get lastAddressingSeq(): number {
    return this.#lastAddressingSeq;
  }

  async close(): Promise<void> {
    await this.#body.close();
    await this.#key.close();
    await this.#witness.close();
  }

  /** The key records of each entry, once all is synced. Rejects with ENOSPC when nothing of it counts, with anything else for good. */
  async write(batch: readonly BatchEntry[]): Promise<readonly (readonly KeyRecord[])[]> {
    for (const entry of batch)
      if (entry.kind === 'rotate') await (entry.lane === 'body' ? this.#body : this.#key).rotate();
    const bodies = await this.#body.write(
      batch.flatMap((entry) => (entry.kind === 'letter' ? [this.#bodyDraft(entry.letter)] : [])),
    );
    const numbers = new Map<AccountId, number>();
    let nextBody = 0;
    const drafts: Draft[] = [];
    const contents: (LetterRecord | undefined)[] = [];
    const perEntry = batch.map((entry) => {
      const body = entry.kind === 'letter' ? bodies[nextBody++] : undefined;
      const letters = entry.kind === 'letter' && body ? letterRecords(entry.letter, body, this.#options.journal) : [];
      const own =
        entry.kind === 'letter' ? letterDrafts(entry.letter, letters) : entry.kind === 'key' ? entry.drafts : [];
      for (const [index, draft] of own.entries()) {
        drafts.push(this.#keyDraft(draft, numbers));
        contents.push(letters[index]);
      }
      return { count: own.length, body };
    });
    const written = await this.#key.write(drafts);
    await Promise.all([bodies.length > 0 ? this.#body.sync() : undefined, this.#key.sync()]);
    const ends = { body: this.#body.durableEnd, key: this.#key.durableEnd };
    await this.#witness.write(ends, this.#options.clock.monotonicMs());
    this.#settledBodySeq = ends.body.seq;
    this.#rememberNumbers(numbers);
    const addressing = written.findLast(({ header }) => ADDRESSING.has(header.kind));
    if (addressing) this.#lastAddressingSeq = addressing.header.seq;
    let at = 0;
    return perEntry.map(({ count, body }) => {
      const records = written
        .slice(at, at + count)
        .map((record, index) => this.#keyRecord(record, drafts[at + index], contents[at + index], body));
      at += count;
      return records;
    });
  }

  #bodyDraft(letter: LetterEntry): Draft {
    const zero = { class: 'ordinary', chainDay: 0, epoch: 0, accountId: undefined, accountSeq: 0, span: 0 } as const;
    return {
      ...zero,
      kind: 'body',
      actor: NO_ACTOR,
      build: this.#options.build,
      digest: letter.packetDigest,
      payload: letter.packet,
    };
  }

  #keyDraft(draft: KeyDraft, numbers: Map<AccountId, number>): Draft {
    const { accountId, span, payload, kind, actor } = draft;
    let accountSeq = 0;
    if (accountId !== undefined) {
      const last =
        numbers.get(accountId) ?? this.#accountSeqs.get(accountId) ?? this.#options.lastAccountSeq(accountId);
      // UIDs and states are made of them: better nothing is taken than one number twice
      assert(Number.isSafeInteger(last + span), 'the numbers of an account have come to their end');
      accountSeq = last + 1;
      numbers.set(accountId, last + span);
    }
    const ordinary = { class: 'ordinary', chainDay: 0, epoch: 0 } as const;
    return {
      ...ordinary,
      kind,
      actor,
      accountId,
      accountSeq,
      span,
      build: this.#options.build,
      digest: payloadDigest(payload),
      payload,
    };
  }

  #keyRecord(
    { header, segment, offset }: Written,
    draft: Draft | undefined,
    letter: LetterRecord | undefined,
    body: Written | undefined,
  ): KeyRecord {
    const place: Place = { journal: this.#options.journal, seq: header.seq, segment, offset };
    if (letter && body) {
      const bodyPlace = {
        journal: this.#options.journal,
        seq: body.header.seq,
        segment: body.segment,
        offset: body.offset,
      };
      // whoever applies it wants the facts: the sealed bytes lie in the file now and would only fill memory while they wait
      const facts = { ...letter, keyPacket: NOTHING, summary: NOTHING, terms: NOTHING };
      return { header, place, content: { kind: 'letter', letter: facts, bodyPlace } };
    }
    const content = decodeContent(header, Buffer.from(draft?.payload ?? []));
    if (!content.ok) throw new Error('a record that was just written cannot be read');
    return { header, place, content: content.value };
  }

  #rememberNumbers(numbers: ReadonlyMap<AccountId, number>): void {
    if (this.#accountSeqs.size > ACCOUNTS_REMEMBERED) {
      for (const [accountId, seq] of this.#accountSeqs) {
        if (this.#options.lastAccountSeq(accountId) >= seq) this.#accountSeqs.delete(accountId);
      }
    }
    for (const [accountId, seq] of numbers) this.#accountSeqs.set(accountId, seq);
  }
}

function letterRecords(letter: LetterEntry, body: Written, journal: number): LetterRecord[] {
  const shared = {
    bodyJournal: journal,
    bodySeq: body.header.seq,
    packetDigest: letter.packetDigest,
    packetBytes: letter.packet.length,
  };
  return letter.copies.map((copy) => ({ ...copy.record, ...shared }));
}

function letterDrafts(letter: LetterEntry, records: readonly LetterRecord[]): KeyDraft[] {
  return letter.copies.flatMap((copy, index) => {
    const record = records[index];
    return record
      ? [{ kind: 'letter', accountId: copy.accountId, actor: copy.actor, span: 1, payload: encodeLetterRecord(record) }]
      : [];
  });
}
