// An address book's file, vCard or CSV → cards, and what of it could not be taken.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { tidyCard, type Card } from './card.ts';
import { parseContactsCsv } from './contacts-csv.ts';
import { parseVcards } from './vcard.ts';

export interface ReadCards {
  readonly cards: readonly Card[];
  /** Names, or numbers in the order of the file, of entries that hold neither an address nor a name with a number to call. */
  readonly skipped: readonly string[];
}

export function readCards(bytes: Uint8Array<ArrayBuffer>): Result<ReadCards, { readonly kind: 'notUnderstood' }> {
  if (bytes.length > limits.compose.importBytes) return err({ kind: 'notUnderstood' });
  const text = decodeFile(bytes);
  const read = parseVcards(text) ?? parseContactsCsv(text);
  if (read === undefined) return err({ kind: 'notUnderstood' });
  const cards: Card[] = [];
  const skipped: string[] = [];
  for (const [index, card] of read.entries()) {
    const tidy = cards.length < limits.compose.importContactsMax ? tidyCard(card) : undefined;
    if (tidy) cards.push(tidy);
    else skipped.push(card.name.trim().slice(0, 80).toWellFormed() || `#${index + 1}`);
  }
  return ok({ cards, skipped });
}

/** UTF-8 with or without a mark, UTF-16 with one; what is not UTF-8 comes from an older program. */
function decodeFile(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
