// A letter to a sender about a letter of his that did not arrive: for people in German and English, and for programs (RFC 3464, RFC 6522).

import { limits } from '#base/limits.ts';
import { encodeText } from '../compose/encode-part.ts';
import { dateField, idsField, oneLine, textField } from '../compose/field-lines.ts';
import { fieldText, readHeaderSection } from '../message/header-fields.ts';
import { formatDeliveryStatus, type NoticeRecipient } from './delivery-status.ts';
import { reasonFor } from './reasons.ts';

/** failed: for good. delayed: tried on. notSent: it cannot be sent any more, nobody was sent it. unknown: nor is it known whether it left. */
export type NoticeKind = 'failed' | 'delayed' | 'notSent' | 'unknown';

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
  /** Empty for notSent and unknown: nobody knows any more. */
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
      'Ein Brief von Ihnen wartete auf den Versand und ist dabei beschädigt worden. Er ist nicht hinausgegangen und geht nicht ' +
      'mehr hinaus: bitte senden Sie ihn noch einmal.',
    english:
      'A letter of yours was damaged while it waited to be sent. It has not left and will not leave: please send it again.',
  },
  unknown: {
    subject: 'Vielleicht nicht gesendet / Perhaps not sent',
    german:
      'Ein Brief von Ihnen war auf dem Weg hinaus, bis hier etwas verloren ging, etwa weil dieses Haus aus einer Kopie ' +
      'wiederhergestellt wurde. Ob er angekommen ist, lässt sich hier nicht mehr feststellen; weiter versucht wird er nicht. ' +
      'Vielleicht nicht gesendet: bitte fragen Sie beim Empfänger nach, bevor Sie ihn noch einmal senden.',
    english:
      'A letter of yours was on its way out until something was lost here, perhaps because this house was brought back from a ' +
      'copy. Whether it arrived cannot be told here any more; it is not tried again. ' +
      'Perhaps not sent: please check with the recipient before sending again.',
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
function wordsOf({ kind, recipients, arrivedMs }: DeliveryNotice): string {
  const { german, english } = TEXTS[kind];
  // without recipients the hour is all by which the sender can find the letter among those sent
  const when = new Date(arrivedMs).toISOString().slice(0, 16).replace('T', ' ');
  const found = (words: string): readonly string[] => (recipients.length > 0 ? [] : ['', `${words} ${when} UTC`]);
  const listed = (language: 'german' | 'english'): readonly string[] =>
    recipients.flatMap(({ address, status, code, plainText }) => [
      '',
      `  ${oneLine(address)}`,
      `  ${reasonFor(status)[language]}`,
      ...(plainText === '' ? [] : [`  > ${code === 0 ? '' : `${code} `}${oneLine(plainText)}`]),
    ]);
  const inGerman = [german, ...listed('german'), ...found('Zum Senden gegeben:')];
  return [...inGerman, '', '---', '', english, ...listed('english'), ...found('Handed in:'), ''].join('\r\n');
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
