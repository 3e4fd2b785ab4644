// A cluster of the version before gets its roles and its guard while it is stopped; who works on it past the guard is noticed.

import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { silentLog } from '#base/log/log.ts';
import { readBrokenGlass } from '../broken-glass.ts';
import { pendingMigrations, readMigrations } from '../migrate.ts';
import { prepareDatabase } from '../check-database.ts';
import { newId, type InstanceId } from '#base/ids.ts';
import { openDatabase } from '../open-database.ts';
import { prepareBinaries } from './binaries.ts';
import { ensureCluster, OWN_FOLDER } from './cluster.ts';
import { startEmbedded, type Embedded } from './embedded.ts';
import { SUPERUSER } from './roles.ts';

const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'sgl-seal-'));
const self = new URL('./embedded.ts', import.meta.url).href;
let native = '';
let template = '';

before(async () => {
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  assert.ok(binaries.ok);
  ({ native } = binaries.value);
  template = join(scratch, 'old');
  await makeOldCluster(template);
});
after(() => rmSync(scratch, { recursive: true, force: true }));

/** As the version before made it: one superuser whom the socket trusts, tables that are his, and a row. */
async function makeOldCluster(folder: string): Promise<void> {
  const made = await ensureCluster({ native, folder, owner });
  assert.ok(made.ok, made.ok ? '' : made.error.sentence);
  const cluster = join(folder, 'cluster');
  writeFileSync(join(cluster, 'pg_hba.conf'), 'local all siegel trust\n');
  const server = spawn(join(native, 'bin', 'postgres'), ['-D', OWN_FOLDER, '-c', 'listen_addresses=', '-k', '../run'], {
    stdio: 'ignore',
    cwd: cluster,
    ...owner,
  });
  const client = await connectPatiently(join(folder, 'run'));
  const old = (await readMigrations()).filter(({ number }) => number <= 5);
  await client.query(
    'CREATE TABLE schema_migration (number integer PRIMARY KEY, name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  for (const { number, name, sql } of old) {
    await client.query(sql);
    await client.query("INSERT INTO schema_migration VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))", [
      number,
      name,
      sql,
    ]);
  }
  await client.query("INSERT INTO domain VALUES ('siegel.test'); INSERT INTO applied VALUES (0, 7)");
  await client.end();
  server.kill('SIGINT');
  await once(server, 'exit');
}

async function connectPatiently(host: string): Promise<Client> {
  for (let tries = 0; ; tries += 1) {
    const client = new Client({ host, user: SUPERUSER, database: 'siegel' });
    try {
      await client.connect();
      return client;
    } catch (cause) {
      if (tries > 200) throw cause;
      await sleep(50);
    }
  }
}

function copyOf(name: string): string {
  const folder = join(scratch, name);
  assert.equal(spawnSync('cp', ['-a', template, folder]).status, 0);
  return folder;
}

async function start(folder: string): Promise<Embedded> {
  const started = await startEmbedded({ native, folder, owner });
  assert.ok(started.ok, started.ok ? '' : started.error.sentence);
  return started.value;
}

/** Whether roles, rights and guard are all there, and the row too. */
async function isWhole(running: Embedded): Promise<boolean> {
  const database = openDatabase(running.connection, silentLog);
  try {
    await using app = await database.connect();
    await using tool = await database.connectAs('owner');
    const [mine] = await tool.rows<{ count: number }>(
      `SELECT count(*) AS count FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relowner = current_user::regrole`,
    );
    const rows = await app.rows<{ domain: string }>('SELECT domain FROM domain');
    return (
      (mine?.count ?? 0) >= 18 &&
      rows[0]?.domain === 'siegel.test' &&
      app.isGuarded &&
      (await database.keepsSuperuserOut()) === true
    );
  } finally {
    await database.close();
  }
}

test('a cluster of the version before keeps its rows, gets roles and guard, and its superuser signs in no more', async () => {
  const running = await start(copyOf('upgraded'));
  assert.ok(await isWhole(running));
  const database = openDatabase(running.connection, silentLog);
  await using session = await database.connect();
  const expected = { instanceId: newId<InstanceId>(), journal: 0, durableSeq: 7 };
  assert.deepEqual(await prepareDatabase(database, session, expected), { ok: true, value: 7 });
  assert.deepEqual(await pendingMigrations(session), []);
  await database.close();
  await running.stop();
});

test(
  'killed at any moment while it is brought there, the next start finds it before or after, and ends the same',
  { timeout: 120_000 },
  async () => {
    const script = `import { startEmbedded } from ${JSON.stringify(self)};
    process.stdout.write('go'); await startEmbedded(JSON.parse(process.argv[1])); process.stdout.write('up'); setInterval(() => {}, 1000);`;
    for (const waitMs of [0, 20, 60, 120, 200, 320]) {
      const folder = copyOf(`killed-${waitMs}`);
      const child = spawn(
        process.execPath,
        ['--input-type=module', '-e', script, JSON.stringify({ native, folder, owner })],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          detached: true,
        },
      );
      await once(child.stdout, 'data');
      await sleep(waitMs);
      assert.ok(child.pid !== undefined);
      process.kill(-child.pid, 'SIGKILL');
      await once(child, 'exit');
      const running = await start(folder);
      assert.ok(await isWhole(running), `killed after ${waitMs} ms`);
      await using reader = await openDatabase(running.connection, silentLog).connectAs('reader');
      assert.deepEqual(await readBrokenGlass(reader), [], 'our own work is no broken glass');
      await running.stop();
      rmSync(folder, { recursive: true });
    }
  },
);

function breakGlass(folder: string, sql: string): void {
  const ran = spawnSync(join(native, 'bin', 'postgres'), ['--single', '-D', OWN_FOLDER, 'siegel'], {
    cwd: join(folder, 'cluster'),
    input: `${sql}\n`,
    ...owner,
  });
  assert.equal(ran.status, 0, ran.stderr.toString());
}

test('break-glass: single-user mode passes the guard, and the next start knows of it; ordinary stops and crashes are no sign', async () => {
  const folder = copyOf('glass');
  const noticed = async (running: Embedded): Promise<number> => {
    const database = openDatabase(running.connection, silentLog);
    await using reader = await database.connectAs('reader');
    const times = await readBrokenGlass(reader);
    await database.close();
    return times.length;
  };
  let running = await start(folder);
  await running.stop();
  running = await start(folder);
  assert.equal(await noticed(running), 0, 'stopped in order');
  process.kill(running.pid, 'SIGKILL');
  await running.exited;
  running = await start(folder);
  assert.equal(await noticed(running), 0, 'crashed');
  await running.stop();
  assert.ok(existsSync(join(folder, 'control.seen')));
  breakGlass(folder, "UPDATE domain SET domain = 'other.test'");
  running = await start(folder);
  assert.equal(await noticed(running), 1);
  await running.stop();
  running = await start(folder);
  assert.equal(await noticed(running), 1, 'once, and until it is told');
  await running.stop();
});

test('the twin: where nobody remembers the stop, the same work is not noticed', async () => {
  const folder = copyOf('twin');
  let running = await start(folder);
  await running.stop();
  rmSync(join(folder, 'control.seen'));
  breakGlass(folder, "UPDATE domain SET domain = 'other.test'");
  running = await start(folder);
  await using reader = await openDatabase(running.connection, silentLog).connectAs('reader');
  assert.deepEqual(await readBrokenGlass(reader), []);
  await running.stop();
});

test('only the roles have a way in, and the copier none that speaks SQL', () => {
  assert.deepEqual(
    readFileSync(join(scratch, 'upgraded', 'cluster', 'pg_hba.conf'), 'utf8')
      .trim()
      .split('\n'),
    [
      'local all siegel reject',
      'local replication siegel_copier trust',
      'local all siegel_reader,siegel_app,siegel_owner trust',
      'local all all reject',
    ],
  );
});
