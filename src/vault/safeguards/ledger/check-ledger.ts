// Whether rows and journal hold the same letters in the same places; where not, which letters, found by halving (SAFEGUARDS §3).

import type { AccountId, LetterId, MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Database } from '../../database/open-database.ts';
import { withLedgerRows, type LedgerRows } from '../../database/read-ledger.ts';
import { findLetters } from './find-letters.ts';
import { JournalLedger, type LedgerJournal, type WrongElement } from './journal-ledger.ts';
import { sumsOf, type AccountSums, type JournalSums } from './journal-sums.ts';
import { EMPTY_SUM, isSameSum, RunningSum, type LedgerSum } from './ledger-sum.ts';

/** `missing`: the journal has it, the rows have not; `extra`: the other way round; `changed`: its record, digest or element differ. */
export interface LetterDifference {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  /** Undefined: the letter itself; else it is missing from, or too much in, this place. */
  readonly mailboxId?: MailboxId;
  readonly what: 'missing' | 'extra' | 'changed';
}

/** A mailbox (undefined: all letters of the account) whose sums differ, and by how many letters. */
export interface MailboxDifference {
  readonly accountId: AccountId;
  readonly mailboxId?: MailboxId;
  readonly rows: number;
  readonly journal: number;
}

export interface LedgerHead {
  readonly appliedSeq: number;
  readonly accounts: number;
  readonly letters: LedgerSum;
  readonly places: LedgerSum;
}

export interface LedgerReport {
  readonly isEqual: boolean;
  readonly head: LedgerHead;
  readonly journalHead: LedgerHead;
  readonly mailboxes: readonly MailboxDifference[];
  /** At most `limits.ledger.lettersShown`. */
  readonly letters: readonly LetterDifference[];
  readonly wrongElements: readonly WrongElement[];
}

export interface LedgerWay {
  readonly database: Pick<Database, 'connect'>;
  readonly journal: LedgerJournal;
  readonly ledgerKey: Uint8Array;
  readonly accountId?: AccountId | undefined;
  /** Also every letter's own record and digest, not only what is summed. */
  readonly isDeep?: boolean;
  readonly onProgress?: ((seq: number) => void) | undefined;
  /** Sums the journal up to a record where nobody waits for it; only what differs is looked for here. */
  readonly sumAside?: ((untilSeq: number) => Promise<JournalSums>) | undefined;
}

/** What the rows sum to, without any key and without the journal. */
export async function readLedgerHead(database: Pick<Database, 'connect'>, journal: number): Promise<LedgerHead> {
  await using session = await database.connect();
  session.giveWay();
  return await withLedgerRows(session, journal, async (rows, appliedSeq) => headOf(await readSums(rows, appliedSeq)));
}

/** Reads both sides at the record that the rows stand at; mail goes on meanwhile. */
export async function checkLedger(way: LedgerWay): Promise<LedgerReport> {
  await using session = await way.database.connect();
  session.giveWay();
  const { journal, ledgerKey, accountId, isDeep, onProgress } = way;
  const number = journal.journal;
  if (accountId === undefined && isDeep !== true && way.sumAside !== undefined) {
    // the rows of that moment are let go before the journal is read: kept, they would make every change of a hot row slower
    const seen = await withLedgerRows(session, number, (rows, appliedSeq) => readSums(rows, appliedSeq));
    // a thread that fails (its memory is bounded) leaves it to us
    const sums = await way.sumAside(seen.appliedSeq).catch(() => undefined);
    const report = sums && (await compare(way, seen, sums, undefined));
    if (report?.isEqual === true) return report;
  }
  return await withLedgerRows(session, number, async (rows, untilSeq) => {
    const ledger = await JournalLedger.replay({ journal, untilSeq, ledgerKey, accountId, onProgress });
    return compare(way, await readSums(rows, untilSeq, accountId), sumsOf(ledger), { rows, ledger });
  });
}

/** What the rows sum to at one moment. */
interface RowSums {
  readonly appliedSeq: number;
  readonly letters: Awaited<ReturnType<LedgerRows['letters']>>;
  readonly places: Awaited<ReturnType<LedgerRows['places']>>;
}

async function readSums(rows: LedgerRows, appliedSeq: number, accountId?: AccountId): Promise<RowSums> {
  return { appliedSeq, letters: await rows.letters(accountId), places: await rows.places(accountId) };
}

function headOf({ appliedSeq, letters, places }: RowSums): LedgerHead {
  return { appliedSeq, accounts: letters.length, letters: total(letters), places: total(places) };
}

/** `both` undefined: which letters differ is not looked for. */
async function compare(
  way: LedgerWay,
  seen: RowSums,
  journal: JournalSums,
  both: { readonly rows: LedgerRows; readonly ledger: JournalLedger } | undefined,
): Promise<LedgerReport> {
  const byAccount = new Map<AccountId, Map<MailboxId | undefined, LedgerSum>>();
  const note = (accountId: AccountId, mailboxId: MailboxId | undefined, sum: LedgerSum): void => {
    const sums = byAccount.get(accountId) ?? new Map<MailboxId | undefined, LedgerSum>();
    byAccount.set(accountId, sums.set(mailboxId, sum));
  };
  for (const row of seen.letters) note(row.accountId, undefined, row);
  for (const row of seen.places) note(row.accountId, row.mailboxId, row);
  const mailboxes: MailboxDifference[] = [];
  const letters: LetterDifference[] = [];
  const sums = { letters: new RunningSum(), places: new RunningSum(), accounts: 0 };
  for (const accountId of new Set([...byAccount.keys(), ...journal.accounts.keys()])) {
    const ours: AccountSums = journal.accounts.get(accountId) ?? new Map();
    for (const [mailboxId, sum] of ours) (mailboxId === undefined ? sums.letters : sums.places).addSum(sum);
    if ((ours.get(undefined)?.count ?? 0) > 0) sums.accounts += 1;
    const found = differing(accountId, byAccount.get(accountId) ?? new Map(), ours);
    mailboxes.push(...found);
    if (both === undefined || (found.length === 0 && way.isDeep !== true)) continue;
    const room = limits.ledger.lettersShown - letters.length;
    if (room > 0) letters.push(...(await findLetters({ ...both, accountId, isDeep: way.isDeep === true, room })));
  }
  return {
    isEqual: mailboxes.length === 0 && letters.length === 0 && journal.wrongElements.length === 0,
    head: headOf(seen),
    journalHead: {
      appliedSeq: seen.appliedSeq,
      accounts: sums.accounts,
      letters: sums.letters.value,
      places: sums.places.value,
    },
    mailboxes,
    letters,
    wrongElements: journal.wrongElements,
  };
}

function differing(accountId: AccountId, rows: AccountSums, journal: AccountSums): readonly MailboxDifference[] {
  const found: MailboxDifference[] = [];
  for (const mailboxId of new Set([...rows.keys(), ...journal.keys()])) {
    const [left, right] = [rows.get(mailboxId) ?? EMPTY_SUM, journal.get(mailboxId) ?? EMPTY_SUM];
    if (isSameSum(left, right)) continue;
    found.push({ accountId, ...(mailboxId && { mailboxId }), rows: left.count, journal: right.count });
  }
  return found;
}

function total(sums: readonly LedgerSum[]): LedgerSum {
  const all = new RunningSum();
  for (const sum of sums) all.addSum(sum);
  return all.value;
}
