// A report on a domain with something in every state, for pages.

import type { HouseReport, RecordFinding } from '#formats/zone/house-report.ts';
import { zoneLine, type ZoneRecord } from '#formats/zone/zone-record.ts';

export function sampleReport(domain: string): HouseReport {
  const mxHost = `mail.${domain}`;
  const of = (record: ZoneRecord): RecordFinding['record'] => ({ ...record, line: zoneLine(record) });
  const findings: readonly RecordFinding[] = [
    {
      id: 'mx',
      state: 'green',
      record: of({ name: domain, type: 'MX', value: `10 ${mxHost}.` }),
      found: [`10 ${mxHost}.`],
      problem: null,
      why: 'mx',
    },
    {
      id: 'spf',
      state: 'red',
      record: of({ name: domain, type: 'TXT', value: `v=spf1 mx a:${mxHost} -all` }),
      found: ['v=spf1 include:_spf.example.net ~all'],
      problem: { kind: 'spfJudges', facts: ['192.0.2.25', 'softfail'] },
      why: 'spf',
    },
    {
      id: 'dkim',
      state: 'red',
      record: of({
        name: `s1r._domainkey.${domain}`,
        type: 'TXT',
        value: `v=DKIM1; k=rsa; p=${'MIIBIjANBgkq'.repeat(32)}`,
      }),
      found: [],
      problem: { kind: 'none', facts: [] },
      why: 'dkim-signing',
    },
    {
      id: 'ptr',
      state: 'hint',
      record: null,
      found: ['host-25.provider.example'],
      problem: { kind: 'ptrOther', facts: ['192.0.2.25', mxHost] },
      why: 'ptr',
    },
    { id: 'certificate', state: 'green', record: null, found: [`DNS:${mxHost}`], problem: null, why: 'certificate' },
  ];
  return { domain, mxHost, isGreen: false, findings };
}
