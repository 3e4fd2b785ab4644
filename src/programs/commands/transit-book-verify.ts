// `siegel transit-book verify`: reads the book of a room alone and checks every entry; what is wrong is named by its number.

import { ok } from '#base/result.ts';
import type { Run } from '../command.ts';
import { readNamedBook } from './read-transit-book.ts';

export const run: Run = async (call) => {
  const book = await readNamedBook(call);
  if (!book.ok) return book;
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
