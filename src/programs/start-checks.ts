// Before anything is opened: nothing may write this program's memory to a disk, for letters stand in it in clear.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { runtimeFlags } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface StartRefusal {
  readonly kind: 'core-files' | 'runtime-flag';
  readonly sentence: string;
}

/** What the machine says about itself; undefined where there is no such file. */
export interface Machine {
  readonly flags: readonly string[];
  readonly readFile: (path: string) => string | undefined;
}

/** Flags under which the runtime writes what is in memory to a file, or lets a debugger read it. */
const DANGEROUS_FLAG =
  /^--(heapsnapshot|heap-prof|cpu-prof|prof\b|report-|experimental-report|inspect(?:$|=|-brk|-wait)|diagnostic-dir|trace-event|interpreted-frames|perf-|log-file|logfile|abort-on-uncaught-exception)/;

export const thisMachine: Machine = {
  flags: runtimeFlags(),
  readFile: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
};

/** Whether the runtime would write memory to a file, or let a debugger read it. */
export function isDangerousFlag(flag: string): boolean {
  return DANGEROUS_FLAG.test(flag.replaceAll('_', '-'));
}

/** Refuses what would surely leak; the warnings are sentences for the start and for `status`. */
export function checkStart(
  machine: Machine = thisMachine,
): Result<{ readonly warnings: readonly string[] }, StartRefusal> {
  const flag = machine.flags.find(isDangerousFlag);
  if (flag !== undefined) {
    const name = flag.split('=')[0] ?? flag;
    const sentence = `the runtime’s flag ${name} could write letters out of memory to a file. Start without it (look at NODE_OPTIONS too).`;
    return err({ kind: 'runtime-flag', sentence });
  }
  const core = /^Max core file size\s+(\S+)/m.exec(machine.readFile('/proc/self/limits') ?? '')?.[1];
  if (core !== undefined && core !== '0') {
    const sentence =
      'a crash would write letters into a core file. Start with ./siegel or npm start, or say `ulimit -c 0` before.';
    return err({ kind: 'core-files', sentence });
  }
  return ok({ warnings: [...coreHandlerWarnings(machine), ...swapWarnings(machine)] });
}

/** A sentence for each swap area on a disk that is not encrypted. */
export function swapWarnings(machine: Machine = thisMachine): readonly string[] {
  const lines = (machine.readFile('/proc/swaps') ?? '').split('\n').slice(1);
  const areas = lines.map((line) => line.split(/\s+/)[0] ?? '').filter((area) => area !== '');
  return areas
    .filter((area) => !isInMemory(area) && !isEncrypted(area, machine))
    .map(
      (area) =>
        `Swap on disk (${area}): letters could be written there in clear. Turn it off with swapoff, or encrypt it.`,
    );
}

/** The limit of 0 does not bind a program that the kernel hands crashes to; %c tells that program about it. */
function coreHandlerWarnings(machine: Machine): readonly string[] {
  const pattern = machine.readFile('/proc/sys/kernel/core_pattern') ?? '';
  if (!pattern.startsWith('|') || pattern.includes('%c')) return [];
  return [
    'The kernel hands every crash to a program that is not told the limit (kernel.core_pattern): a crash could write letters to disk.',
  ];
}

function isInMemory(area: string): boolean {
  return /^\/dev\/zram\d+$/.test(area);
}

/** Device-mapper names its targets: those of dm-crypt begin with CRYPT-. */
function isEncrypted(area: string, machine: Machine): boolean {
  const uuid = machine.readFile(`/sys/block/${basename(area)}/dm/uuid`) ?? '';
  return uuid.startsWith('CRYPT-');
}
