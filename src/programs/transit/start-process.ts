// Starts the room's process: no core dumps, no file that grows, no place for temporary files, no permission to write, nothing of our environment.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import { officeFolder } from './office-folder.ts';
import type { TalkPort } from './talk.ts';

/** Exists nowhere: whatever would make a temporary file fails. */
const NO_FOLDER = '/nonexistent';
const LAST_WORDS_MS = 1_000;
const FLAGS = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-child-process',
  '--disable-sigusr1',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
];

/**
 * What is freed is overwritten: objects by the collector, which idle-wipe.ts calls; everything else by the C library (mallopt(3), M_PERTURB), which must not set small pieces aside as they are.
 * The collector's last resort gives whole pages of memory back; `--zero-unused-memory` makes it overwrite the pieces between living objects too. (`--clear-free-memory` sounds like it, and does nothing outside debug builds.)
 */
export const WIPING_FLAGS: readonly string[] = ['--expose-gc', '--zero-unused-memory', '--max-semi-space-size=1'];
export const WIPING_ENVIRONMENT: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: 'glibc.malloc.perturb=165:glibc.malloc.tcache_count=0',
  MALLOC_ARENA_MAX: '2',
};

/** Locks that a test opens, to see that the others do not hide that they do nothing. */
export interface RoomLocks {
  /** Said by the shell that becomes the process; each bound alone, as some shells take one at a time. */
  readonly bounds: string;
  readonly hasPermissions: boolean;
  readonly wipes: boolean;
}

/** The converter of Office documents writes into a memory file system of its own, and may only where the hard limit allows it; the room itself, and every other worker, may write no byte. */
const NO_FILES =
  officeFolder() === undefined
    ? 'ulimit -f 0'
    : `ulimit -S -f 0 && { ulimit -H -f ${limits.transit.officeSpaceBytes / 512} 2>/dev/null || ulimit -f 0; }`;

export const ROOM_LOCKS: RoomLocks = { bounds: `ulimit -c 0 && ${NO_FILES}`, hasPermissions: true, wipes: true };

export function startRoomProcess(entry: URL, locks: RoomLocks): ChildProcess {
  const flags = [...(locks.hasPermissions ? FLAGS : []), ...(locks.wipes ? WIPING_FLAGS : [])];
  const node = [...flags, fileURLToPath(entry)];
  const script = `${locks.bounds} && exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', script, process.execPath, ...node], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    cwd: '/',
    env: { ...childEnvironment(), TMPDIR: NO_FOLDER, ...(locks.wipes && WIPING_ENVIRONMENT) },
  });
  relayLog(child);
  return child;
}

/** Lines of our own log only: what the runtime says when it breaks could quote a document. */
function relayLog(child: ChildProcess): void {
  if (child.stderr === null) return;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{"level":') && line.includes('"event":"')) process.stderr.write(`${line}\n`);
  });
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** When it is gone and all that it said before was heard: its last words come by another way than the news of its end. */
export async function endOf(child: ChildProcess): Promise<ProcessEnd> {
  const heard = new Promise<void>((resolve) => void child.once('disconnect', resolve));
  const end = await new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 1, signal: null }));
  });
  if (child.connected) await Promise.race([heard, wait(LAST_WORDS_MS, undefined, { ref: false })]);
  return end;
}

export function portOf(child: ChildProcess): TalkPort {
  return {
    send: (message) => {
      if (child.connected && typeof message === 'object' && message !== null) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => {
      child.once('disconnect', listener);
      void endOf(child).then(listener);
    },
  };
}
