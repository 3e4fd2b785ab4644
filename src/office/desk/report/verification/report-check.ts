// Earlier reports: computed again from the rows as they were at the cut-off, they are the same to the byte, signed by two, each correcting the one before.

import { checkReportSignatures } from '../check-report.ts';
import { compareReports } from '../compare-reports.ts';
import { countYears, type YearCount } from '../count-year.ts';
import { parseReport } from '../parse-report.ts';
import { factsOf, reportFrom, reportText, type CutOff, type Report } from '../report.ts';
import type { DeskEvent } from '../../register/event.ts';
import type { ChainCheck } from './chain-check.ts';
import type { Note } from './findings.ts';
import type { InForce, PolicyCheck } from './policy-check.ts';
import type { RowStore } from './row-store.ts';

type Reported = Extract<DeskEvent, { kind: 'REPORTED' }>;

/** What a report has to be computed from again. */
interface Snapshot {
  readonly cutOff: CutOff;
  readonly counts: readonly YearCount[];
  readonly inForce: InForce | undefined;
  /** Of the newest entry before it. */
  readonly atMs: number;
}

export interface ReportParts {
  readonly note: Note;
  readonly rows: RowStore;
  readonly chain: ChainCheck;
  readonly policies: PolicyCheck;
}

export class ReportCheck {
  readonly #parts: ReportParts;
  readonly #due = new Map<number, Set<number>>();
  readonly #snapshots = new Map<string, Snapshot>();
  /** The text of the newest report of each year. */
  readonly #newest = new Map<number, string>();

  /** `texts`: of all reports that will come, known beforehand, as their cut-offs lie before them. */
  constructor(parts: ReportParts, texts: Iterable<string>) {
    this.#parts = parts;
    for (const text of texts) {
      const report = parseReport(text);
      if (!report.ok) continue; // found when its entry comes
      const { year, register } = report.value;
      this.#due.set(register.entries, (this.#due.get(register.entries) ?? new Set()).add(year));
    }
  }

  /** Before each entry, and after the last. */
  cut(): void {
    const { chain, rows, policies } = this.#parts;
    for (const year of this.#due.get(chain.entries) ?? []) {
      this.#snapshots.set(`${year} ${chain.entries}`, {
        cutOff: { entries: chain.entries, head: chain.head, root: chain.root() },
        counts: countYears(rows.values(), [year, year - 1]),
        inForce: policies.inForce,
        atMs: chain.atMs,
      });
    }
  }

  async take(event: Reported, atMs: number, place: string): Promise<void> {
    const { note, policies } = this.#parts;
    const parsed = parseReport(event.report);
    if (!parsed.ok) return note(place, 'badReport', parsed.error.kind);
    const report = parsed.value;
    const corrects = this.#newest.get(report.year);
    this.#newest.set(report.year, event.report);
    const named = `report ${report.year}/${report.erratum}`;
    if (event.year !== report.year || event.erratum !== report.erratum) note(named, 'otherErratum');
    if (!policies.inForce) return note(named, 'noPolicy');
    const signed = await checkReportSignatures(event.report, event.signatures, policies.inForce.policy);
    if (!signed.ok) note(named, 'badReportSignatures', signed.error.what);
    this.#computeAgain(report, { named, atMs, corrects });
  }

  #computeAgain(
    report: Report,
    { named, atMs, corrects }: { readonly named: string; readonly atMs: number; readonly corrects: string | undefined },
  ): void {
    const { note } = this.#parts;
    const snapshot = this.#snapshots.get(`${report.year} ${report.register.entries}`);
    if (!snapshot?.inForce) return note(named, 'otherCutOff');
    const generatedMs = Date.parse(report.generatedAt);
    const isInTime = generatedMs + 999 >= snapshot.atMs && generatedMs <= atMs;
    if (!isInTime) return note(named, 'otherTime');
    const { cutOff, counts, inForce } = snapshot;
    const wish = { counts, year: report.year, policy: factsOf(inForce.policy), register: cutOff, generatedMs };
    const again = reportFrom({ ...wish, corrects });
    if (reportText(again) === reportText(report)) return;
    const { head, root } = report.register;
    if (head !== cutOff.head || root !== cutOff.root) note(`${named} · register`, 'otherCutOff');
    if (JSON.stringify(again.corrects) !== JSON.stringify(report.corrects) || again.erratum !== report.erratum)
      note(`${named} · corrects`, 'otherErratum');
    for (const { id } of compareReports(again, report)) note(`${named} · ${id}`, 'otherFigure');
    if (again.before?.year !== report.before?.year) note(`${named} · before`, 'otherFigure');
  }
}
