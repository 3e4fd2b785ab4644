// The report that the drop page gives with a result: as text and as PDF, with the link to the receipt.

import type { Handed } from '#post/transit/control/room.ts';
import { reportPapers, type ReportPaper, type WriteReportPdf } from '#post/transit/report/report-papers.ts';

export function papersFor(
  origin: string | undefined,
  writePdf: WriteReportPdf | undefined,
): (handed: Handed, language: 'de' | 'en') => Promise<readonly ReportPaper[]> {
  return async ({ result, receipt, salts }, language) => {
    const { job } = receipt.facts;
    const receiptUrl = origin === undefined ? undefined : `${origin}/transit/receipts/${job}`;
    const { erasedMs } = receipt.facts;
    const facts = { job, report: result.report, salts, erasedByMs: erasedMs, isErased: true, receiptUrl, language };
    return reportPapers(facts, writePdf);
  };
}
