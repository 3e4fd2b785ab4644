// What the operator's commands are answered about the book of receipts.

import { err, ok } from '#base/result.ts';
import type { Book } from '#vault/book/open-book.ts';
import type { BookFinding } from '#vault/book/verify-book.ts';
import type { OperatorHandlers } from '../operator-methods.ts';

export function createBookHandlers(book: Book | undefined): Pick<OperatorHandlers, 'book.head' | 'book.verify'> {
  const closed = err({
    kind: 'book-closed',
    sentence: 'The book is damaged and closed; siegel status says what to do.',
  });
  return {
    'book.head': async () => (book ? ok({ house: book.house, key: book.key, head: book.newestHead() }) : closed),
    'book.verify': async () => {
      if (book === undefined) return closed;
      const problems = (await book.verify()).map(describeFinding);
      return ok({ entries: book.newestHead().size, problems });
    },
  };
}

function describeFinding({ what, ...where }: BookFinding): string {
  const places = Object.entries(where).map(([name, value]) => `${name} ${value}`);
  return `${what}: ${places.join(', ')}`;
}
