// The history budget of a house: every kind of copy is counted, also what nobody knows any more, and one that fails keeps no other.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type SubmissionId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { budgetWarnings, copyIds, describeBudget, historyBudget } from '#vault/safeguards/forgetting/history-budget.ts';
import { copyKinds, dropOldCopies, type CopiesWay } from './copies-kept.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_900_000_000_000;

async function inHouse(work: (way: CopiesWay, dropped: string[]) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sgl-copies-'));
  const dropped: string[] = [];
  const clock = manualClock(NOW_MS);
  const name = newId<SubmissionId>();
  const way = {
    dataDir,
    clock,
    log: silentLog,
    vault: { generations: undefined },
    backups: {
      prune: async () => assert.fail('the place is not there'),
      copies: () => [
        { isSecond: false, list: async () => [{ name: '20300101-000000-abcdef', sinceMs: NOW_MS - 31 * DAY_MS }] },
        { isSecond: true, list: () => Promise.reject(new Error('a backup that cannot be read')) },
      ],
    },
    live: {
      letters: () => [],
      memory: {
        remembered: async () => [{ name, sinceMs: NOW_MS - 31 * DAY_MS }],
        forget: async () => dropped.push('memory'),
      },
    },
    attic: {
      list: async () => [{ name: 'until_20300101_c1_note', sinceMs: NOW_MS - 40 * DAY_MS }],
      empty: async () => void dropped.push('attic'),
    },
  };
  try {
    await work(way, dropped);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

test('each kind is listed with its oldest, and what is too old or cannot be read is said in a sentence', () =>
  inHouse(async (way) => {
    const budgets = await historyBudget(NOW_MS, copyKinds(way));
    assert.deepEqual(budgets.map(({ id }) => id).toSorted(), [...copyIds].toSorted());
    const over = budgets.filter(({ isOver }) => isOver);
    assert.deepEqual(
      over.map((one) => `${one.kind}: ${describeBudget(one)}`),
      [
        'Backups: 1, the oldest 31 days (at most 30 days): too old',
        'Backups at the second place: cannot be read (at most 30 days)',
        'Attic: dropped tables and columns: 1, the oldest 40 days (at most 31 days): too old',
      ],
    );
    assert.equal(budgetWarnings(budgets).length, 3);
  }));

test('databases and points whose facts are lost are counted by their last change', () =>
  inHouse(async (way) => {
    for (const [path, days] of [
      ['postgres/gen-0003', 40],
      ['postgres/.gone-gen-0002', 1],
      ['postgres/points/day-20300101', 35],
    ] as const) {
      const folder = join(way.dataDir, path);
      await mkdir(folder, { recursive: true });
      await utimes(folder, (NOW_MS - days * DAY_MS) / 1_000, (NOW_MS - days * DAY_MS) / 1_000);
    }
    const budgets = await historyBudget(NOW_MS, copyKinds(way));
    const seen = budgets.filter(({ id }) => id === 'retired' || id === 'points');
    assert.deepEqual(
      seen.map(({ id, copies, oldest, isOver }) => [id, copies, oldest?.name, isOver]),
      [
        ['retired', 2, 'gen-0003', true],
        ['points', 1, 'day-20300101', true],
      ],
    );
  }));

test('where one place cannot be used, what is too old elsewhere goes all the same', () =>
  inHouse(async (way, dropped) => {
    await dropOldCopies(way);
    assert.deepEqual(dropped, ['attic', 'memory']);
  }));
