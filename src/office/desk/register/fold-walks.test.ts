// Thousands of random walks: whatever is tried in whatever order, nothing is decided without two signatures that agree, and what was decided stays.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDigest } from '#formats/desk/digest.ts';
import { agree, consequenceOf, inOrder, type FilingRow } from './fold.ts';
import {
  decisions,
  states,
  urgencies,
  verdicts,
  type Look,
  type Review,
  type State,
  type Verdict,
} from '#formats/desk/model.ts';
import type { FilingEvent } from './event.ts';
import { filing, KEYS, NOTHING, situations, usual, Walk } from './test-walk.ts';

type Action =
  | { readonly do: 'usual'; readonly key: keyof typeof usual }
  | { readonly do: 'check'; readonly decision: (typeof decisions)[number] }
  | { readonly do: 'caseFile'; readonly file: number }
  | {
      readonly do: 'sign';
      readonly role: Review['role'];
      readonly verdict: Verdict;
      readonly odd: Oddity;
      readonly isFormal: boolean;
    }
  | { readonly do: 'collect'; readonly isNothing: boolean }
  | {
      readonly do: 'look';
      readonly role: Review['role'];
      readonly agrees: boolean;
      readonly odd: OddLook;
    }
  | { readonly do: 'follow' };
type OddLook = 'none' | 'otherPackage' | 'otherPolicy' | 'otherKey' | 'oldHead';
type Oddity = 'none' | 'otherPolicy' | 'otherKey' | 'noFiles' | 'oldHead' | 'otherItems' | 'otherFiling';

const keys = Object.keys(usual).filter((key): key is keyof typeof usual => key in usual);
const oddities: readonly Oddity[] = ['otherPolicy', 'otherKey', 'noFiles', 'oldHead', 'otherItems', 'otherFiling'];
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('usual' as const), key: fc.constantFrom(...keys) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('check' as const), decision: fc.constantFrom(...decisions) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('caseFile' as const), file: fc.nat(9) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('sign' as const),
      role: fc.constantFrom('OFFICER' as const, 'LAWYER' as const),
      verdict: fc.constantFrom(...verdicts),
      isFormal: fc.boolean(),
      odd: fc.oneof(
        { weight: 9, arbitrary: fc.constant<Oddity>('none') },
        { weight: 1, arbitrary: fc.constantFrom(...oddities) },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('collect' as const), isNothing: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('look' as const),
      role: fc.constantFrom('OFFICER' as const, 'LAWYER' as const),
      agrees: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      odd: fc.oneof(
        { weight: 8, arbitrary: fc.constant<OddLook>('none') },
        { weight: 1, arbitrary: fc.constantFrom<OddLook>('otherPackage', 'otherPolicy', 'otherKey', 'oldHead') },
      ),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ do: 'follow' as const }) },
);
const begins: readonly (keyof typeof situations)[] = [
  'CHANNEL_CHECKED',
  'FORMAL_CHECK',
  'LEGAL_REVIEW',
  'ESCALATED',
  'COLLECT',
  'NARROWED',
  'SECOND_LOOK',
  'SECOND_LOOK one',
  'REJECTED',
  'CORRECTED',
  'CLOSED rejected',
];
const walks = fc.record({
  /** Null: from the beginning. */
  from: fc.option(fc.constantFrom(...begins)),
  urgency: fc.constantFrom(...urgencies),
  actions: fc.array(action, { minLength: 1, maxLength: 60 }),
});

const open: readonly State[] = [
  'RECEIVED',
  'CHANNEL_CHECKED',
  'FORMAL_CHECK',
  'EMERGENCY_DESK',
  'LEGAL_REVIEW',
  'ESCALATED',
  'NARROWED',
  'COLLECT',
  'SECOND_LOOK',
];
const decided: Readonly<Partial<Record<FilingEvent['kind'], Verdict>>> = {
  REFUSED: 'REJECT',
  NARROWED: 'NARROW',
  ADMITTED: 'ADMIT',
};

describe('random walks', () => {
  it('keep what must always hold, and reach every state', () => {
    const reached = new Map<State, number>();
    let refused = 0;
    fc.assert(
      fc.property(walks, ({ from, urgency, actions }) => {
        const walk = from === null ? new Walk({ ...usual.FILED, filing: filing({ urgency }) }) : situations[from]();
        let newestSeen = walk.now.seenFrom;
        for (const what of actions) {
          const before = deepFreeze(walk.now);
          const event = eventOf(what, walk);
          if (event === undefined) continue;
          const { nth } = walk;
          if (walk.try(event) !== '') {
            refused += 1;
            assert.equal(walk.now, before);
            continue;
          }
          stepHolds(before, event, walk.now);
          rowHolds(walk.now);
          const { state } = walk.now;
          const isQuiet =
            event.kind === 'REVIEWED' ? state !== 'ESCALATED' : event.kind === 'LOOKED' && state === 'SECOND_LOOK';
          if (!isQuiet) newestSeen = nth;
          assert.equal(walk.now.seenFrom, newestSeen);
          reached.set(walk.now.state, (reached.get(walk.now.state) ?? 0) + 1);
        }
      }),
      { seed: 2023, numRuns: 20_000 },
    );
    assert.deepEqual(
      states.filter((state) => !reached.has(state)).filter((state) => state !== 'RECEIVED'),
      [],
    );
    assert.ok(refused > 1_000, `${refused} refused`);
  });
});

function eventOf(what: Action, walk: Walk): FilingEvent | undefined {
  switch (what.do) {
    case 'usual':
      return usual[what.key];
    case 'check':
      return { ...usual.CHANNEL_CHECKED, decision: what.decision };
    case 'caseFile':
      return { ...usual.CASE_FILE_PUT, file: parseDigest(`${what.file}`.repeat(64)) };
    case 'collect':
      return { ...usual.COLLECTED, ...(what.isNothing && { disclosure: NOTHING }) };
    case 'look':
      return walk.look(what.role, { ...(!what.agrees && { fault: 'TOO_LITTLE' }), ...oddLook(what, walk) });
    case 'follow':
      return consequenceOf(walk.now);
    default:
      return walk.review(what.role, { verdict: what.verdict, ...formally(what), ...odd(what, walk) });
  }
}

function formally({ verdict, isFormal }: Extract<Action, { do: 'sign' }>): Partial<Review> {
  return verdict === 'REJECT' && isFormal ? { reasons: ['INADMISSIBLE_CHANNEL'] } : {};
}

function odd({ role, verdict, odd }: Extract<Action, { do: 'sign' }>, walk: Walk): Partial<Review> {
  switch (odd) {
    case 'otherKey':
      return { fingerprint: KEYS[role === 'OFFICER' ? 'LAWYER' : 'OFFICER'] };
    case 'otherPolicy':
      return { policy: parseDigest('7'.repeat(64)) };
    case 'noFiles':
      return { caseFiles: [] };
    case 'oldHead':
      return { head: { entries: walk.now.seenFrom, hash: parseDigest('0'.repeat(64)) } };
    case 'otherItems':
      return { items: verdict === 'NARROW' ? [1] : null };
    case 'otherFiling':
      return { filing: '2023-0009' as Review['filing'] };
    default:
      return {};
  }
}

function oddLook({ role, odd }: Extract<Action, { do: 'look' }>, walk: Walk): Partial<Look> {
  switch (odd) {
    case 'otherPackage':
      return { package: parseDigest('9'.repeat(64)) };
    case 'otherPolicy':
      return { policy: parseDigest('7'.repeat(64)) };
    case 'otherKey':
      return { fingerprint: KEYS[role === 'OFFICER' ? 'LAWYER' : 'OFFICER'] };
    case 'oldHead':
      return { head: { entries: walk.now.seenFrom, hash: parseDigest('0'.repeat(64)) } };
    default:
      return {};
  }
}

/** Nothing leaves, and nobody is told that there is nothing, before two people have seen exactly that. */
function lookHolds(before: FilingRow, event: FilingEvent, after: FilingRow): void {
  const [one, other, ...more] = before.looks ?? [];
  assert.equal(before.state, 'SECOND_LOOK');
  assert.ok(one !== undefined && other !== undefined && more.length === 0);
  assert.notEqual(one.fingerprint, other.fingerprint);
  assert.equal(one.policy, other.policy);
  for (const look of [one, other]) {
    assert.ok(look.agrees && look.fault === null && look.filing === before.filing);
    assert.deepEqual([look.package, look.fields, look.recipient], seen(before));
    assert.equal(look.look, before.collected?.look);
  }
  assert.equal(event.kind, before.collected?.disclosure.fields.length === 0 ? 'NO_DATA' : 'DISCLOSED');
  if (event.kind === 'DISCLOSED') assert.deepEqual(after.disclosure, before.collected?.disclosure);
}

function seen({ collected }: FilingRow): unknown[] {
  return [collected?.disclosure.package, collected?.disclosure.fields, collected?.disclosure.recipient];
}

/** What must hold from one row to the next. */
function stepHolds(before: FilingRow, event: FilingEvent, after: FilingRow): void {
  if (event.kind === 'DISCLOSED' || event.kind === 'NO_DATA') lookHolds(before, event, after);
  if (event.kind === 'LOOKED') assert.ok(event.look.head.entries > before.seenFrom);
  const verdict = decided[event.kind];
  if (verdict !== undefined) {
    const [one, other] = before.reviews;
    assert.ok(one !== undefined && other !== undefined && before.reviews.length === 2 && agree(before.reviews));
    assert.deepEqual([one.role, other.role].sort(), ['LAWYER', 'OFFICER']);
    assert.notEqual(one.fingerprint, other.fingerprint);
    assert.equal(one.policy, other.policy);
    for (const review of [one, other]) {
      assert.equal(review.verdict, verdict);
      assert.equal(review.filing, before.filing);
      assert.notEqual(review.fingerprint, before.filedBy);
      assert.deepEqual(review.caseFiles, before.caseFiles);
    }
    if (event.kind === 'REFUSED') assert.deepEqual(event.reasons, inOrder([...one.reasons, ...other.reasons]));
    if (event.kind === 'NARROWED') assert.deepEqual(event.items, one.items);
  }
  if (event.kind === 'REVIEWED') assert.ok(event.review.head.entries > before.seenFrom);
  // what was decided is decided once, and only by two
  assert.equal(after.decidedMs !== before.decidedMs, verdict !== undefined);
  if (before.decidedMs !== null) assert.equal(after.decidedMs, before.decidedMs);
  if (before.outcome !== null) assert.equal(after.outcome, before.outcome);
  if (before.closedMs !== null) assert.equal(after.closedMs, before.closedMs);
  if (before.correctedBy !== null) assert.equal(after.correctedBy, before.correctedBy);
  assert.deepEqual(after.caseFiles.slice(0, before.caseFiles.length), before.caseFiles);
  assert.deepEqual(after.letters.slice(0, before.letters.length), before.letters);
  assert.deepEqual(only(after), only(before));
}

/** What was written down when it came in. */
function only({ filing, receivedMs, channel, urgency, items, targets, filedBy }: FilingRow): unknown {
  return { filing, receivedMs, channel, urgency, items, targets, filedBy };
}

/** What must hold of every row. */
function rowHolds(row: FilingRow): void {
  const { state, outcome, reviews, reasons, decidedMs } = row;
  assert.equal(outcome === null, open.includes(state), state);
  const isRejected = outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL';
  assert.equal(reasons.length > 0, isRejected);
  assert.equal(row.correctedBy !== null && !isRejected, false);
  assert.equal(state === 'CLOSED', row.closedMs !== null);
  assert.equal(row.admitted !== null, reviews[0]?.verdict === 'NARROW' && decidedMs !== null);
  if (decidedMs !== null) assert.ok(reviews.length === 2 && agree(reviews));
  const looks = row.looks ?? [];
  assert.equal(new Set(looks.map(({ fingerprint }) => fingerprint)).size, looks.length);
  assert.equal(row.collected !== undefined, ['SECOND_LOOK', 'DISCLOSED', 'NO_DATA_HELD'].includes(state) || (state === 'CLOSED' && !isRejected)); // prettier-ignore
  if (state === 'LEGAL_REVIEW') assert.ok(reviews.length === 1 || (reviews.length === 2 && agree(reviews)));
  if (state === 'ESCALATED') assert.ok(reviews.length === 2 && !agree(reviews));
  if (['RECEIVED', 'CHANNEL_CHECKED', 'FORMAL_CHECK', 'EMERGENCY_DESK'].includes(state))
    assert.equal(reviews.length, 0);
  if (row.urgency === 'EMERGENCY') assert.ok(state !== 'FORMAL_CHECK' && row.decision !== 'REJECT_FORMAL');
  if (row.letters.includes('REJECTION')) assert.ok(isRejected);
  assert.equal(new Set(reviews.map(({ role }) => role)).size, reviews.length);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
