// The workers' program in a few files made of its many sources: it begins in a fifth of their time. Other sources than those it was made of, and the sources are run.

import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { programDir } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import type { WorkerProgram } from '#post/transit/workshop/locks.ts';
import { workerReads } from '#post/transit/workshop/worker-program.ts';

export const BUILT_DIR = join(programDir, 'dist.workers');
const ENTRY = 'src/programs/transit/worker.ts';
const MADE_OF = 'made-of.json';
/** The newest; programs that run may still start workers from what they found. */
const KEPT = 10;

const schema = v.object({
  folder: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  sources: v.array(v.tuple([v.string(), v.number(), v.number()])),
});

/** Path, bytes, time of change. */
type Source = readonly [string, number, number];

/** Made of few files where that was done, else the sources. Reads only. */
export async function findWorkersProgram(): Promise<WorkerProgram> {
  const { reads, runtime } = workerReads();
  const built = await findBuiltWorkers();
  if (built === undefined) return { reads, runtime, file: join(programDir, ENTRY) };
  return { reads: [...reads, dirname(built)], runtime, file: built };
}

/** Its main file; undefined: none was made of just these sources. Reads only. */
export async function findBuiltWorkers(from: string = BUILT_DIR): Promise<string | undefined> {
  const text = await readFile(join(from, MADE_OF), 'utf8').catch(() => undefined);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!read.success || !(await areAsTheyWere(read.output.sources))) return undefined;
  const main = join(from, read.output.folder, 'worker.js');
  return (await stat(main).catch(() => undefined)) === undefined ? undefined : main;
}

/** Where it cannot be made or written, nothing is: workers are slower to begin, and the same. */
export async function buildWorkers(log: Log, into: string = BUILT_DIR): Promise<void> {
  if ((await findBuiltWorkers(into)) !== undefined) return;
  try {
    await build(into);
  } catch (cause) {
    log.fault('workers.notBuilt', cause);
  }
}

async function build(into: string): Promise<void> {
  const startMs = Date.now();
  const esbuild = await import('esbuild');
  const made = await esbuild.build({
    absWorkingDir: programDir,
    entryPoints: [ENTRY],
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  await esbuild.stop();
  const paths = [...Object.keys(made.metafile.inputs), 'package-lock.json'];
  const sources = await Promise.all(paths.map(factsOf));
  // somebody writes at them right now: what was read may be older than what is there
  if (sources.some(([, , changedMs]) => changedMs >= startMs)) return;
  const folder = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  await mkdir(into, { recursive: true });
  await chmod(into, 0o755);
  await dropOld(into);
  const beside = join(into, `${folder}.${process.pid}`);
  await mkdir(beside);
  await chmod(beside, 0o755);
  for (const { path, contents } of made.outputFiles) {
    // the room's process is another user, whatever this one's mask is
    const file = join(beside, path.slice(path.lastIndexOf('/') + 1));
    await writeFile(file, contents);
    await chmod(file, 0o644);
  }
  await rename(beside, join(into, folder)).catch(() => rm(beside, { recursive: true, force: true }));
  const list = join(into, `${MADE_OF}.${process.pid}`);
  await writeFile(list, JSON.stringify({ folder, sources }));
  await chmod(list, 0o644);
  await rename(list, join(into, MADE_OF));
}

async function factsOf(path: string): Promise<Source> {
  const { size, mtimeMs } = await stat(join(programDir, path));
  return [path, size, mtimeMs];
}

async function areAsTheyWere(sources: readonly Source[]): Promise<boolean> {
  const now = await Promise.all(sources.map(([path]) => factsOf(path).catch(() => undefined)));
  return sources.every(([, size, changedMs], index) => now[index]?.[1] === size && now[index][2] === changedMs);
}

async function dropOld(into: string): Promise<void> {
  const names = (await readdir(into)).filter((name) => name !== MADE_OF);
  const known = await Promise.all(
    names.map(async (name) => ({ name, facts: await stat(join(into, name)).catch(() => undefined) })),
  );
  const newestFirst = known.toSorted((a, b) => (b.facts?.mtimeMs ?? 0) - (a.facts?.mtimeMs ?? 0));
  for (const { name } of newestFirst.slice(KEPT)) await rm(join(into, name), { recursive: true, force: true });
}
