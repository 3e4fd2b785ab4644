// The whole program on options that were written by `siegel setup`, trusting one more authority's web server; a child process.

import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startServer } from '../src/programs/server.ts';

export interface SetUpProgram extends AsyncDisposable {
  output(): string;
}

export async function startSetUp({
  env,
  trustPem,
}: {
  readonly env: NodeJS.ProcessEnv;
  readonly trustPem: string;
}): Promise<SetUpProgram> {
  const script = fileURLToPath(import.meta.url);
  const child = spawn('/bin/sh', ['-c', `ulimit -c 0; exec "${process.execPath}" "${script}"`], {
    env: { ...env, TRUST_PEM: trustPem },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
  child.stderr.on('data', (part: Buffer) => (printed += part.toString()));
  for (let tries = 0; !printed.includes('ready\n'); tries++) {
    if (child.exitCode !== null || tries > 600) throw new Error(`the program did not begin:\n${printed}`);
    await wait(50);
  }
  return {
    output: () => printed,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

if (import.meta.main) {
  const config = readConfig();
  if (!config.ok) throw new Error(config.error.sentence);
  const started = await startServer(config.value, createLog('warn'), undefined, {
    outgoing: { trustPem: process.env['TRUST_PEM'] ?? '' },
  });
  if (!started.ok) throw new Error(started.error.sentence);
  process.stdout.write('ready\n');
  process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
}
