// Random rows of a register, for tests: always those that a register could hold.

import fc from 'fast-check';
import type { FilingRow } from '../register/fold.ts';
import {
  authorityClasses,
  channels,
  instruments,
  kinds,
  origins,
  outcomes,
  reasons,
  urgencies,
  type CalendarDay,
  type FilingNumber,
} from '#formats/desk/model.ts';

const DAY_MS = 86_400_000;

const item = fc.record({
  kind: fc.constantFrom(...kinds),
  basis: fc.constant(null),
  from: fc.constant(null),
  until: fc.constant(null),
  target: fc.constant(null),
});

const drawn = fc.record({
  year: fc.integer({ min: 2021, max: 2023 }),
  day: fc.integer({ min: 0, max: 364 }),
  class: fc.constantFrom(...authorityClasses),
  origin: fc.constantFrom(...origins),
  channel: fc.constantFrom(...channels),
  instrument: fc.constantFrom(...instruments),
  urgency: fc.constantFrom(...urgencies),
  items: fc.array(item, { minLength: 1, maxLength: 3 }),
  targets: fc.integer({ min: 1, max: 5 }),
  outcome: fc.constantFrom(...outcomes, null),
  reasons: fc.uniqueArray(fc.constantFrom(...reasons), { minLength: 1, maxLength: 3 }),
  spanMs: fc.option(fc.integer({ min: 0, max: 90 * DAY_MS })),
  isCorrected: fc.boolean(),
});

/** Up to so many filings of three years. */
export function randomRows(maxLength: number): fc.Arbitrary<readonly FilingRow[]> {
  return fc.array(drawn, { maxLength }).map((list) => list.map(rowOf));
}

export function rowOf(wish: Partial<typeof drawn extends fc.Arbitrary<infer T> ? T : never>, nth: number): FilingRow {
  const { year = 2023, day = 0, outcome = null, spanMs = null } = wish;
  const receivedMs = Date.UTC(year, 0, 1, 12) + day * DAY_MS;
  const isRejected = outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL';
  const number = (at: number) => `${year}-${String(at + 1).padStart(4, '0')}` as FilingNumber;
  return {
    filing: number(nth),
    corrects: null,
    receivedMs,
    receivedOn: new Date(receivedMs).toISOString().slice(0, 10) as CalendarDay,
    authority: { class: wish.class ?? 'PROSECUTION', country: 'DE' },
    origin: wish.origin ?? 'HOME',
    channel: wish.channel ?? 'ESB',
    instrument: wish.instrument ?? 'REQUEST',
    urgency: wish.urgency ?? 'NORMAL',
    items: wish.items ?? [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null }],
    targets: wish.targets ?? 1,
    isImported: true,
    filedBy: null,
    state: outcome ?? 'RECEIVED',
    outcome,
    reasons: isRejected ? (wish.reasons ?? ['INCOMPLETE']) : [],
    decidedMs: outcome === null || spanMs === null ? null : receivedMs + spanMs,
    decision: null,
    correctedBy: isRejected && wish.isCorrected === true ? number(nth + 1000) : null,
    reviews: [],
    admitted: null,
    caseFiles: [],
    letters: [],
    disclosure: null,
    closedMs: null,
    seenFrom: nth,
  };
}
