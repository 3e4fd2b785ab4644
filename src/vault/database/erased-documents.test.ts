// The receipt of a work of the room for documents is found by its number without a walk through the book, and on older tables too.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { migrate, readMigrations } from './migrate.ts';
import { findErasedDocuments } from './read-receipts.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';
import { newDatabase } from './test-house.ts';

const ROWS = 5_000;
const INDEX = 8;
const jobOf = (nth: number): string =>
  `a${nth.toString().replaceAll(/[0189]/g, (digit) => 'bcde'['0189'.indexOf(digit)] ?? '')}`.padStart(26, 'x');

let cluster: TestCluster;
before(async () => {
  cluster = await startTestCluster();
});
after(() => cluster[Symbol.asyncDispose]());

for (const isOlder of [false, true])
  test(isOlder ? 'on tables that the index has not reached it is found too' : 'it is found by the index', async () => {
    const database = await newDatabase(cluster);
    await using owner = await database.connectAs('owner');
    const migrations = (await readMigrations()).filter(({ number }) => !isOlder || number < INDEX);
    assert.ok((await migrate(owner, migrations)).ok);
    const facts = Array.from({ length: ROWS }, (_, nth) => JSON.stringify({ documents: 1, job: jobOf(nth) }));
    await owner.rows(
      `INSERT INTO receipt (account_id, journal, seq, nth, kind, time_ms, facts)
       SELECT '00000000-0000-0000-0000-000000000000', 1, n, 0, 'documents-erased', n, one
       FROM unnest($1::text[]) WITH ORDINALITY AS given (one, n)`,
      [`{${facts.map((one) => JSON.stringify(one)).join(',')}}`],
    );
    await owner.rows('ANALYZE receipt');
    const used = async (): Promise<number> => {
      await owner.rows('SELECT pg_stat_force_next_flush()');
      const [row] = await owner.rows<{ scans: string }>(
        "SELECT coalesce(sum(idx_scan), 0)::text AS scans FROM pg_stat_user_indexes WHERE indexrelname = 'receipt_erased'",
      );
      return Number(row?.scans);
    };
    const before = await used();
    const found = await findErasedDocuments(database.reader.db, jobOf(1_234));
    assert.equal(found?.facts['job'], jobOf(1_234));
    assert.equal(await findErasedDocuments(database.reader.db, jobOf(ROWS)), undefined);
    // counted by its own connection, which tells it a second later at the earliest
    const looksMax = isOlder ? 0 : 20;
    for (let looks = 0; looks < looksMax && (await used()) === before; looks++) {
      await new Promise((go) => setTimeout(go, 300));
      await findErasedDocuments(database.reader.db, jobOf(looks));
    }
    assert.equal((await used()) > before, !isOlder);
    await database.close();
  });
