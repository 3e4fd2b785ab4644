// A report as a table for spreadsheets: one row for each figure, of the year and of the one before (RFC 4180).

import type { Figure } from './figure.ts';
import type { Report } from './report.ts';

const header = [
  'id',
  'year',
  'value',
  'numerator',
  'denominator',
  'rounding',
  'definition',
  'definition_en',
  'definition_de',
] as const;
/** What a spreadsheet could take for a formula (OWASP, CSV Injection); plain numbers are none. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Lines end with CR LF; empty: there is no such number, or it is left out. */
export function reportCsv(report: Report): string {
  const years = report.before === null ? [report] : [report, report.before];
  const lines = years.flatMap(({ year, figures }) =>
    Object.entries(figures)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([id, figure]) => rowOf(report, { id, year, figure })),
  );
  return [header, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function rowOf(
  report: Report,
  { id, year, figure }: { readonly id: string; readonly year: number; readonly figure: Figure },
): readonly (string | number | null)[] {
  const { value, numerator, denominator, rounding, definition } = figure;
  const { en, de } = report.definitions[definition];
  return [id, year, value, numerator, denominator, rounding, definition, en, de];
}

export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const plain = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
