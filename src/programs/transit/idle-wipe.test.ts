// When the room's process wipes itself: after the last of its works, again for slow readers, and now and then where work never ends.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mock, test, type TestContext } from 'node:test';
import { createIdleWipe, type IdleWipe } from './idle-wipe.ts';
import { countInMemory } from './search-memory.ts';
import { WIPING_ENVIRONMENT, WIPING_FLAGS } from './start-process.ts';

const WITHOUT_FLAG = WIPING_FLAGS.filter((flag) => flag !== '--zero-unused-memory');
const FORGETFUL = new URL('../../../test/transit/forgetful-program.ts', import.meta.url);

/** How many words it keeps and how many it should have forgotten stand in its memory. */
async function lookInto(flags: readonly string[]): Promise<readonly [number, number]> {
  const child = fork(FORGETFUL, { execArgv: [...flags], env: { ...process.env, ...WIPING_ENVIRONMENT } });
  await once(child, 'message');
  const count = (word: string): number => countInMemory(child.pid ?? 0, [Buffer.from(word)]);
  const counts = [count('kept-word'), count('forgotten-word')] as const;
  child.disconnect();
  await once(child, 'exit');
  return counts;
}

interface Tried {
  readonly wipe: IdleWipe;
  /** Each wiping collects twice. */
  readonly wipes: () => number;
  pass(ms: number): Promise<void>;
}

function open(t: TestContext, hasCollector = true): Tried {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  let [nowMs, collected] = [0, 0];
  const collect = hasCollector ? (): void => void (collected += 1) : undefined;
  return {
    wipe: createIdleWipe({ collect, rinse: async () => undefined, nowMs: () => nowMs }),
    wipes: () => collected / 2,
    async pass(ms) {
      nowMs += ms;
      mock.timers.tick(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('it wipes a moment after the last work, again after seconds and after a minute, and then no more', async (t) => {
  const { wipe, wipes, pass } = open(t);
  const long = Promise.withResolvers<void>();
  const working = wipe.after(long.promise);
  await wipe.after(Promise.resolve());
  await pass(20_000);
  assert.equal(wipes(), 0, 'another is at work');
  long.resolve();
  await working;
  const counts: number[] = [];
  for (const ms of [299, 1, 4_700, 55_000, 600_000]) {
    await pass(ms);
    counts.push(wipes());
  }
  assert.deepEqual(counts, [0, 1, 2, 3, 3]);
});

test('where something is always at work it wipes once a minute', async (t) => {
  const { wipe, wipes, pass } = open(t);
  const endless = wipe.after(new Promise<void>(() => undefined));
  void endless;
  for (let seconds = 0; seconds < 180; seconds += 10) {
    await wipe.after(Promise.resolve());
    await pass(10_000);
  }
  assert.ok(wipes() >= 2 && wipes() <= 3, String(wipes()));
});

test('work that fails is followed by it too; without the collector there is none', async (t) => {
  const { wipe, wipes, pass } = open(t);
  await assert.rejects(wipe.after(Promise.reject(new Error('the work broke'))));
  await pass(300);
  assert.equal(wipes(), 1);
  const unwiping = createIdleWipe({ collect: undefined, rinse: () => assert.fail('nothing to wipe with') });
  await unwiping.after(Promise.resolve());
  await pass(60_000);
});

test('words that were forgotten between words that are kept are overwritten; without the flag that does it, they stay', async (t) => {
  const [kept, forgotten] = await lookInto(WIPING_FLAGS);
  assert.ok(kept >= 18_000, 'the look finds what is there');
  assert.equal(forgotten, 0);
  // now and then the collector moves all that is kept, and then even without the flag nothing is left
  let left = 0;
  for (let tries = 0; tries < 6 && left === 0; tries++) [, left] = await lookInto(WITHOUT_FLAG);
  t.diagnostic(`${left} of 2,000 without it`);
  assert.ok(left > 0);
});
