// `siegel transit-book show`: what a room alone promised; all of it by number and time, or one receipt whole.

import { err, ok } from '#base/result.ts';
import type { Run } from '../command.ts';
import type { BookLine } from '../transit/book-file.ts';
import { readNamedBook } from './read-transit-book.ts';

export const run: Run = async (call) => {
  const [job] = call.operands;
  const book = await readNamedBook(call);
  if (!book.ok) return book;
  const { entries, path } = book.value;
  if (job === undefined)
    return ok({
      json: { entries: entries.toReversed() },
      text: entries.length === 0 ? 'The book is empty.' : entries.toReversed().map(lineOf).join('\n'),
    });
  const found = entries.find(({ receipt }) => receipt.facts.job === job);
  if (found === undefined)
    return err({ kind: 'refused', reason: 'not-there', sentence: `there is no entry of ${job} in ${path}.` });
  return ok({ json: found, text: JSON.stringify(found, undefined, 2) });
};

function lineOf({ nth, receipt: { facts } }: BookLine): string {
  const documents = facts.saltedHashes.length === 1 ? '1 document' : `${facts.saltedHashes.length} documents`;
  const how = facts.returnedMs === undefined ? 'taken by nobody' : 'returned';
  return `${nth}  ${new Date(facts.erasedMs).toISOString()}  ${facts.job}  ${documents}, ${how}, erased`;
}
