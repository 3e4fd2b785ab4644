// An Office document becomes a PDF by LibreOffice, which writes into a memory file system of its own that ends with it.

import { spawn } from 'node:child_process';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import type { OfficeFormat } from '../office/prepare-office.ts';
import type { CommandLine } from './locks.ts';

export interface OfficePlaces {
  /** bubblewrap. */
  readonly sandbox: string;
  /** Folder of LibreOffice's own program. */
  readonly programFolder: string;
}

export interface OfficeOrder {
  readonly bytes: Uint8Array;
  readonly format: OfficeFormat;
}

export interface OfficeWay {
  readonly places: OfficePlaces;
  readonly signal: AbortSignal;
  readonly waitMs?: number;
}

const KIB = 1024;
const SYSTEM = [
  '/usr',
  '/lib',
  '/lib64',
  '/lib32',
  '/bin',
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/fonts',
  '/etc/libreoffice',
];
const item = (path: string, name: string, value: string): string =>
  `<item oor:path="/org.openoffice.Office.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`;
/** No macros, no updates of links, no content that is fetched. */
const SETTINGS = [
  '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">',
  item('Common/Security/Scripting', 'MacroSecurityLevel', '3'),
  item('Common/Security/Scripting', 'DisableMacrosExecution', 'true'),
  item('Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'),
  item('Common/Security/Scripting', 'DisableActiveContent', 'true'),
  item('Writer/Content/Update', 'Link', '0'),
  item('Calc/Content/Update', 'Link', '1'),
  '</oor:items>',
].join('');
/** The first start with a new profile may end with 81: begin again. What LibreOffice says is thrown away: it quotes names. */
const SCRIPT = [
  'set -e',
  'mkdir -p /inside/tmp /inside/profile/user /inside/out',
  'printf %s "$2" > /inside/profile/user/registrymodifications.xcu',
  'cat > "/inside/in.$3"',
  'convert() { "$1/soffice.bin" -env:UserInstallation=file:///inside/profile --headless --norestore --nologo --nolockcheck --nodefault --convert-to pdf --outdir /inside/out "/inside/in.$3" </dev/null >/dev/null 2>&1; }',
  'convert "$@" || { test $? -eq 81 && convert "$@"; }',
  'exec cat /inside/out/in.pdf',
].join('\n');

/** Never throws for what the document holds. All processes are gone when it settles. */
export async function convertOffice(
  { bytes, format }: OfficeOrder,
  { places, signal, waitMs = limits.transit.officeWaitMs }: OfficeWay,
): Promise<Result<Uint8Array, { readonly kind: KeepReason }>> {
  if (signal.aborted) return err({ kind: 'workerFailed' });
  const { file, args } = commandOf(places, format);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], env: {}, cwd: '/', detached: true });
  const parts: Uint8Array[] = [];
  let size = 0;
  let lost: KeepReason | undefined;
  const stop = (reason: KeepReason): void => {
    lost ??= reason;
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // gone in this very moment
    }
  };
  const abort = (): void => stop('workerFailed');
  const timer = setTimeout(() => stop('outOfTime'), waitMs);
  signal.addEventListener('abort', abort, { once: true });
  child.stdout.on('data', (part: Uint8Array) => {
    size += part.length;
    if (size > limits.transit.officeSpaceBytes) stop('outOfSpace');
    else parts.push(part);
  });
  child.stdin.on('error', () => undefined); // what follows a broken pipe is its end
  child.stdin.end(bytes);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
  if (lost !== undefined) return err({ kind: lost });
  return code === 0 && size > 0 ? ok(new Uint8Array(Buffer.concat(parts))) : err({ kind: 'damaged' });
}

function commandOf({ sandbox, programFolder }: OfficePlaces, format: OfficeFormat): CommandLine {
  const { officeSpaceBytes, officeMemoryBytes, officeWaitMs } = limits.transit;
  const bounds = [
    'ulimit -c 0',
    `ulimit -f ${officeSpaceBytes / 512}`,
    `ulimit -d ${officeMemoryBytes / KIB}`,
    `ulimit -t ${Math.round(officeWaitMs / 1_000)}`,
  ];
  const walls = [
    '--unshare-all',
    '--die-with-parent',
    '--cap-drop',
    'ALL',
    ...SYSTEM.flatMap((path) => ['--ro-bind-try', path, path]),
    '--ro-bind',
    programFolder,
    programFolder,
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--symlink',
    '/inside/tmp',
    '/tmp',
    '--size',
    String(officeSpaceBytes),
    '--tmpfs',
    '/inside',
    '--remount-ro',
    '/proc',
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--setenv',
    'HOME',
    '/inside',
    '--setenv',
    'TMPDIR',
    '/inside/tmp',
    '--setenv',
    'PATH',
    '/usr/bin:/bin',
    '--setenv',
    'SAL_USE_VCLPLUGIN',
    'svp',
    '--setenv',
    'LC_ALL',
    'C.UTF-8',
    '--chdir',
    '/inside',
  ];
  const script = [...bounds, 'exec env -i "$@"'].join(' && ');
  const inside = ['/bin/sh', '-c', SCRIPT, 'sh', programFolder, SETTINGS, format];
  return { file: '/bin/sh', args: ['-c', script, 'sh', sandbox, ...walls, ...inside] };
}
