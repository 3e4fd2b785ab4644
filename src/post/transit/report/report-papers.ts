// The report as files of its own, for whoever gets the documents by a page and not by a letter.

import type { TextLine } from '#formats/pdf/write-text-pdf.ts';
import { plainReport, reportLines, wordsOf, type ReportFacts } from './report-text.ts';

export interface ReportPaper {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export type WriteReportPdf = (lines: readonly TextLine[], language: string) => Uint8Array;

export function reportPapers(facts: ReportFacts, writePdf: WriteReportPdf | undefined): readonly ReportPaper[] {
  const words = wordsOf(facts.language);
  const lines = reportLines(facts);
  const text = { name: `${words.reportName}.txt`, type: 'text/plain', bytes: Buffer.from(plainReport(lines)) };
  const pdf = writePdf?.([{ text: words.subject(''), look: 'title' }, ...lines], facts.language);
  return pdf === undefined ? [text] : [text, { name: `${words.reportName}.pdf`, type: 'application/pdf', bytes: pdf }];
}
