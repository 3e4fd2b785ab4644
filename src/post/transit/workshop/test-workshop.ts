// What the tests of the workshop share: worker programs and a look at processes.

import { join } from 'node:path';
import { workerReads } from './worker-program.ts';
import type { WorkerProgram } from './locks.ts';

export function testProgram(name: string): WorkerProgram {
  return { ...workerReads(), file: join(import.meta.dirname, name) };
}

/** The program that works for real. */
export function programOfWorkers(): WorkerProgram {
  return { ...workerReads(), file: join(import.meta.dirname, '..', '..', '..', 'programs', 'transit', 'worker.ts') };
}

export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
