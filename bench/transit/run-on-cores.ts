// A command held to some processors with all its children, timed from its start to its end.

import { spawn } from 'node:child_process';

export interface Ran {
  readonly seconds: number;
  readonly code: number;
  /** Standard output. */
  readonly output: string;
}

export async function runOnCores(
  cores: readonly number[],
  command: string,
  parameters: readonly string[],
): Promise<Ran> {
  const started = performance.now();
  const child = spawn('taskset', ['-c', cores.join(','), command, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? -1));
  });
  return { seconds: (performance.now() - started) / 1000, code, output: Buffer.concat(chunks).toString('utf8') };
}
