// Forgetting on real files and a real database: what is due goes, what lives stays, and a rebuild gives the rows the house has.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newId, type ItemId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { readUsedBytes } from '../../database/house-read.ts';
import { idToUuid } from '../../database/ids.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import {
  makeCredential,
  makeLetter,
  makeSignUp,
  mustCommit,
  randomText,
  type TestAccount,
} from '../../database/test-house.ts';
import { doRandomThings } from '../../database/test-operations.ts';
import { catchUp } from '../../directory/catch-up.ts';
import { openDirectory } from '../../directory/open-directory.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { verifyJournal } from '../../journal/verify-journal.ts';
import { DAY_MS, dumpRows, openForgettingHouse, rebuiltRows, settle, type ForgettingHouse } from './test-forgetting.ts';

let cluster: TestCluster;
let scratch = '';
let houses = 0;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-forgetting-'));
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function place(): string {
  return join(scratch, String(++houses));
}

async function signUp(house: ForgettingHouse, address: string): Promise<TestAccount> {
  const { account, command } = makeSignUp(address);
  await mustCommit(house.door, account.id, command);
  return account;
}

async function forget(house: ForgettingHouse): Promise<void> {
  await settle(house);
  const done = await house.forgetting.runOnce(true);
  assert.ok(done.ok, JSON.stringify(done));
  assert.equal(done.value.compaction?.damaged, 0);
  await settle(house);
}

async function journalBytes(house: ForgettingHouse): Promise<Buffer> {
  const folder = join(house.directory, 'journal');
  return Buffer.concat(await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name)))));
}

async function verified(house: ForgettingHouse): Promise<void> {
  assert.deepEqual((await verifyJournal(nodeDisk, join(house.directory, 'journal'))).findings, []);
}

test('a random history, forgotten again and again: two rebuilds give the rows the house has, and the journal verifies', async () => {
  await using house = await openForgettingHouse(cluster, place());
  const accounts: TestAccount[] = [];
  for (let round = 0; round < 5; round += 1) {
    await doRandomThings(house.door, accounts, 400);
    house.clock.advanceMs(4 * DAY_MS);
    await settle(house);
    const living = await dumpRows(house.database);
    await forget(house);
    const after = await dumpRows(house.database);
    // letters of the random history come due in 2027 alone: nothing a client sees has changed
    assert.deepEqual(withoutCounters(after), withoutCounters(living));
    assert.deepEqual(await rebuiltRows(cluster, house), after);
  }
  house.clock.advanceMs(1_800_000_000_001 - house.clock.nowMs());
  await forget(house);
  const after = await dumpRows(house.database);
  assert.equal(after.filter((line) => line.includes('"purge_ms": 1800000000000')).length, 0);
  assert.deepEqual(await rebuiltRows(cluster, house), after);
  await doRandomThings(house.door, accounts, 200);
  await settle(house);
  assert.deepEqual(await rebuiltRows(cluster, house), await dumpRows(house.database));
  await verified(house);
});

test('the quota of a directory that is filled anew from a compacted journal is what the living letters take', async () => {
  await using house = await openForgettingHouse(cluster, place());
  const anna = await signUp(house, 'anna@siegel.test');
  const mailboxId = anna.mailboxes[0] ?? assert.fail();
  const entries = Array.from({ length: 5 }, () => makeLetter([{ accountId: anna.id, mailboxId }]));
  for (const entry of entries) assert.ok((await house.door.keepLetter(entry)).ok);
  const [first, second] = entries.map(({ copies }) => copies[0]?.record ?? assert.fail());
  assert.ok(first && second);
  const ids = [first.letterId, second.letterId];
  const freedBytes = first.renderSizeBytes + second.renderSizeBytes;
  await mustCommit(house.door, anna.id, {
    kind: 'lettersRemoved',
    effect: { ids, purgeMs: house.clock.nowMs() + DAY_MS, freedBytes },
  });
  house.clock.advanceMs(3 * DAY_MS);
  await forget(house);
  const opened = await openDirectory(':memory:', house.instanceId);
  assert.ok(opened.ok);
  const directory = opened.value;
  await catchUp(directory, house.journal);
  const used = (): number => directory.findByAccount(anna.id)?.usedBytes ?? -1;
  const counted = await readUsedBytes(house.database.reader);
  const living = entries.slice(2).reduce((sum, { copies }) => sum + (copies[0]?.record.renderSizeBytes ?? 0), 0);
  assert.deepEqual(counted, [{ accountId: anna.id, accountSeq: directory.lastAccountSeq(anna.id), usedBytes: living }]);
  assert.ok(used() < living, `the journal alone frees what it no longer has: ${used()} of ${living}`);
  // rows of another moment say nothing
  assert.equal(directory.correctUsed(counted.map((one) => ({ ...one, accountSeq: one.accountSeq - 1 }))), 0);
  assert.equal(directory.correctUsed(counted), 1);
  assert.equal(used(), living);
  assert.equal(directory.correctUsed(counted), 0);
  directory.close();
});

/** Sessions run out, positions and numbers go on: all else is the same. */
function withoutCounters(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/^(applied|account_counter|session|blob) /.test(line));
}

test('a letter deleted for good is there for seven days, and then its keys are nowhere in the journal', async () => {
  await using house = await openForgettingHouse(cluster, place());
  const anna = await signUp(house, 'anna@siegel.test');
  const bruno = await signUp(house, 'bruno@siegel.test');
  const [inbox, brunos] = [anna.mailboxes[0] ?? assert.fail(), bruno.mailboxes[0] ?? assert.fail()];
  const entry = makeLetter([
    { accountId: anna.id, mailboxId: inbox },
    { accountId: bruno.id, mailboxId: brunos },
  ]);
  assert.ok((await house.door.keepLetter(entry)).ok);
  const [ours, theirs] = entry.copies;
  assert.ok(ours && theirs);
  const summary = randomText(256);
  const letterId = ours.record.letterId;
  await mustCommit(house.door, anna.id, {
    kind: 'summaryPut',
    effect: { id: letterId, version: 1, summary, terms: '' },
  });
  const page = randomText(300);
  await mustCommit(house.door, anna.id, {
    kind: 'blobPut',
    effect: { kind: 'page', id: newId<ItemId>(), sealed: page },
  });
  await remove(house, anna, letterId);
  house.clock.advanceMs(limits.letters.undoMs - 1);
  await forget(house);
  assert.ok((await journalBytes(house)).includes(Buffer.from(ours.record.keyPacket)), 'it can still be brought back');
  house.clock.advanceMs(2);
  await forget(house);
  const bytes = await journalBytes(house);
  for (const [what, needle] of Object.entries({
    key: ours.record.keyPacket,
    summary: ours.record.summary,
    terms: ours.record.terms,
  })) {
    assert.ok(!bytes.includes(Buffer.from(needle)), what);
  }
  assert.ok(!bytes.includes(Buffer.from(summary)), 'the summary that was made later');
  assert.ok(!bytes.includes(Buffer.from(page)), 'a page that may name it');
  assert.ok(
    bytes.includes(Buffer.from(entry.packet)) && bytes.includes(Buffer.from(theirs.record.keyPacket)),
    'another reads it',
  );
  await remove(house, bruno, theirs.record.letterId);
  house.clock.advanceMs(limits.letters.undoMs + 1);
  await forget(house);
  const later = await journalBytes(house);
  assert.ok(!later.includes(Buffer.from(entry.packet)) && !later.includes(Buffer.from(theirs.record.keyPacket)));
  assert.deepEqual(await rebuiltRows(cluster, house), await dumpRows(house.database));
  await verified(house);
});

async function remove(house: ForgettingHouse, { id }: TestAccount, letterId: string): Promise<void> {
  const purgeMs = house.clock.nowMs() + limits.letters.undoMs;
  await mustCommit(house.door, id, {
    kind: 'lettersRemoved',
    effect: { ids: [letterId as never], purgeMs, freedBytes: 0 },
  });
}

test('twin: rows that somebody changed by hand do not make the job erase a letter nobody removed', async () => {
  await using house = await openForgettingHouse(cluster, place());
  const anna = await signUp(house, 'anna@siegel.test');
  const entry = makeLetter([{ accountId: anna.id, mailboxId: anna.mailboxes[0] ?? assert.fail() }]);
  assert.ok((await house.door.keepLetter(entry)).ok);
  await settle(house);
  {
    await using session = await house.database.connect();
    await session.rows('UPDATE letter SET removed_modseq = 1, purge_ms = 1', []);
  }
  await forget(house);
  assert.ok((await journalBytes(house)).includes(Buffer.from(entry.copies[0]?.record.keyPacket ?? assert.fail())));
});

test('an old password’s record leaves the journal a day after it was replaced, and the account is as it was', async () => {
  await using house = await openForgettingHouse(cluster, place());
  const { account: anna, command } = makeSignUp('anna@siegel.test');
  await mustCommit(house.door, anna.id, command);
  const first = command.effect.credential ?? assert.fail();
  const credential = makeCredential(2);
  const manifest = { version: 2, bytes: randomText(200) };
  await mustCommit(house.door, anna.id, { kind: 'credentialPending', effect: { credential, manifest } });
  await mustCommit(house.door, anna.id, { kind: 'credentialPromoted', effect: { version: 2, keepSessions: [] } });
  const before = await dumpRows(house.database);
  await forget(house);
  assert.ok((await journalBytes(house)).includes(first.record));
  house.clock.advanceMs(limits.forgetting.credentialsMs + 1);
  await forget(house);
  await forget(house);
  const bytes = await journalBytes(house);
  assert.ok(!bytes.includes(first.record) && !bytes.includes(first.wrap), 'the old password opens nothing any more');
  assert.ok(bytes.includes(credential.record) && bytes.includes(command.effect.keyring.sealed));
  assert.deepEqual(withoutCounters(await dumpRows(house.database)), withoutCounters(before));
  assert.deepEqual(await rebuiltRows(cluster, house), await dumpRows(house.database));
  await verified(house);
});

test('a closed account is gone after its grace; its address is never free again, and others are untouched', async () => {
  await using house = await openForgettingHouse(cluster, place());
  const accounts: TestAccount[] = [];
  await doRandomThings(house.door, accounts, 300);
  const anna = await signUp(house, 'clara@siegel.test');
  const entry = makeLetter([{ accountId: anna.id, mailboxId: anna.mailboxes[0] ?? assert.fail() }]);
  assert.ok((await house.door.keepLetter(entry)).ok);
  const group = { address: 'team@siegel.test', accountIds: [anna.id, accounts[0]?.id ?? assert.fail()] };
  await mustCommit(house.door, undefined, { kind: 'groupPut', effect: group });
  await mustCommit(house.door, anna.id, { kind: 'accountClosed', effect: { closedMs: house.clock.nowMs() } });
  house.clock.advanceMs(limits.forgetting.graceMs - 1);
  await forget(house);
  assert.ok(
    (await dumpRows(house.database)).some((line) => line.startsWith('account ') && line.includes(idToUuid(anna.id))),
  );
  assert.ok((await journalBytes(house)).includes(Buffer.from(entry.packet)));
  house.clock.advanceMs(2);
  await forget(house);
  const rows = await dumpRows(house.database);
  const bytes = await journalBytes(house);
  // the body, useless alone, goes with its segment
  assert.ok(!bytes.includes(Buffer.from(entry.copies[0]?.record.keyPacket ?? assert.fail())));
  assert.equal(rows.filter((line) => line.includes('clara@siegel.test')).length, 1, 'the address alone');
  assert.deepEqual(await rebuiltRows(cluster, house), rows);
  const { account, command } = makeSignUp('clara@siegel.test');
  await assert.rejects(() => mustCommit(house.door, account.id, command));
  await verified(house);
});

const STEPS = Number(process.env['SIEGEL_STOPS'] ?? 12);

test('stopped between any two steps, the job goes on where it was: before or after, books equal', async () => {
  for (let stopAt = 0; stopAt < STEPS; stopAt += 1) await stopAndGoOn(stopAt);
});

async function stopAndGoOn(stopAt: number): Promise<void> {
  const directory = place();
  let left = stopAt;
  let house = await openForgettingHouse(cluster, directory, {
    onStep: () => {
      if (left-- === 0) throw new Error('stopped');
    },
  });
  const anna = await signUp(house, 'anna@siegel.test');
  const bruno = await signUp(house, 'bruno@siegel.test');
  const entries = Array.from({ length: 12 }, (_, n) =>
    makeLetter([
      { accountId: (n % 2 ? anna : bruno).id, mailboxId: (n % 2 ? anna : bruno).mailboxes[0] ?? assert.fail() },
    ]),
  );
  for (const entry of entries) assert.ok((await house.door.keepLetter(entry)).ok);
  for (const entry of entries.slice(0, 5)) {
    const { accountId, record } = entry.copies[0] ?? assert.fail();
    if (accountId === anna.id) await remove(house, anna, record.letterId);
  }
  await mustCommit(house.door, anna.id, { kind: 'credentialPending', effect: { credential: makeCredential(2) } });
  await mustCommit(house.door, anna.id, { kind: 'credentialPromoted', effect: { version: 2, keepSessions: [] } });
  await mustCommit(house.door, bruno.id, { kind: 'accountClosed', effect: { closedMs: house.clock.nowMs() } });
  await settle(house);
  house.clock.advanceMs(15 * DAY_MS);
  await house.forgetting.runOnce(true).catch(() => undefined);
  const { instanceId, clock, database } = house;
  await settle(house);
  await house.forgetting.close();
  await house.door[Symbol.asyncDispose]();
  await house.journal.close();
  house = await openForgettingHouse(cluster, directory, { instanceId, clock, database });
  assert.deepEqual(await rebuiltRows(cluster, house), await dumpRows(database), `stopped at step ${stopAt}`);
  await verified(house);
  await forget(house);
  const bytes = await journalBytes(house);
  for (const entry of entries) {
    const { accountId, record } = entry.copies[0] ?? assert.fail();
    const isLiving = accountId === anna.id && !entries.slice(0, 5).includes(entry);
    assert.equal(bytes.includes(Buffer.from(record.keyPacket)), isLiving);
  }
  assert.deepEqual(await rebuiltRows(cluster, house), await dumpRows(database));
  await verified(house);
  await house[Symbol.asyncDispose]();
  await database.close();
}
