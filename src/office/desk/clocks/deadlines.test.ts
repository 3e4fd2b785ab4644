// Clocks of the policy and of the authority: their ends across summer time and leap days, what stops them, when they are near.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCalendarDay } from '#formats/desk/calendar-day.ts';
import { fillTemplate, makePerson } from '../policy/test-policy.ts';
import { stepFiling, type FilingRow } from '../register/fold.ts';
import { usual } from '../register/test-walk.ts';
import { deadlinesOf, endOfDay } from './deadlines.ts';

const policy = fillTemplate(await Promise.all([makePerson('Jonas', 'OFFICER'), makePerson('Leyla', 'LAWYER')]));
const HOUR = 3_600_000;
const from = Date.parse('2026-11-23T09:30:00Z');
const begun = stepFiling(undefined, usual.FILED, { nth: 0, atMs: from });
assert.ok(begun.ok);
const sample = begun.value;

function row(more: Partial<FilingRow>): FilingRow {
  return {
    ...sample,
    isImported: false,
    receivedMs: from,
    instrument: 'EU_PRODUCTION_ORDER',
    urgency: 'NORMAL',
    state: 'CHANNEL_CHECKED',
    outcome: null,
    letters: [],
    ...more,
  };
}

const clocks = (of: FilingRow, nowMs = from) =>
  deadlinesOf(of, policy, nowMs).map(({ kind, norm, dueMs, state }) => [kind, norm, (dueMs - from) / HOUR, state]);

test('a production order has ten days, in an emergency eight hours; a preservation order sixty days', () => {
  assert.deepEqual(clocks(row({})), [['ANSWER', 'eu-2023-1543-10', 240, 'RUNNING']]);
  assert.deepEqual(clocks(row({ urgency: 'EMERGENCY' })), [['ANSWER', 'eu-2023-1543-10', 8, 'RUNNING']]);
  assert.deepEqual(clocks(row({ instrument: 'EU_PRESERVATION_ORDER' })), [
    ['PRESERVE', 'eu-2023-1543-11', 1_440, 'RUNNING'],
  ]);
  assert.deepEqual(clocks(row({ instrument: 'COURT_ORDER' })), []);
});

test('the day that the authority named ends at its midnight here; what ends first stands first', () => {
  const answerBy = parseCalendarDay('2026-11-25') ?? assert.fail();
  assert.deepEqual(clocks(row({ answerBy })), [
    ['ANSWER', null, 61.5, 'RUNNING'],
    ['ANSWER', 'eu-2023-1543-10', 240, 'RUNNING'],
  ]);
});

test('days end when they do, also where the clocks change, on leap days and at the ends of the year', () => {
  const ends = [
    ['Europe/Berlin', '2026-10-25', '2026-10-25T23:00:00Z'],
    ['Europe/Berlin', '2027-03-28', '2027-03-28T22:00:00Z'],
    ['Europe/Berlin', '2028-02-29', '2028-02-29T23:00:00Z'],
    ['Europe/Berlin', '2026-12-31', '2026-12-31T23:00:00Z'],
    ['UTC', '2026-06-30', '2026-07-01T00:00:00Z'],
    ['Pacific/Kiritimati', '2026-06-30', '2026-06-30T10:00:00Z'],
    ['Pacific/Pago_Pago', '2026-06-30', '2026-07-01T11:00:00Z'],
  ] as const;
  for (const [zone, text, end] of ends) {
    const day = parseCalendarDay(text) ?? assert.fail();
    assert.equal(new Date(endOfDay(zone, day)).toISOString(), end.replace('Z', '.000Z'), `${zone} ${text}`);
  }
});

test('a clock is near in its last quarter and over at its end, to the millisecond', () => {
  const of = row({ urgency: 'EMERGENCY' });
  const stateAt = (hours: number, ms = 0): unknown => clocks(of, from + hours * HOUR + ms)[0]?.[3];
  assert.deepEqual(
    [stateAt(0), stateAt(6), stateAt(6, 1), stateAt(8, -1), stateAt(8), stateAt(80)],
    ['RUNNING', 'RUNNING', 'SOON', 'SOON', 'OVERDUE', 'OVERDUE'],
  );
});

test('it stops when the authority has its answer, and not before', () => {
  const rejected = { state: 'REJECTED', outcome: 'REJECTED' } as const;
  assert.equal(clocks(row(rejected)).length, 1, 'rejected, and nobody has told them');
  assert.equal(clocks(row({ ...rejected, letters: ['CORRECTION'] })).length, 1);
  assert.deepEqual(clocks(row({ ...rejected, letters: ['REJECTION'] })), []);
  for (const state of ['CORRECTED', 'DISCLOSED', 'NO_DATA_HELD', 'CLOSED'] as const)
    assert.deepEqual(clocks(row({ state })), [], state);
  for (const state of ['FORMAL_CHECK', 'LEGAL_REVIEW', 'ESCALATED', 'COLLECT', 'NARROWED', 'SECOND_LOOK'] as const)
    assert.equal(clocks(row({ state })).length, 1, state);
  assert.deepEqual(clocks(row({ isImported: true })), []);
});
