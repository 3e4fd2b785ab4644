// What the server of an invented office tells its operator: a good day, and a bad one.

import { systemClock } from '#base/clock.ts';
import type { Safety, SafetyChange } from '#formats/auth-wire/safety-answers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = systemClock.nowMs();

const plan = '{"change":14,"siegel":"change","v":1}';

function change(number: number, more: Partial<SafetyChange>): SafetyChange {
  return {
    number,
    class: 'R1',
    kind: 'sql',
    standing: 'verified',
    because: ['an index is built while others write'],
    statements: [
      { sql: 'CREATE INDEX CONCURRENTLY letter_received ON letter (received_ms)', why: 'an index is built' },
    ],
    undo: 'The index is dropped; no row is touched.',
    plannedMs: now - 3 * DAY,
    expiresMs: now + 4 * DAY,
    endedMs: now - 2 * DAY,
    backup: '20261121-031200-k3f9aq',
    rehearsedMs: now - 3 * DAY,
    predicted: { rows: {}, locks: [], seconds: 12.2, undoSeconds: 0.4 },
    actual: { rows: {}, seconds: 9.4 },
    undone: null,
    closedWhy: null,
    approval: null,
    next: '',
    ...more,
  };
}

const waiting = change(14, {
  class: 'R2',
  standing: 'rehearsed',
  because: ['by Kaya: a column is dropped; what stands in it is kept aside for 30 days and then gone'],
  statements: [
    { sql: 'ALTER TABLE letter DROP COLUMN render_version', why: 'the column goes to the attic for 30 days' },
  ],
  undo: 'The rows are made anew from the restore point; what arrived since is kept.',
  endedMs: null,
  predicted: { rows: { letter: 41_208 }, locks: ['letter'], seconds: 3.1, undoSeconds: 41 },
  actual: null,
  approval: { plan, namespace: 'siegel-change', by: ['Kaya'], need: 2, isEnough: false, because: '' },
  next: 'siegel change approve 14, then siegel change apply 14 --apply',
});

const history = [
  change(13, {
    because: ['the flags of letters in one folder are set anew'],
    standing: 'undone',
    endedMs: now - 10 * DAY,
    predicted: { rows: { placement: 883 }, locks: [], seconds: 30, undoSeconds: 60 },
    actual: { rows: { placement: 883 }, seconds: 34 },
    undone: { seconds: 41, why: 'the ledger differed' },
  }),
  change(12, {}),
  change(11, {
    class: 'R0',
    predicted: { rows: {}, locks: [], seconds: 0.4, undoSeconds: 0.1 },
    actual: { rows: {}, seconds: 0.3 },
  }),
];

const taken = Array.from({ length: 29 }, (_, index) => index)
  .filter((index) => index !== 11)
  .map((index) => ({ takenMs: now - (28 - index) * DAY - 9 * HOUR, letters: 38_000 + index * 111 }));
const newest = taken.at(-1) ?? { takenMs: now, letters: 0 };

const copies = [
  { id: 'backups', count: 28, oldestMs: 28 * DAY, daysMax: 30, isOver: false },
  { id: 'second', count: 27, oldestMs: 27 * DAY, daysMax: 30, isOver: false },
  { id: 'retired', count: 0, oldestMs: null, daysMax: 7, isOver: false },
  { id: 'points', count: 6, oldestMs: 6 * DAY, daysMax: 7, isOver: false },
  { id: 'attic', count: 1, oldestMs: 10 * DAY, daysMax: 30, isOver: false },
  { id: 'waiting', count: 2, oldestMs: 4 * HOUR, daysMax: 5, isOver: false },
  { id: 'memory', count: 41, oldestMs: 5 * DAY, daysMax: 7, isOver: false },
  { id: 'traces', count: 0, oldestMs: null, daysMax: 30, isOver: false },
  { id: 'compacting', count: 0, oldestMs: null, daysMax: 1, isOver: false },
] as const;

export const goodDay: Safety = {
  nowMs: now,
  copies: [...copies],
  backup: {
    isNamed: true,
    newest: { id: '20261122-031200-k3f9aq', ...newest, verifiedMs: newest.takenMs + 4 * 60_000 },
    isDue: false,
    trouble: null,
    taken,
  },
  ledger: {
    last: {
      atMs: now - 12 * 60_000,
      isEqual: true,
      letters: 41_208,
      accounts: 12,
      missing: 0,
      differing: 0,
      seconds: 0.42,
    },
    isRunning: false,
  },
  drill: { last: { atMs: now - 5 * DAY, passed: 19, total: 19 } },
  changes: { you: 'Leyla', operators: 2, waiting: [waiting], history },
  incidents: [],
};

/** Nothing waits for anybody. */
export const quietDay: Safety = {
  ...goodDay,
  changes: { you: 'Leyla', operators: 2, waiting: [], history: [] },
};

export const badDay: Safety = {
  ...goodDay,
  copies: copies.map((kind) => (kind.id === 'second' ? { ...kind, oldestMs: 41 * DAY, isOver: true } : kind)),
  backup: {
    ...goodDay.backup,
    isDue: true,
    newest: { id: 'x', takenMs: now - 27 * HOUR, verifiedMs: now - 27 * HOUR, letters: 41_000 },
    trouble:
      'The place for backups (/media/backup) cannot be reached (ENOENT). No backup was harmed. Look whether it is mounted, then: siegel backup take',
    taken: taken.slice(0, -2),
  },
  ledger: {
    last: {
      atMs: now - 2 * 60_000,
      isEqual: false,
      letters: 41_000,
      accounts: 12,
      missing: 214,
      differing: 3,
      seconds: 1.2,
    },
    isRunning: false,
  },
  drill: null,
  incidents: [
    {
      number: 2,
      title: 'Messages of some mailboxes are not shown',
      openedMs: now - 2 * HOUR,
      closedMs: null,
      mailboxes: 3,
      progress: { found: 41_000, expected: 41_214, atMs: now - 60_000 },
      timeline: [
        { atMs: now - 2 * HOUR, what: 'opened', text: 'Messages of some mailboxes are not shown' },
        { atMs: now - 90 * 60_000, what: 'update', text: 'The rows are made anew from the journal' },
        { atMs: now - 60 * 60_000, what: 'changeUndone', change: 13, seconds: 41 },
      ],
    },
    {
      number: 1,
      title: 'Letters came an hour late',
      openedMs: now - 40 * DAY,
      closedMs: now - 40 * DAY + 3 * HOUR,
      mailboxes: 12,
      progress: null,
      timeline: [
        { atMs: now - 40 * DAY, what: 'opened', text: 'Letters came an hour late' },
        { atMs: now - 40 * DAY + 3 * HOUR, what: 'closed', text: 'The name server answers again' },
      ],
    },
  ],
};

/** The first hour of a house. */
export const firstDay: Safety = {
  nowMs: now,
  backup: { isNamed: false, newest: null, isDue: true, trouble: null, taken: [] },
  ledger: { last: null, isRunning: false },
  drill: null,
  changes: null,
  incidents: [],
};
