// Why a receipt is not good, in plain words: the one table for the command line; the page has its own words for each kind.

import type { CheckRefusal } from './check-receipt.ts';

const SENTENCES: Readonly<Record<CheckRefusal['kind'], string>> = {
  tooLarge: 'This file is far too large for a receipt.',
  notAReceipt: 'This is not a receipt, or a damaged one.',
  rewritten:
    'This file is not written as it was given out: something was added, doubled or formatted anew. Ask for the original file.',
  newerFormat: 'This receipt is of a newer kind than this program knows. Check it with a newer version.',
  otherKey: 'Forged, or of another house: it was not signed with the key you gave.',
  notSigned: 'Forged: the signature does not fit what the receipt says.',
  otherHouse: 'Forged: its parts come from different houses.',
  notInBatch: 'Forged: the letter is not among those that were sealed in that hour.',
  notInBook: 'Forged: the receipt does not lie in the book where it says.',
  headNotSigned: 'Forged: the head of the book in it is not signed by the same house.',
  nothingToCompare: 'This receipt has no place in the book yet, so there is nothing to compare your head with.',
  earlierHeadNotSigned: 'The head you kept is not signed by the house that signed the receipt.',
  consistencyMissing: 'The proof that both heads are of one book is missing; ask the server for it.',
  bookRewritten: 'The book was rewritten: the head you kept and the head in this receipt are not of one book.',
};

export function explainCheckRefusal({ kind }: { readonly kind: CheckRefusal['kind'] }): string {
  return SENTENCES[kind];
}
