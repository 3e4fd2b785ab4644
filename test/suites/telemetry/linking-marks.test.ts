// Homes that leave a mark are found, each by its own; by the same attacker that finds nothing in honest ones, or it were too weak to say anything.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Seed } from '#office/telemetry/report/chance.ts';
import { momentOf } from '#office/telemetry/report/plan.ts';
import { quarterOf } from '#office/telemetry/report/weeks.ts';
import { attack } from './attacker.ts';
import { FIRST_WEEK, simulate, type Sabotage } from './homes.ts';
import { answers, asksAgain, both, dates, transport } from './looks.ts';

const PAIRS = 10_000;
const MINUTE_MS = 60_000;

function areaOf(sabotage: Sabotage, look = transport): number {
  return attack(simulate({ homes: 120, weeks: 26, ...sabotage }), { look, pairs: PAIRS });
}

/** What would mark a home. */
const marks: Readonly<Record<string, Sabotage>> = {
  'a byte of its own in the padding': {
    mark: (home, { plain }) => {
      plain[plain.length - 1] = 1 + (home % 255);
    },
  },
  'a key that is used again': {
    mark: (home, { sealed }) => {
      for (let at = 7; at < 39; at++) sealed[at] = (home * 31 + at * 7) & 0xff;
    },
  },
  'a minute of its own': { momentOf: fixedMinute },
  'an hour of the day of its own': { momentOf: ownHour },
  'a look every half minute since the program was started': { momentOf: atRhythm },
  'no relay between': { isDirect: true },
  'a clock that is wrong, and reports at the full minute': {
    momentOf: (seed, week) => momentOf(seed, week) - (momentOf(seed, week) % MINUTE_MS),
  },
};

/** The hour alone leaves room for chance: others have the same. */
const WEAKER: ReadonlySet<string> = new Set(['an hour of the day of its own']);

for (const [name, sabotage] of Object.entries(marks)) {
  test(`twin: ${name} is found`, (t) => {
    const area = areaOf(sabotage);
    t.diagnostic(`${name}: ${area.toFixed(4)}`);
    assert.ok(area > (WEAKER.has(name) ? 0.75 : 0.9), `${area}`);
  });
}

function fixedMinute(seed: Seed, week: number): number {
  return momentOf(seed, FIRST_WEEK) + (week - FIRST_WEEK) * 7 * 24 * 60 * MINUTE_MS;
}

/** Another day and minute each week, within the same two hours. */
function ownHour(seed: Seed, week: number): number {
  const dayMs = 24 * 60 * MINUTE_MS;
  const moment = momentOf(seed, week);
  const hour = Math.floor((momentOf(seed, 0) % dayMs) / (120 * MINUTE_MS));
  return moment - (moment % dayMs) + hour * 120 * MINUTE_MS + (moment % (120 * MINUTE_MS));
}

/** The first of the looks that come every half minute; the program is never started again. */
function atRhythm(seed: Seed, week: number): number {
  const everyMs = 30_000;
  const phase = momentOf(seed, 0) % everyMs;
  return Math.ceil((momentOf(seed, week) - phase) / everyMs) * everyMs + phase;
}

test('twin: a clock that is days wrong is found by the day in the report', (t) => {
  const wrongBy = (unitMs: number): Sabotage => ({ clockErrorMs: (home) => ((home % 13) - 6) * unitMs });
  const [hours, days] = [60, 24 * 60].map((minutes) => areaOf(wrongBy(minutes * MINUTE_MS), dates));
  t.diagnostic(`up to six hours wrong: ${hours?.toFixed(4)}, up to six days: ${days?.toFixed(4)}`);
  assert.ok((days ?? 0) > 0.9, `${days}`);
});

test('twin: questions in an order of its own, the same each quarter, add to the answers', (t) => {
  const inOrder: Sabotage = {
    questionOf: (seed, answered, week, asked) => {
      const before = answered.quarter === quarterOf(week) ? answered.questions : [];
      const order = asked.toSorted((one, other) => drawOrder(seed, one) - drawOrder(seed, other));
      return order.find((hash) => !before.includes(hash));
    },
  };
  const reports = simulate({ homes: 120, weeks: 52, ...inOrder });
  const [alone = 1, withAll = 0] = [answers, both].map((look) =>
    attack(reports, { look, pairs: PAIRS, isWanted: asksAgain }),
  );
  t.diagnostic(`answers: ${alone.toFixed(4)}, both: ${withAll.toFixed(4)}`);
  assert.ok(withAll - alone > 0.05, `${alone} → ${withAll}`);
});

/** Cheap, and another order for nearly each home. */
function drawOrder(seed: Seed, hash: string): number {
  return Number.parseInt(hash.slice(0, 8), 16) ^ Buffer.from(seed).readInt32BE();
}
