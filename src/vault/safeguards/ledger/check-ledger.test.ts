// Rows against journal: equal after any life, and every way of losing, doubling or mixing up letters in the database is named.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { requireValue } from '#base/assert.ts';
import { idToUuid } from '../../database/ids.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { doRandomThings } from '../../database/test-operations.ts';
import { openTestHouse, TEST_LEDGER_KEY, type TestAccount, type TestHouse } from '../../database/test-house.ts';
import { checkLedger, readLedgerHead, type LedgerReport } from './check-ledger.ts';
import { formatSum } from './ledger-sum.ts';
import { sumAside, type SumAside } from './sum-aside.ts';

let cluster: TestCluster;
let scratch = '';
let house: TestHouse;
const accounts: TestAccount[] = [];

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-ledger-'));
  cluster = await startTestCluster();
  house = await openTestHouse(cluster, scratch);
  await doRandomThings(house.door, accounts, 1_200);
  // the ledger finds what the guard would have refused
  await asSuperuser('SET event_triggers = off; DROP SCHEMA siegel_guard CASCADE');
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function check(
  more: { readonly isDeep?: boolean; readonly accountId?: TestAccount['id']; readonly sumAside?: SumAside } = {},
): Promise<LedgerReport> {
  const { database, journal } = house;
  return checkLedger({ database, journal, ledgerKey: TEST_LEDGER_KEY, ...more });
}

/** As nobody can in a house: the superuser of the test's cluster. */
async function asSuperuser(sql: string): Promise<void> {
  await using session = await house.database.connect();
  const [named] = await session.rows<{ name: string }>('SELECT current_database() AS name');
  const client = new Client({ connectionString: cluster.url(requireValue(named, 'a database').name) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Runs SQL, looks, and takes everything back again. */
async function whileSpoiled(spoil: string, undo: string, look: () => Promise<void>): Promise<void> {
  await asSuperuser(spoil);
  try {
    await look();
  } finally {
    await asSuperuser(undo);
  }
  assert.equal((await check({ isDeep: true })).isEqual, true, 'taken back');
}

function someAccount(): TestAccount {
  return requireValue(
    accounts.toSorted((left, right) => right.letters.length - left.letters.length)[0],
    'an account with letters',
  );
}

test('after 1,200 random things both sides name the same letters in the same places', async () => {
  const report = await check({ isDeep: true });
  assert.deepEqual(report.mailboxes, []);
  assert.deepEqual(report.letters, []);
  assert.deepEqual(report.wrongElements, []);
  assert.equal(report.isEqual, true);
  assert(report.head.letters.count > 200, `${report.head.letters.count} letters`);
  assert.equal(formatSum(report.head.letters), formatSum(report.journalHead.letters));
  assert.equal(formatSum(report.head.places), formatSum(report.journalHead.places));
  assert.deepEqual(await readLedgerHead(house.database, 0), report.head);
});

/** The journal summed in a thread, and how often it was asked to. */
function aside(): { readonly sum: SumAside; readonly asked: () => number } {
  let asked = 0;
  const directory = join(scratch, house.instanceId);
  const sum = sumAside({ directory, journal: house.journal.journal, ledgerKey: TEST_LEDGER_KEY });
  return { sum: (...order) => (asked++, sum(...order)), asked: () => asked };
}

test('the journal summed in a thread of its own gives the same report; a letter that is gone is named all the same', async () => {
  const { sum, asked } = aside();
  const here = await check();
  const there = await check({ sumAside: sum });
  assert.deepEqual(there, here);
  assert.equal(asked(), 1);
  assert.equal((await check({ sumAside: sum, isDeep: true })).isEqual, true);
  assert.equal(asked(), 1, 'a deep look compares every letter, so it does not ask');
  const account = idToUuid(someAccount().id);
  const where = `account_id = '${account}' AND letter_id = (SELECT min(letter_id::text)::uuid FROM letter WHERE account_id = '${account}')`;
  await whileSpoiled(
    `CREATE TABLE kept AS SELECT * FROM letter WHERE ${where}; DELETE FROM letter WHERE ${where}`,
    'INSERT INTO letter SELECT * FROM kept; DROP TABLE kept',
    async () => {
      const report = await check({ sumAside: sum });
      assert.equal(report.isEqual, false);
      assert.ok(report.letters.some(({ what }) => what === 'missing'));
    },
  );
  const died = await check({ sumAside: () => Promise.reject(new Error('the thread died')) });
  assert.deepEqual(died, here, 'a thread that dies leaves the work to the program');
});

test('while the journal is read no rows are held: what is changed all the time stays quick', async () => {
  const { sum } = aside();
  await using other = await house.database.connect();
  const held: number[] = [];
  const report = await check({
    sumAside: async (...order) => {
      const [row] = await other.rows<{ count: number }>(
        'SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL',
      );
      held.push(row?.count ?? -1);
      return sum(...order);
    },
  });
  assert.equal(report.isEqual, true);
  assert.deepEqual(held, [0]);
});

test('one letter gone from the rows is named with its mailbox; the others are not', async () => {
  const { id: accountId, letters } = someAccount();
  const letterId = requireValue(letters[0], 'a letter');
  const where = `account_id = '${idToUuid(accountId)}' AND letter_id = '${idToUuid(letterId)}'`;
  await whileSpoiled(
    `CREATE TABLE kept AS SELECT * FROM letter WHERE ${where}; DELETE FROM letter WHERE ${where}`,
    'INSERT INTO letter SELECT * FROM kept; DROP TABLE kept',
    async () => {
      const report = await check();
      assert.equal(report.isEqual, false);
      assert.deepEqual(report.letters, [{ accountId, letterId, what: 'missing' }]);
      const all = requireValue(
        report.mailboxes.find(({ mailboxId }) => mailboxId === undefined),
        'the account',
      );
      assert.equal(all.journal - all.rows, 1);
      assert((await check({ accountId })).letters.length === 1);
    },
  );
});

test('a letter that lies elsewhere than it should is named twice: missing here, too much there', async () => {
  const { id: accountId, letters, mailboxes } = someAccount();
  const letterId = requireValue(letters[0], 'a letter');
  const stray = '00000000-0000-4000-8000-000000000001';
  const one = `account_id = '${idToUuid(accountId)}' AND letter_id = '${idToUuid(letterId)}' AND removed_modseq IS NULL`;
  const where = `${one} AND mailbox_id = (SELECT mailbox_id FROM placement WHERE ${one} ORDER BY mailbox_id LIMIT 1)`;
  await whileSpoiled(
    `CREATE TABLE kept AS SELECT * FROM placement WHERE ${where}; UPDATE placement SET mailbox_id = '${stray}' WHERE ${where}`,
    `DELETE FROM placement WHERE mailbox_id = '${stray}'; INSERT INTO placement SELECT * FROM kept; DROP TABLE kept`,
    async () => {
      const { letters: named } = await check();
      assert(named.every((one) => one.letterId === letterId));
      assert(named.some(({ what, mailboxId }) => what === 'missing' && mailboxId && mailboxes.includes(mailboxId)));
      assert(named.some(({ what }) => what === 'extra'));
    },
  );
});

test('two letters that changed their names are both named, though nothing is missing', async () => {
  const { id: accountId, letters } = someAccount();
  const [left, right] = [requireValue(letters[0], 'one'), requireValue(letters[1], 'two')];
  const swap = `
    UPDATE letter a SET e0 = b.e0, e1 = b.e1, e2 = b.e2, e3 = b.e3, e4 = b.e4, e5 = b.e5, e6 = b.e6, e7 = b.e7
    FROM letter b WHERE a.account_id = '${idToUuid(accountId)}' AND b.account_id = a.account_id
      AND (a.letter_id, b.letter_id) IN (('${idToUuid(left)}', '${idToUuid(right)}'), ('${idToUuid(right)}', '${idToUuid(left)}'))`;
  await whileSpoiled(swap, swap, async () => {
    const { letters: named } = await check({ isDeep: true });
    assert.deepEqual(named.map(({ letterId }) => letterId).toSorted(), [left, right].toSorted());
    assert(named.every(({ what }) => what === 'changed'));
  });
});

test('a letter in two accounts’ rows, a letter doubled, a letter pointing at another record: all are named', async () => {
  const { id: accountId, letters } = someAccount();
  const letterId = requireValue(letters[0], 'a letter');
  const where = `account_id = '${idToUuid(accountId)}' AND letter_id = '${idToUuid(letterId)}'`;
  const copy = '00000000-0000-4000-8000-000000000002';
  await whileSpoiled(
    `CREATE TABLE kept AS SELECT * FROM letter WHERE ${where}; UPDATE kept SET letter_id = '${copy}'; INSERT INTO letter SELECT * FROM kept`,
    `DELETE FROM letter WHERE letter_id = '${copy}'; DROP TABLE kept`,
    async () => {
      const { letters: named, isEqual } = await check();
      assert.equal(isEqual, false);
      assert.deepEqual(
        named.map(({ what }) => what),
        ['extra'],
      );
    },
  );
  const point = (by: string): string => `UPDATE letter SET body_seq = body_seq ${by} WHERE ${where}`;
  await whileSpoiled(point('+ 1'), point('- 1'), async () => {
    assert.equal((await check()).isEqual, true, 'sums alone do not see where a record points');
    assert.deepEqual((await check({ isDeep: true })).letters, [{ accountId, letterId, what: 'changed' }]);
  });
});

test('a whole account without rows is named letter by letter, up to what is shown', async () => {
  const { id: accountId, letters } = someAccount();
  const where = `account_id = '${idToUuid(accountId)}'`;
  await whileSpoiled(
    `CREATE TABLE kept AS SELECT * FROM letter WHERE ${where}; CREATE TABLE placed AS SELECT * FROM placement WHERE ${where};
     DELETE FROM letter WHERE ${where}; DELETE FROM placement WHERE ${where}`,
    'INSERT INTO letter SELECT * FROM kept; INSERT INTO placement SELECT * FROM placed; DROP TABLE kept, placed',
    async () => {
      const { letters: named } = await check();
      const missing = new Set(named.filter(({ mailboxId }) => mailboxId === undefined).map(({ letterId }) => letterId));
      for (const letter of letters) assert(missing.has(letter));
    },
  );
});

test('with another key every element is wrong, and the report says so', async () => {
  const { database, journal } = house;
  const report = await checkLedger({ database, journal, ledgerKey: new Uint8Array(32) });
  assert.equal(report.isEqual, false);
  assert.equal(report.wrongElements.length > 200, true);
});
