// The room alone as a program of its own, for tests that kill it: options from the environment, a tiny workshop, a line of JSON when it is ready.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startAlone } from '#programs/transit/run-alone.ts';

const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const entry = process.argv.includes('--real') ? {} : { entry: new URL('tiny-room.ts', import.meta.url) };
const locks = process.argv.includes('--unlocked') ? { locks: { hasBounds: false, hasPermissions: false } } : {};
const started = await startAlone(config.value, createLog(config.value.log), { flags: [], ...entry, ...locks });
if (!started.ok) throw new Error(started.error.sentence);
const { process: room, bookPath } = started.value;
const tell = (): void =>
  void process.stdout.write(`${JSON.stringify({ ...room.facts, bookPath, pid: process.pid, roomPid: room.pid })}\n`);
// before anybody knows that it is ready: unheard, the signal would end it
process.on('SIGUSR2', tell);
tell();
