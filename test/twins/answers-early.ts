// The twin of "250 only after both lanes are synced": the same program, except that letters are answered first and kept a moment later.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { startServer } from '../../src/programs/server.ts';

const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const started = await startServer(config.value, createLog('error'), (door) => ({
  ...door,
  keep(letter) {
    setTimeout(() => void door.keep(letter), 150);
    return Promise.resolve(ok(undefined));
  },
}));
if (!started.ok) throw new Error(started.error.sentence);
process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
