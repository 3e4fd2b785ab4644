// Whether two reports can be told to be of one home: by all but the answers not at all; whoever leaves a mark is found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Seed } from '#office/telemetry/report/chance.ts';
import { momentOf } from '#office/telemetry/report/plan.ts';
import { attack } from './attacker.ts';
import { FIRST_WEEK, simulate, type Sabotage } from './homes.ts';
import { answers, both, transport } from './looks.ts';

const HOMES = 400;
const WEEKS = 52;
/** To learn from and as many to be tried on: 0.02 is then seven deviations of the area. */
const PAIRS = 40_000;
const NEAR_HALF = 0.02;
const MINUTE_MS = 60_000;

const honest = simulate({ homes: HOMES, weeks: WEEKS });

function transportOf(sabotage: Sabotage): number {
  return attack(simulate({ homes: 200, weeks: 26, ...sabotage }), { look: transport, pairs: PAIRS / 2 });
}

test('time, day, length, address and bytes do not tell whether two reports are of one home', (t) => {
  const area = attack(honest, { look: transport, pairs: PAIRS });
  t.diagnostic(`transport: ${area.toFixed(4)}`);
  assert.ok(Math.abs(area - 0.5) <= NEAR_HALF, `${area}`);
});

test('the answers tell a little, as they repeat; all the rest adds nothing to them', (t) => {
  const [alone, withAll] = [answers, both].map((look) => attack(honest, { look, pairs: PAIRS }));
  t.diagnostic(`answers: ${alone?.toFixed(4)}, both: ${withAll?.toFixed(4)}`);
  assert.ok((withAll ?? 1) - (alone ?? 0) <= NEAR_HALF, `${alone} → ${withAll}`);
});

/** What would mark a home, each in its own way: found by the same attacker, or it is too weak to say anything. */
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
    const area = transportOf(sabotage);
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
