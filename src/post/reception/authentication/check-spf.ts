// SPF: may this peer send for the domain of MAIL FROM (or, for the null sender, of EHLO)? (RFC 7208; the npm package mailauth decides.)

import type { Address } from '#formats/smtp/address.ts';
import type { Dns, DnsType } from './dns.ts';

export type SpfStatus = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror';

export interface SpfResult {
  readonly status: SpfStatus;
  /** The domain that was asked; of MAIL FROM, else of EHLO. */
  readonly domain: string;
  readonly of: 'mailfrom' | 'helo';
}

export interface SpfQuestion {
  readonly peer: string;
  readonly greetingName: string;
  readonly sender: Address | undefined;
}

/** Never rejects. The library is loaded with the first letter that needs it: trusted and LMTP-only doors never do. */
export async function checkSpf(question: SpfQuestion, dns: Dns): Promise<SpfResult> {
  const { peer, greetingName, sender } = question;
  const of = sender === undefined ? 'helo' : 'mailfrom';
  const domain = sender?.domain ?? greetingName.toLowerCase();
  if (domain.startsWith('[')) return { status: 'none', domain, of };
  const { spf } = await import('mailauth/lib/spf/index.js');
  const found = await spf({
    ip: peer,
    helo: greetingName,
    // the local part matters to macros only, and goes to the name servers of its own domain
    sender: `${sender === undefined ? 'postmaster' : asciiLocal(sender.local)}@${domain}`,
    mta: 'reception',
    resolver: (name: string, type: string) => resolve(dns, name, type),
  });
  return { status: statusOf(found.status.result), domain, of };
}

function asciiLocal(local: string): string {
  return /^[\w.+-]+$/.test(local) ? local : 'unwritable';
}

function statusOf(text: string): SpfStatus {
  switch (text) {
    case 'pass':
    case 'fail':
    case 'softfail':
    case 'neutral':
    case 'none':
    case 'permerror':
      return text;
    default:
      return 'temperror';
  }
}

/** The shape of `node:dns` that mailauth expects: records, or an error with a code. */
async function resolve(dns: Dns, name: string, type: string): Promise<string[][]> {
  if (!isType(type)) throw Object.assign(new Error('unknown record type'), { code: 'ENODATA' });
  const found = dns.lookUp(name, type);
  const answer = found instanceof Promise ? await found : found;
  // typed for TXT by the library, which also asks for other types and then expects other shapes
  if (answer.ok) return [...answer.value] as string[][];
  const code = { noSuchName: 'ENOTFOUND', noSuchRecord: 'ENODATA', noAnswer: 'ETIMEOUT' }[answer.error.kind];
  throw Object.assign(new Error('no record'), { code });
}

function isType(type: string): type is DnsType {
  return type === 'TXT' || type === 'A' || type === 'AAAA' || type === 'MX' || type === 'PTR';
}
