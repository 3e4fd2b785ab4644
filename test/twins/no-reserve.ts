// The twin of the disk reserve: the same program, except that letters are taken while there is any room at all.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { startServer } from '../../src/programs/server.ts';

const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const started = await startServer(config.value, createLog('silent'), (door) => ({
  ...door,
  mayAccept: () => ok(undefined),
}));
if (!started.ok) throw new Error(started.error.sentence);
process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
