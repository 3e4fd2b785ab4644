// Ends a process that was started with a group of its own, and everything it started.

import type { ChildProcess } from 'node:child_process';

/** At once; what is gone already is let be, for its number may be another's. */
export function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone in this very moment
  }
}
