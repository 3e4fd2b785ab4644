// What a peer can do: the lines behind the first of its answer to EHLO (RFC 5321 §4.1.1.1).

import type { SmtpReply } from './smtp-reply.ts';

export interface SmtpExtensions {
  readonly pipelining: boolean;
  readonly eightBitMime: boolean;
  readonly smtpUtf8: boolean;
  readonly startTls: boolean;
  readonly enhancedStatusCodes: boolean;
  readonly chunking: boolean;
  readonly dsn: boolean;
  /** undefined: no SIZE; 0: SIZE without a bound (RFC 1870 §4). */
  readonly sizeMaxBytes: number | undefined;
  /** Upper case. */
  readonly authMechanisms: readonly string[];
}

export const noExtensions: SmtpExtensions = {
  pipelining: false,
  eightBitMime: false,
  smtpUtf8: false,
  startTls: false,
  enhancedStatusCodes: false,
  chunking: false,
  dsn: false,
  sizeMaxBytes: undefined,
  authMechanisms: [],
};

export function readExtensions(reply: SmtpReply): SmtpExtensions {
  const offered = new Map<string, readonly string[]>();
  for (const line of reply.lines.slice(1)) {
    // "AUTH=LOGIN" is how some old servers write it
    const [keyword = '', ...parameters] = line
      .toUpperCase()
      .replace(/^AUTH=/, 'AUTH ')
      .split(/\s+/);
    offered.set(keyword, [...(offered.get(keyword) ?? []), ...parameters]);
  }
  const size = offered.get('SIZE');
  return {
    pipelining: offered.has('PIPELINING'),
    eightBitMime: offered.has('8BITMIME'),
    smtpUtf8: offered.has('SMTPUTF8'),
    startTls: offered.has('STARTTLS'),
    enhancedStatusCodes: offered.has('ENHANCEDSTATUSCODES'),
    chunking: offered.has('CHUNKING'),
    dsn: offered.has('DSN'),
    sizeMaxBytes: size === undefined ? undefined : /^\d{1,15}$/.test(size[0] ?? '') ? Number(size[0]) : 0,
    authMechanisms: offered.get('AUTH') ?? [],
  };
}
