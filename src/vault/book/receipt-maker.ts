// Makes receipt files: the body again from its facts, signed, with the path to the batch and the proof from the book; nothing leaves that does not hold.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { sameBytes } from '../sealing/bytes.ts';
import type { Batch } from './batch-file.ts';
import type { Bodies, LetterFacts, Promised } from './bodies.ts';
import type { BookKeeper } from './book-keeper.ts';
import { receiptLeaf, type ReceiptBody, type ReceiptFile, type SignedHead } from './check/receipt.ts';
import { fastNodeHash } from './fast-hash.ts';
import type { LetterLeaf } from './letter-file.ts';
import { buildLevels, fillPlan, inclusionPlan, rootOf, type Hash, type TreeHead } from './merkle.ts';
import type { Consistency } from './open-book.ts';

export type ReceiptRefusal =
  /** The letter's hour is not over: its batch closes then at the latest. */
  | { readonly kind: 'waiting'; readonly closesMs: number }
  /** What is stored now is not what was promised. */
  | { readonly kind: 'altered' }
  | { readonly kind: 'notThere' }
  /** The files of the book do not lead to the root that was signed. */
  | { readonly kind: 'logDamaged' };

interface Tree {
  readonly letters: readonly LetterLeaf[];
  readonly levels: readonly (readonly Hash[])[];
}

export class ReceiptMaker {
  readonly #bodies: Bodies;
  readonly #keeper: BookKeeper;
  /** By entry, the one used last at the end. */
  readonly #trees = new Map<number, Tree>();

  constructor(bodies: Bodies, keeper: BookKeeper) {
    this.#bodies = bodies;
    this.#keeper = keeper;
  }

  async letter(letter: LetterFacts): Promise<Result<ReceiptFile, ReceiptRefusal>> {
    const { batches, openSinceMs } = this.#keeper.store;
    const batch = batches.find(letter.seq);
    if (batch === undefined) {
      const sinceMs = openSinceMs ?? letter.receivedMs;
      const isTaken = letter.seq <= (batches.all.at(-1)?.seq ?? 0);
      return isTaken
        ? err({ kind: 'notThere' })
        : err({ kind: 'waiting', closesMs: sinceMs + limits.book.batchOpenMs });
    }
    const { letters, levels } = await this.#tree(batch);
    const index = letters.findIndex(({ seq }) => seq === letter.seq);
    const body = this.#bodies.letter(letter);
    const leaf = letters[index]?.leaf;
    if (leaf === undefined) return err({ kind: 'notThere' });
    if (!sameBytes(leaf, receiptLeaf(body))) return err({ kind: 'altered' });
    const receipt = this.#bodies.batch({ ...batch, journal: this.#keeper.store.journal, root: rootOf(levels) });
    const proof = await this.#proof(batch.entry, receipt);
    if (!proof.ok) return proof;
    const path = fillPlan(levels, inclusionPlan(index, batch.count)).map(toBase64Url);
    const place = { receipt, index, size: batch.count, path };
    return ok({ ...this.#bodies.signed(body), batch: place, proof: proof.value });
  }

  async promise(promised: Promised): Promise<Result<ReceiptFile, ReceiptRefusal>> {
    const body = this.#bodies.promised(promised);
    const signed = this.#bodies.signed(body);
    const entry = await this.#keeper.store.entries.find(promised.seq, promised.nth);
    if (entry === undefined) return ok(signed);
    const proof = await this.#proof(entry, body);
    return proof.ok ? ok({ ...signed, proof: proof.value }) : proof;
  }

  async consistency(from: number, to: number): Promise<Result<Consistency, ReceiptRefusal>> {
    const { log, durable } = this.#keeper.store;
    if (from > to || to > durable.size) return err({ kind: 'notThere' });
    const [earlier, later] = await Promise.all([log.rootAt(from), log.rootAt(to)]);
    const path = await log.consistency({ size: from, root: earlier }, { size: to, root: later });
    return path.ok ? ok({ from, to, path: path.value.map(toBase64Url) }) : path;
  }

  async #proof(entry: number, body: ReceiptBody): Promise<Result<NonNullable<ReceiptFile['proof']>, ReceiptRefusal>> {
    const head = await this.#keeper.headOver(entry + 1);
    const { log } = this.#keeper.store;
    const [leaf] = await log.leaves(entry, 1);
    if (leaf === undefined || !sameBytes(leaf, receiptLeaf(body))) return err({ kind: 'altered' });
    const path = await log.inclusion(entry, treeHead(head));
    return path.ok ? ok({ index: entry, size: head.size, path: path.value.map(toBase64Url), head }) : path;
  }

  async #tree(batch: Batch): Promise<Tree> {
    const known = this.#trees.get(batch.entry);
    this.#trees.delete(batch.entry);
    const tree = known ?? (await this.#build(batch));
    this.#trees.set(batch.entry, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > limits.book.treesKept && oldest !== undefined) this.#trees.delete(oldest);
    return tree;
  }

  async #build({ firstLetter, count }: Batch): Promise<Tree> {
    const letters = await this.#keeper.store.letters.read(firstLetter, count);
    return {
      letters,
      levels: buildLevels(
        letters.map(({ leaf }) => leaf),
        fastNodeHash,
      ),
    };
  }
}

export function treeHead({ size, root }: SignedHead): TreeHead {
  return { size, root: fromBase64(root) ?? new Uint8Array(0) };
}
