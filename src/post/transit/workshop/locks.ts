// What a worker is shut in with: bounds of the shell, Node's permissions, and bubblewrap where it works.

import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { limits } from '#base/limits.ts';

/** How workers of this machine are shut in; the self-check shows it. */
export type Sandbox =
  | { readonly kind: 'bubblewrap'; readonly path: string }
  | {
      readonly kind: 'none';
      readonly why: 'notInstalled' | 'notWorking';
      /** Takes at least the network away; undefined: the machine forbids that too. */
      readonly unsharePath?: string | undefined;
    };

/** Where a worker's program lies. */
export interface WorkerProgram {
  /** Main file; the role is its one argument. */
  readonly file: string;
  /** Folders and files that it may read: its code and nothing else. */
  readonly reads: readonly string[];
  readonly runtime: string;
}

/** Which locks hold; tests open single ones to see that the others do not hide that they do nothing. */
export interface Locks {
  readonly sandbox: Sandbox;
  readonly hasBounds: boolean;
  readonly hasPermissions: boolean;
}

export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

const run = promisify(execFile);
const TRY_MS = 10_000;
const KIB = 1024;
const MIB = 1024 * KIB;
const HEAP_SHARE = 0.75;
/** Each alone: some shells take one bound at a time, and would drop the rest without failing. */
const BOUNDS = [
  'ulimit -c 0',
  'ulimit -f 0',
  `ulimit -d ${Math.round((limits.transit.workerBytes + limits.transit.runtimeBytes) / KIB)}`,
  `ulimit -t ${Math.round(limits.transit.dwellMs / 1_000)}`,
];
/** What a runtime needs of the machine: its libraries. No home, no data, no /proc, no other user's files. */
const SYSTEM = ['/usr', '/lib', '/lib64', '/lib32', '/bin', '/etc/ld.so.cache', '/etc/alternatives', '/nix/store'];

/** The program begins with no environment at all: nothing of its starter's reaches it. */
export function shutIn(program: WorkerProgram, role: string, locks: Locks): CommandLine {
  const node = [program.runtime, ...(locks.hasPermissions ? permissions(program, role) : []), program.file, role];
  const { sandbox } = locks;
  const inside =
    sandbox.kind === 'none' ? netless(sandbox.unsharePath, node) : [sandbox.path, ...walls(program), ...node];
  const script = [...(locks.hasBounds ? BOUNDS : []), 'exec env -i "$@"'].join(' && ');
  return { file: '/bin/sh', args: ['-c', script, 'sh', ...inside] };
}

/** A network of its own without a way out (unshare(1)); the process stays whose it was. */
function netless(unsharePath: string | undefined, command: readonly string[]): readonly string[] {
  return unsharePath === undefined ? command : [unsharePath, '--user', '--net', '--', ...command];
}

function permissions({ reads }: WorkerProgram, role: string): readonly string[] {
  return [
    '--permission',
    ...reads.map((path) => `--allow-fs-read=${path}`),
    // pictures are decoded by a library in C++
    ...(role === 'page' || role === 'read' ? ['--allow-addons'] : []),
    `--max-old-space-size=${Math.round((limits.transit.workerBytes * HEAP_SHARE) / MIB)}`,
  ];
}

function walls({ reads, runtime }: WorkerProgram): readonly string[] {
  return [
    '--unshare-all',
    '--die-with-parent',
    '--cap-drop',
    'ALL',
    ...SYSTEM.flatMap((path) => ['--ro-bind-try', path, path]),
    ...[dirname(runtime), ...reads].flatMap((path) => ['--ro-bind', path, path]),
    '--dev',
    '/dev',
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--chdir',
    '/',
  ];
}

/** Looks for bubblewrap and tries it: machines that forbid namespaces have it and cannot use it. */
export async function findSandbox(program: WorkerProgram): Promise<Sandbox> {
  const path = await findProgram('bwrap');
  if (path !== undefined && (await runs(program, [path, ...walls(program)]))) return { kind: 'bubblewrap', path };
  return {
    kind: 'none',
    why: path === undefined ? 'notInstalled' : 'notWorking',
    unsharePath: await findUnshare(program),
  };
}

/** What is left without bubblewrap. */
export async function findUnshare(program: WorkerProgram): Promise<string | undefined> {
  const path = await findProgram('unshare');
  return path !== undefined && (await runs(program, netless(path, []))) ? path : undefined;
}

async function findProgram(name: string): Promise<string | undefined> {
  const path = (await said('/bin/sh', ['-c', `command -v ${name}`]))?.trim();
  return path?.startsWith('/') === true ? path : undefined;
}

/** The runtime starts behind these walls: it says its version, which costs a tenth of a program. */
async function runs(program: WorkerProgram, walled: readonly string[]): Promise<boolean> {
  const bare = ['-c', 'exec env -i "$@"', 'sh'];
  const says = await said('/bin/sh', [...bare, ...walled, program.runtime, '--version']);
  return says?.trim() === process.version;
}

async function said(file: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(file, [...args], { timeout: TRY_MS, env: {} })).stdout;
  } catch {
    return undefined;
  }
}
