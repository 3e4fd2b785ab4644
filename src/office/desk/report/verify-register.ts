// The whole register verified as its entries stream by: chain, policies, events, signatures, earlier reports, and the rows of the database (decision 0018).

import { limits } from '#base/limits.ts';
import type { DeskEntryRow, DeskFilingRow } from '#vault/database/read-desk.ts';
import { parseEntry } from '../book/parse-entry.ts';
import { isArrivalEvent, type Entry } from '../register/event.ts';
import type { Digest, Fingerprint } from '#formats/desk/model.ts';
import { ArrivalCheck } from './verification/arrival-check.ts';
import { ChainCheck, type KnownHead } from './verification/chain-check.ts';
import { isEvent } from './verification/event-shape.ts';
import { FilingCheck } from './verification/filing-check.ts';
import { atEntry, type Finding, type Note } from './verification/findings.ts';
import { PolicyCheck } from './verification/policy-check.ts';
import { ReportCheck } from './verification/report-check.ts';
import { RowCheck } from './verification/row-check.ts';
import { RowStore } from './verification/row-store.ts';
import { StatementCheck } from './verification/statement-check.ts';

type Pages<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

export interface RegisterToVerify {
  /** In order, a page at a time. */
  readonly entries: Pages<DeskEntryRow>;
  /** The entries of kind REPORTED, again: their cut-offs lie before them. One that is missing here is found. */
  readonly reported: Iterable<DeskEntryRow>;
  /** Whose signatures bring the first policy into force. */
  readonly trust: readonly Fingerprint[];
  /** The rows of the database, in any order; undefined: they are not compared. */
  readonly rows?: Pages<DeskFilingRow> | undefined;
  /** Without one, what was written after the last signature can be rewritten unseen. */
  readonly known?: readonly KnownHead[] | undefined;
}

export interface Verified {
  /** None: the register is what was written. At most `findingsMax`. */
  readonly findings: readonly Finding[];
  readonly entries: number;
  readonly erased: number;
  readonly filings: number;
  readonly head: Digest;
  readonly root: Digest;
}

export async function verifyRegister({
  entries,
  reported,
  trust,
  rows: stored,
  known = [],
}: RegisterToVerify): Promise<Verified> {
  const findings: Finding[] = [];
  const note: Note = (place, what, more) => {
    if (findings.length < limits.deskVerification.findingsMax)
      findings.push({ place, what, ...(more !== undefined && { more }) });
  };
  const chain = new ChainCheck(note, known);
  const rows = new RowStore();
  const policies = new PolicyCheck(note, trust);
  const filings = new FilingCheck({ note, rows, policies, headAt: (count) => chain.headAt(count) });
  const arrivals = new ArrivalCheck({ note, rows, policies });
  const statements = new StatementCheck({ note, chain, policies });
  const reports = new ReportCheck({ note, rows, chain, policies }, textsOf(reported));
  for await (const page of entries) {
    for (const row of page) {
      reports.cut();
      const entry = chain.take(row);
      if (!entry) continue;
      if (isEvent(entry.event)) await takeEvent(entry, { policies, filings, arrivals, reports, statements });
      else note(atEntry(row.nth), 'unreadable');
    }
  }
  chain.finish();
  filings.finish();
  if (stored) await compareRows(stored, new RowCheck(note, rows));
  const { head, erased } = chain;
  return { findings, entries: chain.entries, erased, filings: rows.size, head, root: chain.root() };
}

interface Checks {
  readonly policies: PolicyCheck;
  readonly filings: FilingCheck;
  readonly arrivals: ArrivalCheck;
  readonly reports: ReportCheck;
  readonly statements: StatementCheck;
}

async function takeEvent(entry: Entry, { policies, filings, arrivals, reports, statements }: Checks): Promise<void> {
  const { event, nth, atMs } = entry;
  if (event.kind === 'POLICY_PUT') return policies.take(event, atEntry(nth));
  if (event.kind === 'REPORTED') return reports.take(event, atMs, atEntry(nth));
  if (event.kind === 'STATED') return statements.take(event, atMs, atEntry(nth));
  if (isArrivalEvent(event)) return arrivals.take(event, entry);
  return filings.take(event, entry);
}

async function compareRows(stored: Pages<DeskFilingRow>, check: RowCheck): Promise<void> {
  for await (const page of stored) for (const row of page) check.take(row);
  check.finish();
}

function textsOf(reported: Iterable<DeskEntryRow>): readonly string[] {
  return [...reported].flatMap((row) => {
    const event = parseEntry(row)?.event;
    return event?.kind === 'REPORTED' && typeof event.report === 'string' ? [event.report] : [];
  });
}
