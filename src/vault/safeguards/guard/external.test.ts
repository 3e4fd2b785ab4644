// The guard in a database of the operator's own: as much of it as its user may have, and the rest is said.

import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import type { GuardParts } from '../../database/install-guard.ts';
import { openDatabase } from '../../database/open-database.ts';
import { startTestCluster } from '../../database/test-cluster.ts';
import { makeSignUp, mustCommit, mustKeep, openTestHouse } from '../../database/test-house.ts';
import { asLogin } from '../../database/test-tamper.ts';
import { testGuard } from './self-test.ts';

const OLD_BIN = '/usr/lib/postgresql/15/bin';
const scratch = mkdtempSync(join(tmpdir(), 'sgl-external-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const USERS: readonly {
  readonly name: string;
  readonly rights: string;
  readonly grants: readonly string[];
  readonly parts: GuardParts;
}[] = [
  {
    name: 'who owns the database and may make roles',
    rights: 'CREATEROLE',
    grants: ['ALTER DATABASE house OWNER TO house_user'],
    parts: { core: true, roles: true, events: false, isSealed: false },
  },
  {
    name: 'who owns the database',
    rights: '',
    grants: ['ALTER DATABASE house OWNER TO house_user'],
    parts: { core: true, roles: false, events: false, isSealed: false },
  },
  {
    name: 'who may only make tables',
    rights: '',
    grants: ['GRANT CREATE ON SCHEMA public TO house_user'],
    parts: { core: false, roles: false, events: false, isSealed: false },
  },
];

for (const [version, bin] of [
  ['18', undefined],
  ['15', OLD_BIN],
] as const) {
  for (const { name, rights, grants, parts } of USERS) {
    const skip = bin !== undefined && !existsSync(bin) && 'PostgreSQL 15 is not installed';
    test(`PostgreSQL ${version}, a user ${name}: mail works, and what stands is said`, { skip }, async () => {
      await using cluster = await startTestCluster(bin);
      const url = cluster.url('house').replace('siegel@', 'house_user@');
      await asLogin(cluster.url('postgres'), `CREATE ROLE house_user LOGIN ${rights}`, 'CREATE DATABASE house');
      await asLogin(cluster.url('house'), ...grants);
      const database = openDatabase(url, silentLog);
      await using house = await openTestHouse(cluster, scratch, { database });
      const { account, command } = makeSignUp('anna@siegel.test');
      await mustCommit(house.door, account.id, command);
      for (let n = 0; n < 120; n += 1) await mustKeep(house.door, [account]);
      assert.ok((await house.door.settled(account.id)).ok);
      const report = await testGuard(database);
      assert.deepEqual(report.parts, parts);
      assert.deepEqual(report.findings, []);
      assert.equal(report.isActive, false, 'not all of it stands');
      await using session = await database.connect();
      const wrong = session.transaction(async () => {
        await session.script('DELETE FROM letter');
        throw new Error('went through');
      });
      await assert.rejects(wrong, parts.core ? /the guard/ : /went through/);
    });
  }
}
