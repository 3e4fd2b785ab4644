// Each thing that verification can find, in a register that somebody of the house wrote past the rules, with keys in hand: found alone, by its kind.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { DeskEntryRow } from '#vault/database/read-desk.ts';
import { statementOf } from '#formats/desk/check-review.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import { makePerson, signAs, type Person } from '../../policy/test-policy.ts';
import { FIRST_HEAD, sha256 } from '../../register/chain.ts';
import type { DeskEvent } from '../../register/event.ts';
import type { CalendarDay, FilingNumber, Fingerprint } from '#formats/desk/model.ts';
import { makePeople, TestRegister, type People } from '../test-register.ts';
import { verifyRegister } from '../verify-register.ts';
import { ChainCheck } from './chain-check.ts';
import type { FindingKind } from './findings.ts';
import { RowStore } from './row-store.ts';
import { rowOf } from '../test-rows.ts';

import { arrivalBreaches } from './test-arrival-breaches.ts';
let people: People;
let stranger: Person;

before(async () => {
  people = await makePeople();
  stranger = await makePerson('Ein Fremder', 'LAWYER');
});

async function findingsOf(register: TestRegister, trusted: readonly Person[] = [people.officer, people.lawyer]) {
  const { entries } = register.stored();
  const { findings } = await verifyRegister({
    entries: [entries],
    reported: entries.filter(({ kind }) => kind === 'REPORTED'),
    trust: trusted.map(({ member }) => member.fingerprint),
  });
  return findings.map(({ what }) => what);
}

async function opened(): Promise<TestRegister> {
  const register = new TestRegister(people);
  await register.putPolicy();
  return register;
}

/** Admitted, and collected by the clerk. */
async function collected(register: TestRegister): Promise<FilingNumber> {
  const filing = register.file();
  await register.bothSay(filing, 'ADMIT');
  register.collect(filing, ['SUBSCRIBER.addresses']);
  return filing;
}

/** What somebody writes past the rules, and how it is found. */
const breaches: readonly (readonly [string, FindingKind, (register: TestRegister) => void | Promise<void>])[] = [
  [
    'a channel that the policy does not admit is said to be admitted',
    'otherDecision',
    (register) => {
      const filing = register.filingOf({});
      register.add({ kind: 'FILED', filing, by: people.clerk.member.fingerprint });
      const policy = policyDigest(register.policy);
      register.add({ kind: 'CHANNEL_CHECKED', filing: filing.filing, decision: 'ADMIT', rule: 'none', policy });
    },
  ],
  [
    'a decision under another policy',
    'otherDecision',
    (register) => {
      const filing = register.filingOf({});
      register.add({ kind: 'FILED', filing, by: people.clerk.member.fingerprint });
      register.check(filing, sha256());
    },
  ],
  ['an authority of another country as one of the house', 'otherOrigin', (register) => void register.file({ authority: { class: 'POLICE', country: 'FR' } })], // prettier-ignore
  ['a number left out', 'numberGap', (register) => void register.file({ filing: '2023-0002' as FilingNumber })],
  ['a number of another year', 'numberGap', (register) => void register.file({ filing: '2022-0001' as FilingNumber })],
  [
    'filed by nobody of the roster',
    'notInRoster',
    (register) => {
      const filing = register.filingOf({});
      register.add({ kind: 'FILED', filing, by: stranger.member.fingerprint });
      register.check(filing);
    },
  ],
  [
    'a letter by nobody of the roster',
    'notInRoster',
    (register) => {
      const by = stranger.member.fingerprint;
      const filing = register.file();
      register.add({ kind: 'ANSWERED', filing, letter: sha256(), letterKind: 'CORRECTION', language: 'en', by });
    },
  ],
  [
    'a case file sealed to a key that no policy named',
    'notInRoster',
    (register) => {
      const to: readonly Fingerprint[] = [people.officer.member.fingerprint, stranger.member.fingerprint];
      register.add({ kind: 'CASE_FILE_PUT', filing: register.file(), file: sha256(), bytes: 1, to });
    },
  ],
  [
    'a verdict by a key that is not in the roster',
    'badReview',
    (register) => register.review(register.file(), stranger, 'REJECT', ['INCOMPLETE']),
  ],
  [
    'a verdict whose signature is another person’s',
    'badReview',
    async (register) => {
      const filing = register.file();
      await register.review(filing, people.officer, 'REJECT', ['INCOMPLETE'], { signer: people.lawyer });
    },
  ],
  [
    'a verdict of somebody who saw another register',
    'headNotSeen',
    async (register) => {
      const filing = register.file();
      await register.review(filing, people.officer, 'REJECT', ['INCOMPLETE'], { headHash: sha256() });
    },
  ],
  [
    'collected by nobody of the roster',
    'notInRoster',
    async (register) => {
      const filing = register.file();
      await register.bothSay(filing, 'ADMIT');
      const by = stranger.member.fingerprint;
      const disclosure = { fields: ['SUBSCRIBER.addresses'], package: sha256(), recipient: by };
      register.add({ kind: 'COLLECTED', filing, disclosure, look: sha256(), sealed: sha256(), bytes: 1, by });
    },
  ],
  [
    'a second look by a key that is not in the roster',
    'badLook',
    async (register) => register.look(await collected(register), stranger),
  ],
  [
    'a second look whose signature is another person’s',
    'badLook',
    async (register) => register.look(await collected(register), people.officer, null, { signer: people.lawyer }),
  ],
  [
    'a second look of somebody who saw another register',
    'headNotSeen',
    async (register) => register.look(await collected(register), people.officer, null, { headHash: sha256() }),
  ],
  [
    'handed over after one look alone',
    'illegal',
    async (register) => {
      const filing = await collected(register);
      await register.look(filing, people.officer);
      const { collected: what } = register.row(filing);
      register.push({ kind: 'DISCLOSED', filing, disclosure: what?.disclosure ?? assert.fail() });
    },
  ],
  [
    'nothing held, said after two saw that there was something',
    'illegal',
    async (register) => {
      const filing = await collected(register);
      await register.look(filing, people.officer);
      register.push({ kind: 'NO_DATA', filing });
    },
  ],
  [
    'two looks that agree, and nothing follows',
    'consequenceMissing',
    async (register) => {
      await register.handOver(await collected(register), ['SUBSCRIBER.addresses']);
      register.entries.pop();
    },
  ],
  [
    'a correction that nobody filed',
    'correctionUnpaired',
    async (register) => {
      const filing = register.file();
      await register.bothSay(filing, 'REJECT', ['INCOMPLETE']);
      register.add({ kind: 'CORRECTED', filing, correctedBy: register.file() });
    },
  ],
  [
    'a filing that corrects another, of which that one knows nothing',
    'correctionUnpaired',
    async (register) => {
      const corrects = register.file();
      await register.bothSay(corrects, 'REJECT', ['INCOMPLETE']);
      const filing = register.filingOf({ corrects });
      register.add({ kind: 'FILED', filing, by: people.clerk.member.fingerprint });
      register.check(filing);
    },
  ],
  [
    'two verdicts that agree, and nothing follows',
    'consequenceMissing',
    async (register) => {
      await register.bothSay(register.file(), 'REJECT', ['INCOMPLETE']);
      register.entries.pop();
    },
  ],
  [
    'two verdicts that agree, and a letter comes first',
    'consequenceMissing',
    async (register) => {
      const filing = register.file();
      await register.bothSay(filing, 'ADMIT');
      const refused = register.entries.pop() ?? assert.fail();
      const by = people.clerk.member.fingerprint;
      register.push({ kind: 'ANSWERED', filing, letter: sha256(), letterKind: 'CORRECTION', language: 'de', by });
      register.push(refused.event);
    },
  ],
  [
    'refused by one alone',
    'illegal',
    async (register) => {
      const filing = register.file();
      await register.review(filing, people.officer, 'REJECT', ['INCOMPLETE']);
      register.push({ kind: 'REFUSED', filing, reasons: ['INCOMPLETE'], isFormal: false });
    },
  ],
  [
    'a policy that nobody signed',
    'badPolicy',
    (register) => {
      const policy = { ...register.policy, before: policyDigest(register.policy) };
      register.push({ kind: 'POLICY_PUT', policy: policyDigest(policy), text: canonicalJson(policy), signatures: [] });
    },
  ],
  [
    'a policy under another digest',
    'otherDigest',
    async (register) => {
      const text = canonicalJson({ ...register.policy, before: policyDigest(register.policy) });
      const signatures = await Promise.all([people.officer, people.lawyer].map((who) => signAs(who, text)));
      register.push({ kind: 'POLICY_PUT', policy: sha256(), text, signatures });
    },
  ],
  ['what is no report', 'badReport', (register) => register.putReport(2023, '{}', 0)],
  [
    'a report signed by one alone',
    'badReportSignatures',
    async (register) => {
      const report = register.reportText(2023);
      const signatures = [await signAs(people.officer, report)];
      register.push({ kind: 'REPORTED', year: 2023, erratum: 0, report, signatures });
    },
  ],
  [
    'a report from before its own cut-off',
    'otherTime',
    (register) => {
      const text = register.reportText(2023).replace(/"generatedAt":"2023/, '"generatedAt":"2021');
      return register.putReport(2023, text, 0);
    },
  ],
  [
    'a standing statement signed by one alone',
    'badStatement',
    (register) => register.putStatement(register.statement(), [people.officer]),
  ],
  [
    'a standing statement signed by a stranger',
    'badStatement',
    (register) => register.putStatement(register.statement(), [people.officer, stranger]),
  ],
  [
    'a standing statement signed by the clerk',
    'badStatement',
    (register) => register.putStatement(register.statement(), [people.officer, people.clerk]),
  ],
  [
    'a standing statement that holds for a year',
    'badStatement',
    (register) => register.putStatement(register.statement({ until: '2030-01-01' as CalendarDay })),
  ],
  [
    'a standing statement signed before it was made',
    'badStatement',
    (register) => register.putStatement(register.statement(), undefined, register.nowMs - 3_600_000),
  ],
  [
    'a standing statement about another register',
    'headNotSeen',
    (register) => register.putStatement(register.statement({ head: { entries: 2, hash: sha256() } })),
  ],
  [
    'a standing statement older than the one before it',
    'otherTime',
    async (register) => {
      const older = register.statement();
      register.file({ filing: '2024-0002' as FilingNumber, ...numberedApart });
      await register.putStatement();
      await register.putStatement(older);
    },
  ],
  ...arrivalBreaches(() => ({ people, stranger })),
  ['what is no event', 'unreadable', (register) => register.push({ kind: 'FORGOTTEN' } as unknown as DeskEvent)],
];

for (const [name, kind, breach] of breaches) {
  test(`found: ${name}; twin: the same without it`, async () => {
    const register = await opened();
    register.file(numberedApart);
    assert.deepEqual(await findingsOf(register), []);
    await breach(register);
    const found = await findingsOf(register);
    assert.deepEqual([...new Set(found)], [kind]);
  });
}

/** In a year of its own, so that the numbers of 2023 begin at 1. */
const numberedApart = { receivedOn: '2024-01-31' as CalendarDay, receivedMs: Date.parse('2024-01-31T08:00:00Z') };

test('found: a register without a policy, and one whose first policy was signed by nobody whom the machine trusts', async () => {
  const without = new TestRegister(people);
  without.file();
  assert.deepEqual([...new Set(await findingsOf(without))], ['noPolicy']);
  const register = await opened();
  register.file();
  assert.deepEqual(await findingsOf(register, [people.officer, stranger]), ['badPolicy', 'noPolicy', 'noPolicy']);
});

test('found: gaps, times that go back, erased entries, columns and heads that differ', async () => {
  const register = await opened();
  register.file();
  const { entries } = register.stored();
  const [first, second, third] = entries;
  assert.ok(first && second && third);
  const found = (rows: readonly DeskEntryRow[], known = [{ entries: 0, head: FIRST_HEAD }]) => {
    const kinds: FindingKind[] = [];
    const chain = new ChainCheck((_, what) => void kinds.push(what), known);
    for (const row of rows) chain.take(row);
    chain.finish();
    return kinds;
  };
  assert.deepEqual(found(entries), []);
  assert.ok(found([first, third]).includes('gap'));
  assert.deepEqual(found([first, second, { ...third, atMs: 5 }]), ['timeBack', 'otherLeaf']);
  assert.deepEqual(found([first, { ...second, blind: null, event: null }, third]), ['erased']);
  assert.deepEqual(found([first, { ...second, blind: null }, third]), ['unreadable']);
  assert.deepEqual(found([first, { ...second, kind: 'CLOSED' }, third]), ['otherColumn']);
  assert.deepEqual(found([first, { ...second, filing: null }, third]), ['otherColumn']);
  assert.deepEqual(found([first, second, { ...third, head: first.head }]), ['otherHead']);
  assert.deepEqual(found([first, second, { ...third, leaf: 'none' }]), ['otherLeaf']);
  assert.deepEqual(found(entries, [{ entries: 2, head: FIRST_HEAD }]), ['otherThanKnown']);
  assert.deepEqual(found(entries, [{ entries: 4, head: FIRST_HEAD }]), ['shorterThanKnown']);
});

test('a policy that follows: its roster and rules count from there on, and a report says the one of its cut-off', async () => {
  const register = await opened();
  const filing = register.file();
  const report = register.reportText(2023);
  const roster = [people.clerk, people.officer, stranger].map(({ member }) => member);
  const house = { ...register.policy.house, name: 'Andere Post' };
  await register.putPolicy({ ...register.policy, before: policyDigest(register.policy), roster, house });
  await register.review(filing, people.officer, 'REJECT', ['INADMISSIBLE_CHANNEL']);
  await register.review(filing, stranger, 'REJECT', ['INADMISSIBLE_CHANNEL']);
  await register.putReport(2023, report, 0, [people.officer, stranger]);
  assert.deepEqual(await findingsOf(register), []);
  await register.putReport(2023, register.reportText(2023), 1);
  assert.deepEqual(await findingsOf(register), ['badReportSignatures'], 'the lawyer of before signs no more');
});

test('a verdict signs what it says: its statement altered is another', async () => {
  const register = await opened();
  const filing = register.file();
  await register.review(filing, people.officer, 'REJECT', ['INCOMPLETE']);
  const event = register.entries.at(-1)?.event;
  assert.ok(event?.kind === 'REVIEWED');
  const altered = { ...event.review, reasons: ['LANGUAGE'] as const };
  assert.notEqual(statementOf(altered), statementOf(event.review));
  register.entries.pop();
  register.push({ ...event, review: altered });
  assert.deepEqual(await findingsOf(register), ['badReview']);
});

test('more rows than are kept as objects come back as they were', () => {
  const rows = new RowStore();
  const all = Array.from({ length: 10_000 }, (_, nth) => rowOf({}, nth));
  for (const row of all) rows.set(row);
  for (const row of all.slice(0, 50)) rows.set({ ...row, targets: 7 });
  assert.equal(rows.size, all.length);
  assert.deepEqual(rows.get(all[20]?.filing ?? assert.fail()), { ...all[20], targets: 7 });
  assert.deepEqual(rows.get(all[60]?.filing ?? assert.fail()), all[60]);
  const seen = new Map([...rows.values()].map((row) => [row.filing, row.targets]));
  assert.equal(seen.size, all.length);
  assert.equal([...seen.values()].filter((targets) => targets === 7).length, 50);
  assert.equal(rows.get('2023-99999' as FilingNumber), undefined);
});
