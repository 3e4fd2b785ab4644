// Killed between any two steps, and again while it goes on: a change stands as before or as after, and its records say the same as the rows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import type { Migration } from '../../database/migrate.ts';
import { applyChange, resume } from './apply-change.ts';
import type { ChangeParts } from './parts.ts';
import { Killed, nameOperators, openTestChanges, ROWS, type TestChanges } from './test-changes.ts';
import { runPendingMigrations } from './run-migrations.ts';
import { FILL, kaya, must, ready, rowsOf, signed, words } from './test-walk.ts';
import { undoChange } from './undo-change.ts';

const INDEX = 'CREATE INDEX CONCURRENTLY note_by_words ON note (words);';
let cluster: TestCluster;
before(async () => {
  cluster = await startTestCluster();
});
after(() => cluster[Symbol.asyncDispose]());

async function withHouse(work: (test: TestChanges) => Promise<void>): Promise<void> {
  const house = await openTestChanges(cluster);
  try {
    await work(house);
  } finally {
    await house.close();
  }
}

/** What stands at the end: all or nothing, and the records say the same as the rows. */
async function checkWhole(house: TestChanges, at: string): Promise<void> {
  const book = house.begin().book;
  const filled = await words(house);
  for (const change of book.changes.values()) {
    const expected = change.standing === 'verified' ? ROWS - 100 : undefined;
    assert.ok(
      ['verified', 'undone', 'closed', 'rehearsed', 'backedUp', 'planned'].includes(change.standing),
      `${at}: ${change.standing}`,
    );
    assert.equal(filled, expected, `${at}: ${change.standing}`);
  }
  assert.equal(await rowsOf(house), ROWS, at);
}

async function survive<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Killed) return undefined;
    throw cause;
  }
}

async function walk(parts: ChangeParts): Promise<void> {
  if (parts.book.operators.length === 0) await nameOperators(parts, [kaya]);
  const change = await ready(parts);
  await signed(parts, change, [kaya]);
  must(await applyChange(parts, change.number));
}

test('killed after each step of a change and once more while it goes on: before or after, never between', async () => {
  let steps = 0;
  await withHouse(async (house) => {
    await walk(house.begin());
    steps = house.stepsSeen();
  });
  assert.ok(steps > 12, `${steps} steps`);
  for (let first = 1; first <= steps; first++) {
    await withHouse(async (house) => {
      await survive(() => walk(house.begin(first)));
      await survive(() => resume(house.begin(1 + (first % 3))));
      const ended = await survive(() => resume(house.begin()));
      assert.ok(ended?.ok === true, `killed at ${first}`);
      await checkWhole(house, `killed at step ${first} of ${steps}`);
    });
  }
});

test('a migration that fills rows is divided too: killed at any step it stands as before or as after, noted once', async () => {
  const migrations: readonly Migration[] = [{ number: 1, name: 'words', sql: `${FILL} ${INDEX}` }];
  let steps = 0;
  let gone = 0;
  for (let at = 0; at <= steps; at++) {
    await withHouse(async (house) => {
      const begin = (kill?: number): ChangeParts => ({ ...house.begin(kill), migrations });
      await survive(() => runPendingMigrations(begin(at === 0 ? undefined : at)));
      if (at === 0) steps = house.stepsSeen();
      const ended = await survive(() => resume(begin()));
      assert.ok(ended?.ok === true, `killed at ${at}`);
      await checkWhole(house, `killed at step ${at} of ${steps}`);
      await survive(() => runPendingMigrations(begin()));
      await checkWhole(house, `gone on after step ${at} of ${steps}`);
      await using session = await house.lasting.live();
      const register = await session.rows('SELECT number FROM schema_migration');
      const isIn = must(begin().book.find(1)).standing === 'verified';
      assert.equal(register.length, isIn ? 1 : 0, `killed at ${at}`);
      gone += isIn ? 1 : 0;
    });
  }
  assert.ok(steps > 12, `${steps} steps`);
  assert.ok(gone > steps / 2, `${gone} of ${steps} went on to their end`);
});

test('an undo that is interrupted twice ends, and every letter of before and since is there', async () => {
  for (let first = 1; first <= 4; first++) {
    for (let second = 1; second <= 3; second++) {
      await withHouse(async (house) => {
        await walk(house.begin());
        await survive(() => undoChange(house.begin(first), 1, 'wrong'));
        await survive(() => resume(house.begin(second)));
        const ended = await survive(() => resume(house.begin()));
        assert.ok(ended?.ok === true, `${first}, ${second}`);
        const { standing } = must(house.begin().book.find(1));
        assert.ok(standing === 'undone' || standing === 'verified');
        await checkWhole(house, `undo killed at ${first}, then ${second}`);
      });
    }
  }
});
