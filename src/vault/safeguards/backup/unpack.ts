// Writes a backup’s files below a folder, each byte read from the place and checked on its way.

import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Database } from '../../database/open-database.ts';
import { nodeDisk } from '../../journal/disk.ts';
import type { BackupKeys } from './backup-keys.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { readFilePieces, type ObjectDamage } from './object-store.ts';
import { PlaceProblem, type Place } from './place.ts';

export interface UnpackOrder {
  readonly place: Place;
  readonly keys: BackupKeys;
  readonly manifest: Manifest;
  /** Made when it is not there; files of these names must not be. */
  readonly folder: string;
  readonly wants?: (file: ManifestFile) => boolean;
  readonly onBytes?: (bytes: number) => void;
  /** Called before each file; for tests, which kill there. */
  readonly step?: (name: string) => Promise<void>;
}

export type UnpackRefusal = ObjectDamage | { readonly kind: 'workFull'; readonly code: string };

/**
 * Whether the disk below `folder` takes the backup and its rows without coming near the room that the journal keeps for people:
 * trying a copy must never put a letter off.
 */
export async function findRoom(folder: string, { files }: Manifest): Promise<Result<void, UnpackRefusal>> {
  const sum = (some: readonly ManifestFile[]): number => some.reduce((bytes, file) => bytes + file.bytes, 0);
  const neededBytes = sum(files) + sum(files.filter(({ path }) => path.startsWith('base/')));
  return mayTake(folder, neededBytes);
}

const LOG_BYTES = 64 * 2 ** 20;

/** The same for a copy of the live rows, before PostgreSQL writes it. */
export async function findRoomForBase(
  folder: string,
  database: Pick<Database, 'connect'>,
): Promise<Result<void, UnpackRefusal>> {
  await using session = await database.connect();
  const [size] = await session.rows<{ bytes: number }>('SELECT pg_database_size(current_database())::int8 AS bytes');
  return mayTake(folder, (size?.bytes ?? 0) + LOG_BYTES);
}

async function mayTake(folder: string, neededBytes: number): Promise<Result<void, UnpackRefusal>> {
  const { freeBytes, totalBytes } = await nodeDisk.space(folder);
  const reserveBytes = Math.min(limits.journal.reserveBytes, totalBytes * limits.journal.reserveShare);
  if (freeBytes - neededBytes >= 2 * reserveBytes) return ok(undefined);
  return err({ kind: 'workFull', code: `${Math.ceil((neededBytes + 2 * reserveBytes) / 1e6)} MB are needed` });
}

/** Every file is synced when this resolves, and every folder that was made. */
export async function unpack(order: UnpackOrder): Promise<Result<void, UnpackRefusal>> {
  const folders = new Set<string>([order.folder]);
  try {
    for (const file of order.manifest.files.filter(order.wants ?? (() => true))) {
      await order.step?.(file.path);
      const path = join(order.folder, file.path);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      for (let above = dirname(path); above.length >= order.folder.length; above = dirname(above)) folders.add(above);
      const written = await writeFile(order, file, path);
      if (!written.ok) return written;
    }
    for (const folder of folders) await syncFolder(folder);
    return ok(undefined);
  } catch (cause) {
    const code = fullCode(cause);
    if (code === undefined) throw cause;
    return err({ kind: 'workFull', code });
  }
}

async function writeFile(order: UnpackOrder, file: ManifestFile, path: string): Promise<Result<void, ObjectDamage>> {
  await using target = await open(path, 'wx', 0o600);
  for await (const piece of readFilePieces(order, order.manifest, file)) {
    if (!piece.ok) return piece;
    await target.writeFile(piece.value);
    order.onBytes?.(piece.value.length);
  }
  await target.sync();
  return ok(undefined);
}

export async function syncFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

/** The code of an error that says there is no room on this machine’s disk; undefined for every other, a full place too. */
export function fullCode(cause: unknown): string | undefined {
  const isOurs = cause instanceof Error && !(cause instanceof PlaceProblem);
  const code = isOurs && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) ? code : undefined;
}
