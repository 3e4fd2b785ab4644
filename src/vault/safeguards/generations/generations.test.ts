// Generations on a real PostgreSQL: made, adopted, switched, taken back; undone commands stay out, later mail stays in.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import { newId, type InstanceId } from '#base/ids.ts';
import { doRandomThings } from '../../database/test-operations.ts';
import { makeLetter, makeSignUp, mustCommit, type TestAccount } from '../../database/test-house.ts';
import { followJournal } from './follow-journal.ts';
import { openAt, restoreTo } from './restore-to.ts';
import {
  dumpRows,
  keepOne,
  livingLetters,
  moveInWithLetters,
  openGenerationHouse,
  owner,
  type GenerationHouse,
} from './test-generations.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sgl-gen-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true }));

let houses = 0;
function newHouse(): { readonly folder: string; readonly instanceId: InstanceId; readonly scratch: string } {
  return { folder: join(scratch, `house-${++houses}`), instanceId: newId<InstanceId>(), scratch };
}

const JOURNAL = { base: { kind: 'journal' }, reason: 'rebuilt', why: 'a test' } as const;

/** Without what every switch changes: the era, and how many records there are. */
async function rowsOf({ database }: Pick<GenerationHouse, 'database'>): Promise<readonly string[]> {
  return (await dumpRows(database)).filter((line) => !/^(instance|applied|session) /.test(line));
}

test('rows made anew beside from the journal are the rows that served, letters come meanwhile, and the old ones are kept', async () => {
  await using house = await openGenerationHouse(newHouse());
  const accounts: TestAccount[] = [];
  await doRandomThings(house.door, accounts, 150);
  await house.quiet();
  let letters = 0;
  const restoring = { isOver: false };
  const sending = (async () => {
    while (!restoring.isOver) {
      const account = requireValue(accounts[letters % accounts.length], 'an account');
      const mailboxId = requireValue(account.mailboxes[0], 'inbox');
      const kept = await house.door.keepLetter(makeLetter([{ accountId: account.id, mailboxId }]));
      assert.ok(kept.ok, 'a letter is put off');
      letters += 1;
      await wait(2);
    }
  })();
  const first = house.generations.live;
  const done = await restoreTo(house, JOURNAL).finally(() => (restoring.isOver = true));
  await sending;
  assert.ok(done.ok, done.ok ? '' : done.error.sentence);
  await house.quiet();
  assert.ok(letters > 20, `${letters} letters came`);
  assert.equal(house.generations.live.name, 'gen-0002');
  assert.equal(done.value.retired, first.name);
  const served = await rowsOf(house);
  const again = await openAt(house, { base: { kind: 'journal' } });
  assert.ok(again.ok);
  assert.deepEqual(await rowsOf(again.value), served);
  await again.value.beside.discard();
  const list = await house.generations.list();
  assert.deepEqual(
    list.map(({ name, source, reason }) => ({ name, source, reason })),
    [
      { name: 'gen-0001', source: 'empty', reason: 'a test' },
      { name: 'gen-0002', source: 'journal', reason: undefined },
    ],
  );
  const { nowMs } = house.clock;
  assert.deepEqual(await house.generations.prune(nowMs() + 3_600_000, 86_400_000), []);
  for (const blank of [Number.NaN, 0, -1, Number(undefined)])
    await assert.rejects(house.generations.prune(nowMs() + 31 * 86_400_000, blank), /a day at least/, String(blank));
  await assert.rejects(house.generations.prune(Number.NaN, 86_400_000));
  assert.ok(
    (await house.generations.list()).some(({ name }) => name === 'gen-0001'),
    'a blank time means nothing',
  );
  assert.deepEqual(await house.generations.prune(nowMs() + 31 * 86_400_000, 90 * 86_400_000), ['gen-0001']);
  assert.equal((await house.generations.list()).length, 1);
});

/** Every process of the server that answers here, and how far it lets others go first. */
async function prioritiesOf({ database }: Pick<GenerationHouse, 'database'>): Promise<readonly number[]> {
  await using session = await database.connectAs('owner');
  const rows = await session.rows<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  return rows.map(({ pid }) => getPriority(pid));
}

test('rows beside that nobody waits for let the house that serves go first, and so does a session that says so', async () => {
  await using house = await openGenerationHouse(newHouse());
  const usual = getPriority(process.pid);
  await moveInWithLetters(house, 3);
  const beside = await openAt(house, { base: { kind: 'journal' } });
  assert.ok(beside.ok);
  const low = await prioritiesOf(beside.value);
  assert.ok(low.length > 2 && low.every((one) => one >= 10), String(low));
  const serving = await prioritiesOf(house);
  assert.ok(serving.length > 2 && serving.every((one) => one === usual), String(serving));
  await beside.value.beside.discard();
  await using session = await house.database.connectAs('owner');
  session.giveWay();
  const [own] = await session.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  assert.equal(getPriority(own?.pid), 10);
  assert.equal((await prioritiesOf(house)).filter((one) => one === 10).length, 1, 'this one only');
});

test('a wrong command is undone: what it removed is back, what came later stays, and no rebuild brings it again', async () => {
  const place = newHouse();
  let expected: readonly string[];
  {
    await using house = await openGenerationHouse(place);
    const { anna, ids } = await moveInWithLetters(house, 12);
    const point = await house.generations.takePoint('change-1');
    assert.ok(point.ok, point.ok ? '' : point.error.sentence);
    const before = await livingLetters(house);
    const wrong = await mustCommit(house.door, anna.id, {
      kind: 'lettersRemoved',
      effect: { ids, purgeMs: 9e12, freedBytes: 0 },
    });
    assert.equal((await livingLetters(house)).length, 0, 'the mailbox is empty');
    const late = await keepOne(house, anna);
    await house.quiet();
    const base = house.generations.fromPoint('change-1');
    const leaveOut = [{ seq: wrong.header.seq, change: 1 }];
    const done = await restoreTo(house, { base, leaveOut, reason: 'undone', why: 'change 1 was undone' });
    assert.ok(done.ok, done.ok ? '' : done.error.sentence);
    await house.quiet();
    assert.deepEqual(await livingLetters(house), [...before, late].toSorted());
    expected = await rowsOf(house);

    const tooNew = await restoreTo(house, {
      base: house.generations.fromPoint('change-1'),
      leaveOut: [{ seq: 2, change: 2 }],
      reason: 'undone',
      why: 'later than wanted',
    });
    assert.ok(!tooNew.ok && tooNew.error.kind === 'copy-too-new', JSON.stringify(tooNew));
    assert.equal(house.generations.live.name, done.value.name, 'a refusal leaves the live one');
  }
  await using house = await openGenerationHouse(place);
  await house.quiet();
  assert.deepEqual(await rowsOf(house), expected, 'after a restart');
  const rebuilt = await restoreTo(house, JOURNAL);
  assert.ok(rebuilt.ok);
  await house.quiet();
  assert.deepEqual(await rowsOf(house), expected, 'after a rebuild from the journal alone');
});

test('twin: a command that is only left out of the rows, and not in the journal, comes back with the next rebuild', async () => {
  await using house = await openGenerationHouse(newHouse());
  const { anna, ids } = await moveInWithLetters(house, 3);
  const effect = { ids, purgeMs: 9e12, freedBytes: 0 };
  const wrong = await mustCommit(house.door, anna.id, { kind: 'lettersRemoved', effect });
  await using beside = await discarded(await house.generations.begin('journal'));
  const started = await beside.start();
  assert.ok(started.ok);
  const leaveOut = new Set([wrong.header.seq]);
  assert.ok((await followJournal({ ...house, database: started.value.database, leaveOut })).ok);
  const arrival = { era: 2, reason: 'undone', endsSessions: false, lostTail: false, leftOut: [] } as const;
  assert.ok((await house.generations.switchTo(beside.name, { ...arrival, leftOut: [] }, 'twin')).ok);
  await house.quiet();
  assert.equal((await livingLetters(house)).length, 3, 'it seems to be undone');
  assert.ok((await restoreTo(house, JOURNAL)).ok);
  await house.quiet();
  assert.equal((await livingLetters(house)).length, 0, 'and is not');
});

test('an undone command is not un-applied in rows that hold it: only another generation is without it', async () => {
  await using house = await openGenerationHouse(newHouse());
  const { anna, ids } = await moveInWithLetters(house, 3);
  const wrong = await mustCommit(house.door, anna.id, {
    kind: 'lettersRemoved',
    effect: { ids, purgeMs: 9e12, freedBytes: 0 },
  });
  assert.ok((await house.door.noteVoided({ seq: wrong.header.seq, reason: 'undone', change: 7 })).ok);
  await house.quiet();
  assert.equal((await livingLetters(house)).length, 0);
  assert.ok((await restoreTo(house, JOURNAL)).ok);
  await house.quiet();
  assert.equal((await livingLetters(house)).length, 3);
});

test('commands that mean nothing without the undone one are left out with it, and say so', async () => {
  await using house = await openGenerationHouse(newHouse());
  const { anna } = await moveInWithLetters(house, 1);
  const { account: ben, command } = makeSignUp('ben@siegel.test');
  const signUp = await mustCommit(house.door, ben.id, command);
  await mustCommit(house.door, anna.id, { kind: 'quotaPut', effect: { quotaBytes: 5 } });
  await mustCommit(house.door, ben.id, { kind: 'quotaPut', effect: { quotaBytes: 5 } });
  const leaveOut = [{ seq: signUp.header.seq, change: 3 }];
  const done = await restoreTo(house, { ...JOURNAL, leaveOut, reason: 'undone' });
  assert.ok(done.ok, done.ok ? '' : done.error.sentence);
  await house.quiet();
  const rows = await rowsOf(house);
  assert.equal(rows.filter((line) => line.startsWith('account ')).length, 1);
  const again = await openAt(house, { base: { kind: 'journal' } });
  assert.ok(again.ok);
  assert.deepEqual(await rowsOf(again.value), rows);
  await again.value.beside.discard();
});

test('a database that cannot start does not take over: the old one serves again, and the journal has heard nothing', async () => {
  await using house = await openGenerationHouse(newHouse());
  await moveInWithLetters(house, 2);
  const before = await dumpRows(house.database);
  const durable = house.journal.durableSeq;
  const done = await restoreTo(house, {
    ...JOURNAL,
    // from here on PostgreSQL refuses this folder, and only when it starts on it
    check: async () => {
      await writeFile(join(scratch, `house-${houses}`, 'postgres', 'gen-0002', 'cluster', 'pg_hba.conf'), 'nonsense\n');
      return { ok: true, value: undefined };
    },
  });
  assert.ok(!done.ok, 'it was taken');
  assert.match(done.error.sentence, /The old database serves again; nothing was changed/);
  await house.quiet();
  assert.deepEqual(await dumpRows(house.database), before);
  assert.equal(house.journal.durableSeq, durable);
  assert.equal(house.generations.live.name, 'gen-0001');
  assert.deepEqual(
    (await house.generations.list()).map(({ name }) => name),
    ['gen-0001'],
    'what did not serve is gone',
  );
});

test('a check that finds something wrong keeps the old rows', async () => {
  await using house = await openGenerationHouse(newHouse());
  await moveInWithLetters(house, 2);
  const refusal = { kind: 'ledger', sentence: 'two letters differ' };
  const done = await restoreTo(house, { ...JOURNAL, check: async () => ({ ok: false, error: refusal }) });
  assert.deepEqual(done, { ok: false, error: refusal });
  assert.deepEqual(
    (await house.generations.list()).map(({ name }) => name),
    ['gen-0001'],
  );
});

test('one change of the database at a time, and clear words for names that are none', async () => {
  await using house = await openGenerationHouse(newHouse());
  const held = await house.generations.stopLive('a test works on the files');
  assert.ok(held.ok);
  const arrival = { era: 2, reason: 'rebuilt', endsSessions: false, lostTail: false, leftOut: [] } as const;
  const kinds: string[] = [];
  for (const refused of [
    await house.generations.switchTo('gen-0009', { ...arrival, leftOut: [] }, ''),
    await house.generations.switchTo('gen-0001', { ...arrival, leftOut: [] }, ''),
    await house.generations.stopLive('again'),
    await house.generations.takePoint('now'),
    await house.generations.takePoint('../x'),
  ]) {
    assert.ok(!refused.ok);
    kinds.push(refused.error.kind);
  }
  assert.deepEqual(kinds, ['no-such-generation', 'is-live', 'is-fenced', 'is-fenced', 'is-fenced']);
  assert.match((await house.generations.fenced()) ?? '', /siegel generation release --apply/);
  await held.value[Symbol.asyncDispose]();
  await house.quiet();
  assert.equal(await house.generations.fenced(), undefined);
  assert.ok(!(await house.generations.release()).ok, 'nothing to release');
});

test('a house of before is adopted as gen-0001, with all its rows', async () => {
  const place = newHouse();
  let before: readonly string[];
  {
    await using house = await openGenerationHouse(place);
    await moveInWithLetters(house, 3);
    before = await dumpRows(house.database);
  }
  const root = join(place.folder, 'postgres');
  await rename(join(root, 'gen-0001', 'cluster'), join(root, 'cluster'));
  await rm(join(root, 'gen-0001'), { recursive: true });
  await rm(join(root, 'current'));
  await using house = await openGenerationHouse(place);
  await house.quiet();
  assert.deepEqual(await dumpRows(house.database), before);
  assert.equal(house.generations.live.source, 'adopted');
  assert.match(house.generations.live.systemIdentifier, /^\d{10,20}$/);
  assert.ok(!existsSync(join(root, 'cluster')));
  assert.equal(await readFile(join(root, 'current'), 'utf8'), 'gen-0001\n');
});

test('without a pointer the newest that served is taken; without any generation one is made; two without a word are refused', async () => {
  const place = newHouse();
  const root = join(place.folder, 'postgres');
  let before: readonly string[];
  {
    await using house = await openGenerationHouse(place);
    await moveInWithLetters(house, 2);
    assert.ok((await restoreTo(house, JOURNAL)).ok);
    await house.quiet();
    before = await dumpRows(house.database);
  }
  await rm(join(root, 'current'));
  {
    await using house = await openGenerationHouse(place);
    await house.quiet();
    assert.equal(house.generations.live.name, 'gen-0002');
    assert.deepEqual(await dumpRows(house.database), before);
  }
  await rm(root, { recursive: true });
  {
    await using house = await openGenerationHouse(place);
    await house.quiet();
    assert.deepEqual(await dumpRows(house.database), before, 'refilled from the journal');
  }
  await rm(join(root, 'current'));
  await mkdir(join(root, 'cluster'));
  if (owner) await chown(join(root, 'cluster'), owner.uid, owner.gid);
  await writeFile(join(root, 'cluster', 'PG_VERSION'), '18\n');
  await assert.rejects(openGenerationHouse(place), /two databases.*Move the one that is not aside/);
});

async function discarded(begun: Awaited<ReturnType<GenerationHouse['generations']['begin']>>) {
  assert.ok(begun.ok);
  const beside = begun.value;
  return { ...beside, [Symbol.asyncDispose]: async () => undefined };
}
