// What the journal takes away goes past the guard: a transaction for each account; and the program runs on the tables of before.

import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DatabaseError } from 'pg';
import { requireValue } from '#base/assert.ts';
import { newId, type AccountId, type InstanceId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import type { Command, Wrap } from '../journal/commands.ts';
import type { KeyRecord } from '../journal/journal.ts';
import { ApplyQueue } from './apply-queue.ts';
import { applyRecords } from './apply.ts';
import { guardRefusalOf } from './guard-core.ts';
import { splitByOwner } from './guarded-records.ts';
import {
  applyMigration,
  migrate,
  pendingMigrations,
  readMigrations,
  SCHEMA_NEEDED,
  type Migration,
} from './migrate.ts';
import type { Database } from './open-database.ts';
import type { Session } from './session.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';
import {
  makeCredential,
  makeSignUp,
  mustCommit,
  mustKeep,
  newDatabase,
  openTestHouse,
  randomText,
  type TestAccount,
  type TestHouse,
} from './test-house.ts';
import { doRandomThings } from './test-operations.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sgl-guarded-'));
let cluster: TestCluster;

before(async () => {
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

async function allRecords(house: TestHouse): Promise<readonly KeyRecord[]> {
  const all: KeyRecord[] = [];
  for await (const records of house.journal.readKeyRecords(0)) all.push(...records);
  return all;
}

async function count(database: Database, table: 'letter' | 'placement' | 'holder'): Promise<number> {
  await using session = await database.connectAs('reader');
  const [row] = await session.rows<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
  return row?.count ?? 0;
}

/** Letters of two accounts in turn, then all of them erased in turn. */
async function eraseInTurn(house: TestHouse): Promise<number> {
  const people: TestAccount[] = [];
  for (const name of ['anna', 'ben']) {
    const { account, command } = makeSignUp(`${name}@siegel.test`);
    await mustCommit(house.door, account.id, command);
    people.push(account);
  }
  for (let n = 0; n < 130; n += 1) await mustKeep(house.door, [requireValue(people[n % 2], 'somebody')]);
  const letters = (await allRecords(house)).filter(({ content }) => content.kind === 'letter');
  for (const { header } of letters) {
    const content = { lane: 'key', journal: 0, seq: header.seq, reason: 'removed', command: 1 } as const;
    assert.ok((await house.journal.appendErased(requireValue(header.accountId, 'an account'), content)).ok);
  }
  return letters.length;
}

test('letters of several accounts that are erased in turn go, each account in its own transaction; the twin is refused', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const letters = await eraseInTurn(house);
  const erasures = (await allRecords(house)).filter(({ content }) => content.kind === 'erased');
  assert.equal(erasures.length, letters);
  assert.ok(splitByOwner(erasures).length > 100, 'they alternate');

  const beside = await newDatabase(cluster);
  {
    await using owner = await beside.connectAs('owner');
    assert.ok((await migrate(owner, await readMigrations())).ok);
    await using session = await beside.connect();
    const all = await allRecords(house);
    const cause = await session
      .transaction(() => applyRecords(session, all))
      .then(
        () => undefined,
        (refusal: unknown) => refusal,
      );
    assert.match(guardRefusalOf(cause) ?? '', /more than one account/, 'the twin: all in one transaction');
    for (const run of splitByOwner(all)) await session.transaction(() => applyRecords(session, run));
  }
  assert.equal(await count(beside, 'letter'), 0);
  await beside.close();

  const filled = await newDatabase(cluster);
  const queue = new ApplyQueue({ ...house.options, database: filled });
  assert.equal((await queue.start()).state, 'up');
  assert.equal(queue.health.heldBack, 0);
  assert.equal(await count(filled, 'letter'), 0);
  assert.equal(await count(filled, 'placement'), 0);
  await queue.close();
  await filled.close();
});

/** Every command that takes keys or rows away, each in a form that really does. */
function takingCommands(): readonly Command[] {
  const manifest = { version: 2, bytes: randomText(40) };
  const keys = { version: 2, certificate: randomText(40), summaryKey: randomText(32), authKey: randomText(32) };
  const wrap = (kind: Wrap['kind'], wrapId: string): Wrap => ({
    wrapId,
    kind,
    arkVersion: 1,
    publicKey: randomText(32),
    sealed: randomText(60),
  });
  const holders = [newId<AccountId>(), newId<AccountId>()] as const;
  const third = newId<AccountId>();
  return [
    { kind: 'keysPut', effect: { keys } },
    { kind: 'keyringPut', effect: { version: 2, sealed: randomText(90), manifest } },
    { kind: 'manifestPut', effect: { version: 3, bytes: randomText(50) } },
    { kind: 'wrapPut', effect: { wrap: wrap('phrase', 'one'), manifest } },
    { kind: 'wrapPut', effect: { wrap: wrap('phrase', 'one'), manifest } },
    { kind: 'wrapRemoved', effect: { wrapId: 'one', manifest: { version: 4, bytes: randomText(50) } } },
    { kind: 'secondFactorPut', effect: { sealed: randomText(60), step: 5 } },
    { kind: 'secondFactorPut', effect: { sealed: randomText(60) } },
    { kind: 'secondFactorRemoved', effect: {} },
    { kind: 'credentialPending', effect: { credential: makeCredential(2), manifest } },
    { kind: 'credentialPending', effect: { credential: makeCredential(3) } },
    { kind: 'credentialPromoted', effect: { version: 3, keepSessions: [] } },
    ...holders.map((holderId, n): Command => ({
      kind: 'holderPut',
      effect: { holderId, wrap: wrap('holder', `h${n}`), manifest },
    })),
    {
      kind: 'holderPut',
      effect: { holderId: holders[0], wrap: wrap('holder', 'h0'), manifest: { version: 5, bytes: 'AAAA' } },
    },
    {
      kind: 'holderPut',
      effect: { holderId: third, wrap: wrap('holder', 'h2'), manifest: { version: 6, bytes: 'AAAA' } },
    },
    { kind: 'holderLeft', effect: { holderId: third, wrapId: 'h2' } },
    {
      kind: 'holderRemoved',
      effect: {
        holderId: holders[1],
        wraps: [wrap('holder', 'h0')],
        keys,
        keyring: { version: 3, sealed: randomText(9) },
        manifest,
      },
    },
  ];
}

test('every command that takes keys or rows away is let through, alone and all in one batch', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const { account, command } = makeSignUp('carla@siegel.test');
  await mustCommit(house.door, account.id, command);
  for (const taking of takingCommands()) await mustCommit(house.door, account.id, taking);
  await mustCommit(house.door, undefined, { kind: 'domainAdded', effect: { domain: 'further.test' } });
  await mustCommit(house.door, undefined, { kind: 'domainRemoved', effect: { domain: 'further.test' } });
  assert.ok((await house.door.settled(account.id)).ok);
  const beside = await newDatabase(cluster);
  const queue = new ApplyQueue({ ...house.options, database: beside });
  assert.equal((await queue.start()).state, 'up');
  assert.equal((await house.journal.findVoided(0)).size, 0);
  await queue.close();
  await beside.close();
});

test('records without anything to take away are one run, whoever they belong to', () => {
  const record = (kind: 'letter' | 'keysPut', accountId: AccountId): KeyRecord => {
    const header = { kind, accountId };
    return { header, content: { kind: 'letter' } } as unknown as KeyRecord;
  };
  const [anna, ben] = [newId<AccountId>(), newId<AccountId>()];
  const runs = splitByOwner([
    record('letter', anna),
    record('keysPut', ben),
    record('letter', anna),
    record('keysPut', anna),
  ]);
  assert.deepEqual(runs.map((run) => run.length), [3, 1]); // prettier-ignore
});

/** The program with these migrations, on rows that were made with the first `made` of them. */
async function onOlderTables(
  migrations: readonly Migration[],
  work: (house: TestHouse, database: Database) => Promise<void>,
): Promise<void> {
  const database = await newDatabase(cluster);
  {
    await using owner = await database.connectAs('owner');
    const old = migrations.filter(({ number }) => number <= SCHEMA_NEEDED);
    assert.ok((await migrate(owner, old)).ok);
  }
  {
    await using app = await database.connect();
    await app.script('INSERT INTO applied VALUES (7, 1)'); // rows are there
  }
  await using house = await openTestHouse(cluster, scratch, {
    database,
    prepare: { migrations, waitsFrom: SCHEMA_NEEDED + 1 },
  });
  await work(house, database);
}

const FURTHER: Migration = { number: 9001, name: 'further', sql: 'CREATE TABLE further (account_id uuid PRIMARY KEY)' };

/** As a change does it: where someone else got a lock first, all of it once more. */
async function applyPatiently(owner: Session, migration: Migration): Promise<0 | 1> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await applyMigration(owner, migration);
    } catch (cause) {
      if (tries === 20 || !(cause instanceof DatabaseError) || cause.code !== '40P01') throw cause;
    }
  }
}

test('the program runs on tables that a pending migration has not reached; a change brings them there while it runs', async () => {
  const migrations = [...(await readMigrations()), FURTHER];
  await onOlderTables(migrations, async (house, database) => {
    await doRandomThings(house.door, [], 200);
    assert.equal(house.door.health.state, 'up');
    assert.equal(house.door.health.heldBack, 0);
    await using session = await database.connect();
    const waiting = await pendingMigrations(session, migrations);
    assert.deepEqual(
      waiting.map(({ number }) => number),
      migrations.filter(({ number }) => number > SCHEMA_NEEDED).map(({ number }) => number),
    );
    await using owner = await database.connectAs('owner');
    await Promise.all([
      doRandomThings(house.door, [], 100),
      (async () => {
        for (const migration of waiting) assert.equal(await applyPatiently(owner, migration), 1);
      })(),
    ]);
    assert.deepEqual(await pendingMigrations(session, migrations), []);
    await doRandomThings(house.door, [], 100);
    assert.equal(house.door.health.heldBack, 0);
  });
});

test('tables older than the program works on are refused with what to do, and an empty database gets all at once', async () => {
  const database = await newDatabase(cluster);
  {
    await using owner = await database.connectAs('owner');
    const old = (await readMigrations()).filter(({ number }) => number < SCHEMA_NEEDED);
    assert.ok((await migrate(owner, old)).ok);
    await using app = await database.connect();
    await app.script('INSERT INTO applied VALUES (0, 0)');
  }
  await using house = await openTestHouse(cluster, scratch);
  const prepare = { waitsFrom: SCHEMA_NEEDED };
  const queue = new ApplyQueue({
    ...house.options,
    database,
    instanceId: newId<InstanceId>(),
    log: silentLog,
    prepare,
  });
  const { refusal } = await queue.start();
  assert.deepEqual(refusal, { kind: 'olderSchema', number: SCHEMA_NEEDED - 1 });
  await queue.close();
  await database.close();
  const empty = await newDatabase(cluster);
  const filling = new ApplyQueue({ ...house.options, database: empty, prepare });
  assert.equal((await filling.start()).state, 'up');
  await using session = await empty.connect();
  assert.deepEqual(await pendingMigrations(session), []);
  await filling.close();
  await empty.close();
});
