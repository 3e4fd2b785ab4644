// The book of a house: fed from the journal, asked for heads, proofs and receipts; start here (decision 0012).

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeyRecord } from '../journal/journal.ts';
import { Bodies, type BookKeys, type LetterFacts, type Promised } from './bodies.ts';
import { BookKeeper } from './book-keeper.ts';
import { BookStore, type StoreOptions } from './book-store.ts';
import type { ReceiptFile, SignedHead } from './check/receipt.ts';
import type { FeedSource } from './feeder.ts';
import { Heads } from './heads.ts';
import { doesHeadHold, type BookFinding } from './verify-book.ts';
import { ReceiptMaker, type ReceiptRefusal } from './receipt-maker.ts';

export interface BookOptions extends Omit<StoreOptions, 'bodies'> {
  readonly keys: BookKeys;
  readonly clock: Clock;
  readonly log: Log;
  readonly source: FeedSource;
}

export interface BookRefusal {
  /** The files do not hold what was promised: nothing is added to them any more. */
  readonly kind: 'bookDamaged';
}

export interface Consistency {
  readonly from: number;
  readonly to: number;
  readonly path: readonly string[];
}

export interface BookCounts {
  readonly heads: number;
  readonly entries: number;
  readonly letters: number;
  /** When the newest batch was closed; undefined before the first. */
  readonly lettersUntilMs: number | undefined;
}

export interface Book {
  /** Instance id, and the book key as base64url. */
  readonly house: string;
  readonly key: string;
  /** Hears of records whose effect is in the rows; returns at once. */
  offer(records: readonly KeyRecord[]): void;
  /** The newest head that was signed. */
  newestHead(): SignedHead;
  /** Of what is on the medium. Letters count when their batch is closed: nobody reads from it who got one just now. */
  counts(): BookCounts;
  headsFrom(fromMs: number): Promise<readonly SignedHead[]>;
  consistency(from: number, to: number): Promise<Result<Consistency, ReceiptRefusal>>;
  /** With path and proof; `waiting`: its batch is open until then. */
  letterReceipt(letter: LetterFacts): Promise<Result<ReceiptFile, ReceiptRefusal>>;
  /** With its proof, if it is in the book. */
  promiseReceipt(promised: Promised): Promise<Result<ReceiptFile, ReceiptRefusal>>;
  /** Signed at once; its place in the book follows. */
  signedReceipt(promised: Promised): ReceiptFile;
  /** Reads all of it. */
  verify(): Promise<readonly BookFinding[]>;
  /** Takes, closes, commits and signs what is due. The book does so by itself; tests ask. */
  work(): Promise<void>;
  /** Resolves when this record and all before it were taken and are on the medium. */
  settled(seq: number): Promise<void>;
  close(): Promise<void>;
}

/** Makes the folder at first. Refused when the files do not hold what a head or the checkpoint promised. */
export async function openBook(options: BookOptions): Promise<Result<Book, BookRefusal>> {
  const { disk, directory, clock, log } = options;
  await disk.makeDirectory(directory);
  const bodies = new Bodies(options.keys);
  const storeOptions: StoreOptions = { ...options, bodies };
  await using opened = new AsyncDisposableStack();
  const heads = await Heads.open(disk, directory);
  opened.defer(() => heads.close());
  const store = await BookStore.open(storeOptions);
  if (!store.ok) return err({ kind: 'bookDamaged' });
  if (!(await doesHeadHold(store.value, heads.newest))) {
    await store.value.close();
    return err({ kind: 'bookDamaged' });
  }
  const keeper = new BookKeeper({ storeOptions, source: options.source, bodies, clock, log, heads }, store.value);
  await keeper.begin();
  opened.move();
  return ok(createBook(bodies, keeper, heads));
}

function createBook(bodies: Bodies, keeper: BookKeeper, heads: Heads): Book {
  const maker = new ReceiptMaker(bodies, keeper);
  return {
    house: bodies.house,
    key: bodies.key,
    offer: (records) => keeper.offer(records),
    newestHead: () => keeper.newestHead,
    counts: () => {
      const { batches, durable } = keeper.store;
      const lettersUntilMs = batches.all.at(-1)?.closedMs;
      return { heads: heads.count, entries: durable.size, letters: batches.lettersInAll, lettersUntilMs };
    },
    headsFrom: (fromMs) => heads.readFrom(fromMs, limits.book.headsInAnswer),
    consistency: (from, to) => maker.consistency(from, to),
    letterReceipt: (letter) => maker.letter(letter),
    promiseReceipt: (promised) => maker.promise(promised),
    signedReceipt: (promised) => bodies.signed(bodies.promised(promised)),
    verify: () => keeper.verify(),
    work: () => keeper.work(),
    settled: (seq) => keeper.settled(seq),
    async close() {
      await keeper.close();
      await heads.close();
    },
  };
}
