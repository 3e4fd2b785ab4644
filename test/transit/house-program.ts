// The whole house with a tiny workshop in its room for documents; started by transit-house.test.ts.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startServer } from '../../src/programs/server.ts';

const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const started = await startServer(config.value, createLog(config.value.log), undefined, {
  transit: { flags: [], entry: new URL('tiny-room.ts', import.meta.url) },
});
if (!started.ok) throw new Error(started.error.sentence);
process.stdout.write(`${JSON.stringify(started.value.welcome)}\n`);
process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
