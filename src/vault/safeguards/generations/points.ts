// Restore points: copies of the live rows, unpacked and checked, from which a restore begins. Each can be used more than once.

import { constants } from 'node:fs';
import { chown, copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openDatabase } from '../../database/open-database.ts';
import type { Owner } from '../../database/postgres/binaries.ts';
import { writeWhole } from '../../database/postgres/write-whole.ts';
import { nodeDisk } from '../../journal/disk.ts';
import type { Log } from '#base/log/log.ts';
import type { Layout } from './layout.ts';
import { refuse, type GenerationRefusal } from './refusals.ts';
import { takeBase, type BaseFacts } from './take-base.ts';
import { unpackBase } from './unpack-base.ts';
import { removeGently } from './remove-gently.ts';

const schema = v.object({
  name: v.string(),
  madeMs: v.number(),
  systemIdentifier: v.string(),
  /** No record after this one has an effect in it. */
  seq: v.number(),
});
export type Point = v.InferOutput<typeof schema>;

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const FACTS = 'point.json';
const COPIES_AT_ONCE = 4;

export interface PointsWay {
  readonly layout: Layout;
  readonly owner: Owner | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** A copy of the live rows into `folder`: base.tar and backup_manifest, nothing unpacked. */
export async function copyLive(
  { layout, log }: PointsWay,
  from: { readonly live: string; readonly url: string; readonly journal: number },
  folder: string,
): Promise<Result<BaseFacts, GenerationRefusal>> {
  const database = openDatabase(from.url, log);
  // what lies beside is named from the cluster’s own folder: what is above may be closed to PostgreSQL
  const isBeside = folder.startsWith(`${dirname(layout.root)}/`);
  const named = isBeside ? { cluster: layout.cluster(from.live) } : {};
  try {
    return await takeBase({ url: from.url, database, journal: from.journal, folder, ...named });
  } finally {
    await database.close();
  }
}

/** Killed before its last step, there is no such point, and what was begun goes at the next start. */
export async function takePoint(
  way: PointsWay,
  from: { readonly live: string; readonly url: string; readonly journal: number },
  name: string,
): Promise<Result<Point, GenerationRefusal>> {
  const { layout, owner, clock } = way;
  if (!NAME.test(name)) return refuse('no-such-point', { name });
  const beside = join(layout.points, `.${name}.new`);
  await rm(beside, { recursive: true, force: true });
  await layout.makeFolder(layout.points);
  await layout.makeFolder(beside);
  await layout.makeFolder(join(beside, 'base'));
  try {
    const taken = await copyLive(way, from, join(beside, 'base'));
    if (!taken.ok) return taken;
    const unpacked = await unpackBase(join(beside, 'base'), join(beside, 'cluster'), { owner, isGentle: true });
    if (!unpacked.ok) return unpacked;
    await removeGently(join(beside, 'base'));
    const { systemIdentifier, appliedSeq } = taken.value;
    const point = { name, madeMs: clock.nowMs(), systemIdentifier, seq: appliedSeq };
    await writeWhole(join(beside, FACTS), `${JSON.stringify(point)}\n`);
    await dropPoint(layout, name);
    await rename(beside, join(layout.points, name));
    await nodeDisk.syncDirectory(layout.points);
    return ok(point);
  } finally {
    await removeGently(beside);
  }
}

/** Oldest first. */
export async function listPoints(layout: Layout): Promise<readonly Point[]> {
  const names = (await readdir(layout.points).catch((): string[] => [])).filter((name) => NAME.test(name));
  const points = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(layout.points, name, FACTS), 'utf8').catch(() => undefined);
      const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
      return read.success && read.output.name === name ? [read.output] : [];
    }),
  );
  return points.flat().toSorted((a, b) => a.madeMs - b.madeMs);
}

export async function dropPoint(layout: Layout, name: string): Promise<void> {
  if (!NAME.test(name)) return;
  const aside = join(layout.points, `.${name}.gone`);
  await rename(join(layout.points, name), aside).catch(() => undefined);
  await removeGently(aside);
}

/** What a kill left of points that were being made or removed. */
export async function sweepPoints(layout: Layout): Promise<void> {
  for (const name of await readdir(layout.points).catch((): string[] => []))
    if (name.startsWith('.')) await rm(join(layout.points, name), { recursive: true, force: true });
}

/** Puts the point's cluster into `folder`; where the disk can share blocks, nothing is copied. */
export async function fillFromPoint(
  { layout, owner }: PointsWay,
  name: string,
  folder: string,
): Promise<Result<void, GenerationRefusal>> {
  const from = join(layout.points, name, 'cluster');
  if (!NAME.test(name) || !(await layout.hasCluster(from))) return refuse('no-such-point', { name });
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const place = (entry: (typeof entries)[number]): string =>
    join(folder, relative(from, join(entry.parentPath, entry.name)));
  await mkdir(folder, { mode: 0o700 });
  const folders = [
    folder,
    ...entries
      .filter((entry) => entry.isDirectory())
      .map(place)
      .toSorted(),
  ];
  for (const path of folders) await mkdir(path, { recursive: true, mode: 0o700 });
  const files = entries.filter((entry) => entry.isFile());
  const copyOne = async (entry: (typeof entries)[number]): Promise<void> => {
    await copyFile(join(entry.parentPath, entry.name), place(entry), constants.COPYFILE_FICLONE);
    if (owner !== undefined) await chown(place(entry), owner.uid, owner.gid);
  };
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let entry = files[next++]; entry !== undefined; entry = files[next++]) await copyOne(entry);
  };
  try {
    await Promise.all(Array.from({ length: COPIES_AT_ONCE }, worker));
    if (owner !== undefined) for (const path of folders) await chown(path, owner.uid, owner.gid);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const sentence = `The restore point ${name} could not be copied (${code}). The live database serves as before. Make room on the disk, then try again.`;
    return err({ kind: 'copy-failed', sentence });
  }
  return ok(undefined);
}
