// What `siegel ledger check` is answered: both sides of the ledger, and whose mailboxes and letters differ.

import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readOwnAddresses } from '#vault/database/addresses-read.ts';
import { isDamaged } from '#vault/database/session.ts';
import { checkLedger, type LedgerReport } from '#vault/safeguards/ledger/check-ledger.ts';
import { formatSum } from '#vault/safeguards/ledger/ledger-sum.ts';
import type { OperatorHandlers, OperatorRefusal, Progress, ResultOf } from '../operator-methods.ts';
import type { Vault } from './open-vault.ts';
import { DAMAGED } from './ledger-watch.ts';
import { findOwner, readAddress } from './operator-change.ts';

export interface LedgerParts {
  readonly vault: Vault;
  readonly ledgerKey: Uint8Array;
  readonly domain: string;
  /** Hears of each count of all accounts. */
  readonly onReport?: (report: LedgerReport, seconds: number) => void;
}

export function createLedgerHandlers(parts: LedgerParts): Pick<OperatorHandlers, 'ledger.check'> {
  return {
    'ledger.check': async ({ account, deep }, progress) => {
      try {
        return await check(parts, account, { isDeep: deep, progress });
      } catch (cause) {
        if (!isDamaged(cause)) throw cause;
        return err(DAMAGED);
      }
    },
  };
}

interface How {
  readonly isDeep: boolean;
  readonly progress: Progress;
}

async function check(
  { vault, ledgerKey, domain, onReport }: LedgerParts,
  text: string | undefined,
  { isDeep, progress }: How,
): Promise<Result<ResultOf<'ledger.check'>, OperatorRefusal>> {
  const accountId = text === undefined ? ok(undefined) : await findAccount(vault, text, domain);
  if (!accountId.ok) return accountId;
  const { database, journal, sumAside } = vault;
  const total = journal.durableSeq;
  const beganMs = performance.now();
  const report = await checkLedger({
    database,
    journal,
    ledgerKey,
    isDeep,
    sumAside,
    accountId: accountId.value,
    onProgress: (seq) => progress(seq, total),
  });
  if (accountId.value === undefined) onReport?.(report, Math.round(performance.now() - beganMs) / 1_000);
  return ok(await describe(vault, report));
}

async function findAccount(vault: Vault, text: string, domain: string): Promise<Result<AccountId, OperatorRefusal>> {
  const address = readAddress(text, domain);
  return address.ok ? findOwner(vault, address.value) : address;
}

async function describe({ database }: Vault, report: LedgerReport): Promise<ResultOf<'ledger.check'>> {
  const { head, journalHead } = report;
  const accounts = new Set([...report.mailboxes, ...report.letters].map(({ accountId }) => accountId));
  const addresses = new Map<AccountId, string | undefined>();
  for (const id of accounts) addresses.set(id, (await readOwnAddresses(database.reader, id))[0]?.address);
  const whose = (accountId: AccountId, mailbox: string | undefined): { account: string } => {
    const address = addresses.get(accountId);
    return { account: accountId, ...(address && { address }), ...(mailbox && { mailbox }) };
  };
  const sums = ({ letters, places }: LedgerReport['head']): { letters: string; places: string } => ({
    letters: formatSum(letters),
    places: formatSum(places),
  });
  return {
    isEqual: report.isEqual,
    record: head.appliedSeq,
    accounts: head.accounts,
    letters: head.letters.count,
    places: head.places.count,
    rows: sums(head),
    journal: sums(journalHead),
    differing: report.mailboxes.map(({ accountId, mailboxId, rows, journal }) => ({
      ...whose(accountId, mailboxId),
      rows,
      journal,
    })),
    named: report.letters.map(({ accountId, mailboxId, letterId, what }) => ({
      ...whose(accountId, mailboxId),
      letter: letterId,
      what,
    })),
    wrongElements: report.wrongElements.length,
  };
}
