// An Office document becomes a PDF by LibreOffice, which writes into a memory file system of its own that ends with it.

import { execFile, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import type { OfficeFormat, OfficeModule } from '../office/office-format.ts';
import { killGroup } from './kill-group.ts';
import type { CommandLine } from './locks.ts';

export interface OfficePlaces {
  /** bubblewrap. */
  readonly sandbox: string;
  /** Folder of LibreOffice's own program. */
  readonly programFolder: string;
  /** What of it is there. */
  readonly modules: readonly OfficeModule[];
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

const run = promisify(execFile);
const VERSION_MS = 20_000;
const KIB = 1024;
/** The first byte it says, before the PDF. */
const READY = '+';
const FULL = 4;
const ROOM_LEFT_BYTES = 64 * KIB;
/** What the shell says of a program that a signal ended. */
const KILLED = 128 + 9;
const OUT_OF_TIME = 128 + 24;
const TOO_LARGE = 128 + 25;
const BROKE = 128;
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
  '/var/cache/fontconfig',
];
const item = (path: string, name: string, value: string): string =>
  `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`;
/** No macros, no updates of links, no content that is fetched; sheets of paper and numbers as they are usual here, where a document does not say. */
const SETTINGS = [
  '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">',
  item('Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'),
  item('Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'),
  item('Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'),
  item('Office.Common/Security/Scripting', 'DisableActiveContent', 'true'),
  item('Office.Writer/Content/Update', 'Link', '0'),
  item('Office.Calc/Content/Update', 'Link', '1'),
  item('Setup/L10N', 'ooSetupSystemLocale', 'de-DE'),
  '</oor:items>',
].join('');
/** It waits for its document until it is shut in. The first start with a new profile may end with 81: begin again. What LibreOffice says is thrown away: it quotes names. */
const SCRIPT = [
  'set -e',
  'mkdir /inside/tmp /inside/out /inside/profile /inside/profile/user',
  'printf %s "$2" > /inside/profile/user/registrymodifications.xcu',
  `printf ${READY}`,
  `cat > "/inside/in.$3" || exit ${FULL}`,
  'convert() { "$1/soffice.bin" -env:UserInstallation=file:///inside/profile --headless --norestore --nologo --nolockcheck --nodefault --convert-to pdf --outdir /inside/out "/inside/in.$3" </dev/null >/dev/null 2>&1; }',
  'end=0; convert "$@" || end=$?',
  'if test $end -eq 81; then end=0; convert "$@" || end=$?; fi',
  // whoever had no room left says nothing of it
  `if ! head -c ${ROOM_LEFT_BYTES} /dev/zero > /inside/room; then exit ${FULL}; fi 2>/dev/null`,
  'if test $end -ne 0; then exit $end; fi',
  'exec cat /inside/out/in.pdf',
].join('\n');

/** Never throws for what the document holds. All processes are gone when it settles. */
export async function convertOffice(
  { bytes, format }: OfficeOrder,
  { places, signal, waitMs = limits.transit.officeWaitMs }: OfficeWay,
): Promise<Result<Uint8Array, { readonly kind: KeepReason }>> {
  if (signal.aborted) return err({ kind: 'workerFailed' });
  const { file, args } = commandOf(places, ['/bin/sh', '-c', SCRIPT, 'sh', places.programFolder, SETTINGS, format]);
  // the fourth pipe says nothing: every process in there holds it, and it ends with the last of them
  const stdio = ['pipe', 'pipe', 'ignore', 'pipe'] as const;
  const child = spawn(file, args, { stdio: [...stdio], env: {}, cwd: '/', detached: true });
  const parts: Uint8Array[] = [];
  let size = 0;
  let lost: KeepReason | undefined;
  const stop = (reason: KeepReason): void => {
    lost ??= reason;
    killGroup(child);
  };
  const abort = (): void => stop('workerFailed');
  const timer = setTimeout(() => stop('outOfTime'), waitMs);
  signal.addEventListener('abort', abort, { once: true });
  child.stdout?.on('data', (part: Uint8Array) => {
    // from here on nothing of it outlives this process
    if (size === 0) child.stdin?.end(bytes);
    size += part.length;
    if (size > limits.transit.officeSpaceBytes) stop('outOfSpace');
    else parts.push(part);
  });
  child.stdin?.on('error', () => undefined); // what follows a broken pipe is its end
  const alive = child.stdio[3];
  if (alive instanceof Readable) alive.resume().on('error', () => undefined);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
  if (lost !== undefined) return err({ kind: lost });
  return code === 0 && size > 1 ? ok(new Uint8Array(Buffer.concat(parts).subarray(1))) : err({ kind: reasonOf(code) });
}

/** What we stop is not asked: this it did of itself, or the kernel did. */
function reasonOf(code: number | null): KeepReason {
  switch (code) {
    case null:
    case KILLED:
      return 'outOfMemory';
    case OUT_OF_TIME:
      return 'outOfTime';
    case TOO_LARGE:
    case FULL:
      return 'outOfSpace';
    default:
      return code > BROKE ? 'workerFailed' : 'damaged';
  }
}

/** Undefined: it does not run here behind its walls. */
export async function officeVersion(places: OfficePlaces): Promise<string | undefined> {
  const profile = '-env:UserInstallation=file:///inside/profile';
  // to be asked what it is it needs no room to write
  const asked = ['--remount-ro', '/inside', `${places.programFolder}/soffice.bin`, profile, '--version'];
  const { file, args } = commandOf(places, asked);
  try {
    const { stdout } = await run(file, [...args], { timeout: VERSION_MS, env: {}, cwd: '/' });
    return /^LibreOffice (\d{1,4}(?:\.\d{1,4}){1,3})/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

function commandOf({ sandbox, programFolder }: OfficePlaces, inside: readonly string[]): CommandLine {
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
  return { file: '/bin/sh', args: ['-c', script, 'sh', sandbox, ...walls, ...inside] };
}
