// Reads the whole book and says what in it is not as it was promised: levels, heads, batches, order, signatures.

import { fromBase64 } from '#formats/base64/base64.ts';
import { sameBytes } from '../sealing/bytes.ts';
import type { Bodies } from './bodies.ts';
import type { BookStore } from './book-store.ts';
import { nameEntry } from './entry-file.ts';
import { isHeadSigned } from './check/check-receipt.ts';
import { receiptLeaf, type SignedHead } from './check/receipt.ts';
import type { Heads } from './heads.ts';
import { fastNodeHash } from './fast-hash.ts';
import { buildLevels, rootOf } from './merkle.ts';

export type BookFinding =
  | { readonly what: 'level'; readonly level: number }
  /** The log does not lead to a root that was signed. */
  | { readonly what: 'head'; readonly size: number }
  | { readonly what: 'headNotSigned'; readonly size: number }
  | { readonly what: 'headsOutOfOrder'; readonly size: number }
  /** The letters of a batch do not lead to its entry. */
  | { readonly what: 'batch'; readonly entry: number }
  | { readonly what: 'lettersOutOfOrder'; readonly seq: number }
  /** An entry is not where its record's name says. */
  | { readonly what: 'entryMisplaced'; readonly entry: number };

const READ_AT_ONCE = 4_096;

/** Whether the log still leads to what a head promised. */
export async function doesHeadHold(store: BookStore, head: SignedHead | undefined): Promise<boolean> {
  if (head === undefined) return true;
  if (head.size > store.durable.size) return false;
  return sameBytes(await store.log.rootAt(head.size), fromBase64(head.root) ?? new Uint8Array(0));
}

/** Everything that is wrong; empty when the book is what was promised. Heads kept elsewhere tell about the book as a whole. */
export async function verifyBook(store: BookStore, heads: Heads, bodies: Bodies): Promise<readonly BookFinding[]> {
  const level = await store.log.findWrongLevel();
  const findings: BookFinding[] = level === undefined ? [] : [{ what: 'level', level }];
  findings.push(...(await verifyHeads(store, heads, bodies)));
  findings.push(...(await verifyBatches(store, bodies)));
  findings.push(...(await verifyEntries(store)));
  return findings;
}

async function verifyHeads(store: BookStore, heads: Heads, bodies: Bodies): Promise<readonly BookFinding[]> {
  const findings: BookFinding[] = [];
  let before: SignedHead | undefined;
  for await (const head of heads.readAll()) {
    const { size } = head;
    if (before !== undefined && (before.size > size || before.timeMs >= head.timeMs))
      findings.push({ what: 'headsOutOfOrder', size });
    if (head.house !== bodies.house || !(await isHeadSigned(bodies.key, head)))
      findings.push({ what: 'headNotSigned', size });
    // hours in which nothing happened have equal heads
    if (before?.root !== head.root && !(await doesHeadHold(store, head))) findings.push({ what: 'head', size });
    before = head;
  }
  return findings;
}

async function verifyBatches(store: BookStore, bodies: Bodies): Promise<readonly BookFinding[]> {
  const findings: BookFinding[] = [];
  let [nextLetter, lastSeq] = [0, 0];
  for (const batch of store.batches.all) {
    const { entry, firstLetter, count } = batch;
    const letters = await store.letters.read(firstLetter, count);
    const isWhole = await store.letters.areWhole(firstLetter, count);
    if (!isWhole || firstLetter !== nextLetter || batch.firstSeq !== letters[0]?.seq)
      findings.push({ what: 'batch', entry });
    for (const { seq } of letters) {
      if (seq <= lastSeq) findings.push({ what: 'lettersOutOfOrder', seq });
      lastSeq = seq;
    }
    const root = rootOf(
      buildLevels(
        letters.map(({ leaf }) => leaf),
        fastNodeHash,
      ),
    );
    const expected = receiptLeaf(bodies.batch({ ...batch, journal: store.journal, root }));
    const [leaf] = await store.log.leaves(entry, 1);
    if (leaf === undefined || !sameBytes(leaf, expected) || lastSeq > batch.seq)
      findings.push({ what: 'batch', entry });
    nextLetter = firstLetter + count;
  }
  return findings;
}

async function verifyEntries(store: BookStore): Promise<readonly BookFinding[]> {
  const { entries } = store.durable;
  const findings: BookFinding[] = [];
  let before = { seq: 0, nth: -1, isBatch: false };
  for (let at = 0; at < entries; at += READ_AT_ONCE) {
    const names = await store.entries.read(at, Math.min(READ_AT_ONCE, entries - at));
    const leaves = await store.log.leaves(at, names.length);
    for (const [index, name] of names.entries()) {
      const leaf = leaves[index];
      const isNamed = leaf !== undefined && nameEntry({ ...name, entry: at + index }, leaf).check === name.check;
      const isNext = name.seq > before.seq || (name.seq === before.seq && (name.isBatch || name.nth > before.nth));
      if (!isNext || !isNamed || name.entry !== at + index)
        findings.push({ what: 'entryMisplaced', entry: at + index });
      before = name;
    }
  }
  return findings;
}
