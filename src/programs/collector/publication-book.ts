// The collector's book: every publication with its signed receipt, one line each, at most one of a quarter, never changed.

import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Publication } from '#office/telemetry/collector/publication.ts';
import {
  isPublicationReceipt,
  makePublicationReceipt,
  type PublicationSigner,
} from '#office/telemetry/collector/publication-receipt.ts';
import { receiptLeaf, type ReceiptFile } from '#vault/book/check/receipt.ts';
import { openLineBook, readLineBook, type BookKind, type BookRefusal } from '../line-book.ts';

/** In the collector's folder. */
export const PUBLICATION_BOOK_FILE = 'book.jsonl';

export interface RecordedPublication {
  readonly publication: Publication;
  readonly receipt: ReceiptFile;
}

export interface PublicationBook extends AsyncDisposable {
  /** Oldest first. */
  readonly recorded: readonly RecordedPublication[];
  /** The newest quarter in it; '' where there is none. */
  readonly lastQuarter: string;
  /** Signed and synced. A quarter that stands in it already stays as it stands. */
  record(publication: Publication): Promise<void>;
}

/** Quarters come in their order, and each once: a revised one would be a line that is not genuine. */
export const publicationLines: BookKind<RecordedPublication> = {
  isGenuine({ publication, receipt }, before) {
    const last = before.at(-1)?.publication.quarter ?? '';
    const leaves = before.map((one) => receiptLeaf(one.receipt.receipt));
    return publication.quarter > last && isPublicationReceipt(publication, receipt, leaves);
  },
  nameOf: ({ publication }) => publication.quarter,
};

export async function openPublicationBook(
  path: string,
  { clock, signer }: { readonly clock: Clock; readonly signer: PublicationSigner },
): Promise<Result<PublicationBook, BookRefusal>> {
  const book = await openLineBook(path, publicationLines);
  if (!book.ok) return book;
  const read = await readLineBook(path, publicationLines);
  if (!read.ok) {
    await book.value[Symbol.asyncDispose]();
    return err(read.error);
  }
  const recorded = read.value.entries.map(({ receipt }) => receipt);
  const lastQuarter = (): string => recorded.at(-1)?.publication.quarter ?? '';
  return ok({
    recorded,
    get lastQuarter() {
      return lastQuarter();
    },
    async record(publication) {
      if (publication.quarter <= lastQuarter()) return;
      const leaves = recorded.map(({ receipt }) => receiptLeaf(receipt.receipt));
      const receipt = makePublicationReceipt(publication, leaves, { signer, nowMs: clock.nowMs() });
      const line = { publication, receipt };
      await book.value.record(line);
      recorded.push(line);
    },
    [Symbol.asyncDispose]: () => book.value[Symbol.asyncDispose](),
  });
}
