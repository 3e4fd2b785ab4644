// Starts the room's process: no core dumps, no file that grows, no place for temporary files, no permission to write, nothing of our environment.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#base/config/read.ts';
import type { TalkPort } from './talk.ts';

/** Exists nowhere: whatever would make a temporary file fails. */
const NO_FOLDER = '/nonexistent';
/** Each alone: some shells take one bound at a time. */
const BOUNDS = 'ulimit -c 0 && ulimit -f 0';
const FLAGS = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-child-process',
  '--disable-sigusr1',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
];

/** Locks that a test opens, to see that the others do not hide that they do nothing. */
export interface RoomLocks {
  readonly hasBounds: boolean;
  readonly hasPermissions: boolean;
}

export function startRoomProcess(entry: URL, locks: RoomLocks): ChildProcess {
  const node = [...(locks.hasPermissions ? FLAGS : []), fileURLToPath(entry)];
  const script = `${locks.hasBounds ? BOUNDS : ':'} && exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', script, process.execPath, ...node], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    cwd: '/',
    env: { ...childEnvironment(), TMPDIR: NO_FOLDER },
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

export function portOf(child: ChildProcess): TalkPort {
  return {
    send: (message) => {
      if (child.connected && typeof message === 'object' && message !== null) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => {
      child.once('disconnect', listener);
      child.once('exit', listener);
      child.once('error', listener);
    },
  };
}
