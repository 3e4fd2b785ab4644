// The whole program in a small world: other houses' mail and web servers stand on ports and with certificates of a test; started by world.ts.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startServer } from '../src/programs/server.ts';
import type { WorldOrder } from './world.ts';

const { peerPort, securePort, trustPem, retriesMs } = JSON.parse(process.env['WORLD_ORDER'] ?? '') as WorldOrder;
const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const started = await startServer(config.value, createLog(config.value.log), undefined, {
  outgoing: { securePort, trustPem },
  delivery: { transport: { port: peerPort, trustPem }, ...(retriesMs ? { retriesMs } : {}) },
});
if (!started.ok) throw new Error(started.error.sentence);
const server = started.value;
process.once('SIGTERM', () => void server[Symbol.asyncDispose]().then(() => process.exit(0)));
