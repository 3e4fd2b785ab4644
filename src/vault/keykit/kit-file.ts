// The key kit's file: made once and atomically in a folder of its own, opened only when nobody else could read or swap it.

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { InstanceId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatKeyKit, makeKeyKit, parseKeyKit, type KeyKit } from './key-kit.ts';
import type { KitRefusal } from './kit-refusals.ts';

export const KIT_FILE = 'key-kit.json';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;

export interface KitOptions {
  readonly folder: string;
  /** The instance the data belongs to; undefined only when there is no data yet: then a missing kit is made. */
  readonly instanceId: InstanceId | undefined;
  readonly clock: Clock;
}

export interface OpenedKit {
  readonly kit: KeyKit;
  readonly isNew: boolean;
}

/** The house's kit; made when neither kit nor data exist. */
export async function openKeyKit(options: KitOptions): Promise<Result<OpenedKit, KitRefusal>> {
  const path = join(options.folder, KIT_FILE);
  const read = await readKeyKit(options.folder);
  if (read.ok) {
    const { instanceId } = options;
    if (instanceId !== undefined && read.value.instanceId !== instanceId) return err({ kind: 'kitForeign', path });
    return ok({ kit: read.value, isNew: false });
  }
  if (read.error.kind !== 'kitMissing' || options.instanceId !== undefined) return read;
  return makeKitFile(options.folder, options.clock);
}

/** The kit that lies in a folder, after checking that only its owner can reach it. */
export async function readKeyKit(folder: string): Promise<Result<KeyKit, KitRefusal>> {
  const path = join(folder, KIT_FILE);
  for (const [target, wanted] of [
    [folder, FOLDER_MODE],
    [path, FILE_MODE],
  ] as const) {
    const mode = await modeOf(target);
    if (typeof mode === 'string') return err(absent(path, mode));
    if ((mode & OTHERS) !== 0) {
      return err({ kind: 'kitPermissions', path: target, mode: mode.toString(8), wanted: wanted.toString(8) });
    }
  }
  const text = await readFile(path, 'utf8').catch(errorCode);
  if (typeof text !== 'string') return err({ kind: 'kitUnreadable', path, code: text.code });
  const parsed = parseKeyKit(text);
  return parsed.ok ? parsed : err({ kind: 'kitDamaged', path });
}

async function makeKitFile(folder: string, clock: Clock): Promise<Result<OpenedKit, KitRefusal>> {
  const path = join(folder, KIT_FILE);
  const kit = await makeKeyKit(clock.nowMs());
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await writeOnce(folder, formatKeyKit(kit));
  } catch (cause) {
    // Another start was faster: its kit is the house's kit.
    if (errorCode(cause).code === 'EEXIST') {
      const read = await readKeyKit(folder);
      return read.ok ? ok({ kit: read.value, isNew: false }) : read;
    }
    return err({ kind: 'kitUnwritable', path, code: errorCode(cause).code });
  }
  const read = await readKeyKit(folder);
  return read.ok ? ok({ kit: read.value, isNew: true }) : read;
}

/** Temp file, fsync, link, fsync of the folder: the name exists only with the whole content, and is never overwritten. */
async function writeOnce(folder: string, text: string): Promise<void> {
  const temp = join(folder, `.${KIT_FILE}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temp, 'wx', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temp, join(folder, KIT_FILE));
  } finally {
    await unlink(temp);
  }
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

async function modeOf(path: string): Promise<number | string> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (cause) {
    return errorCode(cause).code;
  }
}

function absent(path: string, code: string): KitRefusal {
  return code === 'ENOENT' ? { kind: 'kitMissing', path } : { kind: 'kitUnreadable', path, code };
}

function errorCode(cause: unknown): { code: string } {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return { code: typeof code === 'string' ? code : 'unknown' };
}

/** Puts a kit that was kept elsewhere into an empty folder; the very same one may be there already, another is never replaced. */
export async function putKeyKit(folder: string, kit: KeyKit): Promise<Result<void, KitRefusal>> {
  const path = join(folder, KIT_FILE);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await writeOnce(folder, formatKeyKit(kit));
    return ok(undefined);
  } catch (cause) {
    const { code } = errorCode(cause);
    if (code !== 'EEXIST') return err({ kind: 'kitUnwritable', path, code });
  }
  const there = await readKeyKit(folder);
  if (!there.ok) return there;
  return formatKeyKit(there.value) === formatKeyKit(kit) ? ok(undefined) : err({ kind: 'kitForeign', path });
}
