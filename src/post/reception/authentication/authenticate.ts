// What is known about a letter's origin, in one value: SPF, DKIM, DMARC, the field that says so, and what to do (RFC 8601).

import type { LetterView } from '#formats/message/letter-view.ts';
import { rawFields } from '#formats/dkim/raw-fields.ts';
import { checkDmarc, type DmarcResult } from './check-dmarc.ts';
import type { SpfResult } from './check-spf.ts';
import type { Dns } from '#base/dns/dns.ts';
import { verifyDkim, type DkimResult } from './verify-dkim.ts';

export interface Authentication {
  readonly spf: SpfResult;
  readonly dkim: readonly DkimResult[];
  readonly dmarc: DmarcResult;
}

/** SPF was asked while the letter was still coming in: it needs only the envelope. Never rejects for what a letter contains. */
export async function authenticate(view: LetterView, spf: SpfResult, dns: Dns, nowMs: number): Promise<Authentication> {
  const fields = rawFields(view);
  const dkim = await verifyDkim({ fields, plainBody: view.bytes.subarray(view.bodyOffset) }, dns, nowMs);
  const fromFieldsCount = view.findFields('from').length;
  const fromAddresses = view.from.map(({ address }) => address).filter((address) => address !== '');
  const dmarc = await checkDmarc({ fromAddresses, fromFieldsCount, dkim, spf }, dns);
  return { spf, dkim, dmarc };
}

/** Value of Authentication-Results, folded; names no address, no IP and no host of the peer. */
export function authenticationResults(domain: string, authentication: Authentication | undefined): string {
  if (authentication === undefined) return `${domain}; none`;
  const { spf, dkim, dmarc } = authentication;
  const methods = [`spf=${spf.status}${property(`smtp.${spf.of}`, spf.domain)}`];
  if (dkim.length === 0) methods.push('dkim=none');
  for (const result of dkim) {
    const reason = result.reason === undefined ? '' : ` reason="${result.reason}"`;
    methods.push(
      `dkim=${result.status}${reason}${property('header.d', result.domain)}${property('header.s', result.selector)}` +
        `${property('header.a', result.algorithm)}${property('header.b', result.signatureStart)}`,
    );
  }
  const policy = dmarc.status === 'pass' || dmarc.status === 'fail' ? ` (p=${dmarc.policy})` : '';
  methods.push(`dmarc=${dmarc.status}${policy}${property('header.from', dmarc.fromDomain)}`);
  return [domain, ...methods].join(';\r\n ');
}

function property(name: string, value: string | undefined): string {
  if (value === undefined) return '';
  return ` ${name}=${/^[A-Za-z0-9_.+-]+$/.test(value) ? value : `"${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')}"`}`;
}
