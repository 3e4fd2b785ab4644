// Which letters of an account differ: ranges of ids whose sums differ are halved until they are short enough to be read.

import type { AccountId, LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { idToUuid } from '../../database/ids.ts';
import type { LedgerRows, LetterIdentity } from '../../database/read-ledger.ts';
import type { Uuid } from '../../database/tables.ts';
import type { LetterDifference } from './check-ledger.ts';
import type { JournalLedger } from './journal-ledger.ts';
import { isSameSum, RunningSum } from './ledger-sum.ts';
import { AccountBook, type TableEntry } from './letter-table.ts';

export interface Search {
  readonly rows: LedgerRows;
  readonly ledger: JournalLedger;
  readonly accountId: AccountId;
  /** Reads every letter, also where sums agree: what is not summed may differ. */
  readonly isDeep: boolean;
  /** No more than so many. */
  readonly room: number;
}

interface Found {
  readonly list: LetterDifference[];
  readonly search: Search;
  readonly book: AccountBook;
  /** The journal's letters in the order of uuids. */
  readonly ordered: readonly { readonly uuid: Uuid; readonly id: LetterId }[];
}

const LOWEST: Uuid = '00000000-0000-0000-0000-000000000000';

export async function findLetters(search: Search): Promise<readonly LetterDifference[]> {
  const book = search.ledger.books.get(search.accountId) ?? new AccountBook();
  const ordered = [...book.letters.keys()]
    .map((id) => ({ uuid: idToUuid(id), id }))
    .toSorted((left, right) => (left.uuid < right.uuid ? -1 : 1));
  const found: Found = { list: [], search, book, ordered };
  await descend(found, LOWEST, undefined);
  await comparePlaces(found);
  return found.list.slice(0, search.room);
}

/** Letters with `from` ≤ uuid < `to`. */
async function descend(found: Found, from: Uuid, to: Uuid | undefined): Promise<void> {
  const { search, ordered, list } = found;
  if (list.length >= search.room) return;
  const first = lowerBound(ordered, from);
  const last = to === undefined ? ordered.length : lowerBound(ordered, to);
  const sum = new RunningSum();
  for (const { id } of ordered.slice(first, last)) {
    const number = found.book.letters.get(id);
    if (number !== undefined) search.ledger.table.addTo(sum, number);
  }
  const rows = await search.rows.range(search.accountId, from, to);
  const journal = sum.value;
  if (isSameSum(rows, journal) && !search.isDeep) return;
  const { lettersAtOnce } = limits.ledger;
  const middle = middleOf(from, to);
  if ((rows.count <= lettersAtOnce && journal.count <= lettersAtOnce) || middle === from) {
    await compareRange(found, from, ordered.slice(first, last), rows.count);
    return;
  }
  await descend(found, from, middle);
  await descend(found, middle, to);
}

async function compareRange(
  { list, search, book }: Found,
  from: Uuid,
  journal: readonly { readonly id: LetterId }[],
  count: number,
): Promise<void> {
  const { accountId, ledger } = search;
  const rows = new Map(
    (await search.rows.identities(accountId, from, count)).map((letter) => [letter.letterId, letter]),
  );
  for (const { id: letterId } of journal) {
    const row = rows.get(letterId);
    const number = book.letters.get(letterId);
    rows.delete(letterId);
    if (row === undefined) list.push({ accountId, letterId, what: 'missing' });
    else if (number === undefined || !isSame(row, ledger.table.get(number)))
      list.push({ accountId, letterId, what: 'changed' });
  }
  for (const letterId of rows.keys()) list.push({ accountId, letterId, what: 'extra' });
}

function isSame(row: LetterIdentity, entry: TableEntry): boolean {
  return (
    row.keySeq === entry.keySeq &&
    row.bodySeq === entry.bodySeq &&
    entry.digest.equals(row.digest) &&
    row.words.every((word, index) => entry.element.readInt32BE(index * 4) === word)
  );
}

async function comparePlaces({ list, search, book }: Found): Promise<void> {
  const { accountId } = search;
  const expected = new Map<string, LetterDifference>();
  const key = (letterId: LetterId, mailboxId: string): string => letterId + mailboxId;
  for (const [letterId, mailboxes] of book.places) {
    for (const mailboxId of mailboxes)
      expected.set(key(letterId, mailboxId), { accountId, letterId, mailboxId, what: 'missing' });
  }
  for (const { letterId, mailboxId } of await search.rows.placed(accountId)) {
    if (!expected.delete(key(letterId, mailboxId))) list.push({ accountId, letterId, mailboxId, what: 'extra' });
  }
  list.push(...expected.values());
}

/** The uuid half-way: by the first 48 bits, which is enough to part any number of random ids. */
function middleOf(from: Uuid, to: Uuid | undefined): Uuid {
  const low = leading(from);
  const high = to === undefined ? 2 ** 48 : leading(to);
  const hex = Math.floor((low + high) / 2)
    .toString(16)
    .padStart(12, '0');
  const middle = `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
  return middle <= from ? from : middle;
}

function leading(uuid: Uuid): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}

function lowerBound(ordered: readonly { readonly uuid: Uuid }[], uuid: Uuid): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.uuid ?? '') < uuid) low = middle + 1;
    else high = middle;
  }
  return low;
}
