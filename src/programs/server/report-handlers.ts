// The yearly report for the commands: what is to be signed, its publication, its verification, and the register page by page for who verifies elsewhere.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Desk } from '#office/desk/book/desk.ts';
import { describeReportRefusal, nameOfRefusal } from '#office/desk/book/desk-refusals.ts';
import type { DeskReports, ReportRefusal } from '#office/desk/book/desk-reports.ts';
import { reportDigest } from '#office/desk/report/report.ts';
import { readDeskEntries, readDeskFilings } from '#vault/database/read-desk.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';

type ReportMethod = Extract<keyof OperatorHandlers, `report.${string}`> | 'desk.entries' | 'desk.filings';

export function createReportHandlers(desk: Desk, reports: DeskReports): Pick<OperatorHandlers, ReportMethod> {
  return {
    'report.draft': async ({ year }) => {
      const draft = await reports.draft(year);
      return draft.ok ? ok({ report: draft.value }) : refused(draft.error);
    },
    'report.publish': ({ report, signatures }) => publish(reports, report, signatures),
    'report.verify': async () => {
      const { entries, filings, head, root, findings } = await reports.verify();
      return ok({ entries, filings, head, root, findings: [...findings] });
    },
    'desk.entries': async ({ from }) => {
      const { read } = await desk.register();
      const entries: ResultOf<'desk.entries'>['entries'] = [];
      let bytes = 0;
      for await (const page of readDeskEntries(read.db, from))
        for (const entry of page) {
          bytes += (entry.event?.length ?? 0) + 400;
          if (entries.length > 0 && bytes > limits.deskFiling.answerBytes) return ok({ entries });
          entries.push(entry);
        }
      return ok({ entries });
    },
    'desk.filings': async ({ after }) => {
      const { read } = await desk.register();
      const filings: ResultOf<'desk.filings'>['filings'] = [];
      let bytes = 0;
      for await (const page of readDeskFilings(read.db, { after }))
        for (const filing of page) {
          bytes += filing.contents.length + 100;
          if (filings.length > 0 && bytes > limits.deskFiling.answerBytes) return ok({ filings });
          filings.push(filing);
        }
      return ok({ filings });
    },
  };
}

async function publish(
  reports: DeskReports,
  report: string,
  signatures: readonly string[],
): Promise<Result<ResultOf<'report.publish'>, OperatorRefusal>> {
  const published = await reports.publish(report, signatures);
  if (!published.ok) return refused(published.error);
  const { entries, heads } = published.value;
  const event = entries[0]?.event;
  if (event?.kind !== 'REPORTED') throw new Error('a publication is one entry');
  const { year, erratum } = event;
  return ok({ year, erratum, sha256: reportDigest(report), head: heads.at(-1) ?? '' });
}

function refused(refusal: ReportRefusal): { readonly ok: false; readonly error: OperatorRefusal } {
  return err({
    kind: nameOfRefusal(refusal),
    sentence: describeReportRefusal(refusal),
  });
}
