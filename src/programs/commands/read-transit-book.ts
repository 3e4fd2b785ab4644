// The book of a room alone that a command is asked about: the one named, else that of the data folder.

import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import type { Call, CommandRefusal } from '../command.ts';
import { BOOK_FILE, describeBookRefusal, readBookFile, type ReadBook } from '../transit/book-file.ts';

export async function readNamedBook({
  config,
  options,
}: Pick<Call, 'config' | 'options'>): Promise<Result<ReadBook & { readonly path: string }, CommandRefusal>> {
  const path = options['file'] ?? join(config.dataDir, BOOK_FILE);
  const book = await readBookFile(path);
  if (book.ok) return ok({ ...book.value, path });
  return err({ kind: 'refused', reason: book.error.kind, sentence: describeBookRefusal(book.error, path) });
}
