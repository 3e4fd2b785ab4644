// What became of letters that were acknowledged: each must be there once, lie somewhere, and have its bytes. Counted without the safeguards.

import { createHash } from 'node:crypto';
import type { AccountId } from '#base/ids.ts';
import type { Database } from '#vault/database/open-database.ts';
import { readLetterPlaces, readLetters } from '#vault/database/read-letters.ts';
import type { Journal } from '#vault/journal/journal.ts';
import { readLedgerHead } from '#vault/safeguards/ledger/check-ledger.ts';
import type { KnownLetter } from './make-letters.ts';

export interface Count {
  /** Acknowledged and not to be had: no row, no place, or no bytes. */
  readonly lost: number;
  /** Rows that nobody acknowledged. */
  readonly doubled: number;
  /** There, with other bytes. */
  readonly broken: number;
}

const AT_ONCE = 500;

export async function countLetters(
  { database, journal }: { readonly database: Database; readonly journal: Pick<Journal, 'journal' | 'readBody'> },
  letters: readonly KnownLetter[],
): Promise<Count> {
  const byAccount = new Map<AccountId, KnownLetter[]>();
  for (const letter of letters) {
    const own = byAccount.get(letter.accountId) ?? [];
    own.push(letter);
    byAccount.set(letter.accountId, own);
  }
  let [found, broken, rows] = [0, 0, 0];
  const { db } = database.reader;
  for (const [accountId, own] of byAccount) {
    for (let at = 0; at < own.length; at += AT_ONCE) {
      const slice = own.slice(at, at + AT_ONCE);
      const ids = slice.map(({ letterId }) => letterId);
      const lying = new Set(
        (await readLetters(db, accountId, ids)).flatMap((one) => (one.mailboxIds.length > 0 ? [one.id] : [])),
      );
      const places = new Map((await readLetterPlaces(db, accountId, ids)).map((one) => [one.id, one.body]));
      rows += places.size;
      for (const { letterId, digest } of slice) {
        const place = places.get(letterId);
        if (place === undefined || !lying.has(letterId)) continue;
        const body = await journal.readBody(place);
        if (!body.ok) continue;
        found += 1;
        if (createHash('sha256').update(body.value).digest('hex') !== digest) broken += 1;
      }
    }
  }
  const head = await readLedgerHead(database, journal.journal);
  return { lost: letters.length - found, doubled: Math.max(0, head.letters.count - rows), broken };
}
