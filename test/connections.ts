// Every connection that a program and its children begin, as the kernel sees them: strace notes them, this reads its notes.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Connection {
  /** unix: `host` is the path. */
  readonly kind: 'unix' | 'udp or tcp' | 'other';
  readonly host: string;
  readonly port: number;
  readonly line: string;
}

/** connect, and whatever names a destination without it. */
const CALLS = ['-f', '--seccomp-bpf', '-s', '0', '-e', 'trace=connect,sendto,sendmsg,sendmmsg'];

/** The kernel itself: bubblewrap sets up the loopback of the empty network that it shuts a worker in. */
const KERNEL = '{sa_family=AF_NETLINK, nl_pid=0,';

/** Why nobody can watch here; undefined where somebody can. */
export const noWatching: string | undefined = whyNot();

export interface ConnectionNotes {
  /** To be put before the program's command. */
  readonly under: readonly string[];
  read(): Promise<readonly Connection[] | undefined>;
}

export function noteConnections(path: string): ConnectionNotes {
  if (noWatching !== undefined) return { under: [], read: () => Promise.resolve(undefined) };
  return {
    // -D: the program keeps the process id that its starter knows
    under: ['strace', '-D', ...CALLS, '-o', path],
    read: async () => parseNotes(await readFile(path, 'utf8')),
  };
}

export function parseNotes(text: string): readonly Connection[] {
  return text
    .split('\n')
    .filter((line) => line.includes('sa_family=') && !line.includes(KERNEL))
    .map((line) => {
      const path = /sun_path=@?"([^"]*)"/.exec(line)?.[1];
      const port = Number(/sin6?_port=htons\((\d+)\)/.exec(line)?.[1] ?? 0);
      const host = /inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"/.exec(line)?.[1];
      if (path !== undefined) return { kind: 'unix', host: path, port: 0, line };
      if (host !== undefined) return { kind: 'udp or tcp', host, port, line };
      return { kind: 'other', host: '', port: 0, line };
    });
}

/** Sockets of the machine itself: the database's, our own for operators, and where the C library asks who a user is. */
export const THIS_MACHINE: readonly string[] = ['/.s.PGSQL.5432', '/siegel.sock', '/run/nscd/socket'];

/** What is not in `allowed` (`host:port`, or the end of a socket's path). */
export function strangers(connections: readonly Connection[], allowed: readonly string[]): readonly string[] {
  const isAllowed = ({ kind, host, port }: Connection): boolean =>
    kind === 'unix' ? allowed.some((path) => host.endsWith(path)) : allowed.includes(`${host}:${port}`);
  return connections.filter((connection) => !isAllowed(connection)).map(({ line }) => line);
}

function whyNot(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-strace-'));
  try {
    const path = join(folder, 'notes');
    const script = `require('node:net').connect(9, '127.0.0.1').on('error', () => undefined)`;
    const tried = spawnSync('strace', [...CALLS, '-o', path, process.execPath, '-e', script], { timeout: 20_000 });
    if (tried.error !== undefined) return 'strace is not installed';
    const seen = parseNotes(readFileSync(path, 'utf8'));
    return seen.some(({ host, port }) => host === '127.0.0.1' && port === 9) ? undefined : 'strace may not watch here';
  } catch {
    return 'strace may not watch here';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
