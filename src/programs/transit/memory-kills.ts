// How many processes the kernel has killed for want of memory since the machine began: told apart by it from kills by people.

import { readFileSync } from 'node:fs';

/** Of all control groups. 0 where the kernel does not say. */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
