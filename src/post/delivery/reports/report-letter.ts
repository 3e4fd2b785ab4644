// A TLS report as a letter of the house: multipart/report with the packed JSON (RFC 8460 §5.3).

import { base64Lines, encodeText } from '#formats/compose/encode-part.ts';
import { dateField, foldedField, idsField, oneLine, parameterField, textField } from '#formats/compose/field-lines.ts';

export interface ReportLetter {
  /** The house's own domain. */
  readonly submitter: string;
  /** Whom the report is about. */
  readonly domain: string;
  readonly to: string;
  readonly reportId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
  readonly boundary: string;
  /** The report's JSON, packed. */
  readonly gzip: Uint8Array;
}

export function writeReportLetter(letter: ReportLetter): Uint8Array {
  const { submitter, domain, to, reportId, nowMs, boundary, gzip } = letter;
  const text = encodeText(
    `How connections of ${submitter} to the mail servers of ${domain} were encrypted on ${dayOf(letter.startMs)}.\n` +
      'The numbers are attached (RFC 8460). They name no person and no letter.\n',
  );
  const type = parameterField('Content-Type', 'multipart/report', [
    ['report-type', 'tlsrpt'],
    ['boundary', boundary],
  ]);
  const head = [
    `From: <postmaster@${oneLine(submitter)}>\r\n`,
    `To: <${oneLine(to)}>\r\n`,
    textField('Subject', `Report Domain: ${domain} Submitter: ${submitter} Report-ID: <${reportId}>`),
    dateField('Date', nowMs),
    idsField('Message-ID', [reportId]) ?? '',
    foldedField('TLS-Report-Domain', [oneLine(domain)]),
    foldedField('TLS-Report-Submitter', [oneLine(submitter)]),
    'TLS-Required: No\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n',
    `${type}\r\n--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n`,
    `Content-Transfer-Encoding: ${text.encoding}\r\n\r\n`,
  ];
  const between = [
    `\r\n--${boundary}\r\nContent-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: base64\r\n`,
    `${parameterField('Content-Disposition', 'attachment', [['filename', reportFileName(letter)]])}\r\n`,
  ];
  return Buffer.concat([
    Buffer.from(head.join(''), 'latin1'),
    text.bytes,
    Buffer.from(between.join(''), 'latin1'),
    base64Lines(gzip),
    Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'),
  ]);
}

/** §5.1 */
export function reportFileName(
  of: Pick<ReportLetter, 'submitter' | 'domain' | 'startMs' | 'endMs' | 'boundary'>,
): string {
  const [begin, end] = [of.startMs, of.endMs].map((ms) => Math.floor(ms / 1_000));
  return `${of.submitter}!${of.domain}!${begin}!${end}!${of.boundary}.json.gz`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
