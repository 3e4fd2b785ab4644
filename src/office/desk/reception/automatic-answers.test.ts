// Answered once in a week, durably; so many in a day; tried again when a peer says later; noted only when a peer has it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { ArrivalId } from '#formats/desk/model.ts';
import { AutomaticAnswers, type AnsweredStore, type SentTo } from './automatic-answers.ts';

const answer = {
  arrival: 'arrival-k7x2m5q4tz3d' as ArrivalId,
  letter: Buffer.from('letter'),
  policy: parseDigest('12'.repeat(32)),
  rule: 'clear',
};

function house(says: readonly SentTo[] = []) {
  const world = { nowMs: 1_000_000_000_000, text: undefined as string | undefined, breaks: false };
  const sent: string[] = [];
  const noted: string[] = [];
  const store: AnsweredStore = {
    read: async () => world.text,
    write: async (text) => {
      if (world.breaks) throw new Error('the disk is full');
      world.text = text;
    },
  };
  const open = (): AutomaticAnswers =>
    new AutomaticAnswers({
      clock: { nowMs: () => world.nowMs, monotonicMs: () => 0 },
      log: silentLog,
      store,
      markOf: (address) => `mark of ${address.length} ${address.at(0) ?? ''}`,
      send: async (to) => {
        sent.push(to);
        return says[sent.length - 1] ?? 'taken';
      },
      note: async ({ arrival }) => void noted.push(arrival),
      waitsMs: [5, 5],
    });
  return { world, sent, noted, open };
}

test('one author is answered once in a week, also by a program started anew; the store names nobody', async () => {
  const { world, open } = house();
  const first = open();
  const claims = await Promise.all([first.claim('lang@sta.test'), first.claim('lang@sta.test'), first.claim('gross@sta.test')]); // prettier-ignore
  assert.deepEqual(claims, [true, false, true]);
  assert.doesNotMatch(world.text ?? '', /@|sta/);
  assert.equal(await open().claim('lang@sta.test'), false);
  world.nowMs += limits.deskArrival.answerAgainMs - 1;
  assert.equal(await open().claim('lang@sta.test'), false);
  world.nowMs += 1;
  assert.equal(await open().claim('lang@sta.test'), true);
  assert.equal((JSON.parse(world.text ?? '') as { answered: unknown[] }).answered.length, 1, 'older marks go');
});

test('no more than so many in a day', async () => {
  const { world, open } = house();
  const answers = open();
  const { answersPerDay } = limits.deskArrival;
  const name = (nth: number): string => `${String.fromCodePoint(0x4e00 + nth)}@x.test`;
  for (let nth = 0; nth < answersPerDay; nth++) assert.equal(await answers.claim(name(nth)), true);
  assert.equal(await answers.claim(name(answersPerDay)), false);
  world.nowMs += 86_400_000;
  assert.equal(await answers.claim(name(answersPerDay)), true);
});

test('what cannot be remembered, or was damaged, is not answered', async () => {
  const { world, open } = house();
  world.breaks = true;
  assert.equal(await open().claim('lang@sta.test'), false);
  world.breaks = false;
  for (const text of ['', '{}', '{"v":1,"answered":[{"mark":1}]}', '{"v":2,"answered":[]}']) {
    world.text = text;
    assert.equal(await open().claim('lang@sta.test'), false, text);
    assert.equal(world.text, text, 'left for whoever mends it');
  }
});

test('a peer that says later is asked again, and the answer noted once it has it', async () => {
  const { sent, noted, open } = house(['later', 'later', 'taken']);
  await open().send('lang@sta.test', answer);
  assert.deepEqual([sent.length, noted], [1, []]);
  for (let tries = 0; tries < 200 && noted.length === 0; tries++) await wait(5);
  assert.deepEqual([sent.length, noted], [3, [answer.arrival]]);
});

test('refused, or later for too long: nothing is noted and nobody is asked again; closed, nothing goes out any more', async () => {
  for (const [says, tries] of [
    [['refused'], 1],
    [['later', 'later', 'later', 'taken'], 3],
  ] as const) {
    const { sent, noted, open } = house(says);
    await open().send('lang@sta.test', answer);
    await wait(80);
    assert.deepEqual([sent.length, noted], [tries, []]);
  }
  const { sent, open } = house(['later', 'taken']);
  const answers = open();
  await answers.send('lang@sta.test', answer);
  answers[Symbol.dispose]();
  await wait(50);
  assert.equal(sent.length, 1);
});
