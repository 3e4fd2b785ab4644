// One TXT record at _dmarc.domain → a policy (RFC 7489 §6.3).

import { parseTagList } from './tag-list.ts';

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';

export interface DmarcRecord {
  readonly policy: DmarcPolicy;
  /** For subdomains without a record of their own. */
  readonly subdomainPolicy: DmarcPolicy;
  readonly isDkimStrict: boolean;
  readonly isSpfStrict: boolean;
  /** Share of failing letters the policy is meant for, 0–100. */
  readonly percent: number;
}

const VERSION = /^[ \t]*[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/;

/** Whether a TXT record speaks of DMARC at all; others at the same name are none of our business. */
export function isDmarcRecord(text: string): boolean {
  return VERSION.test(text);
}

/** undefined: not a valid record. One with a wrong policy but an address for reports counts as `none` (§6.6.3). */
export function parseDmarcRecord(text: string): DmarcRecord | undefined {
  if (!isDmarcRecord(text)) return undefined;
  const parsed = parseTagList(text);
  if (parsed === undefined) return undefined;
  const tags = new Map([...parsed].map(([name, value]) => [name.toLowerCase(), value]));
  const policy = policyOf(tags.get('p')) ?? (tags.has('rua') ? 'none' : undefined);
  if (policy === undefined) return undefined;
  const percent = /^\d{1,3}$/.test(tags.get('pct') ?? '') ? Math.min(100, Number(tags.get('pct'))) : 100;
  return {
    policy,
    subdomainPolicy: policyOf(tags.get('sp')) ?? policy,
    isDkimStrict: tags.get('adkim')?.toLowerCase() === 's',
    isSpfStrict: tags.get('aspf')?.toLowerCase() === 's',
    percent,
  };
}

function policyOf(text: string | undefined): DmarcPolicy | undefined {
  const policy = text?.toLowerCase();
  return policy === 'none' || policy === 'quarantine' || policy === 'reject' ? policy : undefined;
}
