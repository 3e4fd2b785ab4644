// `siegel transit-book verify`: reads the book of a room alone and checks every entry; what is wrong is named by its number.

import { join } from 'node:path';
import { err, ok } from '#base/result.ts';
import type { Run } from '../command.ts';
import { BOOK_FILE, describeBookRefusal, readBookFile } from '../transit/book-file.ts';

export const run: Run = async ({ config, options }) => {
  const path = options['file'] ?? join(config.dataDir, BOOK_FILE);
  const book = await readBookFile(path);
  if (!book.ok)
    return err({ kind: 'refused', reason: book.error.kind, sentence: describeBookRefusal(book.error, path) });
  const { lines, last, tornBytes } = book.value;
  const torn = `Behind entry ${lines - 1} stand ${tornBytes} bytes that are no whole entry: a kill can do that, and the next start takes them away. If nobody killed it, somebody altered the end: compare with a copy.`;
  return ok({
    json: { entries: lines, last, tornBytes },
    isBad: tornBytes > 0,
    text: [
      `${lines} entries: every one follows the one before, and every receipt is signed.`,
      `Hash of the last: ${last}. Keep it elsewhere: as long as it is found in the book, nothing before it was unsaid.`,
      ...(tornBytes > 0 ? [torn] : []),
    ].join('\n'),
  });
};
