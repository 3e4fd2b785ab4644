// A file system of a test's own on a raw image that can be searched byte by byte, also where files were deleted; and a look at all files that changed.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const IMAGE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;

export interface RawDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string;
  /** What is in memory goes to the image. */
  sync(): void;
  holds(text: string): boolean;
}

/** Else why there is none here. */
export async function openRawDisk(): Promise<RawDisk | string> {
  const scratch = await mkdtemp(join(tmpdir(), 'siegel-raw-'));
  const [image, folder] = [join(scratch, 'image'), join(scratch, 'mounted')];
  const drop = (): Promise<void> => rm(scratch, { recursive: true, force: true });
  await mkdir(folder);
  const steps: readonly (readonly [string, ...string[]])[] = [
    ['truncate', '-s', String(IMAGE_BYTES), image],
    ['mkfs.ext4', '-q', '-F', image],
    ['mount', '-o', 'loop', image, folder],
  ];
  for (const [program, ...args] of steps) {
    if (runs(program, args)) continue;
    await drop();
    return `no file system can be mounted from an image here (${program}): it takes root, loop devices and mkfs.ext4`;
  }
  return {
    folder,
    sync: () => void runs('sync', ['-f', folder]),
    holds: (text) => fileHolds(image, Buffer.from(text)),
    async [Symbol.asyncDispose]() {
      for (let tries = 0; tries < 20 && !runs('umount', [folder]); tries++) spawnSync('sleep', ['0.2']);
      await drop();
    },
  };
}

/** Programs of the system that not every account has on its path. */
function runs(program: string, args: readonly string[]): boolean {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  return spawnSync(program, [...args], { env, stdio: 'ignore' }).status === 0;
}

function fileHolds(path: string, wanted: Buffer): boolean {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES + wanted.length);
  try {
    for (let at = 0; ; at += CHUNK_BYTES) {
      const length = readSync(file, chunk, 0, chunk.length, at);
      if (length === 0) return false;
      if (chunk.subarray(0, length).includes(wanted)) return true;
    }
  } finally {
    closeSync(file);
  }
}

/** Files of the whole machine that are newer than the stamp, but for those that live in memory and what other programs write by the gigabyte. */
export function changedSince(stamp: string, folders: readonly string[]): readonly string[] {
  const args = [...folders, '-xdev', '-type', 'f', '-size', '-65536k', '-newer', stamp, '-print0'];
  const found = spawnSync('find', args, { encoding: 'utf8', maxBuffer: IMAGE_BYTES });
  return found.stdout.split('\0').filter((path) => path !== '');
}

/** The whole machine for `changedSince`: those of the folders whose file system the walk from the root does not come to. */
export function wholeMachine(folders: readonly string[]): readonly string[] {
  const rootDevice = statSync('/').dev;
  const isReached = (folder: string): boolean =>
    statSync(folder).dev === rootDevice && (folder === '/' || isReached(dirname(folder)));
  return ['/', ...folders.filter((folder) => existsSync(folder) && !isReached(folder))];
}

export function holdsAny(path: string, texts: readonly string[]): boolean {
  try {
    const bytes = readFileSync(path);
    return texts.some((text) => bytes.includes(text));
  } catch {
    return false; // gone in the meantime, or nobody may read it
  }
}
