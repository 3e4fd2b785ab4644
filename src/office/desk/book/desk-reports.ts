// The yearly report from the rows of the register, its publication with the signatures of two, and the verification of all that was ever written down.

import { err, ok, type Result } from '#base/result.ts';
import { readDeskEntries, readDeskFilings, readEntriesOfKind, type DeskEntryRow } from '#vault/database/read-desk.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { leafOf, headAfter } from '../register/chain.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { Entry } from '../register/event.ts';
import type { FilingRow } from '../register/fold.ts';
import type { Fingerprint } from '#formats/desk/model.ts';
import { checkReportSignatures, type ReportSignatureRefusal } from '../report/check-report.ts';
import { countYears } from '../report/count-year.ts';
import { MerkleRoot } from '../report/merkle-root.ts';
import { parseReport } from '../report/parse-report.ts';
import { factsOf, reportFrom, reportText } from '../report/report.ts';
import type { Finding } from '../report/verification/findings.ts';
import type { KnownHead } from '../report/verification/chain-check.ts';
import { verifyRegister, type Verified } from '../report/verify-register.ts';
import type { DeskBook, Noted, Register } from './desk-book.ts';
import type { Desk, DeskRefusal } from './desk.ts';
import { parseFilingRow } from './parse-entry.ts';

export type ReportRefusal =
  | DeskRefusal
  | ReportSignatureRefusal
  | { readonly kind: 'yearNotOver'; readonly year: number }
  | { readonly kind: 'notAReport' }
  | { readonly kind: 'otherReport'; readonly findings: readonly Finding[] };

interface ReportParts {
  readonly desk: Desk;
  readonly book: DeskBook;
  readonly trust: readonly Fingerprint[];
  /** The head as the journal has it, which nobody reaches through the database; undefined: nobody knows. */
  readonly journalled?: (() => Promise<KnownHead | undefined>) | undefined;
}

export class DeskReports {
  readonly #parts: ReportParts;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** Exactly what two people sign: as the register stands now. */
  async draft(year: number): Promise<Result<string, ReportRefusal>> {
    const register = await this.#parts.desk.register();
    const standing = await this.#parts.desk.inForce(register);
    if (!standing.ok) return standing;
    const { db } = register.read;
    const counts = countYears(await rowsOf(register, [year, year - 1]), [year, year - 1]);
    const tree = new MerkleRoot();
    for await (const page of readDeskEntries(db))
      for (const { nth, leaf } of page) if (nth < register.entries) tree.add(parseDigest(leaf));
    const earlier = (await register.ofKind('REPORTED')).flatMap(({ event }) =>
      event.kind === 'REPORTED' && event.year === year ? [event.report] : [],
    );
    const report = reportFrom({
      counts,
      year,
      policy: factsOf(standing.value.policy),
      register: { entries: register.entries, head: register.head, root: tree.root() },
      generatedMs: register.nowMs,
      corrects: earlier.at(-1),
    });
    return ok(reportText(report));
  }

  /** Computed again from the register before it is taken; what does not follow from it is refused, however well it is signed. */
  publish(text: string, signatures: readonly string[]): Promise<Result<Noted, ReportRefusal>> {
    return this.#parts.book.note<ReportRefusal>(async (register) => {
      const standing = await this.#parts.desk.inForce(register);
      if (!standing.ok) return standing;
      const parsed = parseReport(text);
      if (!parsed.ok) return err({ kind: 'notAReport' });
      const { year, erratum } = parsed.value;
      if (year >= new Date(register.nowMs).getUTCFullYear()) return err({ kind: 'yearNotOver', year });
      const signed = await checkReportSignatures(text, signatures, standing.value.policy);
      if (!signed.ok) return signed;
      const event = { kind: 'REPORTED', year, erratum, report: text, signatures } as const;
      const verified = await this.#verify(register, rowOf(register, event));
      if (verified.findings.length > 0) return err({ kind: 'otherReport', findings: verified.findings });
      return ok([event]);
    });
  }

  /** All of it, and the rows of the database beside it. */
  async verify(): Promise<Verified> {
    return this.#verify(await this.#parts.desk.register(), undefined);
  }

  /** `next`: an entry that is not there yet; then the rows are not compared. */
  async #verify({ read }: Register, next: DeskEntryRow | undefined): Promise<Verified> {
    const reported = await readEntriesOfKind(read.db, 'REPORTED');
    const known = await this.#parts.journalled?.();
    return verifyRegister({
      entries: next === undefined ? readDeskEntries(read.db) : followedBy(readDeskEntries(read.db), next),
      reported: next === undefined ? reported : [...reported, next],
      trust: this.#parts.trust,
      rows: next === undefined ? readDeskFilings(read.db) : undefined,
      known: known === undefined ? [] : [known],
    });
  }
}

async function* followedBy(
  pages: AsyncIterable<readonly DeskEntryRow[]>,
  next: DeskEntryRow,
): AsyncGenerator<readonly DeskEntryRow[]> {
  yield* pages;
  yield [next];
}

function rowOf({ entries, head, nowMs }: Register, event: Entry['event']): DeskEntryRow {
  const entry: Entry = { nth: entries, atMs: nowMs, blind: parseDigest('00'.repeat(32)), event };
  const { nth, atMs, blind } = entry;
  const leaf = leafOf(entry);
  return {
    nth,
    atMs,
    filing: null,
    kind: event.kind,
    blind,
    event: canonicalJson(event),
    leaf,
    head: headAfter(head, leaf),
  };
}

/** The rows as they stand: verify() says whether they are what their entries say. */
async function rowsOf({ read }: Register, years: readonly number[]): Promise<readonly FilingRow[]> {
  const rows: FilingRow[] = [];
  for (const year of years)
    for await (const page of readDeskFilings(read.db, { year }))
      rows.push(...page.map(({ contents }) => parseFilingRow(contents)));
  return rows;
}
