// What the desk's page concludes from the register: the sentence, the order, what a verdict lacks, what the clerk's form becomes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeskListed } from '#formats/auth-wire/desk-answers.ts';
import { parseNewFiling } from '#office/desk/book/new-filing.ts';
import {
  emptyFiling,
  emptyVerdict,
  filingFault,
  inOrder,
  toGiven,
  toVerdict,
  verdictFault,
  whatWaits,
  type Me,
} from './desk-model.ts';

const listed = (filing: string, more: Partial<DeskListed> = {}): DeskListed => ({
  filing,
  receivedOn: '2026-03-01',
  state: 'CHANNEL_CHECKED',
  channel: 'PGP',
  kinds: ['SUBSCRIBER'],
  country: 'DE',
  urgency: 'NORMAL',
  outcome: null,
  answerBy: null,
  dueMs: null,
  waitsForMe: false,
  ...more,
});
const officer: Me = { name: 'Jonas', role: 'OFFICER', fingerprint: 'a'.repeat(40) };
const clerk: Me = { ...officer, role: 'CLERK' };

test('the sentence says the one thing that comes first', () => {
  const quiet = [listed('2026-0001'), listed('2026-0002', { state: 'REJECTED', outcome: 'REJECTED' })];
  assert.deepEqual(whatWaits(quiet, officer), { kind: 'nothing' });
  assert.deepEqual(whatWaits(quiet, clerk), { kind: 'letters', count: 1, filing: '2026-0002' });
  assert.deepEqual(whatWaits(quiet, clerk, 2), { kind: 'arrivals', count: 2 });
  assert.deepEqual(whatWaits(quiet, officer, 2), { kind: 'nothing' });
  const waiting = [...quiet, listed('2026-0003', { waitsForMe: true }), listed('2026-0004', { waitsForMe: true })];
  assert.deepEqual(whatWaits(waiting, officer), { kind: 'verdicts', count: 2, filing: '2026-0004' });
  const urgent = [...waiting, listed('2026-0005', { waitsForMe: true, urgency: 'EMERGENCY' })];
  assert.deepEqual(whatWaits(urgent, officer), { kind: 'emergency', count: 1, filing: '2026-0005' });
});

test('what waits for me stands first: emergencies, then what is due soonest; the rest newest first, by number', () => {
  const rows = [
    listed('2026-0009'),
    listed('2026-0010'),
    listed('2026-0002', { waitsForMe: true }),
    listed('2026-0003', { waitsForMe: true, dueMs: 2_000 }),
    listed('2026-0004', { waitsForMe: true, dueMs: 1_000 }),
    listed('2026-0001', { waitsForMe: true, urgency: 'EMERGENCY' }),
    listed('2026-10000'),
  ];
  assert.deepEqual(
    inOrder(rows).map(({ filing }) => filing),
    ['2026-0001', '2026-0004', '2026-0003', '2026-0002', '2026-10000', '2026-0010', '2026-0009'],
  );
});

test('a verdict says what it lacks, and signs only what belongs to it', () => {
  const item = { kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null } as const;
  const two = { items: [item, item] };
  assert.equal(verdictFault(emptyVerdict, two), 'verdict');
  assert.equal(verdictFault({ ...emptyVerdict, verdict: 'REJECT' }, two), 'reasons');
  assert.equal(verdictFault({ ...emptyVerdict, verdict: 'NARROW' }, two), 'items');
  assert.equal(verdictFault({ ...emptyVerdict, verdict: 'NARROW', items: [0, 1] }, two), 'items');
  const full = { verdict: 'NARROW', reasons: ['OVERBROAD'], items: [1, 0] } as const;
  assert.deepEqual(toVerdict('2026-0001', full), {
    filing: '2026-0001',
    verdict: 'NARROW',
    reasons: ['OVERBROAD'],
    items: [0, 1],
  });
  assert.deepEqual(toVerdict('2026-0001', { ...full, verdict: 'ADMIT' }), {
    filing: '2026-0001',
    verdict: 'ADMIT',
    reasons: [],
    items: null,
  });
  assert.equal(verdictFault({ ...full, verdict: 'ADMIT' }, two), undefined);
});

test('the form says what is wrong; what it makes is what the register’s own reader takes', () => {
  const today = '2026-03-02';
  const draft = emptyFiling(today, 'de');
  assert.equal(filingFault(draft, today), undefined);
  assert.equal(filingFault({ ...draft, received: '2026-03-03' }, today), 'received');
  assert.equal(filingFault({ ...draft, received: '' }, today), 'received');
  assert.equal(filingFault({ ...draft, country: 'Deutschland' }, today), 'country');
  assert.equal(filingFault({ ...draft, kinds: [] }, today), 'kinds');
  assert.equal(filingFault({ ...draft, from: '2026-02-02', until: '2026-02-01' }, today), 'period');
  assert.equal(filingFault({ ...draft, answerBy: '2026-03-01' }, today), 'answerBy');
  const given = parseNewFiling(
    toGiven(
      { ...draft, kinds: ['TRAFFIC', 'OTHER'], basis: 'stpo-100g', isEmergency: true, answerBy: today },
      '2026-0001',
    ),
  );
  assert.ok(given.ok, JSON.stringify(given));
  assert.deepEqual(
    [given.value.urgency, given.value.authority.country, given.value.corrects, given.value.answerBy],
    ['EMERGENCY', 'DE', '2026-0001', today],
  );
  assert.deepEqual(
    given.value.items.map(({ kind, basis, from }) => [kind, basis, from]),
    [
      ['TRAFFIC', 'stpo-100g', null],
      ['OTHER', 'stpo-100g', null],
    ],
  );
});
