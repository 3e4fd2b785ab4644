// Letters of the house to a sender: not delivered, delayed, not sent (formats/dsn), and that an account's letters are held.

import { limits } from '#base/limits.ts';
import { encodeText } from '#formats/compose/encode-part.ts';
import { dateField, oneLine, textField } from '#formats/compose/field-lines.ts';
import { formatDeliveryNotice, type NoticeKind as DeliveryNoticeKind } from '#formats/dsn/delivery-notice.ts';
import type { Answer, Envelope } from './envelope.ts';

export interface NoticeHouse {
  /** The house's own domain: notices come from postmaster there. */
  readonly domain: string;
  readonly nowMs: () => number;
  /** Random letters and digits, for boundary and Message-ID. */
  readonly token: () => string;
}

export type NoticeKind = DeliveryNoticeKind | 'held';

export interface NoticeOf {
  /** Whom it goes to: an own address. */
  readonly to: string;
  /** Of the letter it is about; undefined when it is about none, or nobody knows any more. */
  readonly envelope?: Envelope;
  readonly answers?: readonly Answer[];
  /** The letter, of which the header goes along. */
  readonly plainLetter?: Uint8Array;
  readonly queuedMs?: number;
}

/** The bytes of a notice, CRLF line ends. Its sender in the envelope is empty always. */
export function writeNotice(house: NoticeHouse, kind: NoticeKind, of: NoticeOf): Uint8Array {
  if (kind === 'held') return heldNotice(house, of.to);
  const { envelope, plainLetter, to } = of;
  const nowMs = house.nowMs();
  const arrivedMs = of.queuedMs ?? nowMs;
  return formatDeliveryNotice({
    kind,
    to,
    reportingHost: house.domain,
    from: `postmaster@${house.domain}`,
    messageId: `${house.token()}@${house.domain}`,
    boundary: house.token(),
    nowMs,
    arrivedMs,
    retryUntilMs: kind === 'delayed' ? arrivedMs + limits.queue.giveUpMs : undefined,
    recipients: (of.answers ?? []).map(({ index, code, enhanced, plainText }) => ({
      address: envelope?.recipients[index] ?? '',
      action: kind === 'delayed' ? 'delayed' : 'failed',
      status: enhanced,
      code,
      plainText,
    })),
    plainLetter,
  });
}

const HELD =
  'Aus Ihrem Postfach gingen so viele Briefe hinaus oder an Adressen, die es nicht gibt, dass vielleicht jemand anderes es ' +
  'benutzt. Seine Briefe warten, bis der Betreiber dieses Hauses nachgesehen hat. Waren Sie es selbst, sagen Sie es ihm; ' +
  'wenn nicht, ändern Sie Ihr Passwort.\n\n---\n\n' +
  'So many letters left your mailbox, or went to addresses that do not exist, that somebody else may be using it. Its ' +
  'letters wait until the operator of this house has looked at it. If it was you, tell them; if not, change your password.\n';

function heldNotice(house: NoticeHouse, to: string): Uint8Array {
  const subject = 'Ihre Briefe werden angehalten / Your letters are held';
  return writeHouseLetter(house, { to, subject, plainText: HELD });
}

/** A letter of the house about itself, to one of its people. */
export function writeHouseLetter(
  house: NoticeHouse,
  of: { readonly to: string; readonly subject: string; readonly plainText: string },
): Uint8Array {
  const text = encodeText(of.plainText);
  const header = [
    `From: <postmaster@${oneLine(house.domain)}>\r\n`,
    `To: <${oneLine(of.to)}>\r\n`,
    textField('Subject', of.subject),
    dateField('Date', house.nowMs()),
    `Message-ID: <${house.token()}@${house.domain}>\r\n`,
    'Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n',
    `Content-Transfer-Encoding: ${text.encoding}\r\n\r\n`,
  ].join('');
  return Buffer.concat([Buffer.from(header, 'latin1'), text.bytes]);
}
