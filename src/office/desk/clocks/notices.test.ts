// Each clock is told of once when it is in its last quarter and once when it is over, by number and time alone; what nobody got is told again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilingNumber } from '#formats/desk/model.ts';
import { noticeDeadlines, type DueClock } from './notices.ts';

function house() {
  let kept: string | undefined;
  const letters: { subject: string; plainText: string }[] = [];
  const world = { due: [] as DueClock[], readers: 2, breaks: false };
  const run = (): Promise<number> =>
    noticeDeadlines({
      store: {
        read: async () => kept,
        write: async (text) => {
          if (world.breaks) throw new Error('the disk is full');
          kept = text;
        },
      },
      due: async () => world.due,
      tell: async (subject, plainText) => {
        if (world.readers > 0) letters.push({ subject, plainText });
        return world.readers;
      },
    });
  return { world, letters, run, kept: () => kept };
}

const clock = (nth: number, isOver = false): DueClock => ({
  filing: `2026-000${nth}` as FilingNumber,
  kind: 'ANSWER',
  dueMs: Date.parse('2026-12-03T09:00:00Z') + nth,
  isOver,
});

test('once when it is soon, once when it is over, never again', async () => {
  const { world, letters, run } = house();
  assert.equal(await run(), 0);
  world.due = [clock(1), clock(2)];
  assert.deepEqual([await run(), await run()], [2, 0]);
  world.due = [clock(1, true), clock(2)];
  assert.deepEqual([await run(), await run(), letters.length], [1, 0, 2]);
  assert.match(letters[0]?.plainText ?? '', /2026-0001: Antwort fällig 2026-12-03 09:00 UTC \(läuft bald ab\)/);
  assert.match(letters[1]?.subject ?? '', /abgelaufen/);
  assert.doesNotMatch(letters[1]?.plainText ?? '', /2026-0002/);
});

test('what nobody got is told again, and so is what could not be remembered', async () => {
  const { world, letters, run, kept } = house();
  world.due = [clock(1)];
  world.readers = 0;
  assert.deepEqual([await run(), kept()], [0, undefined]);
  world.readers = 1;
  world.breaks = true;
  await assert.rejects(run(), /disk is full/);
  world.breaks = false;
  assert.deepEqual([await run(), await run(), letters.length], [1, 0, 2]);
});

test('a clock that runs no more is forgotten, so the store never grows', async () => {
  const { world, run, kept } = house();
  world.due = [clock(1), clock(2, true)];
  await run();
  world.due = [];
  assert.equal(await run(), 0);
  assert.deepEqual(JSON.parse(kept() ?? ''), { v: 1, told: [] });
});
