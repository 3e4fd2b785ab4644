// A letter to a sender about a letter of his that did not arrive: for people in German and English, and for programs (RFC 3464, RFC 6522).

import { limits } from '#base/limits.ts';
import { encodeText } from '../compose/encode-part.ts';
import { dateField, idsField, oneLine, textField } from '../compose/field-lines.ts';
import { fieldText, readHeaderSection } from '../message/header-fields.ts';
import { formatDeliveryStatus, type NoticeRecipient } from './delivery-status.ts';
import { reasonFor } from './reasons.ts';

/** failed: for good. delayed: tried on. notSent: lost when the house was brought back from a copy; nothing left. */
export type NoticeKind = 'failed' | 'delayed' | 'notSent';

export interface DeliveryNotice {
  readonly kind: NoticeKind;
  /** The name under which this house sends. */
  readonly reportingHost: string;
  /** `MAILER-DAEMON@domain` or the like; ASCII. */
  readonly from: string;
  /** The sender of the letter that did not arrive; as it stands between angle brackets. */
  readonly to: string;
  /** Without angle brackets. */
  readonly messageId: string;
  /** Random: letters and digits. */
  readonly boundary: string;
  readonly nowMs: number;
  /** When the letter was handed in. */
  readonly arrivedMs: number;
  readonly retryUntilMs?: number | undefined;
  readonly envelopeId?: string | undefined;
  /** May be empty for notSent: nobody knows any more. */
  readonly recipients: readonly NoticeRecipient[];
  /** The letter, of which only the header goes along; undefined when it is gone. */
  readonly plainLetter?: Uint8Array | undefined;
}

const RETURNED_BYTES_MAX = 64 * 1024;
const ascii = new TextEncoder();

const TEXTS = {
  failed: {
    subject: 'Nicht zugestellt / Not delivered',
    german: 'Ihr Brief konnte nicht zugestellt werden an:',
    english: 'Your letter could not be delivered to:',
  },
  delayed: {
    subject: 'Verzögert / Delayed',
    german: 'Ihr Brief ist noch unterwegs. Er wird weiter versucht, Sie müssen nichts tun. Noch nicht erreicht wurden:',
    english: 'Your letter is still on its way. It is tried again, you need not do anything. Not reached yet:',
  },
  notSent: {
    subject: 'Nicht gesendet, bitte noch einmal senden / Not sent, send again',
    german:
      'Ein Brief von Ihnen wartete auf den Versand, als dieses Haus aus einer Kopie wiederhergestellt wurde. Der Brief selbst ' +
      'war nicht in der Kopie. Er ist nicht hinausgegangen und geht nicht mehr hinaus: bitte senden Sie ihn noch einmal.',
    english:
      'A letter of yours waited to be sent when this house was brought back from a copy. The letter itself was not in the ' +
      'copy. It has not left and will not leave: please send it again.',
  },
} as const;

/** Lines end in CRLF; pure ASCII unless an address or the returned header is not. */
export function formatDeliveryNotice(notice: DeliveryNotice): Uint8Array {
  const original = notice.plainLetter === undefined ? undefined : returnedHeader(notice.plainLetter);
  const isReport = notice.recipients.length > 0;
  const boundary = `=_${notice.boundary}`;
  const type = isReport ? 'report; report-type=delivery-status' : 'mixed';
  const ids = original?.messageId === undefined ? [] : [original.messageId];
  const header = [
    `From: <${oneLine(notice.from)}>\r\n`,
    `To: <${oneLine(notice.to)}>\r\n`,
    textField('Subject', TEXTS[notice.kind].subject),
    dateField('Date', notice.nowMs),
    idsField('Message-ID', [notice.messageId]) ?? '',
    idsField('In-Reply-To', ids) ?? '',
    idsField('References', ids) ?? '',
    'Auto-Submitted: auto-replied\r\n',
    'MIME-Version: 1.0\r\n',
    `Content-Type: multipart/${type};\r\n boundary="${boundary}"\r\n`,
  ].join('');
  const parts: (string | Uint8Array)[] = [`${header}\r\n`];
  const addPart = (head: string, body: string | Uint8Array): void => {
    parts.push(`--${boundary}\r\n${head}\r\n`, body, '\r\n');
  };
  const text = encodeText(wordsOf(notice));
  addPart(`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${text.encoding}\r\n`, text.bytes);
  if (isReport) {
    const status = formatDeliveryStatus({ ...notice, triedMs: notice.nowMs });
    addPart(`Content-Type: ${status.mediaType}\r\n`, status.text);
  }
  if (original !== undefined) {
    const kind = original.isAscii ? 'text/rfc822-headers' : 'message/global-headers';
    addPart(`Content-Type: ${kind}\r\n`, original.bytes);
  }
  parts.push(`--${boundary}--\r\n`);
  return joined(parts);
}

/** German first, then English: whoever reads one of them finds it whole. */
function wordsOf({ kind, recipients }: DeliveryNotice): string {
  const { german, english } = TEXTS[kind];
  const listed = (language: 'german' | 'english'): readonly string[] =>
    recipients.flatMap(({ address, status, code, plainText }) => [
      '',
      `  ${oneLine(address)}`,
      `  ${reasonFor(status)[language]}`,
      ...(plainText === '' ? [] : [`  > ${code === 0 ? '' : `${code} `}${oneLine(plainText)}`]),
    ]);
  return [german, ...listed('german'), '', '---', '', english, ...listed('english'), ''].join('\r\n');
}

interface ReturnedHeader {
  readonly bytes: Uint8Array;
  readonly isAscii: boolean;
  readonly messageId: string | undefined;
}

/** The header section without its empty line; of a very long one the start, up to a whole field. */
function returnedHeader(plainLetter: Uint8Array): ReturnedHeader {
  const { fields } = readHeaderSection(plainLetter);
  const kept = fields.filter(({ endOffset }) => endOffset <= RETURNED_BYTES_MAX);
  const bytes = plainLetter.subarray(0, kept.at(-1)?.endOffset ?? 0);
  const field = kept.find(({ name }) => name === 'message-id');
  const messageId = field === undefined ? undefined : /<([^<>\s]+)>/.exec(fieldText(field))?.[1];
  return { bytes, isAscii: bytes.every((byte) => byte < 128), messageId: boundedId(messageId) };
}

function boundedId(id: string | undefined): string | undefined {
  return id === undefined || id.length > limits.message.identifierCharacters ? undefined : id;
}

function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const encoded = pieces.map((piece) => (typeof piece === 'string' ? ascii.encode(piece) : piece));
  const whole = new Uint8Array(encoded.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of encoded) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
