// The embedded PostgreSQL: as root and as an ordinary user, in locked folders, killed and started again.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import { packagedBinaries, prepareBinaries, type Owner } from './binaries.ts';
import { startEmbedded, type Connection, type Embedded } from './embedded.ts';
import { checkExternal } from './external.ts';
import { roles } from './roles.ts';
import { superviseDatabase } from './supervise.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY: Owner = { uid: 65_534, gid: 65_534 };
const owner = isRoot ? NOBODY : undefined;
const native = packagedBinaries();
const skip = native === undefined ? 'no PostgreSQL comes along for this kind of machine' : false;
const skipUnlessRoot = skip || (isRoot ? false : 'only root can start it as another user');
const scratch = mkdtempSync(join(tmpdir(), 'siegel-postgres-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  return join(scratch, `data-${++folders}`, 'postgres');
}

/** A folder with a cluster already made: initdb is tested once and need not run for every test. */
let template: string | undefined;
async function readyFolder(): Promise<string> {
  if (template === undefined) {
    template = newFolder();
    await (await start(template)).stop();
  }
  const folder = newFolder();
  mkdirSync(join(folder, '..'));
  assert.equal(spawnSync('cp', ['-a', template, folder]).status, 0);
  return folder;
}

async function start(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<Embedded> {
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  assert.ok(binaries.ok);
  const started = await startEmbedded({ native: binaries.value.native, folder, owner, settings });
  assert.ok(started.ok, started.ok ? '' : started.error.sentence);
  return started.value;
}

async function ask(connection: Connection, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ ...connection, user: roles.owner });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

test('a fresh data folder gets a database that listens on its socket only', { skip }, async () => {
  const folder = newFolder();
  const running = await start(folder);
  const shown = await ask(
    running.connection,
    `SELECT current_setting('listen_addresses') AS tcp, current_setting('log_parameter_max_length') AS parameters,
            current_setting('log_statement') AS statements, current_setting('data_checksums') AS checksums`,
  );
  assert.deepEqual(shown, [{ tcp: '', parameters: '0', statements: 'none', checksums: 'on' }]);
  assert.equal(statSync(join(folder, 'run')).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, 'cluster')).mode & 0o777, 0o700);
  await running.stop();
  assert.ok(!existsSync(join(folder, 'cluster', 'postmaster.pid')));
});

test('rows are there after stop and start, and the second start takes less than a second', { skip }, async () => {
  const folder = await readyFolder();
  const first = await start(folder);
  await ask(first.connection, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  await first.stop();
  const startMs = performance.now();
  const second = await start(folder);
  const tookMs = performance.now() - startMs;
  assert.deepEqual(await ask(second.connection, 'SELECT n FROM kept'), [{ n: 7 }]);
  await second.stop();
  assert.ok(tookMs < 1_000, `second start took ${tookMs} ms`);
});

test('a database that is killed comes back by itself, and says so', { skip }, async () => {
  const folder = await readyFolder();
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  assert.ok(binaries.ok);
  const supervised = await superviseDatabase({ native: binaries.value.native, folder, owner }, silentLog);
  assert.ok(supervised.ok);
  await using database = supervised.value;
  const heard: boolean[] = [];
  database.onChange((isUp) => heard.push(isUp));
  const pid = database.pid();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  while (heard.length < 2) await sleep(20);
  assert.deepEqual(heard, [false, true]);
  assert.deepEqual(await ask(database.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('told to stop while it comes back after a fall, it ends and stays down', { skip, timeout: 30_000 }, async () => {
  const folder = await readyFolder();
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  assert.ok(binaries.ok);
  const supervised = await superviseDatabase({ native: binaries.value.native, folder, owner }, silentLog);
  assert.ok(supervised.ok);
  const pid = supervised.value.pid();
  assert.ok(pid !== undefined);
  const fallen = new Promise<void>((resolve) => supervised.value.onChange((isUp) => isUp || resolve()));
  process.kill(pid, 'SIGKILL');
  await fallen;
  await sleep(limits.database.restartPauseMs + 20); // the pause is over, the next start under way
  await supervised.value.stop();
  assert.equal(supervised.value.isUp(), false);
  const file = join(folder, 'cluster', 'postmaster.pid');
  const left = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : pid;
  assert.throws(() => process.kill(left, 0), 'a PostgreSQL is left over');
});

test(
  'a database whose program was killed ends too, and the next start does not stumble over it',
  { skip },
  async () => {
    const folder = await readyFolder();
    const script = join(import.meta.dirname, 'embedded.ts');
    const options = JSON.stringify({ native, folder, owner });
    const code = `const { startEmbedded } = await import(${JSON.stringify(script)});
    const started = await startEmbedded(${options}); console.log(started.value.pid); setInterval(() => {}, 1000);`;
    const program = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(program.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    program.kill('SIGKILL');
    const again = await start(folder);
    assert.notEqual(again.pid, pid);
    assert.throws(() => process.kill(pid, 0), 'the old postmaster is gone');
    await again.stop();
  },
);

test(
  'a pid file left by a lost machine, whose number now belongs to another program, is no obstacle',
  { skip },
  async () => {
    const folder = await readyFolder();
    await (await start(folder)).stop();
    const stranger = spawn('/bin/sleep', ['30'], { stdio: 'ignore', ...owner });
    writeFileSync(
      join(folder, 'cluster', 'postmaster.pid'),
      `${stranger.pid}\n/proc/self/cwd\n1\n5432\n../run\n\n0 0\nready\n`,
    );
    const running = await start(folder);
    await running.stop();
    assert.equal(stranger.exitCode, null, 'the stranger was left alone');
    stranger.kill();
  },
);

test('an interrupted first start leaves nothing that a later one takes for whole', { skip }, async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'cluster.new'), { recursive: true });
  writeFileSync(join(folder, 'cluster.new', 'PG_VERSION'), '18\n');
  const running = await start(folder);
  assert.deepEqual(await ask(running.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
  await running.stop();
});

test('one that outlived its program is found without its pid file too', { skip, timeout: 60_000 }, async () => {
  const folder = await readyFolder();
  const left = await start(folder);
  // As when it wrote the file in the very moment in which a stale one was taken away.
  rmSync(join(folder, 'cluster', 'postmaster.pid'));
  const began = performance.now();
  const running = await start(folder);
  assert.ok(performance.now() - began < limits.database.startWaitMs, 'found, not waited for');
  await left.exited;
  assert.deepEqual(await ask(running.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
  await running.stop();
});

test('a cluster of another major version is refused with what to do', { skip }, async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'cluster'), { recursive: true });
  writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '17\n');
  const started = await startEmbedded({ native: native ?? '', folder, owner });
  assert.ok(!started.ok);
  assert.equal(started.error.kind, 'other-version');
  assert.match(started.error.sentence, /made by PostgreSQL 17.*rebuilt from the journal/);
});

test('a setting that PostgreSQL refuses ends in a sentence with its own reason', { skip }, async () => {
  const binaries = prepareBinaries([], owner);
  assert.ok(binaries.ok);
  const settings = { shared_buffers: 'plenty' };
  const started = await startEmbedded({ native: binaries.value.native, folder: await readyFolder(), owner, settings });
  assert.ok(!started.ok);
  assert.equal(started.error.kind, 'start-failed');
  assert.match(started.error.sentence, /shared_buffers/);
});

test('root without another user is refused', { skip: skipUnlessRoot }, async () => {
  const started = await startEmbedded({ native: native ?? '', folder: newFolder() });
  assert.ok(!started.ok && started.error.kind === 'needs-user');
});

test(
  'a folder with a very long path, behind a folder that only root enters, works',
  { skip: skipUnlessRoot },
  async () => {
    const locked = join(scratch, 'locked', 'x'.repeat(90));
    mkdirSync(locked, { recursive: true, mode: 0o700 });
    chmodSync(join(scratch, 'locked'), 0o700);
    const running = await start(join(locked, 'postgres'));
    assert.deepEqual(await ask(running.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
    await running.stop();
  },
);

test('programs that their user cannot reach are copied once to where he can', { skip: skipUnlessRoot }, async () => {
  const locked = join(scratch, 'package');
  mkdirSync(locked, { mode: 0o700 });
  cpSync(native ?? '', join(locked, 'native'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(native ?? '', '..', 'package.json'), join(locked, 'package.json'));
  // As npm leaves it when install scripts do not run: without the short names of the libraries.
  rmSync(join(locked, 'native', 'lib', 'libpq.so.5'));
  const refused = prepareBinaries([], NOBODY, join(locked, 'native'));
  assert.ok(!refused.ok && refused.error.kind === 'unreachable');
  const startMs = performance.now();
  const copied = prepareBinaries([join(scratch, 'copies')], NOBODY, join(locked, 'native'));
  const tookMs = performance.now() - startMs;
  assert.ok(copied.ok && copied.value.isCopy, 'copied');
  assert.ok(existsSync(join(copied.value.native, 'lib', 'libpq.so.5')), 'short names are made');
  const again = prepareBinaries([join(scratch, 'copies')], NOBODY, join(locked, 'native'));
  assert.ok(again.ok && again.value.native === copied.value.native);
  const running = await startEmbedded({ native: copied.value.native, folder: await readyFolder(), owner: NOBODY });
  assert.ok(running.ok, running.ok ? '' : running.error.sentence);
  await running.value.stop();
  assert.ok(tookMs < 5_000, `copying took ${tookMs} ms`);
});

test('an ordinary user starts it in a folder of his own', { skip: skipUnlessRoot }, (t) => {
  const home = join(scratch, 'home');
  mkdirSync(home);
  spawnSync('/bin/chown', ['65534:65534', home]);
  const script = join(import.meta.dirname, 'embedded.ts');
  const code = `const { startEmbedded } = await import(${JSON.stringify(script)});
    const started = await startEmbedded(${JSON.stringify({ native, folder: join(home, 'postgres') })});
    console.log(JSON.stringify({ ok: started.ok, uid: process.getuid() })); if (started.ok) await started.value.stop();`;
  const options = { ...NOBODY, cwd: '/', encoding: 'utf8' as const, env: { PATH: '/usr/bin:/bin' } };
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', code], options);
  if (ran.error !== undefined || /EACCES|MODULE_NOT_FOUND/.test(ran.stderr)) {
    t.skip('the checkout itself is locked to other users');
    return;
  }
  assert.deepEqual(JSON.parse(ran.stdout), { ok: true, uid: 65_534 });
});

/** Makes the database complain about an address, and hands back what it wrote about that. */
async function complaints(settings: Readonly<Record<string, string>>): Promise<string> {
  const running = await start(await readyFolder(), settings);
  await ask(running.connection, 'CREATE TABLE address (address text PRIMARY KEY)');
  const client = new Client({ ...running.connection, user: roles.owner });
  await client.connect();
  for (let turn = 0; turn < 2; turn++) {
    await client.query('INSERT INTO address VALUES ($1)', ['marker@canary.example']).catch(() => undefined);
  }
  await client.end();
  await running.stop();
  return running.said();
}

test('no statement, parameter or row reaches the log of the database', { skip }, async () => {
  assert.equal(await complaints({}), '');
  const twin = await complaints({ log_min_messages: 'error', log_error_verbosity: 'default' });
  assert.match(twin, /canary/, 'with these settings off it would');
});

test('an external database is taken when it logs no parameters and refused when it does', { skip }, async () => {
  const folder = await readyFolder();
  const check = async (settings: Readonly<Record<string, string>>): ReturnType<typeof checkExternal> => {
    const running = await start(folder, settings);
    url = `postgresql://${roles.owner}@/siegel?host=${encodeURIComponent(running.connection.host)}`;
    const checked = await checkExternal(url);
    await running.stop();
    return checked;
  };
  let url = '';
  const taken = await check({});
  assert.ok(taken.ok, taken.ok ? '' : taken.error.sentence);
  assert.ok(taken.value.version >= 150_000);
  assert.deepEqual(taken.value.warnings, []);
  const loud = { log_statement: 'all', log_parameter_max_length: '-1', log_error_verbosity: 'default' };
  const refused = await check(loud);
  assert.ok(!refused.ok && refused.error.kind === 'logs-too-much');
  assert.match(refused.error.sentence, /log_statement = none/);
  const warned = await check({ ...loud, log_parameter_max_length: '0' });
  assert.ok(warned.ok && warned.value.warnings.length === 1);
  const gone = await checkExternal(url);
  assert.ok(!gone.ok && gone.error.kind === 'unreachable');
});
