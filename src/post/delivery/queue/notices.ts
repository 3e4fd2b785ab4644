// Letters of the house to a sender: not delivered, delayed, not sent, held. RFC 3464 where a report is one; null sender always.

import { limits } from '#base/limits.ts';
import type { Answer, Envelope } from './envelope.ts';

export interface NoticeHouse {
  /** The house's own domain: notices come from postmaster there. */
  readonly domain: string;
  readonly nowMs: () => number;
  /** Random text for boundary and Message-ID. */
  readonly token: () => string;
}

export interface NoticeOf {
  /** Whom it goes to: an own address. */
  readonly to: string;
  /** Of the letter it is about; undefined when it is about none. */
  readonly envelope?: Envelope;
  readonly answers?: readonly Answer[];
  /** The letter, of which the header goes along. */
  readonly plainLetter?: Uint8Array;
  readonly queuedMs?: number;
}

const TEXTS = {
  failed: {
    subject: 'Not delivered: your letter',
    plain: 'Your letter could not be delivered to:',
    german: 'Ihr Brief konnte nicht zugestellt werden an:',
  },
  delayed: {
    subject: 'Delayed: your letter',
    plain:
      'Your letter has not reached these recipients yet. It is tried again for five days; you need not do anything:',
    german:
      'Ihr Brief hat diese Empfänger noch nicht erreicht. Es wird fünf Tage lang weiter versucht, Sie müssen nichts tun:',
  },
  lost: {
    subject: 'Not sent, send again',
    plain:
      'A letter of yours waited to be sent when this house was brought back from a copy. The letter itself was not in the copy ' +
      'and cannot be sent from it. Please send it again; your folder Sent still shows it if you kept it there.',
    german:
      'Ein Brief von Ihnen wartete auf den Versand, als dieses Haus aus einer Kopie wiederhergestellt wurde. Der Brief selbst ' +
      'war nicht in der Kopie und kann nicht mehr gesendet werden. Bitte senden Sie ihn noch einmal; er liegt weiter unter ' +
      'Gesendet, wenn Sie ihn dort behalten haben.',
  },
  held: {
    subject: 'Your letters are held',
    plain:
      'So many letters left from your mailbox, or went to addresses that do not exist, that somebody else may be using it. ' +
      'Its letters wait until the operator of this house has looked at it. If it was you, tell them; if not, change your password.',
    german:
      'Aus Ihrem Postfach gingen so viele Briefe hinaus oder an Adressen, die es nicht gibt, dass vielleicht jemand anderes es ' +
      'benutzt. Seine Briefe warten, bis der Betreiber dieses Hauses nachgesehen hat. Waren Sie es selbst, sagen Sie es ihm; ' +
      'wenn nicht, ändern Sie Ihr Passwort.',
  },
} as const;
export type NoticeKind = keyof typeof TEXTS;

/** The bytes of a notice, CRLF line ends. */
export function writeNotice(house: NoticeHouse, kind: NoticeKind, of: NoticeOf): Uint8Array {
  const boundary = `=_${house.token()}`;
  const { subject, plain, german } = TEXTS[kind];
  const people = (of.answers ?? []).map((answer) => describe(of.envelope, answer));
  const isReport = of.envelope !== undefined;
  const head = [
    `From: Siegel <postmaster@${house.domain}>`,
    `To: <${of.to}>`,
    `Subject: ${subject}`,
    `Date: ${new Date(house.nowMs()).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${house.token()}@${house.domain}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/${isReport ? 'report; report-type=delivery-status;' : 'mixed;'} boundary="${boundary}"`,
  ];
  const text = [plain, '', ...people, ...(people.length > 0 ? [''] : []), german, ''];
  const parts = [['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', ...text]];
  if (isReport) parts.push(['Content-Type: message/delivery-status', '', ...statusOf(house, kind, of)]);
  const header = of.plainLetter && headerOf(of.plainLetter);
  if (header !== undefined) parts.push(['Content-Type: text/rfc822-headers', '', header]);
  const lines = [...head, '', ...parts.flatMap((part) => [`--${boundary}`, ...part]), `--${boundary}--`, ''];
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

function describe(envelope: Envelope | undefined, { index, code, enhanced, plainText }: Answer): string {
  const answer = plainText === '' ? 'no answer' : clean(`${code === 0 ? '' : `${code} `}${enhanced} ${plainText}`);
  return `  ${clean(envelope?.recipients[index] ?? '')}\r\n    ${answer}`;
}

/** RFC 3464 §2.2 and §2.3. */
function statusOf(house: NoticeHouse, kind: NoticeKind, { envelope, answers, queuedMs }: NoticeOf): readonly string[] {
  const arrival = new Date(queuedMs ?? house.nowMs()).toUTCString().replace('GMT', '+0000');
  const lines = [`Reporting-MTA: dns; ${house.domain}`, `Arrival-Date: ${arrival}`, ''];
  for (const { index, code, enhanced, plainText } of answers ?? []) {
    lines.push(
      `Final-Recipient: rfc822; ${clean(envelope?.recipients[index] ?? '')}`,
      `Action: ${kind === 'delayed' ? 'delayed' : 'failed'}`,
      `Status: ${/^[245]\.\d{1,3}\.\d{1,3}$/.test(enhanced) ? enhanced : kind === 'delayed' ? '4.0.0' : '5.0.0'}`,
    );
    if (code !== 0) lines.push(`Diagnostic-Code: smtp; ${code} ${clean(plainText)}`);
    lines.push('');
  }
  return lines;
}

function headerOf(letter: Uint8Array): string {
  const text = Buffer.from(letter.subarray(0, limits.message.headerBytes)).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  return Buffer.from(end < 0 ? '' : text.slice(0, end + 2), 'latin1').toString('utf8');
}

/** A peer's words become one line of ours. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, limits.delivery.plainTextCharacters);
}
