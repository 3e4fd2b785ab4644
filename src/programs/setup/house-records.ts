// Every DNS record that a house publishes, with the reason in a sentence.

import { createHash } from 'node:crypto';
import { formatStsPolicy } from '#formats/mta-sts/sts-policy.ts';
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
  readonly why: string;
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
      why: 'Only the authority that it names may issue certificates for this domain.',
    },
  ];
}

/** Changes with the policy and with nothing else, so that nobody has to count it up. */
export function stsId(facts: HouseFacts): string | undefined {
  const policy = stsPolicyOf(facts);
  return policy && createHash('sha256').update(formatStsPolicy(policy)).digest('hex').slice(0, 20);
}

function mailRecords({ domain, mxHost }: HouseFacts, addresses: readonly string[]): readonly HouseRecord[] {
  const why = 'The name that letters are brought to must lead to this machine.';
  return [
    {
      kind: 'mx',
      record: { name: domain, type: 'MX', value: `10 ${mxHost}.` },
      why: `Other servers bring letters for ${domain} to the machine that this record names.`,
    },
    ...(addresses.length === 0
      ? [
          {
            kind: 'address',
            isOpen: true,
            record: { name: mxHost, type: 'A', value: 'the address of this machine' },
            why,
          } as const,
        ]
      : addresses.map(
          (value) =>
            ({
              kind: 'address',
              record: { name: mxHost, type: value.includes(':') ? 'AAAA' : 'A', value },
              why,
            }) as const,
        )),
  ];
}

function signatureRecords({ domain, mxHost, smarthost, dkim }: HouseFacts): readonly HouseRecord[] {
  const own = mxHost === domain ? 'mx' : `mx a:${mxHost}`;
  const spf =
    smarthost === undefined
      ? { value: `v=spf1 ${own} -all`, why: 'It says that letters of this domain leave from this machine only.' }
      : {
          value: `v=spf1 ${own} a:${smarthost} ~all`,
          why: 'It says which machines send letters of this domain. The smarthost’s operator knows if it needs an include: of its own.',
        };
  return [
    { kind: 'spf', record: { name: domain, type: 'TXT', value: spf.value }, why: spf.why },
    ...dkim.map(({ name, text, state }): HouseRecord => ({
      kind: 'dkim',
      record: { name: `${name}.${domain}`, type: 'TXT', value: text },
      why: DKIM_WHY[state],
    })),
    {
      kind: 'dmarc',
      record: {
        name: `_dmarc.${domain}`,
        type: 'TXT',
        value: `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain}`,
      },
      why: 'It tells other servers to distrust letters that only pretend to come from here.',
    },
  ];
}

const DKIM_WHY = {
  signing: 'With this key other servers check that a letter left here and was not changed.',
  coming: 'Letters will be signed with this key soon: its record has to be there before.',
  leaving: 'Letters signed with this key may still wait in other queues: leave its record for now.',
} as const;

function policyRecords(facts: HouseFacts): readonly HouseRecord[] {
  const { domain } = facts;
  const id = stsId(facts);
  const tlsRpt: HouseRecord = {
    kind: 'tls-rpt',
    isOptional: true,
    record: { name: `_smtp._tls.${domain}`, type: 'TXT', value: `v=TLSRPTv1; rua=mailto:postmaster@${domain}` },
    why: 'Other servers report to this address when they could not encrypt a letter to here.',
  };
  if (id === undefined) return [tlsRpt];
  return [
    {
      kind: 'mta-sts',
      record: { name: `_mta-sts.${domain}`, type: 'TXT', value: `v=STSv1; id=${id}` },
      why: 'It announces the rule that letters to here travel encrypted to the right machine.',
    },
    {
      kind: 'mta-sts-host',
      record: hostRecord(`mta-sts.${domain}`, facts),
      why: 'The rule itself is fetched from this name over HTTPS.',
    },
    tlsRpt,
  ];
}

function discoveryRecords(facts: HouseFacts): readonly HouseRecord[] {
  const { domain, mxHost, webHost, webPort, startTlsPort, tlsPort } = facts;
  const srv = (service: string, port: number, target: string, why: string): HouseRecord => ({
    kind: 'srv',
    isOptional: true,
    record: { name: `${service}._tcp.${domain}`, type: 'SRV', value: `0 1 ${port} ${target}.` },
    why,
  });
  const found = 'Mail programs find the server that takes their letters by it (RFC 6186, RFC 8314).';
  return [
    {
      kind: 'openpgpkey',
      isOptional: true,
      record: hostRecord(`openpgpkey.${domain}`, facts),
      why: 'People elsewhere find the keys of this house by it and can write sealed letters (WKD).',
    },
    ...(startTlsPort === undefined && tlsPort === undefined
      ? []
      : [
          {
            kind: 'autoconfig',
            isOptional: true,
            record: hostRecord(`autoconfig.${domain}`, facts),
            why: 'Mail programs ask this name how to hand letters in.',
          } as const,
        ]),
    ...(tlsPort === undefined ? [] : [srv('_submissions', tlsPort, mxHost, found)]),
    ...(startTlsPort === undefined ? [] : [srv('_submission', startTlsPort, mxHost, found)]),
    srv('_jmap', webPort, webHost, 'Programs that speak JMAP find the server by it (RFC 8620 §2.2).'),
  ];
}

function hostRecord(name: string, { webHost }: HouseFacts): ZoneRecord {
  return { name, type: 'CNAME', value: `${webHost}.` };
}
