// What a worker of this program may read: the sources, the libraries, and the file that tells one from the other.

import { join } from 'node:path';
import type { WorkerProgram } from './locks.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

export function workerReads(): Omit<WorkerProgram, 'file'> {
  return {
    reads: [join(root, 'src'), join(root, 'node_modules'), join(root, 'package.json')],
    runtime: process.execPath,
  };
}
