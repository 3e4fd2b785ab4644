// DMARC: alignment and policies, with mailauth as the oracle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dmarc as oracle } from 'mailauth';
import { err, ok } from '#base/result.ts';
import { checkDmarc, organisationOf, type DmarcQuestion, type DmarcResult } from './check-dmarc.ts';
import type { Dns } from '#base/dns/dns.ts';

type Records = Readonly<Record<string, readonly string[] | 'silent'>>;

const dnsOf = (records: Records): Dns => ({
  lookUp(name) {
    const found = records[name];
    if (found === 'silent') return err({ kind: 'noAnswer' });
    return found === undefined ? err({ kind: 'noSuchName' }) : ok(found.map((text) => [text]));
  },
});

const question = (from: string, spfDomain?: string, dkimDomain?: string): DmarcQuestion => ({
  fromAddresses: [from],
  fromFieldsCount: 1,
  dkim:
    dkimDomain === undefined
      ? []
      : [
          {
            status: 'pass',
            reason: undefined,
            domain: dkimDomain,
            selector: 's',
            algorithm: 'rsa-sha256',
            signatureStart: 'x',
            signedFields: [],
          },
        ],
  spf: { status: spfDomain === undefined ? 'none' : 'pass', domain: spfDomain ?? 'none.test', of: 'mailfrom' },
});

const check = (records: Records, ...asked: Parameters<typeof question>): Promise<DmarcResult> =>
  checkDmarc(question(...asked), dnsOf(records));

test('a domain is its own or its parent’s, as names are sold', () => {
  assert.equal(organisationOf('mail.example.co.uk'), 'example.co.uk');
  assert.equal(organisationOf('a.b.example.org'), 'example.org');
  assert.equal(organisationOf('sender.test'), 'sender.test');
});

const reject = { '_dmarc.example.org': ['v=DMARC1; p=reject; sp=quarantine'] };

test('SPF or DKIM of the same organisation is enough, of another it is not', async () => {
  assert.equal((await check(reject, 'a@example.org', 'mail.example.org')).status, 'pass');
  assert.equal((await check(reject, 'a@example.org', undefined, 'news.example.org')).status, 'pass');
  assert.equal((await check(reject, 'a@example.org', 'example.com', 'example.net')).status, 'fail');
  assert.equal((await check(reject, 'a@example.org')).policy, 'reject');
});

test('a strict domain wants the very same name', async () => {
  const strict = { '_dmarc.example.org': ['v=DMARC1; p=reject; adkim=s; aspf=s'] };
  assert.equal((await check(strict, 'a@example.org', 'mail.example.org', 'mail.example.org')).status, 'fail');
  assert.equal((await check(strict, 'a@example.org', 'example.org')).status, 'pass');
});

test('a subdomain without a record follows its parent’s word for subdomains', async () => {
  assert.equal((await check(reject, 'a@sub.example.org')).policy, 'quarantine');
  const own = { ...reject, '_dmarc.sub.example.org': ['v=DMARC1; p=none'] };
  assert.equal((await check(own, 'a@sub.example.org')).policy, 'none');
});

test('no record, several records, a broken record, a silent DNS', async () => {
  assert.equal((await check({}, 'a@example.org')).status, 'none');
  assert.equal((await check({ '_dmarc.example.org': ['hello'] }, 'a@example.org')).status, 'none');
  const two = { '_dmarc.example.org': ['v=DMARC1; p=reject', 'v=DMARC1; p=none'] };
  assert.equal((await check(two, 'a@example.org')).status, 'permerror');
  assert.equal((await check({ '_dmarc.example.org': ['v=DMARC1; p=maybe'] }, 'a@example.org')).status, 'permerror');
  const reports = { '_dmarc.example.org': ['v=DMARC1; p=maybe; rua=mailto:x@y'] };
  assert.deepEqual(
    [(await check(reports, 'a@example.org')).status, (await check(reports, 'a@example.org')).policy],
    ['fail', 'none'],
  );
  assert.equal((await check({ '_dmarc.example.org': 'silent' }, 'a@example.org')).status, 'temperror');
});

test('a policy for a share of letters is met by the next milder one', async () => {
  assert.equal(
    (await check({ '_dmarc.example.org': ['v=DMARC1; p=reject; pct=50'] }, 'a@example.org')).policy,
    'quarantine',
  );
  assert.equal(
    (await check({ '_dmarc.example.org': ['v=DMARC1; p=quarantine; pct=0'] }, 'a@example.org')).policy,
    'none',
  );
});

test('two From fields, two domains or none: nobody can vouch', async () => {
  const base = question('a@example.org', 'example.org');
  for (const odd of [
    { fromFieldsCount: 2 },
    { fromAddresses: ['a@example.org', 'b@example.com'] },
    { fromAddresses: [] },
  ])
    assert.equal((await checkDmarc({ ...base, ...odd }, dnsOf(reject))).status, 'permerror');
});

test('every combination is judged as mailauth judges it', async () => {
  const names = [
    'example.org',
    'mail.example.org',
    'x.mail.example.org',
    'example.com',
    'example.co.uk',
    'a.example.co.uk',
  ];
  const texts = [
    'v=DMARC1; p=reject',
    'v=DMARC1;p=none;sp=reject',
    'v=DMARC1; p=quarantine; adkim=s',
    'v=DMARC1; p=reject; aspf=s',
    'other',
  ];
  for (const at of names)
    for (const text of texts)
      for (const from of names)
        for (const other of [undefined, ...names]) {
          const records = { [`_dmarc.${at}`]: [text] };
          const mine = await check(records, `a@${from}`, other, undefined);
          const theirs = await oracle({
            headerFrom: `a@${from}`,
            spfDomains: other === undefined ? [] : [other],
            dkimDomains: [],
            resolver: async (name: string) => {
              const found = name === `_dmarc.${at}` ? [[text]] : undefined;
              if (found === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
              return found;
            },
          });
          assert.ok(theirs !== false);
          assert.equal(mine.status, theirs.status.result, JSON.stringify([at, text, from, other]));
          if (mine.status === 'fail') assert.equal(mine.policy, theirs.policy);
        }
});
