// The one door for change against a real PostgreSQL: exact answers, whatever happens to the database meanwhile.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import { newId, type InstanceId, type MailboxId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import type { KeyRecord } from '../journal/journal.ts';
import { applyEffects, applyRecords } from './apply.ts';
import type { Apply } from './apply-queue.ts';
import { openCommitDoor } from './commit.ts';
import { idToUuid } from './ids.ts';
import type { Session } from './session.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';
import {
  ACTOR,
  makeLetter,
  makeSignUp,
  mustCommit,
  openTestHouse,
  openTestJournal,
  type TestAccount,
  type TestHouse,
} from './test-house.ts';

const KILLS = 10;

let cluster: TestCluster;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-commit-'));
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

async function signUp(house: TestHouse, name: string): Promise<TestAccount> {
  const { account, command } = makeSignUp(`${name}@siegel.test`);
  await mustCommit(house.door, account.id, command);
  return account;
}

function letterTo(account: TestAccount): ReturnType<typeof makeLetter> {
  return makeLetter([{ accountId: account.id, mailboxId: requireValue(account.mailboxes[0], 'inbox') }]);
}

/** Waits until the rows hold everything, through restarts of the database. */
async function catchUp(house: TestHouse, deadlineMs = 20_000): Promise<void> {
  for (let waitedMs = 0; house.door.health.state !== 'up' || house.door.health.behind > 0; waitedMs += 20) {
    assert.ok(waitedMs < deadlineMs, `rows stay behind: ${JSON.stringify(house.door.health)}`);
    await sleep(20);
  }
}

test('a change is in the rows when it is answered, and one that is refused leaves nothing', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna');
  await mustCommit(house.door, anna.id, { kind: 'quotaPut', effect: { quotaBytes: 5 } });
  const { db } = house.database.reader;
  assert.deepEqual(await db.selectFrom('account').select('quota_bytes').execute(), [{ quota_bytes: 5 }]);
  const seq = house.journal.durableSeq;
  const refused = await house.door.commit(anna.id, ACTOR, async () => err({ kind: 'tooManyMailboxes' }));
  assert.deepEqual(refused, { ok: false, error: { kind: 'tooManyMailboxes' } });
  assert.equal(house.journal.durableSeq, seq);
});

test('two people who take the same address at the same moment: one gets it, the other is told', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const results = await Promise.all(
    [1, 2, 3].map(() => {
      const { account, command } = makeSignUp('anna@siegel.test');
      return house.door.commit(account.id, ACTOR, async ({ db }) => {
        const taken = await db.selectFrom('address').selectAll().where('address', '=', 'anna@siegel.test').execute();
        return taken.length > 0 ? err({ kind: 'addressTaken' }) : ok(command);
      });
    }),
  );
  assert.equal(results.filter((result) => result.ok).length, 1);
  assert.equal(results.filter((result) => !result.ok && result.error.kind === 'addressTaken').length, 2);
});

test('changes of one account are decided one after the other, each seeing the one before', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna');
  const count = async (): Promise<void> => {
    const done = await house.door.commit(anna.id, ACTOR, async ({ db }) => {
      const { login_failures: failures } = await db
        .selectFrom('account')
        .select('login_failures')
        .executeTakeFirstOrThrow();
      await sleep(1);
      return ok({ kind: 'loginCounted', effect: { failures: failures + 1, untilMs: 0 } });
    });
    assert.ok(done.ok);
  };
  await Promise.all(Array.from({ length: 20 }, count));
  const rows = await house.database.reader.db.selectFrom('account').select('login_failures').execute();
  assert.deepEqual(rows, [{ login_failures: 20 }]);
});

test('a letter is in the rows soon by itself, and at once for whom waits; listeners hear the new states', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna');
  const heard: number[] = [];
  const records: KeyRecord[] = [];
  house.door.onApplied((changes, applied) => {
    for (const change of changes) heard.push(change.emailModseq);
    records.push(...applied);
  });
  assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  assert.ok((await house.door.settled(anna.id)).ok);
  const { db } = house.database.reader;
  assert.equal((await db.selectFrom('letter').select('letter_id').execute()).length, 1);
  assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  await sleep(500);
  assert.equal((await db.selectFrom('letter').select('letter_id').execute()).length, 2);
  assert.deepEqual(heard, [2, 3]);
  assert.deepEqual(records.map(({ content }) => content.kind), ['letter', 'letter']); // prettier-ignore
});

test('rows that are a second behind are waited for', async () => {
  const slow: { waitMs: number } = { waitMs: 0 };
  await using house = await openTestHouse(cluster, scratch, {
    apply: async (tx, records, voided) => {
      await sleep(slow.waitMs);
      return applyRecords(tx, records, voided);
    },
  });
  const anna = await signUp(house, 'anna');
  slow.waitMs = 2 * limits.database.applyWaitMs;
  assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  assert.ok((await house.door.settled(anna.id)).ok);
  const rows = await house.database.reader.db.selectFrom('letter').select('letter_id').execute();
  assert.equal(rows.length, 1);
});

test('while the database is down letters are taken and changes are unavailable; afterwards all is there', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna');
  await cluster.kill();
  for (let index = 0; index < 50; index += 1) assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  const refused = await house.door.commit(anna.id, ACTOR, async () =>
    ok({ kind: 'quotaPut', effect: { quotaBytes: 1 } }),
  );
  assert.deepEqual(refused, { ok: false, error: { kind: 'unavailable' } });
  assert.deepEqual(await house.door.settled(anna.id), { ok: false, error: { kind: 'unavailable' } });
  await cluster.start();
  await catchUp(house);
  await mustCommit(house.door, anna.id, { kind: 'quotaPut', effect: { quotaBytes: 2 } });
  const { db } = house.database.reader;
  assert.deepEqual(await db.selectFrom('account_counter').select('letters').execute(), [{ letters: 50 }]);
  assert.deepEqual(await db.selectFrom('account').select('quota_bytes').execute(), [{ quota_bytes: 2 }]);
});

test('more letters than memory holds while the database is down are read from the journal', async () => {
  await using house = await openTestHouse(cluster, scratch, { memory: { queueRecordsMax: 100, queueBytesMax: 1e6 } });
  const anna = await signUp(house, 'anna');
  await cluster.kill();
  for (let index = 0; index < 250; index += 1) assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  await cluster.start();
  await catchUp(house);
  assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  assert.ok((await house.door.settled(anna.id)).ok);
  const rows = await house.database.reader.db.selectFrom('account_counter').select('letters').execute();
  assert.deepEqual(rows, [{ letters: 251 }]);
});

/** Letters and changes under load while PostgreSQL is killed again and again; what was acknowledged. */
async function loadWhileKilling(
  house: TestHouse,
  kills: number,
): Promise<{ letters: Set<string>; mailboxes: Set<string> }> {
  const accounts = await Promise.all(['anna', 'ben', 'cem'].map((name) => signUp(house, name)));
  const acknowledged = { letters: new Set<string>(), mailboxes: new Set<string>() };
  const work = { isOver: false };
  const sendLetters = async (): Promise<void> => {
    for (let index = 0; !work.isOver; index += 1) {
      const entry = letterTo(requireValue(accounts[index % 3], 'an account'));
      if ((await house.door.keepLetter(entry)).ok) {
        acknowledged.letters.add(idToUuid(requireValue(entry.copies[0]?.record.letterId, 'a letter')));
      }
    }
  };
  const makeMailboxes = async (account: TestAccount): Promise<void> => {
    while (!work.isOver) {
      const id = newId<MailboxId>();
      const effect = { id, parentId: null, role: null, sealedName: '', sortOrder: 1 };
      const done = await house.door.commit(account.id, ACTOR, async () => ok({ kind: 'mailboxPut', effect }));
      if (done.ok) acknowledged.mailboxes.add(idToUuid(id));
      else await sleep(20);
    }
  };
  const load = Promise.all([sendLetters(), sendLetters(), sendLetters(), ...accounts.map(makeMailboxes)]);
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(60 + Math.random() * 240);
    await cluster.kill();
    await cluster.start();
    // no kill before the one before has been felt
    for (let waitedMs = 0; house.door.health.state !== 'up' && waitedMs < 10_000; waitedMs += 10) await sleep(10);
  }
  await sleep(100);
  work.isOver = true;
  await load;
  await catchUp(house);
  return acknowledged;
}

test(`killed ${KILLS} times under load, the database holds every acknowledged record exactly once`, async () => {
  await using house = await openTestHouse(cluster, scratch);
  const acknowledged = await loadWhileKilling(house, KILLS);
  assert.ok(acknowledged.letters.size > 100 && acknowledged.mailboxes.size > 10);
  const { db } = house.database.reader;
  const letters = await db.selectFrom('placement').select('letter_id').execute();
  assert.equal(new Set(letters.map((row) => row.letter_id)).size, letters.length);
  assert.deepEqual(new Set(letters.map((row) => row.letter_id)), acknowledged.letters);
  const mailboxes = new Set(
    (await db.selectFrom('mailbox').select('mailbox_id').execute()).map((row) => row.mailbox_id),
  );
  assert.deepEqual([...acknowledged.mailboxes].filter((id) => !mailboxes.has(id)), []); // prettier-ignore
  const counters = await db.selectFrom('account_counter').select('letters').execute();
  assert.equal(counters.reduce((sum, row) => sum + row.letters, 0), letters.length); // prettier-ignore
});

/** The twin: rows in one transaction, the position in the next. A crash between them applies the same records again. */
const POSITION_APART =
  'INSERT INTO applied (journal, seq) VALUES ($1, $2) ON CONFLICT (journal) DO UPDATE SET seq = excluded.seq';

function applyWithPositionApart(loseAfter: () => boolean): Apply {
  return async (tx: Session, records, voided) => {
    const states = await applyEffects(tx, records, voided);
    await tx.script('COMMIT; BEGIN');
    if (loseAfter()) await tx.close();
    const last = requireValue(records.at(-1), 'a record').header;
    await tx.rows(POSITION_APART, [last.journal, last.seq]);
    return states;
  };
}

/** The same loss of the connection with the real way: between the rows and the end of their transaction. */
function applyAndLose(loseAfter: () => boolean): Apply {
  return async (tx: Session, records, voided) => {
    const states = await applyRecords(tx, records, voided);
    if (loseAfter()) await tx.close();
    return states;
  };
}

for (const [name, make, isExact] of [
  ['rows and position in one transaction: a lost connection doubles nothing', applyAndLose, true],
  ['twin: rows and position in two transactions: a lost connection shows', applyWithPositionApart, false],
] as const) {
  test(name, async () => {
    let isArmed = false;
    const loseAfter = (): boolean => {
      const wasArmed = isArmed;
      isArmed = false;
      return wasArmed;
    };
    await using house = await openTestHouse(cluster, scratch, { apply: make(loseAfter) });
    const anna = await signUp(house, 'anna');
    const entries = [letterTo(anna), letterTo(anna), letterTo(anna)];
    isArmed = true;
    for (const entry of entries) assert.ok((await house.door.keepLetter(entry)).ok);
    await catchUp(house);
    const rows = await house.database.reader.db.selectFrom('account_counter').select('letters').execute();
    const isRight = rows[0]?.letters === 3 && house.door.health.heldBack === 0;
    assert.equal(isRight, isExact);
  });
}

test('after a restart of the program the rows go on where they stood', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const anna = await signUp(house, 'anna');
  await house.door[Symbol.asyncDispose]();
  for (let index = 0; index < 10; index += 1) assert.ok((await house.journal.appendLetter(letterTo(anna))).ok);
  const again = await openCommitDoor(house.options);
  assert.ok(again.ok);
  assert.equal(again.value.health.behind, 0);
  assert.deepEqual(await house.database.reader.db.selectFrom('account_counter').select('letters').execute(), [
    { letters: 10 },
  ]);
  await again.value[Symbol.asyncDispose]();
});

test('a database of another instance, or one that is ahead of the journal, is refused with what to do', async () => {
  await using house = await openTestHouse(cluster, scratch);
  await signUp(house, 'anna');
  await house.door[Symbol.asyncDispose]();
  const other = await openCommitDoor({ ...house.options, instanceId: newId<InstanceId>() });
  assert.ok(!other.ok && other.error.kind === 'otherInstance' && /DATABASE_URL/.test(other.error.whatToDo));
  const journal = await openTestJournal(join(scratch, 'older'), house.instanceId);
  const ahead = await openCommitDoor({ ...house.options, journal });
  assert.ok(!ahead.ok && ahead.error.kind === 'aheadOfJournal' && /journal/.test(ahead.error.whatToDo));
  await journal.close();
});

test('a letter that the rows cannot take holds up nobody: it stays in the journal and health says so', async () => {
  await using house = await openTestHouse(cluster, scratch, { log: silentLog });
  const anna = await signUp(house, 'anna');
  const entry = letterTo(anna);
  assert.ok((await house.door.keepLetter(entry)).ok);
  assert.ok((await house.door.keepLetter(entry)).ok); // the same id twice: a mistake of ours
  assert.ok((await house.door.keepLetter(letterTo(anna))).ok);
  assert.ok((await house.door.settled(anna.id)).ok);
  assert.equal(house.door.health.heldBack, 1);
  assert.deepEqual(await house.database.reader.db.selectFrom('account_counter').select('letters').execute(), [
    { letters: 2 },
  ]);
});
