// The room alone as a program of its own, for tests that kill it: options from the environment, a tiny workshop, a line of JSON when it is ready.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { createHandOver } from '#programs/transit/hand-over.ts';
import { startAlone } from '#programs/transit/run-alone.ts';
import { wearWiping } from '#programs/transit/wear-wiping.ts';
import { ROOM_LOCKS } from '#programs/transit/start-process.ts';

/** Not before a test has ended it. */
const HASTY_MS = 600_000;
const wipes = !process.argv.includes('--unlocked') && !process.argv.includes('--wipes-nothing');
if (wipes) wearWiping();
const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const given = (name: string): string | undefined =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const entry = process.argv.includes('--real')
  ? {}
  : { entry: new URL(given('room') ?? 'tiny-room.ts', import.meta.url) };
const unlocked = { bounds: 'ulimit -c 0', hasPermissions: false, wipes: false };
const locks = process.argv.includes('--unlocked')
  ? unlocked
  : {
      ...ROOM_LOCKS,
      bounds: given('bounds') ?? ROOM_LOCKS.bounds,
      wipes,
    };
/** The mistake that a test must find: it says that a result is taken, and hands it over later. */
const hasty: typeof createHandOver = (ways) => {
  const deliver = createHandOver(ways);
  return async (answer) => {
    const kept = { ...answer, plainLetter: answer.plainLetter.slice() };
    setTimeout(() => void deliver(kept), HASTY_MS);
    return 'taken';
  };
};
const handOver = process.argv.includes('--hasty') ? { handOver: hasty } : {};
const tuning = { flags: [], ...entry, ...handOver, locks };
const started = await startAlone(config.value, createLog(config.value.log), tuning);
if (!started.ok) throw new Error(started.error.sentence);
const { process: room, bookPath } = started.value;
const tell = (): void =>
  void process.stdout.write(`${JSON.stringify({ ...room.facts, bookPath, pid: process.pid, roomPid: room.pid })}\n`);
// before anybody knows that it is ready: unheard, the signal would end it
process.on('SIGUSR2', tell);
tell();
