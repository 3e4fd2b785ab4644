// When reports leave: any millisecond of the week alike, and no week tells anything of the next. 2,000 homes over 52 weeks, the same each run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throwDice } from '../../../bench/transit/dice.ts';
import type { Seed } from '#office/telemetry/report/chance.ts';
import { momentOf } from '#office/telemetry/report/plan.ts';
import { beginOfWeek, WEEK_MINUTES, WEEK_MS } from '#office/telemetry/report/weeks.ts';
import { FIRST_WEEK, seedOf } from './homes.ts';
import { DEVIATIONS_MAX, deviationsFromAlike, deviationsOf } from './statistics.ts';

const HOMES = 2_000;
const WEEKS = 52;
const MINUTE_MS = 60_000;

type MomentOf = (seed: Seed, week: number) => number;

/** For each home the milliseconds since Monday of each week's report. */
function offsetsBy(momentOf: MomentOf): readonly (readonly number[])[] {
  return Array.from({ length: HOMES }, (_, home) => {
    const seed = seedOf(home);
    return Array.from({ length: WEEKS }, (_, nth) => momentOf(seed, FIRST_WEEK + nth) - beginOfWeek(FIRST_WEEK + nth));
  });
}

/** Deviations by what was looked at: all within ± DEVIATIONS_MAX for chance that is alike everywhere. */
function lookAtTimes(offsets: readonly (readonly number[])[]): Readonly<Record<string, number>> {
  const all = offsets.flat();
  const minutes = all.map((offsetMs) => Math.floor(offsetMs / MINUTE_MS));
  return {
    'minute of the week': deviationsFromAlike(minutes, WEEK_MINUTES),
    'minute of the day': deviationsFromAlike(minutes.map((minute) => minute % 1440), 1440), // prettier-ignore
    'minute of the hour': deviationsFromAlike(minutes.map((minute) => minute % 60), 60), // prettier-ignore
    'hour of the week': deviationsFromAlike(minutes.map((minute) => minute / 60), 168), // prettier-ignore
    'hour of the day': deviationsFromAlike(minutes.map((minute) => (minute % 1440) / 60), 24), // prettier-ignore
    'day of the week': deviationsFromAlike(minutes.map((minute) => minute / 1440), 7), // prettier-ignore
  };
}

function lookAtWithin(offsets: readonly (readonly number[])[]): Readonly<Record<string, number>> {
  const all = offsets.flat();
  return {
    'second of the minute': deviationsFromAlike(all.map((offsetMs) => (offsetMs % MINUTE_MS) / 1_000), 60), // prettier-ignore
    'hundredth of the second': deviationsFromAlike(all.map((offsetMs) => (offsetMs % 1_000) / 10), 100), // prettier-ignore
  };
}

function lookAtWeeks(offsets: readonly (readonly number[])[]): Readonly<Record<string, number>> {
  const cells = 24;
  const cellOf = (offsetMs = 0): number => Math.floor((offsetMs / WEEK_MS) * cells);
  const follow = (weeks: number): readonly (readonly [number, number])[] =>
    offsets.flatMap((own) => own.slice(weeks).map((offsetMs, nth) => [own[nth] ?? 0, offsetMs] as const));
  const apart = (weeks: number): readonly number[] =>
    follow(weeks).map(([one, next]) => ((next - one + WEEK_MS) % WEEK_MS) / (WEEK_MS / 168));
  return {
    'the next week’s place for each place': deviationsFromAlike(
      follow(1).map(([one, next]) => cellOf(one) * cells + cellOf(next)),
      cells * cells,
    ),
    'time to the next week’s': deviationsFromAlike(apart(1), 168),
    'time to that of the fourth week': deviationsFromAlike(apart(4), 168),
    'time to that of the next quarter': deviationsFromAlike(apart(13), 168),
    'one home’s times of the week, drawn to one': leaning(offsets, WEEK_MS),
    'one home’s times of the day, drawn to one': leaning(offsets, WEEK_MS / 7),
    'one home’s minutes, drawn to one': leaning(offsets, 60 * MINUTE_MS),
  };
}

/** Rayleigh: 2nR² of each home is χ² of two degrees where its times lean nowhere. */
function leaning(offsets: readonly (readonly number[])[], periodMs: number): number {
  const chiSquare = offsets.reduce((sum, own) => {
    const angles = own.map((offsetMs) => (2 * Math.PI * offsetMs) / periodMs);
    const [x, y] = [Math.cos, Math.sin].map((part) => angles.reduce((total, angle) => total + part(angle), 0));
    return sum + (2 * ((x ?? 0) ** 2 + (y ?? 0) ** 2)) / own.length;
  }, 0);
  return deviationsOf(chiSquare, 2 * offsets.length);
}

function farthest(looks: Readonly<Record<string, number>>): number {
  return Math.max(...Object.values(looks).map(Math.abs));
}

const honest = offsetsBy(momentOf);
/** Each home the same minute every week, any of them. */
const fixedMinute = offsetsBy((seed, week) => momentOf(seed, FIRST_WEEK) - beginOfWeek(FIRST_WEEK) + beginOfWeek(week));
/** The minute of the week in which the box was ticked: when people sit at their machines. */
const minuteOfConsent = offsetsBy((seed, week) => {
  const dice = throwDice(Buffer.from(seed).readUInt32BE());
  const day = Math.floor(dice.next() * 5);
  return beginOfWeek(week) + ((day * 24 + 8) * 60 + Math.floor(dice.next() * 600)) * MINUTE_MS;
});

test('reports leave in every minute, hour and day of the week alike', () => {
  for (const [name, deviations] of Object.entries(lookAtTimes(honest)))
    assert.ok(Math.abs(deviations) < DEVIATIONS_MAX, `${name}: ${deviations} deviations`);
  assert.ok(farthest(lookAtTimes(minuteOfConsent)) > 10 * DEVIATIONS_MAX, 'twin: the minute of consent');
});

test('within its minute a report leaves at any moment, so that a clock that is wrong by seconds marks nobody', () => {
  for (const [name, deviations] of Object.entries(lookAtWithin(honest)))
    assert.ok(Math.abs(deviations) < DEVIATIONS_MAX, `${name}: ${deviations} deviations`);
  const toTheMinute = honest.map((own) => own.map((offsetMs) => offsetMs - (offsetMs % MINUTE_MS)));
  assert.ok(farthest(lookAtWithin(toTheMinute)) > 10 * DEVIATIONS_MAX, 'twin: always at the full minute');
});

test('one week’s moment tells nothing of the next', () => {
  for (const [name, deviations] of Object.entries(lookAtWeeks(honest)))
    assert.ok(Math.abs(deviations) < DEVIATIONS_MAX, `${name}: ${deviations} deviations`);
  assert.ok(farthest(lookAtWeeks(fixedMinute)) > 10 * DEVIATIONS_MAX, 'twin: a fixed minute');
  assert.ok(farthest(lookAtWeeks(minuteOfConsent)) > 10 * DEVIATIONS_MAX, 'twin: the minute of consent');
});
