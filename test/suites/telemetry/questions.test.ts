// Which week brings which question: any alike, and one quarter tells nothing of the next. 2,000 homes over two quarters, the same each run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import type { Seed } from '#office/telemetry/report/chance.ts';
import { noteReport, NOTHING_ANSWERED, questionOf, type Answered } from '#office/telemetry/report/plan.ts';
import { weeksLeft } from '#office/telemetry/report/weeks.ts';
import { asked, FIRST_WEEK, seedOf } from './homes.ts';
import { DEVIATIONS_MAX, deviationsFromAlike } from './statistics.ts';

const HOMES = 2_000;
/** Where two quarters of one length begin. */
const START = ((): number => {
  let week = FIRST_WEEK;
  while (weeksLeft(week) !== weeksLeft(week + weeksLeft(week))) week += weeksLeft(week);
  return week;
})();
const WEEKS = weeksLeft(START);
const hashes = asked.map(({ hash }) => hash);

/** For each home and question the week of the first and of the second quarter, from 0. */
function placesBy(choose: typeof questionOf): readonly (readonly [number, number])[] {
  return Array.from({ length: HOMES }, (_, home) => {
    const seed = seedOf(home);
    let answered: Answered = NOTHING_ANSWERED;
    const found = new Map<string, number[]>();
    for (let nth = 0; nth < 2 * WEEKS; nth++) {
      const question = choose(seed, answered, START + nth, hashes);
      answered = noteReport(answered, START + nth, question);
      if (question !== undefined) found.set(question, [...(found.get(question) ?? []), nth % WEEKS]);
    }
    return hashes.map((hash) => {
      const [first, second] = requireValue(found.get(hash), 'each question was asked');
      return [requireValue(first, 'in the first quarter'), requireValue(second, 'in the second')] as const;
    });
  }).flat();
}

function lookAt(places: readonly (readonly [number, number])[]): readonly number[] {
  const byQuestion = places.map(([week], nth) => (nth % hashes.length) * WEEKS + week);
  return [
    deviationsFromAlike(byQuestion, hashes.length * WEEKS),
    deviationsFromAlike(places.map(([first, second]) => first * WEEKS + second), WEEKS * WEEKS), // prettier-ignore
  ];
}

const farthest = (deviations: readonly number[]): number => Math.max(...deviations.map(Math.abs));

test('each question comes in each week of a quarter alike often, whenever it came in the quarter before', () => {
  const deviations = lookAt(placesBy(questionOf));
  assert.ok(farthest(deviations) < DEVIATIONS_MAX, deviations.join(' '));
});

test('twins: all ask in one order; each home in an order of its own', () => {
  const open = (answered: Answered, week: number): readonly string[] =>
    (week - START) % WEEKS === 0 ? hashes : hashes.filter((hash) => !answered.questions.includes(hash));
  const inOrder = lookAt(placesBy((_, answered, week) => open(answered, week)[0]));
  assert.ok(farthest(inOrder) > 10 * DEVIATIONS_MAX);
  const place = (seed: Seed, hash: string): number => Number.parseInt(hash.slice(0, 8), 16) ^ Buffer.from(seed).readInt32BE(); // prettier-ignore
  const [, follows = 0] = lookAt(
    placesBy((seed, answered, week) => open(answered, week).toSorted((a, b) => place(seed, a) - place(seed, b))[0]),
  );
  assert.ok(follows > 10 * DEVIATIONS_MAX, `${follows}`);
});
