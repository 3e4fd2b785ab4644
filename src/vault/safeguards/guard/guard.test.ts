// The guard in a cluster of ours: sixteen wrong commands as everybody who could give them, and the twin without it.

import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import { readMigrations, migrate } from '../../database/migrate.ts';
import { openDatabase, type Database } from '../../database/open-database.ts';
import { prepareBinaries } from '../../database/postgres/binaries.ts';
import { startEmbedded, type Embedded } from '../../database/postgres/embedded.ts';
import { openSession } from '../../database/session.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { asLogin } from '../../database/test-tamper.ts';
import {
  makeSignUp,
  mustCommit,
  mustKeep,
  newDatabase,
  openTestHouse,
  type TestHouse,
} from '../../database/test-house.ts';
import { readFingerprint } from './fingerprint.ts';
import { EXPECTED_DIGESTS, testGuard, type GuardReport } from './self-test.ts';
import { triers, tryWrongCommands, wrongCommands } from './wrong-commands.ts';

const OLD_BIN = '/usr/lib/postgresql/15/bin';
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'sgl-guard-'));
let running: Embedded;
let database: Database;
let house: TestHouse;
let plain: TestCluster;

before(async () => {
  plain = await startTestCluster();
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  assert.ok(binaries.ok);
  const started = await startEmbedded({ native: binaries.value.native, folder: join(scratch, 'postgres'), owner });
  assert.ok(started.ok, started.ok ? '' : started.error.sentence);
  running = started.value;
  database = openDatabase(running.connection, silentLog);
  house = await openTestHouse(plain, scratch, { database });
  await furnish(house);
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await running.stop();
  await plain[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

/** Two accounts, one with 350 letters and one with 20. */
async function furnish({ door }: TestHouse): Promise<void> {
  for (const [name, letters] of [
    ['anna', 350],
    ['ben', 20],
  ] as const) {
    const { account, command } = makeSignUp(`${name}@siegel.test`);
    await mustCommit(door, account.id, command);
    await Promise.all(Array.from({ length: letters }, () => mustKeep(door, [account])));
    assert.ok((await door.settled(account.id)).ok);
  }
}

async function everyRow(): Promise<readonly string[]> {
  await using session = await database.connectAs('reader');
  const tables = await session.rows<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  const lines: string[] = [];
  for (const { name } of tables)
    lines.push(
      ...(await session.rows<{ row: string }>(`SELECT '${name} ' || t::text AS row FROM "${name}" t ORDER BY 1`)).map(
        ({ row }) => row,
      ),
    );
  return lines;
}

test('sixteen wrong commands as reader, program, owner and superuser are refused and change nothing', async () => {
  assert.equal(wrongCommands.length, 16);
  const before = await everyRow();
  const attempts = await tryWrongCommands(running.connection);
  assert.equal(attempts.length, 16 * triers.length);
  assert.deepEqual(attempts.filter(({ refusal }) => refusal === undefined), []); // prettier-ignore
  assert.deepEqual(await everyRow(), before);
});

test('the twin: where no guard stands all sixteen go through', async () => {
  await asLogin(plain.url('postgres'), 'CREATE DATABASE unguarded');
  const url = new URL(plain.url('unguarded'));
  const connection = { host: url.searchParams.get('host') ?? '', port: 5432, database: 'unguarded' };
  {
    await using session = await openSession({ connectionString: url.href });
    assert.ok((await migrate(session, await readMigrations())).ok);
  }
  const rows = await everyRowAsInserts();
  await asLogin(url.href, ...rows);
  const attempts = await tryWrongCommands(connection, { as: ['siegel'], ending: 'ROLLBACK' });
  assert.deepEqual(attempts.filter(({ refusal }) => refusal !== undefined), []); // prettier-ignore
});

/** Rows of the house for the twin: those that the commands are about. */
async function everyRowAsInserts(): Promise<readonly string[]> {
  await using session = await database.connectAs('reader');
  const inserts: string[] = [];
  for (const name of ['account', 'letter', 'placement']) {
    const [all] = await session.rows<{ json: string }>(`SELECT json_agg(t)::text AS json FROM ${name} t`);
    inserts.push(
      `INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $json$${all?.json ?? ''}$json$)`,
    );
  }
  return inserts;
}

test('the self-test finds the guard whole, in less than 200 ms, and leaves no trace', async () => {
  const before = await everyRow();
  const reports: GuardReport[] = [];
  for (let n = 0; n < 5; n += 1) reports.push(await testGuard(database));
  // others use this machine too: the quickest says what it takes
  const [report] = reports.toSorted((a, b) => a.tookMs - b.tookMs);
  assert.ok(report !== undefined);
  assert.deepEqual(report.findings, []);
  assert.ok(report.isActive);
  assert.ok(report.tried > 30, String(report.tried));
  assert.ok(report.tookMs < 200, `${report.tookMs} ms`);
  assert.deepEqual(await everyRow(), before);
});

for (const version of ['the PostgreSQL that comes along', 'Debian’s PostgreSQL 15']) {
  test(
    `the guard’s parts are the same on ${version}`,
    { skip: version.includes('15') && !existsSync(OLD_BIN) && 'it is not installed' },
    async () => {
      await using cluster = await startTestCluster(version.includes('15') ? OLD_BIN : undefined);
      const external = await newDatabase(cluster);
      await using session = await external.connectAs('owner');
      assert.ok((await migrate(session, await readMigrations())).ok);
      const [withEvents, withoutEvents] = [await readFingerprint(session, true), await readFingerprint(session, false)];
      const digests = { withEvents: withEvents.digest, withoutEvents: withoutEvents.digest };
      assert.deepEqual(digests, EXPECTED_DIGESTS, `${withEvents.parts.length} parts`);
      const report = await testGuard(external);
      assert.deepEqual(report.findings, []);
      assert.ok(report.isActive && !report.parts.isSealed);
      await external.close();
    },
  );
}
