// A cluster folder: made once by initdb beside and switched in whole, and freed from a postmaster that outlived its program.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Owner } from './binaries.ts';
import { beginEnding } from './control-seen.ts';
import { HBA_LINES, roles, SUPERUSER } from './roles.ts';

export interface ClusterPlace {
  /** Folder with bin, lib and share. */
  readonly native: string;
  /** Holds cluster/, and run/ unless that lies elsewhere. */
  readonly folder: string;
  /** Where the socket is; default: run/ in the folder. */
  readonly run?: string | undefined;
  readonly owner: Owner | undefined;
}

export interface ClusterRefusal {
  readonly kind: 'init-failed' | 'other-version' | 'still-running' | 'fenced';
  readonly sentence: string;
}

/** The folder of the socket. */
export function runFolder({ folder, run }: Pick<ClusterPlace, 'folder' | 'run'>): string {
  return run ?? join(folder, 'run');
}

/** Who the program is; openDatabase becomes another of the roles where that is meant. */
export const DATABASE_USER = roles.app;
export const DATABASE_NAME = 'siegel';
/** A child that starts in the cluster's folder calls it so: then no folder above need be open to its user. */
export const OWN_FOLDER = '/proc/self/cwd';
const POLL_MS = 10;

/** Makes the cluster when it is not there yet. */
export async function ensureCluster(place: ClusterPlace): Promise<Result<void, ClusterRefusal>> {
  const cluster = join(place.folder, 'cluster');
  await makeFolder(place.folder, place.owner);
  await makeFolder(runFolder(place), place.owner);
  if (existsSync(join(cluster, 'PG_VERSION'))) return checkVersion(place);
  const beside = join(place.folder, 'cluster.new');
  await rm(beside, { recursive: true, force: true });
  await makeFolder(beside, place.owner);
  const words = ['-D', OWN_FOLDER, '-U', SUPERUSER, '-A', 'trust', '--encoding=UTF8', '--locale=C.UTF-8'];
  const made = await runIn(beside, place, [
    'initdb',
    ...words,
    `--wal-segsize=${await walSegmentMib(place.folder)}`,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ]);
  if (!made.ok) return made;
  await writeFile(join(beside, 'pg_hba.conf'), HBA_LINES.join('\n'));
  const single = ['postgres', '--single', '-D', OWN_FOLDER, '-c', 'log_min_messages=fatal', 'postgres'];
  const created = await runIn(beside, place, single, `CREATE DATABASE ${DATABASE_NAME}\n`);
  if (!created.ok) return created;
  // all of it once, when it is whole
  const synced = await syncFolder(beside, place);
  if (!synced.ok) return synced;
  await rename(beside, cluster);
  return ok(undefined);
}

const SMALL_DISK_BYTES = 8 * 2 ** 30;

/** On a small disk the usual 16 MiB would be as large as the whole reserve that intake leaves for people. */
async function walSegmentMib(folder: string): Promise<number> {
  const { blocks, bsize } = await statfs(folder);
  return blocks * bsize < SMALL_DISK_BYTES ? 1 : 16;
}

/** Stops a postmaster of this cluster whose program was killed; drops the pid file of one that is gone. */
export async function freeCluster(place: ClusterPlace): Promise<Result<void, ClusterRefusal>> {
  const cluster = join(place.folder, 'cluster');
  const pid = await findPostmaster(cluster);
  if (pid !== undefined) await beginEnding(place.folder);
  if (pid !== undefined && !(await endProcess(pid))) {
    const sentence = `another PostgreSQL (process ${pid}) works on this database and does not stop. End it and start again.`;
    return err({ kind: 'still-running', sentence });
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) await rm(join(runFolder(place), name), { force: true });
  return ok(undefined);
}

/** Whether the postmaster takes connections: it says so in its pid file. */
export async function isReady(folder: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0]?.trim() === String(pid) && lines[7]?.trim() === 'ready';
}

/** Asks to end with rising force: fast, immediate, kill. True when the process is gone. */
export async function endProcess(pid: number): Promise<boolean> {
  const steps: readonly (readonly [NodeJS.Signals, number])[] = [
    ['SIGINT', limits.database.stopWaitMs],
    ['SIGQUIT', limits.database.stopWaitMs / 2],
    ['SIGKILL', limits.database.stopWaitMs / 2],
  ];
  for (const [signal, waitMs] of steps) {
    if (!sendSignal(pid, signal)) return true;
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
      await sleep(POLL_MS);
      if (!sendSignal(pid, 0)) return true;
    }
  }
  return false;
}

/** Everything in a stopped cluster is on the disk afterwards, also what was written without waiting. */
export function syncCluster(place: ClusterPlace): Promise<Result<void, ClusterRefusal>> {
  return syncFolder(join(place.folder, 'cluster'), place);
}

function syncFolder(folder: string, place: ClusterPlace): Promise<Result<void, ClusterRefusal>> {
  // the file system as a whole: a thousand small files one after the other take ten times as long
  return runIn(folder, place, ['initdb', '-D', OWN_FOLDER, '--sync-only', '--sync-method=syncfs']);
}

async function makeFolder(path: string, owner: Owner | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
}

function checkVersion(place: ClusterPlace): Result<void, ClusterRefusal> {
  const made = readFileSync(join(place.folder, 'cluster', 'PG_VERSION'), 'utf8').trim();
  const list = join(place.native, 'share', 'postgresql', 'postgres.bki');
  const ours = /^# PostgreSQL (\d+)/.exec(readFileSync(list, 'utf8').slice(0, 40))?.[1];
  if (ours === undefined || ours === made) return ok(undefined);
  const sentence = `the database was made by PostgreSQL ${made}, here is ${ours}. Move ${place.folder} aside and start again: it is rebuilt from the journal.`;
  return err({ kind: 'other-version', sentence });
}

/** Runs one of PostgreSQL's programs inside `folder` to its end. */
export async function runIn(
  folder: string,
  place: ClusterPlace,
  words: readonly string[],
  input = '',
): Promise<Result<void, ClusterRefusal>> {
  const [program = '', ...rest] = words;
  const child = spawn(join(place.native, 'bin', program), rest, {
    cwd: folder,
    env: childEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
    ...place.owner,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-limits.database.startMessageBytes);
  });
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (cause) => resolve(cause.message));
    child.once('close', resolve);
  });
  if (code === 0) return ok(undefined);
  return err({
    kind: 'init-failed',
    sentence: `PostgreSQL’s ${program} did not succeed (${String(code)}): ${said.trim()}`,
  });
}

/**
 * The process that works on this cluster now, whoever started it. Where its pid file names none, all that run are looked at:
 * one that was just starting as its program was killed had not written the file yet, or wrote it as we took a stale one away.
 */
export async function findPostmaster(cluster: string): Promise<number | undefined> {
  const first = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0] ?? '';
  const pid = /^[1-9]\d{0,9}$/.test(first.trim()) ? Number(first) : undefined;
  if (pid !== undefined && (await worksIn(pid, cluster))) return pid;
  const running = await readdir('/proc').catch(() => []);
  for (const name of running) {
    if (/^\d+$/.test(name) && (await worksIn(Number(name), cluster)) && (await isPostmaster(Number(name))))
      return Number(name);
  }
  return undefined;
}

/** Told by its words: its children write others over theirs, and who merely stands in the folder is no PostgreSQL. */
async function isPostmaster(pid: number): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return basename(words[0] ?? '') === 'postgres' && words[1] === '-D';
}

/** Whether the process stands in this very folder; a pid that now belongs to someone else does not. */
async function worksIn(pid: number, cluster: string): Promise<boolean> {
  try {
    const [here, there] = await Promise.all([stat(cluster), stat(`/proc/${pid}/cwd`)]);
    return here.ino === there.ino && here.dev === there.dev;
  } catch {
    return false;
  }
}

/** False when there is no such process that we may signal. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
