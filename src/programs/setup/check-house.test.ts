// A domain against a name server: what is right is green, what is missing or wrong is red and says what to set.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { createDns } from '#base/dns/dns.ts';
import { err, ok } from '#base/result.ts';
import { formatStsPolicy } from '#formats/mta-sts/sts-policy.ts';
import type { HouseReport } from '#formats/zone/house-report.ts';
import { problemSentence } from '#formats/zone/report-words.ts';
import { certificateFor } from '../../../test/fakes/certificates.ts';
import { startDnsServer, type Zone, type ZoneRecords } from '../../../test/fakes/dns-server.ts';
import { checkHouse, type CheckNeighbours } from './check-house.ts';
import { stsPolicyOf, type HouseFacts } from './house-facts.ts';
import { houseRecords } from './house-records.ts';

const ADDRESS = '192.0.2.25';
const facts: HouseFacts = {
  domain: 'example.test',
  mxHost: 'mail.example.test',
  webHost: 'mail.example.test',
  webPort: 443,
  smarthost: undefined,
  startTlsPort: 587,
  tlsPort: 465,
  hasCertificate: true,
  stsMode: 'enforce',
  hasAcme: false,
  dkim: [
    { name: 's1r._domainkey', text: `v=DKIM1; k=rsa; p=${'A'.repeat(392)}`, state: 'signing' },
    { name: 's0e._domainkey', text: 'v=DKIM1; k=ed25519; p=BBBB', state: 'leaving' },
  ],
};

/** The zone of somebody who has copied every record. */
function copied(of: HouseFacts = facts): Record<string, ZoneRecords> {
  const zone: Record<string, { -readonly [T in keyof ZoneRecords]: ZoneRecords[T] }> = {};
  for (const { record, isOpen } of houseRecords(of, [ADDRESS])) {
    const entry = (zone[record.name] ??= {});
    if (record.type === 'TXT') entry.TXT = [...(entry.TXT ?? []), record.value];
    else if (record.type === 'MX') entry.MX = [{ priority: 10, exchange: record.value.slice(3) }];
    else if (record.type === 'A') entry.A = [record.value];
    else if (record.type === 'CNAME') entry.A = [ADDRESS];
    else if (record.type === 'SRV') {
      const [, , port, exchange = ''] = record.value.split(' ');
      entry.SRV = [{ priority: 0, port: Number(port), exchange }];
    } else assert.ok(isOpen === true);
  }
  return { ...zone, '25.2.0.192.in-addr.arpa': { PTR: ['mail.example.test'] } };
}

async function check(zone: Zone, change: Partial<CheckNeighbours> = {}, of = facts): Promise<HouseReport> {
  const server = await startDnsServer(zone);
  try {
    const clock = manualClock(0);
    const servers = [{ address: server.address, port: server.port }];
    const policy = stsPolicyOf(of);
    return await checkHouse(of, {
      dns: createDns(clock, { servers, tryWaitMs: 200 }),
      addresses: [ADDRESS],
      certificate: { pem: certificateFor(of.mxHost).certificatePem, nowMs: Date.now() - 26 * 86_400_000 },
      fetchPolicy: async () => (policy ? ok(formatStsPolicy(policy)) : err({ kind: 'unreachable' })),
      ...change,
    });
  } finally {
    await server.close();
  }
}

function stateOf(report: HouseReport, id: string): readonly string[] {
  return report.findings.filter((finding) => finding.id === id).map(({ state }) => state);
}

test('a domain whose records were copied as printed is green', async () => {
  const report = await check(copied());
  const reds = report.findings.filter(({ state }) => state === 'red');
  assert.deepEqual(reds, []);
  assert.ok(report.isGreen);
  for (const id of ['mx', 'address', 'spf', 'dkim', 'dmarc', 'mta-sts', 'mta-sts-host', 'mta-sts-policy', 'tls-rpt'])
    assert.ok(
      stateOf(report, id).every((state) => state === 'green') && stateOf(report, id).length > 0,
      `${id}: ${stateOf(report, id).join()}`,
    );
  for (const id of ['ptr', 'srv', 'openpgpkey', 'autoconfig'])
    assert.ok(
      stateOf(report, id).every((state) => state === 'green'),
      id,
    );
});

test('a domain without records is red, and each finding says what to set and why', async () => {
  const report = await check({}, { fetchPolicy: async () => err({ kind: 'noSuchHost' }) });
  assert.ok(!report.isGreen);
  for (const id of ['mx', 'address', 'spf', 'dmarc', 'mta-sts', 'mta-sts-host', 'mta-sts-policy'])
    assert.deepEqual(stateOf(report, id), ['red'], id);
  assert.deepEqual(stateOf(report, 'dkim'), ['red', 'hint'], 'a key that is leaving may be gone');
  const spf = report.findings.find(({ id }) => id === 'spf');
  assert.match(spf?.record?.line ?? '', /^example\.test\. +3600 IN TXT +"v=spf1 mx a:mail\.example\.test -all"$/);
  for (const { state, problem } of report.findings)
    assert.ok(state === 'green' || (problem !== null && problemSentence(problem).length > 10));
});

const wrong: readonly (readonly [
  what: string,
  id: string,
  state: string,
  change: (zone: Record<string, ZoneRecords>) => void,
])[] = [
  [
    'letters go to another server',
    'mx',
    'red',
    (z) => (z['example.test'] = { ...z['example.test'], MX: [{ priority: 5, exchange: 'other.test' }] }),
  ],
  [
    'another server is asked first',
    'mx',
    'red',
    (z) =>
      (z['example.test'] = {
        ...z['example.test'],
        MX: [
          { priority: 5, exchange: 'other.test' },
          { priority: 10, exchange: 'mail.example.test' },
        ],
      }),
  ],
  [
    'a second server stands behind',
    'mx',
    'hint',
    (z) =>
      (z['example.test'] = {
        ...z['example.test'],
        MX: [
          { priority: 50, exchange: 'other.test' },
          { priority: 10, exchange: 'mail.example.test' },
        ],
      }),
  ],
  [
    'SPF names another machine',
    'spf',
    'red',
    (z) => (z['example.test'] = { ...z['example.test'], TXT: ['v=spf1 ip4:203.0.113.1 -all'] }),
  ],
  [
    'there are two SPF records',
    'spf',
    'red',
    (z) => (z['example.test'] = { ...z['example.test'], TXT: ['v=spf1 mx -all', 'v=spf1 -all'] }),
  ],
  [
    'SPF in other words that say the same',
    'spf',
    'green',
    (z) => (z['example.test'] = { ...z['example.test'], TXT: ['v=spf1 ip4:192.0.2.0/24 ~all'] }),
  ],
  [
    'another signing key',
    'dkim',
    'red',
    (z) => (z['s1r._domainkey.example.test'] = { TXT: ['v=DKIM1; k=rsa; p=CCCC'] }),
  ],
  [
    'a DMARC policy that lets forgeries through',
    'dmarc',
    'red',
    (z) => (z['_dmarc.example.test'] = { TXT: ['v=DMARC1; p=none'] }),
  ],
  ['a stricter DMARC policy', 'dmarc', 'green', (z) => (z['_dmarc.example.test'] = { TXT: ['v=DMARC1; p=reject'] })],
  ['an old id of MTA-STS', 'mta-sts', 'red', (z) => (z['_mta-sts.example.test'] = { TXT: ['v=STSv1; id=1'] })],
  [
    'the name of the policy leads elsewhere',
    'mta-sts-host',
    'red',
    (z) => (z['mta-sts.example.test'] = { A: ['203.0.113.9'] }),
  ],
  [
    'the address leads back to another name',
    'ptr',
    'hint',
    (z) => (z['25.2.0.192.in-addr.arpa'] = { PTR: ['host-25.provider.test'] }),
  ],
  ['the machine has another address', 'address', 'hint', (z) => (z['mail.example.test'] = { A: ['192.0.2.99'] })],
];

for (const [what, id, state, change] of wrong)
  test(`${what}: ${id} is ${state}`, async () => {
    const zone = copied();
    change(zone);
    assert.ok(stateOf(await check(zone), id).includes(state));
  });

test('a policy that is another one than announced, or cannot be read, is red', async () => {
  const other = formatStsPolicy({ mode: 'testing', mx: ['mail.example.test'], maxAgeSeconds: 604_800 });
  assert.deepEqual(stateOf(await check(copied(), { fetchPolicy: async () => ok(other) }), 'mta-sts-policy'), ['red']);
});

test('a certificate that is over, for another name, or missing', async () => {
  const { certificatePem: pem } = certificateFor(facts.mxHost);
  const state = async (certificate: CheckNeighbours['certificate']): Promise<readonly string[]> =>
    stateOf(await check(copied(), { certificate }), 'certificate');
  const early = Date.now() - 26 * 86_400_000;
  assert.deepEqual(await state({ pem, nowMs: Date.now() + 3 * 86_400_000 }), ['red']);
  assert.deepEqual(await state({ pem, nowMs: Date.now() }), ['red'], 'it ends within a week');
  assert.deepEqual(await state({ pem: certificateFor('other.test').certificatePem, nowMs: early }), ['red']);
  assert.deepEqual(await state({ pem: '', nowMs: early }), ['red']);
  assert.deepEqual(await state({ pem: undefined, nowMs: early }), ['hint']);
});

test('with a smarthost SPF has to let it through, and what it cannot know is a hint', async () => {
  const of: HouseFacts = { ...facts, smarthost: 'relay.test' };
  const zone: Record<string, ZoneRecords> = { ...copied(of), 'relay.test': { A: ['203.0.113.5'] } };
  assert.deepEqual(stateOf(await check(zone, {}, of), 'spf'), ['green']);
  zone['example.test'] = { ...zone['example.test'], TXT: ['v=spf1 mx -all'] };
  assert.deepEqual(stateOf(await check(zone, {}, of), 'spf'), ['hint']);
});

test('a name server that is down is said and not taken for a missing record', async () => {
  const report = await check({ ...copied(), 'example.test': 'servfail' });
  assert.equal(report.findings.find(({ id }) => id === 'mx')?.problem?.kind, 'noAnswer');
});
