// Records and rows: sums that always agree, rebuilds that are identical, crashes that lose and double nothing.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { idToUuid } from './ids.ts';
import type { Database } from './open-database.ts';
import { rebuildDatabase } from './test-rebuild.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';
import {
  makeLetter,
  makeSignUp,
  mustCommit,
  newDatabase,
  openTestHouse,
  type TestAccount,
  type TestHouse,
} from './test-house.ts';
import { doRandomThings } from './test-operations.ts';

const TABLES = [
  'instance', 'applied', 'domain', 'invite', 'address', 'account', 'account_counter', 'credential', 'wrap', 'session', 'app_password',
  'mailbox', 'letter', 'placement', 'item', 'blob', 'submission', 'outbound', 'receipt',
  'desk_entry', 'desk_filing', 'desk_file',
] as const; // prettier-ignore

let cluster: TestCluster;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-database-'));
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

/** Every row of every table as text, in order. */
async function dump(database: Database): Promise<readonly string[]> {
  await using session = await database.connect();
  const lines: string[] = [];
  for (const table of TABLES) {
    const rows = await session.rows<{ line: string }>(`SELECT t::text AS line FROM ${table} t ORDER BY 1`);
    lines.push(...rows.map((row) => `${table} ${row.line}`));
  }
  return lines;
}

/** Sums that are kept and the same sums counted anew; rows where they differ. */
async function wrongSums(database: Database): Promise<readonly unknown[]> {
  await using session = await database.connect();
  const mailboxes = await session.rows(`
    SELECT m.mailbox_id, m.total, m.unread, c.total AS counted, c.unread AS counted_unread FROM mailbox m,
      LATERAL (SELECT count(*) AS total, count(*) FILTER (WHERE NOT l.keywords && ARRAY['$seen', '$draft']) AS unread
        FROM placement p JOIN letter l USING (account_id, letter_id)
        WHERE p.account_id = m.account_id AND p.mailbox_id = m.mailbox_id AND p.removed_modseq IS NULL) c
    WHERE m.total <> c.total OR m.unread <> c.unread OR (m.removed_modseq IS NOT NULL AND m.total <> 0)`);
  const accounts = await session.rows(`
    SELECT a.account_id, a.letters, a.used_bytes, c.letters AS counted, c.bytes FROM account_counter a,
      LATERAL (SELECT count(*) AS letters, coalesce(sum(size_bytes), 0) AS bytes FROM letter l
        WHERE l.account_id = a.account_id AND l.removed_modseq IS NULL) c
    WHERE a.letters <> c.letters OR a.used_bytes <> c.bytes`);
  const unplaced = await session.rows(`
    SELECT l.letter_id FROM letter l WHERE (l.removed_modseq IS NULL) <> EXISTS (SELECT 1 FROM placement p
      WHERE p.account_id = l.account_id AND p.letter_id = l.letter_id AND p.removed_modseq IS NULL)`);
  const reused = await session.rows(`
    SELECT account_id, uid FROM placement GROUP BY account_id, uid HAVING count(DISTINCT letter_id) > 1`);
  return [...mailboxes, ...accounts, ...unplaced, ...reused];
}

async function signUp(house: TestHouse, address: string): Promise<TestAccount> {
  const { account, command } = makeSignUp(address);
  await mustCommit(house.door, account.id, command);
  return account;
}

async function settle(house: TestHouse, accounts: readonly TestAccount[]): Promise<void> {
  for (const account of accounts) assert.ok((await house.door.settled(account.id)).ok);
}

test('after 2,000 random things all counts equal a recount, and two rebuilds give the rows the house already has', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const accounts: TestAccount[] = [];
  await doRandomThings(house.door, accounts, 2_000);
  await settle(house, accounts);
  assert.deepEqual(await wrongSums(house.database), []);
  const live = await dump(house.database);
  assert.ok(live.filter((line) => line.startsWith('letter ')).length > 300);
  for (let round = 0; round < 2; round += 1) {
    const database = await newDatabase(cluster);
    const rebuilt = await rebuildDatabase({ ...house.options, database });
    assert.deepEqual(rebuilt, { ok: true, value: { appliedSeq: house.journal.durableSeq, heldBack: 0 } });
    assert.deepEqual(await dump(database), live);
    const again = await rebuildDatabase({ ...house.options, database });
    assert.deepEqual(again, { ok: false, error: { kind: 'notEmpty' } });
    await database.close();
  }
});

test('a letter to a mailbox that was removed meanwhile lies in the inbox', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna@siegel.test');
  const [inbox] = anna.mailboxes;
  const gone = newId<MailboxId>();
  const kept = await house.door.keepLetter(makeLetter([{ accountId: anna.id, mailboxId: gone }]));
  assert.ok(kept.ok);
  await settle(house, [anna]);
  const rows = await house.database.reader.db.selectFrom('placement').select('mailbox_id').execute();
  assert.deepEqual(rows, [{ mailbox_id: idToUuid(requireValue(inbox, 'inbox')) }]);
  assert.deepEqual(await wrongSums(house.database), []);
});

test('a letter that was removed can be placed again before it is erased', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna@siegel.test');
  const mailboxId = requireValue(anna.mailboxes[0], 'inbox');
  const entry = makeLetter([{ accountId: anna.id, mailboxId }]);
  assert.ok((await house.door.keepLetter(entry)).ok);
  const id = requireValue(entry.copies[0]?.record.letterId, 'a letter');
  await mustCommit(house.door, anna.id, { kind: 'lettersRemoved', effect: { ids: [id], purgeMs: 9, freedBytes: 0 } });
  const { db } = house.database.reader;
  assert.deepEqual(await db.selectFrom('account_counter').select(['letters', 'used_bytes']).execute(), [
    { letters: 0, used_bytes: 0 },
  ]);
  await mustCommit(house.door, anna.id, {
    kind: 'lettersChanged',
    effect: { letters: [{ id, mailboxes: [mailboxId] }] },
  });
  const [letter] = await db.selectFrom('letter').select(['removed_modseq', 'purge_ms', 'created_modseq']).execute();
  assert.deepEqual(letter, { removed_modseq: null, purge_ms: null, created_modseq: 4 });
  assert.deepEqual(await wrongSums(house.database), []);
});

test('a mailbox that is removed takes its letters along, or leaves them where it is told', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna@siegel.test');
  const [inbox, , , archive] = anna.mailboxes.map((id) => requireValue(id, 'mailbox'));
  assert.ok(inbox && archive);
  const folders = [newId<MailboxId>(), newId<MailboxId>()] as const;
  for (const id of folders) {
    await mustCommit(house.door, anna.id, {
      kind: 'mailboxPut',
      effect: { id, parentId: null, role: null, sealedName: '', sortOrder: 9 },
    });
  }
  const ids: LetterId[] = [];
  for (const mailboxId of [folders[0], folders[0], folders[1], folders[1]]) {
    const entry = makeLetter([{ accountId: anna.id, mailboxId }]);
    assert.ok((await house.door.keepLetter(entry)).ok);
    ids.push(requireValue(entry.copies[0]?.record.letterId, 'a letter'));
  }
  const both = requireValue(ids[3], 'a letter');
  await mustCommit(house.door, anna.id, {
    kind: 'lettersChanged',
    effect: { letters: [{ id: both, mailboxes: [folders[1], inbox] }] },
  });
  const { db } = house.database.reader;
  const validity = () =>
    db
      .selectFrom('mailbox')
      .select('uid_validity')
      .where('mailbox_id', '=', idToUuid(archive))
      .executeTakeFirstOrThrow();
  const before = await validity();
  await mustCommit(house.door, anna.id, {
    kind: 'mailboxRemoved',
    effect: { id: folders[0], to: archive, purgeMs: 7, freedBytes: 0 },
  });
  await mustCommit(house.door, anna.id, {
    kind: 'mailboxRemoved',
    effect: { id: folders[1], to: null, purgeMs: 7, freedBytes: 0 },
  });
  const lying = await db
    .selectFrom('placement').select(['letter_id', 'mailbox_id']).where('removed_modseq', 'is', null).orderBy('uid').execute(); // prettier-ignore
  assert.deepEqual(lying, [
    { letter_id: idToUuid(requireValue(ids[0], '')), mailbox_id: idToUuid(archive) },
    { letter_id: idToUuid(requireValue(ids[1], '')), mailbox_id: idToUuid(archive) },
    { letter_id: idToUuid(both), mailbox_id: idToUuid(inbox) },
  ]);
  assert.notEqual((await validity()).uid_validity, before.uid_validity);
  const removed = await db
    .selectFrom('letter')
    .select(['letter_id', 'purge_ms'])
    .where('removed_modseq', 'is not', null)
    .execute();
  assert.deepEqual(removed, [{ letter_id: idToUuid(requireValue(ids[2], '')), purge_ms: 7 }]);
  assert.deepEqual(await wrongSums(house.database), []);
});

test('an address that is taken is refused by the rows too, and the refused command stays without effect in every rebuild', async () => {
  await using house = await openTestHouse(cluster, scratch);
  await signUp(house, 'anna@siegel.test');
  const { account, command } = makeSignUp('anna@siegel.test');
  const refused = await house.door.commit(account.id, { kind: 'session', id: new Uint8Array(16) }, async () => ({
    ok: true,
    value: command,
  }));
  assert.deepEqual(refused, { ok: false, error: { kind: 'unavailable' } });
  const ben = await signUp(house, 'ben@siegel.test');
  await settle(house, [ben]);
  const live = await dump(house.database);
  assert.equal(live.filter((line) => line.startsWith('account ')).length, 2);
  const database = await newDatabase(cluster);
  assert.ok((await rebuildDatabase({ ...house.options, database })).ok);
  assert.deepEqual(await dump(database), live);
  await database.close();
});
