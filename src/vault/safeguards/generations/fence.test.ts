// R1: somebody works on the database's files while a supervisor starts it again and again. The fence makes every start fail.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { chown, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { requireValue } from '#base/assert.ts';
import { newId, type InstanceId } from '#base/ids.ts';
import { endProcess, findPostmaster } from '../../database/postgres/cluster.ts';
import { startEmbedded } from '../../database/postgres/embedded.ts';
import { fence, liftFence } from '../../database/postgres/fence.ts';
import { makeSignUp, mustCommit } from '../../database/test-house.ts';
import { dumpRows, native, openGenerationHouse, owner } from './test-generations.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sgl-fence-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

const WORK_MS = 3_000;
const MOST_WORK_MS = 60_000;
const STARTS = 10;
const WRITES = 20;

interface Outcome {
  readonly starts: number;
  /** Writes that the restarted database acknowledged while its files were being worked on. */
  readonly acknowledged: number;
  /** Those of them that are not there afterwards, or that make it unreadable. */
  readonly lost: number;
  readonly rowsAreAsBefore: boolean;
}

async function maintain(isFenced: boolean): Promise<Outcome> {
  const folder = await mkdtempReadable();
  const place = { scratch, folder, instanceId: newId<InstanceId>() };
  await using house = await openGenerationHouse(place);
  const { account, command } = makeSignUp('anna@siegel.test');
  await mustCommit(house.door, account.id, command);
  await house.quiet();
  const before = await dumpRows(house.database);
  const generation = join(folder, 'postgres', house.generations.live.name);
  const stopped = await house.generations.stopLive('the letters’ table is optimised by hand');
  assert.ok(stopped.ok, stopped.ok ? '' : stopped.error.sentence);
  if (!isFenced) await liftFence(generation);
  const outside = await workOnFiles(folder, stopped.value.folder);
  await outside.stop();
  await stopped.value[Symbol.asyncDispose]();
  await house.quiet().catch(() => undefined);
  const rows = await dumpRows(house.database).catch((): string[] => []);
  const lost = outside.written.filter(
    (name) => !rows.some((line) => line.startsWith('domain ') && line.includes(name)),
  );
  return {
    starts: outside.starts(),
    acknowledged: outside.written.length,
    lost: lost.length,
    rowsAreAsBefore: JSON.stringify(rows) === JSON.stringify(before),
  };
}

test('R1: while files are worked on, a supervisor that restarts the database fails every time, and nothing is lost', async (t) => {
  const outcome = await maintain(true);
  t.diagnostic(JSON.stringify(outcome));
  assert.ok(outcome.starts >= STARTS, `it tried ${outcome.starts} times`);
  assert.deepEqual({ ...outcome, starts: 0 }, { starts: 0, acknowledged: 0, lost: 0, rowsAreAsBefore: true });
});

test('twin: without the fence it starts in the middle of the work, takes writes, and loses them', async (t) => {
  const outcome = await maintain(false);
  t.diagnostic(JSON.stringify(outcome));
  assert.ok(outcome.acknowledged > 0 && outcome.lost > 0, JSON.stringify(outcome));
});

test('a database that somebody starts again and again can be fenced all the same', async () => {
  const folder = await mkdtempReadable();
  await using house = await openGenerationHouse({ scratch, folder, instanceId: newId<InstanceId>() });
  await house.quiet();
  const { name } = house.generations.live;
  const stopped = await house.generations.stopLive('a first time');
  assert.ok(stopped.ok);
  const generation = join(folder, 'postgres', name);
  await liftFence(generation);
  const outside = await superviseFromOutside(folder, stopped.value.folder);
  await wait(500);
  const place = { native: native(scratch), owner, folder: generation };
  const words = { kind: 'maintenance', reason: 'a second time', atMs: 1 } as const;
  const fenced = await fence(place, words);
  assert.ok(fenced.ok, fenced.ok ? '' : fenced.error.sentence);
  await wait(500);
  assert.equal(await findPostmaster(stopped.value.folder), undefined);
  await outside.stop();
  await stopped.value[Symbol.asyncDispose]();
  await house.quiet();
});

test('a fenced database is refused by name and with what to do, also when only its control file tells', async () => {
  const folder = await mkdtempReadable();
  await using house = await openGenerationHouse({ scratch, folder, instanceId: newId<InstanceId>() });
  await house.quiet();
  const stopped = await house.generations.stopLive('indexes are made anew');
  assert.ok(stopped.ok);
  const generation = join(folder, 'postgres', house.generations.live.name);
  const attempt = async (): Promise<string> => {
    const started = await startEmbedded({ native: native(scratch), owner, folder: generation });
    assert.ok(!started.ok && started.error.kind === 'fenced');
    return started.error.sentence;
  };
  assert.match(await attempt(), /fenced since .*indexes are made anew.*siegel generation release --apply/);
  await rm(join(generation, 'fence.json'));
  assert.match(await attempt(), /control file is put aside/);
  await stopped.value[Symbol.asyncDispose]();
  await house.quiet();
});

test('a fence that a killed program left stays until somebody lifts it; letters are taken meanwhile', async () => {
  const folder = await mkdtempReadable();
  const place = { scratch, folder, instanceId: newId<InstanceId>() };
  let generation: string;
  {
    await using house = await openGenerationHouse(place);
    await house.quiet();
    generation = join(folder, 'postgres', house.generations.live.name);
  }
  const words = { kind: 'maintenance', reason: 'left behind', atMs: 1 } as const;
  assert.ok((await fence({ native: native(scratch), owner, folder: generation }, words)).ok);
  await using house = await openGenerationHouse(place);
  assert.match((await house.generations.fenced()) ?? '', /left behind/);
  assert.equal(house.door.health.state, 'down');
  assert.ok(house.journal.mayAccept().ok);
  assert.ok((await house.generations.release()).ok);
  await house.quiet();
});

/**
 * As an optimiser of tables works: copies the files, takes its time, and puts its own in their place. Its time is over
 * when the database has taken all that was written to it, or has failed to start often enough.
 */
async function workOnFiles(folder: string, cluster: string): Promise<Outside> {
  const base = join(cluster, 'base');
  const worked = join(cluster, '..', 'worked');
  await cp(base, worked, { recursive: true });
  const outside = await superviseFromOutside(folder, cluster);
  for (let waited = 0; waited < MOST_WORK_MS; waited += 50) {
    if (outside.isTaken() || (waited >= WORK_MS && outside.starts() >= STARTS)) break;
    await wait(50);
  }
  await rename(base, join(cluster, '..', 'replaced'));
  await rename(worked, base);
  if (owner !== undefined) await giveBack(base);
  return outside;
}

async function giveBack(folder: string): Promise<void> {
  if (owner === undefined) return;
  const entries = await readdir(folder, { recursive: true });
  for (const path of ['', ...entries]) await chown(join(folder, path), owner.uid, owner.gid);
}

interface Outside {
  readonly written: readonly string[];
  starts(): number;
  /** All that was to be written is acknowledged and in the database's files. */
  isTaken(): boolean;
  stop(): Promise<void>;
}

/** A loop that knows nothing of us, and an application that writes as soon as it can. */
async function superviseFromOutside(folder: string, cluster: string): Promise<Outside> {
  const socket = join(folder, 's');
  await mkdir(socket, { recursive: true });
  if (owner !== undefined) await chown(socket, owner.uid, owner.gid);
  const program = join(native(scratch), 'bin', 'postgres');
  const script = `while :; do echo start; "$0" -D "$1" -k "$2" -c listen_addresses= -c autovacuum=off >/dev/null 2>&1; sleep 0.05; done`;
  const shell = spawn('/bin/sh', ['-c', script, program, '/proc/self/cwd', socket], {
    cwd: cluster,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    ...owner,
  });
  let starts = 0;
  shell.stdout.on('data', (part: Buffer) => (starts += part.toString().split('start').length - 1));
  const written: string[] = [];
  const loop = { isOver: false, isTaken: false };
  const say = async (user: string, sql: string, values: readonly string[] = []): Promise<boolean> => {
    const client = new Client({ host: socket, port: 5432, user, database: 'siegel' });
    client.on('error', () => undefined);
    const isDone = await client
      .connect()
      .then(() => client.query(sql, [...values]))
      .then(
        () => true,
        () => false,
      );
    await client.end().catch(() => undefined);
    return isDone;
  };
  const writing = (async () => {
    for (let n = 0; !loop.isOver && written.length < WRITES; n++) {
      const name = `outside-${n}.test`;
      if (await say('siegel_app', 'INSERT INTO domain (domain) VALUES ($1)', [name])) written.push(name);
      await wait(20);
    }
    // as PostgreSQL does every few minutes by itself: what was written is in its files, and no longer in memory
    if (written.length > 0) loop.isTaken = await say('siegel_owner', 'CHECKPOINT');
  })();
  return {
    written,
    starts: () => starts,
    isTaken: () => loop.isTaken,
    async stop() {
      loop.isOver = true;
      await writing;
      const pid = requireValue(shell.pid, 'the loop');
      process.kill(pid, 'SIGSTOP');
      // one that it has just begun has no pid file yet
      const begun = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number);
      process.kill(pid, 'SIGKILL');
      for (const child of begun) if (child > 0) assert.ok(await endProcess(child));
    },
  };
}

let folders = 0;
async function mkdtempReadable(): Promise<string> {
  const folder = join(scratch, `f${++folders}`);
  await mkdir(folder, { mode: 0o755 });
  return folder;
}
