// The letters of a journal, told from their records alone: compact, because a house may have millions.

import type { AccountId, LetterId, MailboxId } from '#base/ids.ts';
import { ELEMENT_BYTES, RunningSum } from './ledger-sum.ts';

const DIGEST_BYTES = 32;
const CHUNK_LETTERS = 8_192;
const ENTRY_BYTES = ELEMENT_BYTES + DIGEST_BYTES + 16;

/** One account as its records tell it: folders, letters, where they lie. Independent of what applies records to rows. */
export class AccountBook {
  readonly mailboxes = new Map<MailboxId, { role: string | null; createdAt: number }>();
  /** Letter → number in the table. Hidden ones (removed, not yet erased) are letters too. */
  readonly letters = new Map<LetterId, number>();
  /** Where each living letter lies. */
  readonly places = new Map<LetterId, readonly MailboxId[]>();
  readonly hidden = new Set<LetterId>();
  readonly byKeySeq = new Map<number, LetterId>();

  /** The oldest living inbox. */
  inbox(): MailboxId | undefined {
    const inboxes = [...this.mailboxes].filter(([, { role }]) => role === 'inbox');
    const [first] = inboxes.toSorted(
      ([leftId, left], [rightId, right]) => left.createdAt - right.createdAt || (leftId < rightId ? -1 : 1),
    );
    return first?.[0];
  }

  /** The mailbox, or the inbox where it is gone. */
  findMailbox(id: MailboxId): MailboxId | undefined {
    return this.mailboxes.has(id) ? id : this.inbox();
  }

  lie(letter: LetterId, mailboxes: readonly MailboxId[]): void {
    if (mailboxes.length === 0) this.places.delete(letter);
    else this.places.set(letter, mailboxes);
  }

  drop(letter: LetterId): void {
    this.letters.delete(letter);
    this.places.delete(letter);
    this.hidden.delete(letter);
  }
}

export interface TableEntry {
  readonly element: Buffer;
  readonly digest: Buffer;
  readonly keySeq: number;
  readonly bodySeq: number;
}

/** Elements, digests and numbers of all letters, in large pieces of memory. */
export class LetterTable {
  readonly #chunks: Buffer[] = [];
  #count = 0;

  get size(): number {
    return this.#count;
  }

  put({ element, digest, keySeq, bodySeq }: TableEntry): number {
    const at = (this.#count % CHUNK_LETTERS) * ENTRY_BYTES;
    if (at === 0) this.#chunks.push(Buffer.alloc(CHUNK_LETTERS * ENTRY_BYTES));
    const chunk = this.#chunkOf(this.#count);
    element.copy(chunk, at);
    digest.copy(chunk, at + ELEMENT_BYTES);
    chunk.writeBigUInt64BE(BigInt(keySeq), at + ELEMENT_BYTES + DIGEST_BYTES);
    chunk.writeBigUInt64BE(BigInt(bodySeq), at + ELEMENT_BYTES + DIGEST_BYTES + 8);
    return this.#count++;
  }

  get(number: number): TableEntry {
    const chunk = this.#chunkOf(number);
    const at = (number % CHUNK_LETTERS) * ENTRY_BYTES;
    const digestAt = at + ELEMENT_BYTES;
    return {
      element: chunk.subarray(at, digestAt),
      digest: chunk.subarray(digestAt, digestAt + DIGEST_BYTES),
      keySeq: Number(chunk.readBigUInt64BE(digestAt + DIGEST_BYTES)),
      bodySeq: Number(chunk.readBigUInt64BE(digestAt + DIGEST_BYTES + 8)),
    };
  }

  addTo(sum: RunningSum, number: number): void {
    sum.add(this.#chunkOf(number), (number % CHUNK_LETTERS) * ENTRY_BYTES);
  }

  #chunkOf(number: number): Buffer {
    const chunk = this.#chunks[Math.floor(number / CHUNK_LETTERS)];
    if (chunk === undefined) throw new Error('no such letter in the table');
    return chunk;
  }
}

export type AccountBooks = ReadonlyMap<AccountId, AccountBook>;
