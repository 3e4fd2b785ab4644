// What a replayed journal sums to, for each account and mailbox: all that is needed to see that rows are equal.

import type { AccountId, MailboxId } from '#base/ids.ts';
import type { JournalLedger, WrongElement } from './journal-ledger.ts';
import type { LedgerSum } from './ledger-sum.ts';

/** By mailbox; undefined: all letters of the account. */
export type AccountSums = ReadonlyMap<MailboxId | undefined, LedgerSum>;

/** Plain values: it crosses from a thread. */
export interface JournalSums {
  readonly accounts: ReadonlyMap<AccountId, AccountSums>;
  readonly wrongElements: readonly WrongElement[];
}

export function sumsOf(ledger: JournalLedger): JournalSums {
  const accounts = new Map<AccountId, AccountSums>();
  for (const accountId of ledger.books.keys())
    accounts.set(
      accountId,
      new Map<MailboxId | undefined, LedgerSum>([[undefined, ledger.letters(accountId)], ...ledger.places(accountId)]),
    );
  return { accounts, wrongElements: ledger.wrongElements };
}
