// Writes siegel.conf beside, syncs it and moves it over the old one: a power cut leaves the old file or the new one.

import { randomBytes } from 'node:crypto';
import { chown, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';
import type { Identity } from '../drop-privileges.ts';

/** Empty when there is none. */
export async function readSettings(path: string): Promise<Result<string, CommandRefusal>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' ? ok('') : refuse(`${path} cannot be read (${codeOf(cause)}).`);
  }
}

/** `before` is what the plan was made from: whatever was written since is not overwritten. */
export async function writeSettings(
  path: string,
  { before, text }: { readonly before: string; readonly text: string },
  identity: Identity | undefined,
): Promise<Result<void, CommandRefusal>> {
  const now = await readSettings(path);
  if (!now.ok) return now;
  if (now.value !== before) return refuse(`${path} was changed meanwhile. Look at it and run setup again.`);
  const temp = join(dirname(path), `.siegel.conf.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const old = await stat(path).catch(() => undefined);
    {
      await using file = await open(temp, 'wx', 0o600);
      await file.writeFile(text);
      await file.chmod(old === undefined ? 0o600 : old.mode & 0o777);
      await file.sync();
    }
    const owner = old ?? identity;
    if (owner !== undefined && process.getuid?.() === 0) await chown(temp, owner.uid, owner.gid);
    await rename(temp, path);
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
    return ok(undefined);
  } catch (cause) {
    return refuse(`${path} could not be written (${codeOf(cause)}). Make its folder writable, or run this as root.`);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}

function refuse(sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason: 'settings-file', sentence });
}
