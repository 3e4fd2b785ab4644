// Looks at the machine before the room opens: what could write plaintext to a disk, and what the operator can do about it.

import { readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Finding, FindingKind, SelfCheck } from '#post/transit/report/self-check.ts';
import { isDangerousFlag, swapWarnings } from '../start-checks.ts';

/** What the machine says about itself; a test says something else. */
export interface Surroundings {
  /** Of this process and of the one that started it. */
  readonly flags: readonly string[];
  readonly temporaryFolder: string;
  /** Undefined: there is no such folder. */
  readonly isInMemory: (folder: string) => boolean | undefined;
  readonly readFile: (path: string) => string | undefined;
  /** Folder where compiled code is kept; undefined: none is. */
  readonly compileCache: string | undefined;
}

const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;

export function thisProcess(parentFlags: readonly string[], compileCache: string | undefined): Surroundings {
  return {
    flags: [...process.execArgv, ...parentFlags],
    temporaryFolder: tmpdir(),
    compileCache,
    isInMemory(folder) {
      try {
        return [TMPFS, RAMFS].includes(statfsSync(folder).type);
      } catch {
        return undefined;
      }
    },
    readFile(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}

export function checkMachine(around: Surroundings, accepted: readonly FindingKind[], checkedMs: number): SelfCheck {
  const looks = [swap, cores, pipedCores, temporaryFolder, runtimeFlags, cache];
  const findings = looks.map((look) => look(around));
  return {
    checkedMs,
    findings: findings.map((finding) => ({
      ...finding,
      isAccepted: !finding.isMet && accepted.includes(finding.kind),
    })),
  };
}

type Seen = Omit<Finding, 'isAccepted'>;

function met(kind: FindingKind, seen: string): Seen {
  return { kind, isMet: true, seen, whatToDo: '' };
}

function swap({ flags, readFile }: Surroundings): Seen {
  const areas = swapWarnings({ flags, readFile });
  if (areas.length === 0) return met('swap', 'no swap on a disk in clear');
  return {
    kind: 'swap',
    isMet: false,
    seen: `${areas.length} swap area(s) on a disk in clear`,
    whatToDo: 'Turn it off with swapoff, or encrypt it.',
  };
}

function cores({ readFile }: Surroundings): Seen {
  const limits = readFile('/proc/self/limits') ?? '';
  const [, soft, hard] = /^Max core file size\s+(\S+)\s+(\S+)/m.exec(limits) ?? [];
  if (soft === '0' && hard === '0') return met('cores', 'the hard limit of core files is 0');
  return {
    kind: 'cores',
    isMet: false,
    seen: `core files are limited to ${soft ?? '?'}, hard ${hard ?? '?'}`,
    whatToDo: 'Start the room with ./siegel or npm, which set the limit to 0.',
  };
}

/** The limit of 0 does not bind a program that the kernel pipes crashes to. */
function pipedCores({ readFile }: Surroundings): Seen {
  const pattern = (readFile('/proc/sys/kernel/core_pattern') ?? '').trim();
  if (!pattern.startsWith('|')) return met('piped-cores', 'the kernel hands crashes to no program');
  return {
    kind: 'piped-cores',
    isMet: false,
    seen: 'the kernel hands crashes to a program (kernel.core_pattern), whatever the limit says',
    whatToDo: 'Set kernel.core_pattern to a plain name such as core, or make that program keep nothing.',
  };
}

function temporaryFolder({ temporaryFolder: folder, isInMemory }: Surroundings): Seen {
  const inMemory = isInMemory(folder);
  if (inMemory === undefined) return met('temporary-folder', 'the folder for temporary files does not exist');
  if (inMemory) return met('temporary-folder', 'the folder for temporary files is in memory');
  return {
    kind: 'temporary-folder',
    isMet: false,
    seen: 'the folder for temporary files is on a disk',
    whatToDo: 'Start the room with ./siegel or npm, which give it none.',
  };
}

function runtimeFlags({ flags }: Surroundings): Seen {
  const found = flags.find(isDangerousFlag);
  if (found === undefined) return met('runtime-flags', 'no flag that writes memory to a file');
  return {
    kind: 'runtime-flags',
    isMet: false,
    seen: `the runtime’s flag ${found.split('=')[0] ?? ''}`,
    whatToDo: 'Start without it; look at NODE_OPTIONS too.',
  };
}

/** Reading one is harmless; a process that may write its own could keep more than code. */
function cache({ compileCache }: Surroundings): Seen {
  if (compileCache === undefined) return met('cache', 'nothing is kept from one start to the next');
  return {
    kind: 'cache',
    isMet: false,
    seen: 'the runtime keeps what it compiled',
    whatToDo: 'Start the room with ./siegel or npm, which turn it off for the room.',
  };
}
