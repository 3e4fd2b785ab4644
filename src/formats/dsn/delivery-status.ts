// The part of a notice that programs read: one group for the letter, one for each recipient (RFC 3464 §2, RFC 6533 §3).

import { oneLine } from '../compose/field-lines.ts';
import { isAscii } from '../smtp/address.ts';

export interface NoticeRecipient {
  readonly address: string;
  readonly action: 'failed' | 'delayed';
  /** RFC 3463, as in 5.1.1. */
  readonly status: string;
  /** The peer's reply code; 0 where the words are ours. */
  readonly code: number;
  /** The peer's words, or ours. */
  readonly plainText: string;
}

export interface StatusFacts {
  readonly reportingHost: string;
  readonly envelopeId?: string | undefined;
  readonly arrivedMs: number;
  readonly triedMs: number;
  /** Of a delayed letter. */
  readonly retryUntilMs?: number | undefined;
  readonly recipients: readonly NoticeRecipient[];
}

export interface StatusPart {
  readonly mediaType: 'message/delivery-status' | 'message/global-delivery-status';
  /** Lines ended by CRLF. */
  readonly text: string;
}

const WORDS_CHARACTERS = 900; // a line has 998 (RFC 5322 §2.1.1)

export function formatDeliveryStatus(facts: StatusFacts): StatusPart {
  const isGlobal = facts.recipients.some(({ address }) => !isAscii(address));
  const letter = [
    `Reporting-MTA: dns; ${facts.reportingHost}`,
    ...(facts.envelopeId === undefined ? [] : [`Original-Envelope-Id: ${asciiOf(facts.envelopeId)}`]),
    `Arrival-Date: ${dateOf(facts.arrivedMs)}`,
  ];
  const groups = facts.recipients.map(({ address, action, status, code, plainText }) => {
    const words = oneLine(plainText).slice(0, WORDS_CHARACTERS);
    return [
      `Final-Recipient: ${isAscii(address) ? 'rfc822' : 'utf-8'}; ${oneLine(address)}`,
      `Action: ${action}`,
      `Status: ${statusOf(status, action)}`,
      ...(code === 0 ? [] : [`Diagnostic-Code: smtp; ${code} ${isGlobal ? words : asciiOf(words)}`]),
      `Last-Attempt-Date: ${dateOf(facts.triedMs)}`,
      ...(action === 'delayed' && facts.retryUntilMs !== undefined
        ? [`Will-Retry-Until: ${dateOf(facts.retryUntilMs)}`]
        : []),
    ];
  });
  const text = [letter, ...groups].map((lines) => `${lines.join('\r\n')}\r\n`).join('\r\n');
  return { mediaType: isGlobal ? 'message/global-delivery-status' : 'message/delivery-status', text };
}

/** A peer may answer 550 with a code of another class, or with none: the class is that of the action (RFC 3464 §2.3.4). */
function statusOf(status: string, action: NoticeRecipient['action']): string {
  const rest = /^[245]\.(\d{1,3}\.\d{1,3})$/.exec(status)?.[1] ?? '0.0';
  return `${action === 'delayed' ? 4 : 5}.${rest}`;
}

function asciiOf(text: string): string {
  return oneLine(text).replace(/[^\x20-\x7e]+/g, '?');
}

function dateOf(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}
