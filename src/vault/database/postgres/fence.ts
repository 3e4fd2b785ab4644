// A fence: what keeps a stopped cluster stopped. Without global/pg_control no postmaster starts on it, whoever asks.

import { hostname } from 'node:os';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { findPostmaster, freeCluster, type ClusterPlace } from './cluster.ts';
import { writeWhole } from './write-whole.ts';

/** `switching`: another generation takes over; `retired`: one has; `maintenance`: somebody works on its files. */
export type FenceKind = 'switching' | 'retired' | 'maintenance';

export interface Fence {
  readonly kind: FenceKind;
  /** A sentence for whoever finds it. */
  readonly reason: string;
  readonly host: string;
  readonly atMs: number;
}

const schema = v.object({
  kind: v.picklist(['switching', 'retired', 'maintenance']),
  reason: v.pipe(v.string(), v.maxLength(1_000)),
  host: v.string(),
  atMs: v.number(),
});

const CONTROL = join('cluster', 'global', 'pg_control');
const PUT_ASIDE = `${CONTROL}.fenced`;
const FILE = 'fence.json';

export interface FenceRefusal {
  readonly kind: 'running' | 'no-cluster';
  readonly sentence: string;
}

/** What fences the generation in `folder`; one whose control file is put aside counts, also without a word why. */
export async function readFence(folder: string): Promise<Fence | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (read.success) return read.output;
  const isPutAside = (await exists(join(folder, PUT_ASIDE))) && !(await exists(join(folder, CONTROL)));
  if (text === undefined && !isPutAside) return undefined;
  return { kind: 'maintenance', reason: 'its control file is put aside and nothing says why', host: '', atMs: 0 };
}

/**
 * Ends what still works on the cluster, also what an outside loop starts again and again, and puts the control file aside.
 * Killed half-way, the words are there and our own starts refuse; done again, it is finished.
 */
export async function fence(
  place: ClusterPlace,
  words: { readonly kind: FenceKind; readonly reason: string; readonly atMs: number },
): Promise<Result<void, FenceRefusal>> {
  const { folder } = place;
  if (!(await exists(join(folder, CONTROL))) && !(await exists(join(folder, PUT_ASIDE))))
    return err({ kind: 'no-cluster', sentence: `there is no database in ${folder}: nothing was fenced.` });
  await writeWhole(join(folder, FILE), `${JSON.stringify({ ...words, host: hostname() } satisfies Fence)}\n`);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const freed = await freeCluster(place);
    if (!freed.ok) break;
    if (await exists(join(folder, CONTROL))) await renameSynced(folder, CONTROL, PUT_ASIDE);
    if (!(await hasPostmaster(folder))) return ok(undefined);
    await renameSynced(folder, PUT_ASIDE, CONTROL);
  }
  await liftFence(folder);
  const sentence = `something starts the database in ${folder} again and again and cannot be ended. Nothing was changed. End it, then try again.`;
  return err({ kind: 'running', sentence });
}

const TRIES_MAX = 50;
const ENDS_WITHIN_MS = 1_000;
const POLL_MS = 20;

/**
 * Whether one works on it. A postmaster takes its pid file before it reads the control file: who is not there now will
 * not find it, and who ends by itself did not find it.
 */
async function hasPostmaster(folder: string): Promise<boolean> {
  const first = await findPostmaster(join(folder, 'cluster'));
  if (first === undefined) return false;
  for (let waitedMs = 0; waitedMs < ENDS_WITHIN_MS; waitedMs += POLL_MS) {
    await sleep(POLL_MS);
    if ((await findPostmaster(join(folder, 'cluster'))) !== first) return false;
  }
  return true;
}

/** Explicit, and never by somebody who merely wants to start it. Nothing happens where there is no fence. */
export async function liftFence(folder: string): Promise<void> {
  const isThere = await exists(join(folder, CONTROL));
  if (!isThere && (await exists(join(folder, PUT_ASIDE)))) await renameSynced(folder, PUT_ASIDE, CONTROL);
  await rm(join(folder, FILE), { force: true });
  await nodeDisk.syncDirectory(folder);
}

/** For an operator who meets it: why, and what to do. */
export function explainFence(folder: string, { kind, reason, atMs }: Fence): string {
  const since = atMs > 0 ? ` since ${new Date(atMs).toISOString()}` : '';
  const advice =
    kind === 'retired'
      ? 'Another generation serves; nothing needs to be done. See: siegel generation list'
      : 'Letters are taken meanwhile. When the work is done or given up, let it start again: siegel generation release --apply';
  return `the database in ${folder} is fenced${since} and does not start: ${reason}. ${advice}`;
}

async function renameSynced(folder: string, from: string, to: string): Promise<void> {
  await rename(join(folder, from), join(folder, to));
  await nodeDisk.syncDirectory(join(folder, 'cluster', 'global'));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
