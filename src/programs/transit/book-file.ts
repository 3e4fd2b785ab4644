// The book of a room that stands alone: receipts of erased documents, one line each.

import type { Result } from '#base/result.ts';
import { isReceiptGenuine, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import {
  checkLineBook,
  openLineBook,
  readLineBook,
  type BookKind,
  type BookLine as Line,
  type BookRefusal,
  type CheckedBook,
  type LineBook,
  type ReadBook as Read,
} from '../line-book.ts';

export { describeBookRefusal } from '../line-book.ts';

/** In the data folder. */
export const BOOK_FILE = 'transit-book.jsonl';

export type BookLine = Line<DeletionReceipt>;
/** Receipts are found by the id of their job. */
export type BookFile = LineBook<DeletionReceipt>;
export type ReadBook = Read<DeletionReceipt>;

const kind: BookKind<DeletionReceipt> = {
  isGenuine: (receipt) => isReceiptGenuine(receipt),
  nameOf: ({ facts }) => facts.job,
};

export async function openBookFile(path: string): Promise<Result<BookFile, BookRefusal>> {
  const book = await openLineBook(path, kind);
  if (!book.ok) return book;
  const { value } = book;
  return {
    ok: true,
    value: {
      record: (receipt) => value.record(receipt),
      // what is handed to a person is looked at once more
      find: async (job) => {
        const receipt = await value.find(job);
        return receipt !== undefined && isGenuine(receipt) ? receipt : undefined;
      },
      [Symbol.asyncDispose]: () => value[Symbol.asyncDispose](),
    },
  };
}

export function checkBook(book: Uint8Array): Result<CheckedBook, BookRefusal> {
  return checkLineBook(book, kind);
}

export function readBookFile(path: string): Promise<Result<ReadBook, BookRefusal>> {
  return readLineBook(path, kind);
}

function isGenuine(receipt: DeletionReceipt): boolean {
  try {
    return isReceiptGenuine(receipt);
  } catch {
    return false; // it has not the shape of one
  }
}
