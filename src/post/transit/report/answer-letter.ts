// The letter that goes back: report as text, the files, and the report as a PDF (RFC 5322, RFC 3834).

import { err, ok, type Result } from '#base/result.ts';
import { writeLetter, type LetterFile } from '#formats/compose/write-letter.ts';
import { textField } from '#formats/compose/field-lines.ts';
import type { TextLine } from '#formats/pdf/write-text-pdf.ts';
import type { AnswerOrder } from '../control/transit-letter.ts';
import { plainReport, reportLines, wordsOf } from './report-text.ts';

export interface AnswerFrame {
  /** Where the answer is from: the place for documents. */
  readonly from: string;
  /** Without a slash at its end; undefined: there is no page. */
  readonly origin: string | undefined;
  /** Undefined: the report comes as text only. */
  readonly writePdf?: ((lines: readonly TextLine[], language: string) => Uint8Array) | undefined;
}

/** The seed of the boundaries comes from the Message-ID: the same answer is the same but for the report's times. */
export function writeAnswerLetter(
  order: AnswerOrder,
  { from, origin, writePdf }: AnswerFrame,
): Result<Uint8Array, { readonly kind: 'badAddress' }> {
  const words = wordsOf(order.language);
  const subject = words.subject(order.plainSubject);
  const receiptUrl = origin === undefined ? undefined : `${origin}/transit/receipts/${order.job}`;
  const lines = reportLines({ ...order, receiptUrl });
  const pdf = writePdf?.([{ text: subject, look: 'title' }, ...lines], order.language);
  const files: readonly LetterFile[] = [
    ...order.files.map(({ name, bytes }) => ({ name, bytes, mediaType: mediaTypeOf(name), contentId: undefined })),
    ...(pdf === undefined
      ? []
      : [{ name: `${words.reportName}.pdf`, bytes: pdf, mediaType: 'application/pdf', contentId: undefined }]),
  ];
  const ids = order.inReplyTo === '' ? [] : [order.inReplyTo];
  const written = writeLetter(
    {
      from: { name: '', address: from },
      to: [{ name: '', address: order.to }],
      cc: [],
      bcc: [],
      subject,
      dateMs: order.nowMs,
      messageId: order.messageId,
      inReplyTo: ids,
      references: ids,
    },
    { plainText: plainReport(lines), plainHtml: undefined, files },
    {
      boundarySeed: order.messageId.slice(0, 24),
      isProtected: false,
      autocrypt: undefined,
      outerFields: [],
    },
  );
  if (!written.ok) return err({ kind: 'badAddress' });
  // in front of the writer's own fields: no program answers it, and no other place like this works on it again
  const head = `${textField('Auto-Submitted', 'auto-replied')}${textField('Content-Language', order.language)}`;
  return ok(Buffer.concat([Buffer.from(head), written.value.plainBytes]));
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['msg', 'application/vnd.ms-outlook'],
  ['zip', 'application/zip'],
  ['p7s', 'application/pkcs7-signature'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['odt', 'application/vnd.oasis.opendocument.text'],
  ['ods', 'application/vnd.oasis.opendocument.spreadsheet'],
  ['odp', 'application/vnd.oasis.opendocument.presentation'],
  ['doc', 'application/msword'],
  ['xls', 'application/vnd.ms-excel'],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['xml', 'application/xml'],
  ['txt', 'text/plain'],
]);

function mediaTypeOf(name: string): string {
  const ending = /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return TYPES.get(ending) ?? 'application/octet-stream';
}
