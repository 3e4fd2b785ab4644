// A home's years with restarts, crashes, missed weeks, clocks that jump, off and on, changed catalogues: never two reports in a week, never a question twice in a quarter, never an answer in a quiet one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  dueAt,
  forgetAnswers,
  momentOf,
  noteReport,
  NOTHING_ANSWERED,
  questionOf,
  type Answered,
} from '#office/telemetry/report/plan.ts';
import { beginOfWeek, quarterOf, weekOf, WEEK_MS } from '#office/telemetry/report/weeks.ts';
import { asked, FIRST_WEEK, seedOf } from './homes.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const RUNS = 400;
const hashes = asked.map(({ hash }) => hash);

/** What can happen to a home. */
type Event =
  | { readonly kind: 'runs' | 'isDown'; readonly forMs: number }
  /** The next report is cut between what is written and what is sent; it starts again a little later. */
  | { readonly kind: 'falls'; readonly startsAfterMs: number }
  | { readonly kind: 'clockJumps'; readonly byMs: number }
  | { readonly kind: 'off' }
  | { readonly kind: 'on' }
  /** The questions from here to there of ten; the rest is not asked. */
  | { readonly kind: 'catalogue'; readonly from: number; readonly to: number; readonly words: string };

interface Sent {
  readonly week: number;
  readonly question: string | undefined;
  readonly lateMs: number;
  /** By a clock that never jumps. */
  readonly trueMs: number;
}

/** What a careless home would do otherwise. */
interface Carelessness {
  /** Written after it was sent, not before. */
  readonly sendsFirst?: boolean;
  /** Off forgets everything. */
  readonly forgetsAll?: boolean;
  /** Believes every clock. */
  readonly trustsClock?: boolean;
}

/** Does by the plan what the home's sender does: a wake at each moment, at each start, and once a while. */
class Home {
  readonly sent: Sent[] = [];
  /** Quarters with answers that were forgotten. */
  readonly quiet = new Set<string>();
  readonly #seed: Uint8Array;
  readonly #careless: Carelessness;
  readonly #notesMissed: boolean;
  #kept: Answered = NOTHING_ANSWERED;
  #isOn = true;
  #fallsNext: number | undefined;
  #asked: readonly string[] = hashes;
  #trueMs = beginOfWeek(FIRST_WEEK);
  #clockMs = 0;

  constructor(home: number, careless: Carelessness) {
    this.#seed = seedOf(home);
    this.#careless = careless;
    this.#notesMissed = home % 2 === 0;
  }

  meet(event: Event): void {
    switch (event.kind) {
      case 'runs':
        return this.#run(event.forMs);
      case 'isDown':
        this.#trueMs += event.forMs;
        return this.#wake();
      case 'falls':
        this.#fallsNext = event.startsAfterMs;
        return;
      case 'clockJumps':
        this.#clockMs += event.byMs;
        return this.#wake();
      case 'off':
        if (this.#isOn)
          for (const { week, question } of this.sent) if (question !== undefined) this.quiet.add(quarterOf(week));
        this.#isOn = false;
        this.#kept = this.#careless.forgetsAll === true ? NOTHING_ANSWERED : forgetAnswers(this.#kept);
        return;
      case 'on':
        this.#isOn = true;
        return this.#wake();
      case 'catalogue':
        this.#asked = [...hashes, event.words].slice(event.from, event.to);
        return this.#wake();
    }
  }

  #run(forMs: number): void {
    const endMs = this.#trueMs + forMs;
    while (this.#trueMs < endMs) {
      const nowMs = this.#trueMs + this.#clockMs;
      const week = weekOf(nowMs);
      const next = [momentOf(this.#seed, week), momentOf(this.#seed, week + 1), nowMs + 2 * DAY_MS];
      const wakeMs = Math.min(...next.filter((moment) => moment > nowMs));
      this.#trueMs = Math.min(endMs, wakeMs - this.#clockMs);
      this.#wake();
    }
  }

  #wake(): void {
    const nowMs = this.#trueMs + this.#clockMs;
    const week = weekOf(nowMs);
    const known = this.#careless.trustsClock === true && week < this.#kept.lastWeek ? { ...this.#kept, lastWeek: -1 } : this.#kept; // prettier-ignore
    const due = this.#isOn ? dueAt(this.#seed, known, nowMs) : 'early';
    // noted or not: either may be
    if (due === 'missed' && this.#notesMissed) this.#kept = noteReport(known, week, undefined);
    if (due !== 'now') return;
    const question = questionOf(this.#seed, known, week, this.#asked);
    const steps = [
      () => {
        this.#kept = noteReport(known, week, question);
      },
      () => {
        this.sent.push({ week, question, lateMs: nowMs - momentOf(this.#seed, week), trueMs: this.#trueMs });
      },
    ];
    for (const step of this.#careless.sendsFirst === true ? steps.toReversed() : steps) {
      step();
      if (this.#fallsNext === undefined) continue;
      this.#trueMs += this.#fallsNext;
      this.#fallsNext = undefined;
      return this.#wake();
    }
  }
}

const aWhile = fc.integer({ min: MINUTE_MS, max: 40 * DAY_MS });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('runs'), forMs: aWhile }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('isDown'),
      forMs: fc.oneof(aWhile, fc.integer({ max: 600_000, min: 1 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('falls'),
      startsAfterMs: fc.integer({ min: 1_000, max: 15 * MINUTE_MS }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('clockJumps'),
      byMs: fc.oneof(
        fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
        fc.integer({ min: -20, max: 20 }).map((weeks) => weeks * WEEK_MS),
        fc.constantFrom(-365 * DAY_MS, 365 * DAY_MS),
      ),
    }),
  },
  fc.constant({ kind: 'off' } as const),
  { weight: 2, arbitrary: fc.constant({ kind: 'on' } as const) },
  fc.record({
    kind: fc.constant('catalogue'),
    from: fc.integer({ min: 0, max: 3 }),
    to: fc.integer({ min: 4, max: 10 }),
    words: fc.constantFrom('ab'.repeat(32), 'cd'.repeat(32)),
  }),
);

/** The first promise that is broken. */
function brokenBy(events: readonly Event[], home: number, careless: Carelessness): string | undefined {
  const life = new Home(home, careless);
  for (const event of events) {
    const quiet = new Set(life.quiet);
    const before = life.sent.length;
    life.meet(event);
    for (const { week, question, lateMs } of life.sent.slice(before)) {
      if (question !== undefined && quiet.has(quarterOf(week))) return 'an answer in a quiet quarter';
      if (lateMs < 0 || lateMs > 10 * MINUTE_MS) return 'a report at another time';
    }
  }
  const weeks = life.sent.map(({ week }) => week);
  if (weeks.some((week, nth) => nth > 0 && week <= (weeks[nth - 1] ?? 0))) return 'two reports of one week';
  const answers = life.sent.flatMap(({ week, question }) => (question === undefined ? [] : [`${quarterOf(week)} ${question}`])); // prettier-ignore
  return new Set(answers).size < answers.length ? 'a question twice in a quarter' : undefined;
}

function property(careless: Carelessness) {
  return fc.property(fc.array(event, { minLength: 5, maxLength: 60 }), fc.nat(99), (events, home) => {
    assert.equal(brokenBy(events, home, careless), undefined);
  });
}

// the same lives in each run
const options = { seed: 20_261_123, numRuns: RUNS };

test('whatever happens to a home: one report a week, a question once a quarter, no answer in a quiet quarter', () => {
  fc.assert(property({}), options);
});

test('an undisturbed year has 52 reports and each question four times', () => {
  for (let home = 0; home < 50; home++) {
    const life = new Home(home, {});
    life.meet({ kind: 'runs', forMs: 52 * WEEK_MS });
    assert.equal(life.sent.length, 52);
    for (const hash of hashes) assert.equal(life.sent.filter(({ question }) => question === hash).length, 4);
    const gaps = life.sent.slice(1).map(({ trueMs }, nth) => trueMs - (life.sent[nth]?.trueMs ?? 0));
    assert.ok(gaps.every((gapMs) => gapMs > 0 && gapMs < 2 * WEEK_MS));
  }
});

for (const [name, careless] of Object.entries({
  'written after sending, a fall in between': { sendsFirst: true },
  'switched off, everything forgotten': { forgetsAll: true },
  'a clock that goes back is believed': { trustsClock: true },
}))
  test(`twin: ${name}: a promise is broken`, () => {
    assert.equal(fc.check(property(careless), options).failed, true);
  });
