// The page: built when its sources are newer than what is there, then read into memory.

import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { programDir } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import { openStaticPages, type StaticPages } from '#office/api/static-pages.ts';

const SOURCES = [
  'src/web',
  'src/base',
  'src/formats',
  'src/vault/sealing',
  'src/vault/book',
  'tools/build-page.ts',
  'tools/build-public.ts',
  'package-lock.json',
];

/** A checkout that cannot be written to serves what was built before. */
export async function openPage(log: Log): Promise<StaticPages> {
  const distDir = join(programDir, 'dist');
  try {
    if (await isStale(distDir)) {
      const { buildPage } = await import('../../../tools/build-page.ts');
      // beside and switched in: another start may be reading, or building too
      await dropOldBesides();
      const beside = `${distDir}.${process.pid}`;
      await buildPage({ outDir: beside, client: 'real' });
      // where another start was quicker, its page stays: somebody may be reading it
      if (await isStale(distDir)) await rm(distDir, { recursive: true, force: true });
      await rename(beside, distDir).catch(() => rm(beside, { recursive: true, force: true }));
      await (await import('esbuild')).stop();
    }
  } catch (cause) {
    log.fault('page.notBuilt', cause);
  }
  return readPage(distDir);
}

const BESIDE = /^dist\.\d+$/;
const BESIDE_AGE_MS = 3_600_000;

/** What starts that were ended in the middle of building left. */
async function dropOldBesides(): Promise<void> {
  for (const name of await readdir(programDir)) {
    const path = join(programDir, name);
    if (!BESIDE.test(name)) continue;
    const facts = await stat(path).catch(() => undefined);
    if (facts && Date.now() - facts.mtimeMs > BESIDE_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}

const READ_TRIES = 20;
const READ_PAUSE_MS = 100;

/** Another start may be switching its page in between two files of ours: then all are read again. */
async function readPage(distDir: string): Promise<StaticPages> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openStaticPages(distDir);
    } catch (cause) {
      const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      if (!isMissing || tries === READ_TRIES) throw cause;
      await wait(READ_PAUSE_MS);
    }
  }
}

async function isStale(distDir: string): Promise<boolean> {
  const built = await stat(join(distDir, 'manifest.json')).catch(() => undefined);
  if (!built) return true;
  for (const source of SOURCES) if ((await newestMs(join(programDir, source))) > built.mtimeMs) return true;
  return false;
}

async function newestMs(path: string): Promise<number> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isDirectory()) return facts?.mtimeMs ?? 0;
  let newest = facts.mtimeMs;
  for (const entry of await readdir(path)) newest = Math.max(newest, await newestMs(join(path, entry)));
  return newest;
}
