// Confines one process to so much memory that the kernel kills it when it takes more: a control group of a test's own (memory controller of version 1 or 2).

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryBound extends Disposable {
  /** How many processes the kernel killed in it. */
  readonly killed: () => number;
}

/** The file of the bound, and the file that counts, by version. */
const VERSIONS = [
  { root: '/sys/fs/cgroup/memory', bound: 'memory.limit_in_bytes', events: 'memory.oom_control' },
  { root: '/sys/fs/cgroup', bound: 'memory.max', events: 'memory.events' },
] as const;

/** Else why there is no such bound here. Counts what the process takes from now on. */
export function boundMemory(pid: number, bytes: number): MemoryBound | string {
  for (const { root, bound, events } of VERSIONS) {
    const group = join(root, `siegel-test-${pid}`);
    try {
      mkdirSync(group);
      if (!existsSync(join(group, bound))) throw new Error('no memory controller');
      writeFileSync(join(group, bound), String(bytes));
      writeFileSync(join(group, 'cgroup.procs'), String(pid));
    } catch {
      drop(group);
      continue;
    }
    return {
      killed: () => Number(/^oom_kill (\d+)/m.exec(readFileSync(join(group, events), 'utf8'))?.[1]),
      [Symbol.dispose]: () => drop(group),
    };
  }
  return 'no control group for memory can be made here: it takes root and a writable /sys/fs/cgroup';
}

function drop(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // never made, or its last process is just ending: the kernel takes an empty one away at the next start
  }
}
