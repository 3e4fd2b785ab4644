// How a statement over many rows leaves room for others: small transactions, as long as others can wait, and pauses between them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Database } from '../../database/open-database.ts';
import type { Session } from '../../database/session.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { newDatabase } from '../../database/test-house.ts';
import { nextSize } from './backfill.ts';
import { readStatements } from './read-plan.ts';
import { runSteps, type RunReport } from './run-steps.ts';

const ROWS = 8_000;
const { rowsMin, rowsMax, batchMs } = limits.change.backfill;

let cluster: TestCluster;
let database: Database;
before(async () => {
  cluster = await startTestCluster();
  database = await newDatabase(cluster);
});
after(async () => {
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

async function makeNotes(session: Session): Promise<void> {
  await session.script(`DROP TABLE IF EXISTS note; CREATE TABLE note (n integer PRIMARY KEY, words integer, text text NOT NULL);
    INSERT INTO note SELECT n, NULL, 'note ' || n FROM generate_series(1, ${ROWS}) n`);
}

let changes = 0;

async function run(session: Session, sql: string, step: (name: string) => Promise<void>): Promise<RunReport> {
  const read = await readStatements(sql, { origin: 'operator', change: 1, forgetDay: '' });
  if (!read.ok) throw new Error(read.error.kind);
  const { statements } = read.value;
  const work = { change: ++changes, planDigest: '00'.repeat(32), expiresMs: Date.UTC(2100), statements };
  return runSteps(session, work, { clock: systemClock, step, isGentle: true });
}

test('a batch that made others wait is followed by a smaller one, a quick one by a larger, within bounds', () => {
  assert.equal(nextSize(rowsMin, 0), rowsMin * 2);
  assert.equal(nextSize(rowsMax, 0), rowsMax);
  assert.equal(nextSize(rowsMax, batchMs + 1), rowsMax / 2);
  assert.equal(nextSize(rowsMin, batchMs * 100), rowsMin);
  assert.equal(nextSize(rowsMin * 2, batchMs / 2), rowsMin * 2);
});

test('somebody changes a row while all rows are filled; in one transaction they would wait to its end', async () => {
  await using owner = await database.connectAs('owner');
  await using person = await database.connect();
  await person.script('SET lock_timeout = 200');
  const fill = 'UPDATE note SET words = length(text)';
  const change = (): Promise<unknown> => person.rows(`UPDATE note SET text = 'mine' WHERE n = 1`);
  await makeNotes(owner);
  const filled: number[] = [];
  await run(owner, fill, async () => {
    await change();
    const [row] = await person.rows<{ count: number }>('SELECT count(words)::int AS count FROM note');
    filled.push(row?.count ?? 0);
  });
  assert.equal(filled[0], rowsMin, 'after the first batch the row was free');
  assert.equal(filled.at(-1), ROWS);
  await makeNotes(owner);
  await owner.transaction(async () => {
    await owner.script(fill);
    await assert.rejects(change(), { code: '55P03' }, 'the twin: nobody gets at the row before the end');
  });
});

test('a rule is checked against all rows without the lock that made it: people read and write meanwhile', async () => {
  const read = await readStatements(
    `ALTER TABLE note ADD CONSTRAINT known CHECK (n > 0) NOT VALID; ALTER TABLE note VALIDATE CONSTRAINT known;`,
    { origin: 'operator', change: 1, forgetDay: '' },
  );
  assert.deepEqual(read.ok && read.value.statements.map(({ way }) => way), ['ddl', 'alone']);
  await using owner = await database.connectAs('owner');
  await makeNotes(owner);
  const seen: string[] = [];
  const report = await run(
    owner,
    `ALTER TABLE note ADD CONSTRAINT known CHECK (n > 0) NOT VALID; ALTER TABLE note VALIDATE CONSTRAINT known;`,
    async (name) => {
      await using person = await database.connect();
      await person.rows(`UPDATE note SET text = 'mine' WHERE n = 1`);
      const [row] = await person.rows<{ valid: boolean }>(
        `SELECT convalidated AS valid FROM pg_constraint WHERE conname = 'known'`,
      );
      seen.push(`${name} ${String(row?.valid)}`);
    },
  );
  assert.deepEqual(seen, ['ran-0 false', 'ran-1 true']);
  assert.deepEqual(report.locks, ['note AccessExclusiveLock']);
});
