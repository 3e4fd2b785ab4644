// A report that is due leaves at its moment, to the millisecond, whenever the program was started.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { dueAt, momentOf, nextMomentOf, noteReport, NOTHING_ANSWERED, type Answered } from '../report/plan.ts';
import { weekOf, WEEK_MS } from '../report/weeks.ts';
import { lookAtMoments } from './at-moments.ts';

const LOOK_MS = 5 * 60_000;
const seed = new Uint8Array(32).fill(7);

/** How late each report of eight weeks left, in ms. */
async function lateness(t: TestContext, startMs: number, isRhythm: boolean): Promise<readonly number[]> {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: startMs });
  const clock = { nowMs: () => Date.now() };
  const late: number[] = [];
  let answered: Answered = NOTHING_ANSWERED;
  const look = (): Promise<void> => {
    const nowMs = clock.nowMs();
    if (dueAt(seed, answered, nowMs) === 'now') {
      late.push(nowMs - momentOf(seed, weekOf(nowMs)));
      answered = noteReport(answered, weekOf(nowMs), undefined);
    }
    return Promise.resolve();
  };
  const rhythm = isRhythm ? setInterval(() => void look(), LOOK_MS) : undefined;
  const moments = isRhythm
    ? undefined
    : lookAtMoments({ clock, look, lookMs: LOOK_MS, nextMs: () => nextMomentOf(seed, answered, clock.nowMs()) });
  for (const endMs = startMs + 8 * WEEK_MS; Date.now() < endMs;) {
    // from one timer to the next, as both kinds are set
    const leftMs = nextMomentOf(seed, answered, clock.nowMs()) - clock.nowMs();
    t.mock.timers.tick(Math.min(leftMs, LOOK_MS - ((Date.now() - startMs) % LOOK_MS)));
    await Promise.resolve();
    await Promise.resolve();
  }
  clearInterval(rhythm);
  moments?.[Symbol.dispose]();
  t.mock.timers.reset();
  return late;
}

test('reports leave at their moment; twin: looked for in a rhythm they leave at the rhythm', async (t) => {
  const startMs = Date.UTC(2027, 0, 4, 7, 31, 12, 345);
  const exact = await lateness(t, startMs, false);
  assert.ok(exact.length >= 7, `${exact.length} reports`);
  assert.deepEqual(new Set(exact), new Set([0]));
  const rhythmic = await lateness(t, startMs, true);
  assert.ok(rhythmic.length >= 7 && rhythmic.every((lateMs) => lateMs > 0), rhythmic.join(' '));
});

test('a clock that is set is followed at the next look, and nothing is looked for any more at the end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let [nowMs, looks] = [0, 0];
  const look = (): Promise<void> => {
    looks += 1;
    return Promise.resolve();
  };
  const moments = lookAtMoments({ clock: { nowMs: () => nowMs }, nextMs: () => 1e9, look, lookMs: LOOK_MS });
  nowMs = 1e9 - 500; // set forward
  t.mock.timers.tick(LOOK_MS);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(looks, 1);
  t.mock.timers.tick(500);
  await Promise.resolve();
  assert.equal(looks, 2);
  moments[Symbol.dispose]();
  t.mock.timers.tick(10 * LOOK_MS);
  await Promise.resolve();
  assert.equal(looks, 2);
});
