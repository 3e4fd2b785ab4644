// Every DNS record that a house publishes, with the reason in a sentence.

import { createHash } from 'node:crypto';
import { formatStsPolicy } from '#formats/mta-sts/sts-policy.ts';
import type { WhyKind } from '#formats/zone/report-words.ts';
import type { ZoneRecord } from '#formats/zone/zone-record.ts';
import { stsPolicyOf, type HouseFacts } from './house-facts.ts';

export type RecordKind =
  | 'mx'
  | 'address'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'mta-sts'
  | 'mta-sts-host'
  | 'tls-rpt'
  | 'autoconfig'
  | 'openpgpkey'
  | 'srv'
  | 'caa';

export interface HouseRecord {
  readonly kind: RecordKind;
  readonly record: ZoneRecord;
  readonly why: WhyKind;
  /** The house works without it: missing is a hint and not red. */
  readonly isOptional?: boolean;
  /** The value is for the operator to fill in. */
  readonly isOpen?: boolean;
}

/** Where the machine can be reached; none known: the operator fills it in. */
export function houseRecords(facts: HouseFacts, addresses: readonly string[]): readonly HouseRecord[] {
  return [
    ...mailRecords(facts, addresses),
    ...signatureRecords(facts),
    ...policyRecords(facts),
    ...discoveryRecords(facts),
    {
      kind: 'caa',
      isOptional: true,
      isOpen: true,
      record: { name: facts.domain, type: 'CAA', value: '0 issue "the authority of your certificate"' },
      why: 'caa',
    },
  ];
}

/** Changes with the policy and with nothing else, so that nobody has to count it up. */
export function stsId(facts: HouseFacts): string | undefined {
  const policy = stsPolicyOf(facts);
  return policy && createHash('sha256').update(formatStsPolicy(policy)).digest('hex').slice(0, 20);
}

function mailRecords({ domain, mxHost }: HouseFacts, addresses: readonly string[]): readonly HouseRecord[] {
  return [
    {
      kind: 'mx',
      record: { name: domain, type: 'MX', value: `10 ${mxHost}.` },
      why: 'mx',
    },
    ...(addresses.length === 0
      ? [
          {
            kind: 'address',
            isOpen: true,
            record: { name: mxHost, type: 'A', value: 'the address of this machine' },
            why: 'address',
          } as const,
        ]
      : addresses.map(
          (value) =>
            ({
              kind: 'address',
              record: { name: mxHost, type: value.includes(':') ? 'AAAA' : 'A', value },
              why: 'address',
            }) as const,
        )),
  ];
}

function signatureRecords({ domain, mxHost, smarthost, dkim }: HouseFacts): readonly HouseRecord[] {
  const own = mxHost === domain ? 'mx' : `mx a:${mxHost}`;
  const spf: { readonly value: string; readonly why: WhyKind } =
    smarthost === undefined
      ? { value: `v=spf1 ${own} -all`, why: 'spf' }
      : {
          value: `v=spf1 ${own} a:${smarthost} ~all`,
          why: 'spf-smarthost',
        };
  return [
    { kind: 'spf', record: { name: domain, type: 'TXT', value: spf.value }, why: spf.why },
    ...dkim.map(({ name, text, state }): HouseRecord => ({
      kind: 'dkim',
      record: { name: `${name}.${domain}`, type: 'TXT', value: text },
      why: `dkim-${state}`,
    })),
    {
      kind: 'dmarc',
      record: {
        name: `_dmarc.${domain}`,
        type: 'TXT',
        value: `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain}`,
      },
      why: 'dmarc',
    },
  ];
}

function policyRecords(facts: HouseFacts): readonly HouseRecord[] {
  const { domain } = facts;
  const id = stsId(facts);
  const tlsRpt: HouseRecord = {
    kind: 'tls-rpt',
    isOptional: true,
    record: { name: `_smtp._tls.${domain}`, type: 'TXT', value: `v=TLSRPTv1; rua=mailto:postmaster@${domain}` },
    why: 'tls-rpt',
  };
  if (id === undefined) return [tlsRpt];
  return [
    {
      kind: 'mta-sts',
      record: { name: `_mta-sts.${domain}`, type: 'TXT', value: `v=STSv1; id=${id}` },
      why: 'mta-sts',
    },
    {
      kind: 'mta-sts-host',
      record: hostRecord(`mta-sts.${domain}`, facts),
      why: 'mta-sts-host',
    },
    tlsRpt,
  ];
}

function discoveryRecords(facts: HouseFacts): readonly HouseRecord[] {
  const { domain, mxHost, webHost, webPort, startTlsPort, tlsPort } = facts;
  const srv = (service: string, port: number, target: string, why: 'srv' | 'srv-jmap'): HouseRecord => ({
    kind: 'srv',
    isOptional: true,
    record: { name: `${service}._tcp.${domain}`, type: 'SRV', value: `0 1 ${port} ${target}.` },
    why,
  });
  return [
    {
      kind: 'openpgpkey',
      isOptional: true,
      record: hostRecord(`openpgpkey.${domain}`, facts),
      why: 'openpgpkey',
    },
    ...(startTlsPort === undefined && tlsPort === undefined
      ? []
      : [
          {
            kind: 'autoconfig',
            isOptional: true,
            record: hostRecord(`autoconfig.${domain}`, facts),
            why: 'autoconfig',
          } as const,
        ]),
    ...(tlsPort === undefined ? [] : [srv('_submissions', tlsPort, mxHost, 'srv')]),
    ...(startTlsPort === undefined ? [] : [srv('_submission', startTlsPort, mxHost, 'srv')]),
    srv('_jmap', webPort, webHost, 'srv-jmap'),
  ];
}

function hostRecord(name: string, { webHost }: HouseFacts): ZoneRecord {
  return { name, type: 'CNAME', value: `${webHost}.` };
}
