// Numbering without gaps, times that never go back, each leaf and each head; what was erased keeps its place in the chain by its leaf.

import type { DeskEntryRow } from '#vault/database/read-desk.ts';
import { parseEntry } from '../../book/parse-entry.ts';
import { FIRST_HEAD, headAfter, leafOf } from '../../register/chain.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import { subjectOf, type Entry } from '../../register/event.ts';
import type { Digest } from '#formats/desk/model.ts';
import { MerkleRoot } from '../merkle-root.ts';
import { atEntry, type Note } from './findings.ts';

/** A head that is known from elsewhere: a journal, a receipt, a report that was printed. */
export interface KnownHead {
  readonly entries: number;
  readonly head: Digest;
}

const HEAD_BYTES = 32;

export class ChainCheck {
  readonly #note: Note;
  readonly #known: readonly KnownHead[];
  readonly #tree = new MerkleRoot();
  /** The head after each entry, 32 bytes each. */
  #heads = Buffer.alloc(1024 * HEAD_BYTES);
  #head: Digest = FIRST_HEAD;
  #next = 0;
  #atMs = 0;
  #erased = 0;

  constructor(note: Note, known: readonly KnownHead[]) {
    this.#note = note;
    this.#known = known;
    this.#compareKnown();
  }

  get entries(): number {
    return this.#tree.size;
  }
  get head(): Digest {
    return this.#head;
  }
  get erased(): number {
    return this.#erased;
  }
  /** Of the newest entry. */
  get atMs(): number {
    return this.#atMs;
  }
  root(): Digest {
    return this.#tree.root();
  }

  headAt(entries: number): Digest | undefined {
    if (entries === 0) return FIRST_HEAD;
    if (!Number.isSafeInteger(entries) || entries < 0 || entries > this.entries) return undefined;
    return parseDigest(this.#heads.toString('hex', (entries - 1) * HEAD_BYTES, entries * HEAD_BYTES));
  }

  /** What the entry said; undefined: nobody can tell. */
  take(row: DeskEntryRow): Entry | undefined {
    const place = atEntry(row.nth);
    if (row.nth !== this.#next) this.#note(place, 'gap');
    this.#next = row.nth + 1;
    if (!Number.isSafeInteger(row.atMs) || row.atMs < this.#atMs) this.#note(place, 'timeBack');
    this.#atMs = Math.max(this.#atMs, row.atMs);
    const entry = this.#read(row, place);
    const leaf = this.#leaf(row, entry, place);
    this.#push(leaf);
    if (row.head !== this.#head) this.#note(place, 'otherHead');
    this.#compareKnown();
    return entry;
  }

  finish(): void {
    for (const { entries } of this.#known) {
      if (entries > this.entries) this.#note(atEntry(this.entries), 'shorterThanKnown');
    }
  }

  #read(row: DeskEntryRow, place: string): Entry | undefined {
    if (row.blind === null && row.event === null) {
      this.#erased++;
      this.#note(place, 'erased');
      return undefined;
    }
    const entry = parseEntry(row);
    if (!entry) this.#note(place, 'unreadable');
    return entry;
  }

  /** The chain goes on with the leaf that stands there: one altered entry is one finding. */
  #leaf(row: DeskEntryRow, entry: Entry | undefined, place: string): Digest {
    const stored = findDigest(row.leaf);
    if (stored === undefined) this.#note(place, 'otherLeaf');
    if (!entry) return stored ?? FIRST_HEAD;
    const leaf = leafOf(entry);
    if (stored !== undefined && leaf !== stored) this.#note(place, 'otherLeaf');
    try {
      if (row.filing !== subjectOf(entry.event)) this.#note(`${place} · filing`, 'otherColumn');
      if (row.kind !== entry.event.kind) this.#note(`${place} · kind`, 'otherColumn');
    } catch {
      this.#note(place, 'unreadable');
    }
    return stored ?? leaf;
  }

  #push(leaf: Digest): void {
    this.#head = headAfter(this.#head, leaf);
    const from = this.entries * HEAD_BYTES;
    if (from === this.#heads.length) this.#heads = Buffer.concat([this.#heads, Buffer.alloc(this.#heads.length)]);
    this.#heads.write(this.#head, from, 'hex');
    this.#tree.add(leaf);
  }

  #compareKnown(): void {
    for (const { entries, head } of this.#known) {
      if (entries === this.entries && head !== this.#head) this.#note(atEntry(entries - 1), 'otherThanKnown');
    }
  }
}

function findDigest(text: unknown): Digest | undefined {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? parseDigest(text) : undefined;
}
