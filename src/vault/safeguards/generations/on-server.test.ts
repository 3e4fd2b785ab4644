// Databases beside each other on the operator's own PostgreSQL 15: taken over by name, closed, taken back, and never without his leave.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { newId, type InstanceId } from '#base/ids.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { mustCommit } from '../../database/test-house.ts';
import { asLogin } from '../../database/test-tamper.ts';
import { restoreTo } from './restore-to.ts';
import { dumpRows, keepOne, livingLetters, moveInWithLetters, openGenerationHouse } from './test-generations.ts';

const BIN = '/usr/lib/postgresql/15/bin';
const skip = !existsSync(BIN) && 'PostgreSQL 15 is not installed';
const scratch = mkdtempSync(join(tmpdir(), 'sgl-server-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true }));
let cluster: TestCluster;
before(async () => {
  if (skip === false) cluster = await startTestCluster(BIN);
});
after(async () => cluster?.[Symbol.asyncDispose]());

const JOURNAL = { base: { kind: 'journal' }, reason: 'rebuilt', why: 'a test' } as const;
let houses = 0;

interface Place {
  readonly folder: string;
  readonly instanceId: InstanceId;
  readonly scratch: string;
  readonly databaseUrl: string;
  readonly name: string;
  readonly user: string;
}

/** A database of its own, and a user of its own who owns it. */
async function newPlace(rights = 'CREATEDB CREATEROLE'): Promise<Place> {
  const name = `House ${(houses += 1)}`;
  const user = `user_${houses}`;
  await asLogin(
    cluster.url('postgres'),
    `CREATE ROLE ${user} LOGIN ${rights}`,
    `CREATE DATABASE "${name}" OWNER ${user}`,
    `COMMENT ON DATABASE "${name}" IS 'mail of the office'`,
  );
  const databaseUrl = cluster.url(encodeURIComponent(name)).replace('siegel@', `${user}@`);
  return { folder: join(scratch, user), instanceId: newId<InstanceId>(), scratch, databaseUrl, name, user };
}

interface Shown {
  readonly name: string;
  readonly open: boolean;
  readonly comment: string | null;
}

async function databasesOf({ name }: Place): Promise<readonly Shown[]> {
  const client = new Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<Shown>(
      `SELECT datname AS name, datallowconn AS open, shobj_description(oid, 'pg_database') AS comment
       FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname COLLATE "C"`,
      [name],
    );
    return rows;
  } finally {
    await client.end();
  }
}

const shown = async (place: Place): Promise<readonly string[]> =>
  (await databasesOf(place)).map(({ name, open }) => `${name.slice(place.name.length)}${open ? '' : ' closed'}`);

test(
  'rows made anew take over under the name that everybody knows; the old ones are closed and go after 30 days',
  { skip },
  async () => {
    const place = await newPlace();
    await using house = await openGenerationHouse(place);
    const { anna } = await moveInWithLetters(house, 8);
    const served = (await dumpRows(house.database)).filter((line) => !/^(instance|applied|session) /.test(line));
    const done = await restoreTo(house, {
      ...JOURNAL,
      check: async () => (await keepOne(house, anna), { ok: true, value: undefined }),
    });
    assert.ok(done.ok, done.ok ? '' : done.error.sentence);
    await house.quiet();
    assert.equal((await livingLetters(house)).length, 9, 'the letter of meanwhile is there');
    const rows = await dumpRows(house.database);
    assert.deepEqual(
      served.filter((line) => line.startsWith('mailbox ')).length,
      rows.filter((line) => line.startsWith('mailbox ')).length,
    );
    assert.deepEqual(await shown(place), ['', '_gen_0001 closed']);
    await assert.rejects(
      asLogin(cluster.url(encodeURIComponent(`${place.name}_gen_0001`)), 'SELECT 1'),
      /not currently accepting/,
    );
    // twin: it is this door alone that keeps people from working on rows that no longer count
    const old = `${place.name}_gen_0001`;
    await asLogin(cluster.url('postgres'), `ALTER DATABASE "${old}" ALLOW_CONNECTIONS true`);
    await asLogin(cluster.url(encodeURIComponent(old)), 'SELECT 1');
    const { nowMs } = house.clock;
    assert.deepEqual(await house.generations.prune(nowMs() + 3_600_000, 86_400_000), []);
    assert.deepEqual(await house.generations.prune(nowMs() + 31 * 86_400_000, 90 * 86_400_000), ['gen-0001']);
    const [left, ...more] = await databasesOf(place);
    assert.equal(more.length, 0);
    assert.match(left?.comment ?? '', /mail of the office/, 'what the operator wrote there is kept');
  },
);

test(
  'a wrong command is undone beside, and stays undone after a restart and a rebuild; without the switch it does not',
  { skip },
  async () => {
    const place = await newPlace();
    let late: string;
    let before: readonly string[];
    {
      await using house = await openGenerationHouse(place);
      const { anna, ids } = await moveInWithLetters(house, 6);
      before = await livingLetters(house);
      const wrong = await mustCommit(house.door, anna.id, {
        kind: 'lettersRemoved',
        effect: { ids, purgeMs: 9e12, freedBytes: 0 },
      });
      late = await keepOne(house, anna);
      await house.quiet();
      assert.deepEqual(await livingLetters(house), [late], 'twin: rows that go on serving are without the letters');
      const leaveOut = [{ seq: wrong.header.seq, change: 1 }];
      const done = await restoreTo(house, { ...JOURNAL, leaveOut, reason: 'undone', why: 'change 1 was undone' });
      assert.ok(done.ok, done.ok ? '' : done.error.sentence);
      await house.quiet();
      assert.deepEqual(await livingLetters(house), [...before, late].toSorted());
    }
    await using house = await openGenerationHouse(place);
    await house.quiet();
    assert.equal(house.generations.live.name, 'gen-0002');
    assert.ok((await restoreTo(house, JOURNAL)).ok);
    await house.quiet();
    assert.deepEqual(await livingLetters(house), [...before, late].toSorted());
    // an older one may be switched to as well: its rows follow
    const arrival = { era: 9, reason: 'rebuilt', endsSessions: false, lostTail: false, leftOut: [] } as const;
    const back = await house.generations.switchTo('gen-0002', { ...arrival, leftOut: [] }, 'back');
    assert.ok(back.ok, back.ok ? '' : back.error.sentence);
    await house.quiet();
    assert.deepEqual(await livingLetters(house), [...before, late].toSorted());
    assert.deepEqual(await shown(place), ['', '_gen_0001 closed', '_gen_0003 closed']);
  },
);

test(
  'ended between any two steps of a switch, the next start serves every letter and leaves nothing half made',
  { skip },
  async () => {
    const seen: string[] = [];
    for (let dies = 1; dies <= 14; dies++) {
      const place = await newPlace();
      let steps = 0;
      const reached: string[] = [];
      const step = async (name: string): Promise<void> => {
        if ((steps += 1) >= dies) throw new Error(`killed: ${name}`);
        reached.push(name);
      };
      let letters: readonly string[] = [];
      let isOver = false;
      try {
        await using house = await openGenerationHouse({ ...place, step });
        await moveInWithLetters(house, 3);
        letters = await livingLetters(house);
        // a killed program tidies nothing up
        const begin = house.generations.begin.bind(house.generations);
        house.generations.begin = async (...order) => {
          const begun = await begin(...order);
          return begun.ok ? { ok: true, value: { ...begun.value, discard: begun.value.stop } } : begun;
        };
        const done = await restoreTo(house, JOURNAL);
        isOver = done.ok;
      } catch (cause) {
        assert.match(String(cause), /killed/);
      }
      if (isOver) {
        seen.push(...reached);
        break;
      }
      await using house = await openGenerationHouse(place);
      await house.quiet();
      assert.deepEqual(await livingLetters(house), letters, `killed at step ${dies}`);
      const [live, ...others] = await databasesOf(place);
      assert.ok(live?.open, `killed at step ${dies}: people are let in`);
      assert.ok(
        others.every(({ open, comment }) => !open && (comment ?? '').includes('retiredMs')),
        `killed at step ${dies}`,
      );
      assert.equal(house.generations.live.arrival, undefined, 'the journal heard of it');
    }
    for (const name of ['made', 'ready', 'fenced', 'pointed', 'journalled']) assert.ok(seen.includes(name), name);
  },
);

test(
  'somebody above who stays connected is not thrown out: nothing is switched, and the old database serves',
  { skip },
  async () => {
    const place = await newPlace();
    await using house = await openGenerationHouse(place);
    const { anna } = await moveInWithLetters(house, 2);
    const other = new Client({ connectionString: cluster.url(encodeURIComponent(place.name)) });
    await other.connect();
    try {
      const done = await restoreTo(house, JOURNAL);
      assert.ok(!done.ok && done.error.kind === 'still-used', JSON.stringify(done));
      assert.match(done.error.sentence, /pg_stat_activity/);
      await other.query('SELECT 1');
    } finally {
      await other.end();
    }
    await keepOne(house, anna);
    await house.quiet();
    assert.equal((await livingLetters(house)).length, 3);
    assert.deepEqual(await shown(place), [''], 'what was filled is gone');
    assert.ok((await restoreTo(house, JOURNAL)).ok, 'and once he has left it goes');
  },
);

test(
  'a user who may not make databases, or does not own this one, is told what to give; so is who names none',
  { skip },
  async () => {
    const poor = await newPlace('');
    await assert.rejects(openGenerationHouse(poor), /CREATEDB/);
    const foreign = await newPlace();
    await asLogin(cluster.url('postgres'), `ALTER DATABASE "${foreign.name}" OWNER TO siegel`);
    await assert.rejects(openGenerationHouse(foreign), /OWNER TO/);
    await assert.rejects(openGenerationHouse({ ...foreign, databaseUrl: cluster.url('postgres') }), /52 bytes/);
    assert.deepEqual(await shown(poor), [''], 'nothing was made');
  },
);

test('one beside is as the live one: who may come in, and what its log may hold', { skip }, async () => {
  const place = await newPlace();
  const quoted = `"${place.name}"`;
  await asLogin(
    cluster.url('postgres'),
    `CREATE ROLE watcher_${houses} LOGIN`,
    `REVOKE ALL ON DATABASE ${quoted} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${quoted} TO watcher_${houses}`,
    `ALTER DATABASE ${quoted} SET work_mem TO '7MB'`,
    `ALTER DATABASE ${quoted} SET search_path TO public, attic`,
    `ALTER DATABASE ${quoted} CONNECTION LIMIT 35`,
  );
  await using house = await openGenerationHouse(place);
  await moveInWithLetters(house, 1);
  const facts = async (): Promise<unknown> => {
    const client = new Client({ connectionString: cluster.url('postgres') });
    await client.connect();
    const { rows } = await client.query(
      `SELECT datacl::text, datconnlimit, datcollate, datctype, datlocprovider, encoding, datdba, setconfig
       FROM pg_database d LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE datname = $1`,
      [place.name],
    );
    await client.end();
    return rows;
  };
  const wanted = await facts();
  const done = await restoreTo(house, JOURNAL);
  assert.ok(done.ok, done.ok ? '' : done.error.sentence);
  assert.deepEqual(await facts(), wanted);
});

test('where the log of one beside would hold addresses, it is not filled', { skip }, async () => {
  const place = await newPlace();
  // what only a superuser may set, our user cannot take along
  await asLogin(
    cluster.url('postgres'),
    `ALTER DATABASE "${place.name}" SET log_statement TO 'none'`,
    `ALTER SYSTEM SET log_statement TO 'all'`,
    'SELECT pg_reload_conf()',
  );
  await using house = await openGenerationHouse(place);
  await moveInWithLetters(house, 1);
  const done = await restoreTo(house, JOURNAL);
  assert.ok(!done.ok && done.error.kind === 'logs-too-much', JSON.stringify(done));
  assert.match(done.error.sentence, /log_statement/);
  assert.deepEqual(await shown(place), ['']);
  await asLogin(cluster.url('postgres'), `ALTER ROLE ${place.user} SET log_statement TO 'none'`);
  assert.ok((await restoreTo(house, JOURNAL)).ok, 'once it is set for the user, it is');
});
