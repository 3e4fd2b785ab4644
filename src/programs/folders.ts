// The folders of the program: made, owned by the user it becomes, and reachable for him even behind a locked door.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { CONFIG_FILE_NAME } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Identity } from './drop-privileges.ts';

export interface FolderRefusal {
  readonly kind: 'not-ours' | 'not-a-folder' | 'not-allowed' | 'unreachable';
  readonly sentence: string;
}

/** Says that a folder is ours to hand over to another user. */
const MARK = '.siegel';
const MARK_TEXT = 'This folder belongs to siegel. Do not change it by hand while siegel runs.\n';
/** What may lie in a folder that is not marked yet. */
const HARMLESS = new Set([MARK, CONFIG_FILE_NAME, 'lost+found']);

/**
 * Makes `path` a 0700 folder of `identity` (undefined: of ourselves) and returns the path under which it can be used from
 * now on: `path` itself, or an open handle of it where that user cannot enter the folders above.
 */
export function prepareFolder(path: string, identity: Identity | undefined): Result<string, FolderRefusal> {
  try {
    makeParents(path);
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
    const owned = own(path, identity);
    if (!owned.ok) return owned;
    chmodSync(path, 0o700);
    if (!existsSync(join(path, MARK))) mark(path, identity);
  } catch (cause) {
    return err(explain(path, cause));
  }
  return identity === undefined || isReachable(path, identity) ? ok(path) : anchor(path, identity);
}

/** One folder at a time: the runtime's own recursive way never ends where the kernel says that nothing can be made, as in /proc. */
function makeParents(path: string): void {
  const parent = dirname(path);
  if (existsSync(parent)) return;
  makeParents(parent);
  mkdirSync(parent, { mode: 0o755 });
}

/** Hands the folder and all in it to the user, when it is empty or marked as ours. */
function own(path: string, identity: Identity | undefined): Result<void, FolderRefusal> {
  const facts = statSync(path);
  if (!facts.isDirectory()) {
    return err({ kind: 'not-a-folder', sentence: `${path} is not a folder. Move it aside, or give another folder.` });
  }
  const names = readdirSync(path);
  const stranger = names.find((name) => !HARMLESS.has(name));
  if (stranger !== undefined && !names.includes(MARK)) {
    const sentence = `${path} is not empty (${stranger}) and was not made by siegel. Give a folder of its own, or an empty one.`;
    return err({ kind: 'not-ours', sentence });
  }
  if (identity !== undefined && facts.uid !== identity.uid) chownTree(path, identity);
  return ok(undefined);
}

function mark(path: string, identity: Identity | undefined): void {
  writeFileSync(join(path, MARK), MARK_TEXT, { mode: 0o600 });
  if (identity !== undefined) chownSync(join(path, MARK), identity.uid, identity.gid);
}

/** Links are handed over themselves and never followed. */
function chownTree(path: string, identity: Identity): void {
  lchownSync(path, identity.uid, identity.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) chownTree(inside, identity);
    else lchownSync(inside, identity.uid, identity.gid);
  }
}

/** Asked of the kernel by a process of that user, so that access lists and mounts count too. */
function isReachable(path: string, identity: Identity): boolean {
  const options = { cwd: '/', uid: identity.uid, gid: identity.gid, stdio: 'ignore' } as const;
  return spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', path], options).status === 0;
}

/** The kernel checks the way to a folder only when it is opened: what we hold open stays usable after rights are dropped. */
function anchor(path: string, identity: Identity): Result<string, FolderRefusal> {
  if (!existsSync('/proc/self/fd')) {
    const sentence = `the user ${identity.name} cannot enter the folders above ${path}. Let him pass (chmod o+x on them), or give another folder.`;
    return err({ kind: 'unreachable', sentence });
  }
  // Never closed: it lives as long as the program.
  return ok(`/proc/self/fd/${openSync(path, 'r')}`);
}

function explain(path: string, cause: unknown): FolderRefusal {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return {
      kind: 'not-a-folder',
      sentence: `something that is not a folder is in the way of ${path}. Move it aside, or give another folder.`,
    };
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    const sentence = `${path} cannot be used (${code}): you may not write there. Give a folder of your own with --data-dir, or change its owner.`;
    return { kind: 'not-allowed', sentence };
  }
  const sentence = `${path} cannot be used (${code}). Look at the disk ${parse(path).root}, or give another folder with --data-dir.`;
  return { kind: 'not-allowed', sentence };
}
