// Runs the embedded PostgreSQL: on a unix socket only, in a folder that only its own user enters, ended together with us.

import { spawn, type ChildProcess } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Owner } from './binaries.ts';
import {
  DATABASE_NAME,
  DATABASE_USER,
  endProcess,
  ensureCluster,
  freeCluster,
  isReady,
  OWN_FOLDER,
  runFolder,
  type ClusterRefusal,
} from './cluster.ts';
import { beginEnding, ENDING, finishEnding, SEEN, wasTouched } from './control-seen.ts';
import { explainFence, readFence } from './fence.ts';
import { sealCluster } from './seal-cluster.ts';
import { settingArguments } from './settings.ts';

export interface EmbeddedOptions {
  /** Folder with bin, lib and share, from prepareBinaries. */
  readonly native: string;
  /** Holds cluster/ and run/; made when it is missing. */
  readonly folder: string;
  /** Where the socket is instead of run/ in the folder. */
  readonly run?: string | undefined;
  /** Needed when we are root: PostgreSQL refuses to run as root. */
  readonly owner?: Owner | undefined;
  /** All its processes let others go first. */
  readonly givesWay?: boolean;
  /** Further settings, for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** For `pg`: how to reach it. */
export interface Connection {
  /** The socket's folder. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export interface Embedded {
  readonly connection: Connection;
  readonly pid: number;
  /** Resolves when the postmaster is gone, asked or not. */
  readonly exited: Promise<void>;
  /** The last of what it wrote to its log. */
  said(): string;
  /** Ends it in order: fast, then with rising force. */
  stop(): Promise<void>;
}

export type EmbeddedRefusal =
  ClusterRefusal | { readonly kind: 'needs-user' | 'start-failed'; readonly sentence: string };

const POLL_MS = 5;
const RETRY_MS = 200;
/** sockaddr_un.sun_path holds 108 bytes with the closing zero. */
const SOCKET_PATH_BYTES_MAX = 107;
const PORT = 5432;
/** After `kill -9` of the postmaster its children still hold the shared memory for a moment. */
const NOT_YET_FREE = /pre-existing shared memory block|lock file .* already exists/;

/** Makes the cluster when needed, starts PostgreSQL and waits until it takes connections. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Result<Embedded, EmbeddedRefusal>> {
  if (process.getuid?.() === 0 && options.owner === undefined) {
    return err({ kind: 'needs-user', sentence: 'PostgreSQL does not run as root: name a user with SIEGEL_RUN_AS.' });
  }
  const fenced = await readFence(options.folder);
  if (fenced !== undefined) return err({ kind: 'fenced', sentence: explainFence(options.folder, fenced) });
  const place = { native: options.native, folder: options.folder, run: options.run, owner: options.owner };
  const made = await ensureCluster(place);
  if (!made.ok) return made;
  const deadlineMs = performance.now() + limits.database.startWaitMs;
  for (;;) {
    const freed = await freeCluster(place);
    if (!freed.ok) return freed;
    const sealed = await sealCluster(place, await wasTouched(options.folder));
    const started: Result<Embedded, EmbeddedRefusal> = sealed.ok ? await startOnce(options, deadlineMs) : sealed;
    const mayRetry = !started.ok && NOT_YET_FREE.test(started.error.sentence) && performance.now() < deadlineMs;
    if (!mayRetry) return started;
    await sleep(RETRY_MS);
  }
}

async function startOnce(options: EmbeddedOptions, deadlineMs: number): Promise<Result<Embedded, EmbeddedRefusal>> {
  const child = spawnPostgres(options);
  const heard = hear(child);
  const { pid } = child;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  if (pid === undefined || !(await waitUntilReady(child, { folder: options.folder, pid, deadlineMs }))) {
    if (pid !== undefined) await endProcess(pid);
    return err({
      kind: 'start-failed',
      sentence: `PostgreSQL did not start: ${heard().trim() || 'it was not ready in time, or ended without a word'}`,
    });
  }
  const endTogether = watch(pid, options);
  const reached = await reach(runFolder(options));
  const done = exited.then(async () => {
    endTogether.kill('SIGKILL');
    await reached.close();
  });
  const stop = async (): Promise<void> => {
    await beginEnding(options.folder);
    await endProcess(pid);
    await done;
    await finishEnding(options.folder);
  };
  const connection = { host: reached.host, port: PORT, user: DATABASE_USER, database: DATABASE_NAME };
  return ok({ connection, pid, exited: done, said: heard, stop });
}

interface Awaited {
  readonly folder: string;
  readonly pid: number;
  readonly deadlineMs: number;
}

/** False when it ended first, or when it took too long. */
async function waitUntilReady(child: ChildProcess, { folder, pid, deadlineMs }: Awaited): Promise<boolean> {
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    if (await isReady(folder, pid)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Its own session: a Ctrl-C in our terminal is for us, and we end it when our own work is done. */
function spawnPostgres(options: EmbeddedOptions): ChildProcess {
  const cluster = join(options.folder, 'cluster');
  const run = relative(cluster, runFolder(options));
  const settings = settingArguments({ unix_socket_directories: run, ...options.settings });
  const child = spawn(join(options.native, 'bin', 'postgres'), ['-D', OWN_FOLDER, ...settings], {
    cwd: cluster,
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    ...options.owner,
  });
  // its children take it over
  if (options.givesWay === true && child.pid !== undefined) setPriority(child.pid, limits.database.lowPriority);
  return child;
}

/** The last of what it said; by its settings that is only why it could not start or had to end. */
function hear(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-limits.database.startMessageBytes);
  });
  return () => said;
}

/**
 * A shell that waits on a pipe of ours: when we are killed the pipe closes, and it asks PostgreSQL to end. It remembers the end
 * as we would have (control-seen.ts).
 */
const WATCH = `read -r _; : > ${ENDING}; kill -INT "$1"; while kill -0 "$1"; do sleep 1; done
cp cluster/global/pg_control ${SEEN}.new && mv ${SEEN}.new ${SEEN} && rm ${ENDING}`;

function watch(pid: number, { folder, owner }: Pick<EmbeddedOptions, 'folder' | 'owner'>): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', WATCH, 'sh', String(pid)], {
    cwd: folder,
    env: childEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    ...owner,
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  if (watcher.stdin !== null && 'unref' in watcher.stdin && typeof watcher.stdin.unref === 'function')
    watcher.stdin.unref();
  return watcher;
}

/** The socket's folder as we can name it: through an open handle when the plain path is longer than the kernel takes. */
async function reach(plain: string): Promise<{ readonly host: string; readonly close: () => Promise<void> }> {
  if (Buffer.byteLength(`${plain}/.s.PGSQL.${PORT}`) <= SOCKET_PATH_BYTES_MAX)
    return { host: plain, close: async () => undefined };
  const handle: FileHandle = await open(plain);
  return { host: `/proc/self/fd/${handle.fd}`, close: () => handle.close() };
}
