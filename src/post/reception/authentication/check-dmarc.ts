// DMARC: does the domain people see in From stand behind this letter, and what does it ask for if not? (RFC 7489 §§3.1, 6.6)

import { getDomain } from 'tldts';
import { parseDomain } from '#formats/smtp/address.ts';
import { isDmarcRecord, parseDmarcRecord, type DmarcPolicy, type DmarcRecord } from '#formats/dkim/dmarc-record.ts';
import type { SpfResult } from './check-spf.ts';
import { lookUpTexts, type Dns } from '#base/dns/dns.ts';
import type { DkimResult } from './verify-dkim.ts';

export interface DmarcResult {
  readonly status: 'pass' | 'fail' | 'none' | 'temperror' | 'permerror';
  /** What the domain asks for when it fails. */
  readonly policy: DmarcPolicy;
  /** Of From, as A-labels; undefined when From names none or several. */
  readonly fromDomain: string | undefined;
  /** A DKIM signature or SPF domain that aligns with From, if one passed. */
  readonly alignedDomain: string | undefined;
}

export interface DmarcQuestion {
  /** Addresses of all From fields. */
  readonly fromAddresses: readonly string[];
  readonly fromFieldsCount: number;
  readonly dkim: readonly DkimResult[];
  readonly spf: SpfResult;
}

const SUFFIXES = { allowIcannDomains: true, allowPrivateDomains: true };

export async function checkDmarc(question: DmarcQuestion, dns: Dns): Promise<DmarcResult> {
  const fromDomain = fromDomainOf(question);
  if (fromDomain === undefined)
    return { status: 'permerror', policy: 'none', fromDomain: undefined, alignedDomain: undefined };
  const found = await findRecord(dns, fromDomain);
  const strict = typeof found === 'string' ? undefined : found.record;
  const alignedDomain = findAligned(question, fromDomain, strict);
  if (typeof found === 'string') return { status: found, policy: 'none', fromDomain, alignedDomain };
  if (alignedDomain !== undefined) return { status: 'pass', policy: policyOf(found), fromDomain, alignedDomain };
  return { status: 'fail', policy: policyOf(found), fromDomain, alignedDomain };
}

/** The domain under which names are sold, as the public suffix list has it. */
export function organisationOf(domain: string): string {
  return getDomain(domain, SUFFIXES) ?? domain;
}

/** One From field with addresses of one domain; anything else says nothing a policy could be asked for (§6.6.1). */
function fromDomainOf(question: DmarcQuestion): string | undefined {
  if (question.fromFieldsCount !== 1) return undefined;
  const domains = new Set(
    question.fromAddresses.map((address) => parseDomain(address.slice(address.lastIndexOf('@') + 1)) ?? ''),
  );
  const [domain] = domains;
  return domains.size === 1 && domain !== '' ? domain : undefined;
}

interface FoundRecord {
  readonly record: DmarcRecord;
  readonly isOfParent: boolean;
}

async function findRecord(dns: Dns, domain: string): Promise<FoundRecord | 'none' | 'temperror' | 'permerror'> {
  const own = await recordAt(dns, domain);
  if (own !== 'none') return typeof own === 'string' ? own : { record: own, isOfParent: false };
  const organisation = organisationOf(domain);
  if (organisation === domain) return 'none';
  const parent = await recordAt(dns, organisation);
  return typeof parent === 'string' ? parent : { record: parent, isOfParent: true };
}

async function recordAt(dns: Dns, domain: string): Promise<DmarcRecord | 'none' | 'temperror' | 'permerror'> {
  const found = await lookUpTexts(dns, `_dmarc.${domain}`);
  if (!found.ok) return found.error.kind === 'noAnswer' ? 'temperror' : 'none';
  const records = found.value.filter(isDmarcRecord);
  const [record] = records;
  if (record === undefined) return 'none';
  // several records: none of them counts, and the parent is not asked (§6.6.3)
  return records.length > 1 ? 'permerror' : (parseDmarcRecord(record) ?? 'permerror');
}

/** A share below 100 % is met by the next milder policy for all: nobody is refused by lot. */
function policyOf({ record, isOfParent }: FoundRecord): DmarcPolicy {
  const asked = isOfParent ? record.subdomainPolicy : record.policy;
  if (record.percent === 100) return asked;
  return asked === 'reject' ? 'quarantine' : 'none';
}

function findAligned(question: DmarcQuestion, fromDomain: string, record: DmarcRecord | undefined): string | undefined {
  const organisation = organisationOf(fromDomain);
  const aligns = (domain: string, isStrict: boolean): boolean =>
    domain === fromDomain || (!isStrict && organisationOf(domain) === organisation);
  for (const { status, domain } of question.dkim)
    if (status === 'pass' && domain !== undefined && aligns(domain, record?.isDkimStrict ?? false)) return domain;
  const { status, domain } = question.spf;
  return status === 'pass' && aligns(domain, record?.isSpfStrict ?? false) ? domain : undefined;
}
