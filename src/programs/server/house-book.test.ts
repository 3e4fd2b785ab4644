// Promises of later rooms and of the rows, with a real database: facts are those of their moment, and a rebuild knows them all again.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { checkReceipt } from '#vault/book/check/check-receipt.ts';
import { formatReceiptFile, type ReceiptFile } from '#vault/book/check/receipt.ts';
import type { Book } from '#vault/book/open-book.ts';
import { openCommitDoor } from '#vault/database/commit.ts';
import { readPromises } from '#vault/database/read-receipts.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import { makeCredential, makeSignUp, mustCommit, newDatabase, openTestHouse } from '#vault/database/test-house.ts';
import { makeKeyKit } from '#vault/keykit/key-kit.ts';
import { createRecorder, openHouseBook } from './house-book.ts';

let cluster: TestCluster;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-house-book-'));
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

async function standingOf(file: ReceiptFile, key: string): Promise<string> {
  const checked = await checkReceipt(Buffer.from(formatReceiptFile(file)), { knownKey: key });
  return checked.ok ? checked.value.standing : checked.error.kind;
}

test('what any room promises, to an account or as the house, is signed at once and lies in the book', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const kit = { ...(await makeKeyKit(0)), instanceId: house.instanceId };
  const book = await openHouseBook({
    ...house,
    dataDir: join(scratch, 'one'),
    kit,
    clock: systemClock,
    log: silentLog,
  });
  assert.ok(book);
  const record = createRecorder(house.door, book);
  const { account, command } = makeSignUp('anna@siegel.test');
  await mustCommit(house.door, account.id, command);
  await mustCommit(house.door, account.id, {
    kind: 'addressAdded',
    effect: { address: 'office@siegel.test', kind: 'alias' },
  });
  await mustCommit(house.door, account.id, { kind: 'credentialPending', effect: { credential: makeCredential(2) } });
  await mustCommit(house.door, account.id, { kind: 'credentialPromoted', effect: { version: 2, keepSessions: [] } });
  await mustCommit(house.door, account.id, {
    kind: 'keysPut',
    effect: { keys: { ...command.effect.keys, version: 2 } },
  });
  const { account: other, command: otherCommand } = makeSignUp('ben@siegel.test');
  await mustCommit(house.door, other.id, otherCommand);
  const wrap = { wrapId: 'of-ben', kind: 'holder', arkVersion: 1, publicKey: 'AAAA', sealed: 'AAAA' } as const;
  await mustCommit(house.door, account.id, {
    kind: 'holderPut',
    effect: { holderId: other.id, wrap, manifest: { version: 2, bytes: 'AAAA' } },
  });
  await mustCommit(house.door, account.id, {
    kind: 'holderRemoved',
    effect: {
      holderId: other.id,
      wraps: [],
      keys: { ...command.effect.keys, version: 3 },
      keyring: { version: 2, sealed: 'AAAA' },
      manifest: { version: 3, bytes: 'AAAA' },
    },
  });
  const digest = 'ab'.repeat(32);
  const reported = { nth: 0, atMs: 1, filing: null, kind: 'REPORTED', blind: digest, leaf: digest, head: digest };
  const event = '{"erratum":0,"kind":"REPORTED","report":"{}","signatures":[],"year":2025}';
  await mustCommit(house.door, undefined, {
    kind: 'deskNoted',
    effect: { entries: [{ ...reported, event }], rows: [] },
  });
  const own = await record({ accountId: account.id, kind: 'document-erased', facts: { document: 'x', bytes: 12 } });
  const houses = await record({ kind: 'backup-verified', facts: { letters: 7 } });
  assert.ok(own.ok && houses.ok);
  assert.equal(await standingOf(own.value, book.key), 'signed');
  await book.settled(house.journal.durableSeq);
  const rows = await readPromises(house.database.reader.db, account.id, undefined, 100);
  assert.deepEqual(
    rows.map(({ kind, facts }) => [kind, facts['address'] ?? facts['version'] ?? facts['document']]),
    [
      ['document-erased', 'x'],
      ['key-published', 'office@siegel.test'],
      ['key-published', 'anna@siegel.test'],
      ['key-published', 'office@siegel.test'],
      ['key-published', 'anna@siegel.test'],
      ['password-changed', 2],
      ['key-published', 'office@siegel.test'],
      ['key-published', 'anna@siegel.test'],
      ['account-created', 'anna@siegel.test'],
    ],
  );
  const ofHouse = await readPromises(house.database.reader.db, undefined, undefined, 100);
  assert.deepEqual(
    ofHouse.map(({ kind }) => kind),
    ['backup-verified', 'transparency-report'],
  );
  for (const row of [...rows, ...ofHouse]) {
    const made: Awaited<ReturnType<Book['promiseReceipt']>> = await book.promiseReceipt(row);
    assert.equal(made.ok && (await standingOf(made.value, book.key)), 'in-book', row.kind);
  }
  const [first] = rows;
  const again = first && (await book.promiseReceipt(first));
  assert.deepEqual(again?.ok && again.value.receipt, own.value.receipt);
  const paged = await readPromises(house.database.reader.db, account.id, rows[4], 2);
  assert.deepEqual(paged, rows.slice(5, 7));
  await house.door[Symbol.asyncDispose]();
  const database = await newDatabase(cluster);
  const rebuilt = await openCommitDoor({ ...house.options, database });
  assert.ok(rebuilt.ok);
  assert.deepEqual(await readPromises(database.reader.db, account.id, undefined, 100), rows);
  await rebuilt.value[Symbol.asyncDispose]();
  await database.close();
  await book.close();
});

test('a promise with facts that no person could read is a mistake of ours', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const record = createRecorder(house.door, undefined);
  await assert.rejects(record({ kind: 'Not A Kind', facts: {} }));
  await assert.rejects(record({ kind: 'fine', facts: { long: 'x'.repeat(5_000) } }));
  assert.deepEqual(await record({ kind: 'fine', facts: {} }), { ok: false, error: { kind: 'bookClosed' } });
});
