// Whether two reports can be told to be of one home: by all but the answers not at all; who leaves a mark is found (linking-marks.test.ts).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attack } from './attacker.ts';
import { simulate } from './homes.ts';
import { answers, asksAgain, both, dates, transport } from './looks.ts';

const HOMES = 400;
const WEEKS = 52;
/** To learn from and as many to be tried on: 0.02 is then seven deviations of the area. */
const PAIRS = 40_000;
const NEAR_HALF = 0.02;

const honest = simulate({ homes: HOMES, weeks: WEEKS });

test('time, day, length, address and bytes do not tell whether two reports are of one home', (t) => {
  const area = attack(honest, { look: transport, pairs: PAIRS });
  t.diagnostic(`transport: ${area.toFixed(4)}`);
  assert.ok(Math.abs(area - 0.5) <= NEAR_HALF, `${area}`);
});

test('the day that a report names tells nothing', () => {
  const area = attack(honest, { look: dates, pairs: PAIRS });
  assert.ok(Math.abs(area - 0.5) <= NEAR_HALF, `${area}`);
});

test('the answers tell a little, as they repeat; all the rest adds nothing to them', (t) => {
  const [alone, withAll] = [answers, both].map((look) => attack(honest, { look, pairs: PAIRS }));
  t.diagnostic(`answers: ${alone?.toFixed(4)}, both: ${withAll?.toFixed(4)}`);
  assert.ok((withAll ?? 1) - (alone ?? 0) <= NEAR_HALF, `${alone} → ${withAll}`);
});

test('of two answers to one question in two quarters the answers tell more, and all the rest still adds nothing', (t) => {
  const areas = [transport, answers, both].map((look) =>
    attack(honest, { look, pairs: PAIRS / 4, isWanted: asksAgain }),
  );
  t.diagnostic(`transport, answers, both: ${areas.map((area) => area.toFixed(4)).join(', ')}`);
  const [transportAlone = 0, answersAlone = 0, withAll = 1] = areas;
  assert.ok(Math.abs(transportAlone - 0.5) <= NEAR_HALF, `${transportAlone}`);
  assert.ok(withAll - answersAlone <= NEAR_HALF, `${answersAlone} → ${withAll}`);
});
