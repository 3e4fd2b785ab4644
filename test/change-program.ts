// The whole program, killed hard at the step of a change that CHANGE_DIES_AT counts to; a child process of journeys.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startServer } from '../src/programs/server.ts';

if (import.meta.main) {
  const config = readConfig();
  if (!config.ok) throw new Error(config.error.sentence);
  const diesAt = Number(process.env['CHANGE_DIES_AT'] ?? Infinity);
  let steps = 0;
  const started = await startServer(config.value, createLog('warn'), undefined, {
    changeStep: async (name) => {
      steps += 1;
      process.stdout.write(`step ${steps} ${name}\n`);
      if (steps === diesAt) process.kill(process.pid, 'SIGKILL');
    },
  });
  if (!started.ok) throw new Error(started.error.sentence);
  process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
}
