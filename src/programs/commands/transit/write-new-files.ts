// New files into a folder: each whole under its name or not at all, and never over one that is there.

import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../../command.ts';

export interface NewFile {
  /** Without any part of a path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Makes the folder where it is not there; before any work, so that nobody waits for what cannot be kept. */
export async function prepareFolder(folder: string): Promise<Result<undefined, CommandRefusal>> {
  const trial = join(folder, partName());
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await open(trial, 'wx', 0o600)).close();
    await unlink(trial);
    return ok(undefined);
  } catch (cause) {
    return refuse(`nothing can be written into ${folder} (${codeOf(cause)}). Name a folder you may write to.`);
  }
}

/** Names of what was written. All names are looked at before the first file is. */
export async function writeNewFiles(
  folder: string,
  files: readonly NewFile[],
): Promise<Result<readonly string[], CommandRefusal>> {
  for (const { name } of files) {
    if (/[/\\\0]/.test(name) || name === '.' || name === '..') throw new Error('a name with a path in it came back');
    if (await isThere(join(folder, name))) return refuse(thereAlready(folder, name, 0));
  }
  const written: string[] = [];
  for (const { name, bytes } of files) {
    const part = join(folder, partName());
    try {
      await writeWhole(part, bytes);
      // a link is refused where a name is taken; a rename would take it over
      await link(part, join(folder, name));
      written.push(name);
    } catch (cause) {
      const code = codeOf(cause);
      const done = `${written.length} of ${files.length} files are written.`;
      if (code === 'EEXIST') return refuse(thereAlready(folder, name, written.length));
      return refuse(`${join(folder, name)} could not be written (${code}); ${done}`);
    } finally {
      await unlink(part).catch(() => undefined);
    }
  }
  return ok(written);
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function thereAlready(folder: string, name: string, written: number): string {
  const rest = written === 0 ? 'Nothing was written' : `${written} files were written before`;
  return `${join(folder, name)} is there already. ${rest}; choose another folder, or move that file away.`;
}

function partName(): string {
  return `.siegel-${randomBytes(6).toString('hex')}.part`;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}

function refuse(sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason: 'not-written', sentence });
}
