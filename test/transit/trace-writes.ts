// strace beside running processes and all they start: which of their system calls could have put bytes into a regular file.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const STRACE = '/usr/bin/strace';
/** What opens, makes, names or sizes a file. */
const CALLS = [
  'open',
  'openat',
  'openat2',
  'creat',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'mkdir',
  'mkdirat',
  'mknod',
  'mknodat',
  'truncate',
  'ftruncate',
  'memfd_create',
];
/** Devices without a memory. */
const HARMLESS = /"\/dev\/(?:null|zero|tty|urandom|random)"/;
/** What bubblewrap does before the worker begins: who it is, and an empty root on a tmpfs of its own that dies with it. */
const SANDBOX = /"(?:\/proc\/self\/)?(?:uid_map|gid_map|setgroups)"|"\/?(?:newroot|oldroot)(?:\/|")/;

export function straceMissing(): string | undefined {
  return existsSync(STRACE) ? undefined : 'Debian package strace is not installed';
}

export interface WriteTrace {
  /** Ends the tracing; all calls that could write and succeeded. */
  stop(): Promise<readonly string[]>;
}

/** Follows what these processes start from now on, too. `own`: paths that lie in a memory file system of a process's own. */
export async function traceWrites(pids: readonly number[], file: string, own?: RegExp): Promise<WriteTrace> {
  const args = [
    '-f',
    ...(own ? ['-y'] : []),
    '-o',
    file,
    '-e',
    `trace=${CALLS.join(',')}`,
    ...pids.flatMap((pid) => ['-p', String(pid)]),
  ];
  const child = spawn(STRACE, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 100 && (said.match(/attached/g)?.length ?? 0) < pids.length; tries++) await wait(50);
  assert.ok(/attached/.test(said), `strace did not attach: ${said}`);
  return {
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      return (await readFile(file, 'utf8')).split('\n').filter((line) => couldWrite(line) && own?.test(line) !== true);
    },
  };
}

function couldWrite(line: string): boolean {
  const call = /^\d+\s+(\w+)\(/.exec(line)?.[1];
  if (call === undefined || line.includes(' = -1 ') || line.endsWith(' = ?')) return false;
  if (SANDBOX.test(line)) return false;
  if (!call.startsWith('open')) return true;
  return /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE/.test(line) && !HARMLESS.test(line);
}
