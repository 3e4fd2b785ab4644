// The whole program, killed hard at the step that DIES_AT counts to, of the works DIES_IN names; with FORGETS it erases and writes segments anew at once.

import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import type { HouseSteps } from '../src/programs/server/house-steps.ts';
import { startServer } from '../src/programs/server.ts';

const WORKS = ['change', 'generations', 'forgetting'] as const;

/** Ends where a journey's environment says. */
export async function startKilled(): Promise<void> {
  const config = readConfig();
  if (!config.ok) throw new Error(config.error.sentence);
  const { DIES_AT, DIES_IN = '', FORGETS } = process.env;
  const diesAt = Number(DIES_AT ?? Infinity);
  let count = 0;
  const stepOf =
    (work: string) =>
    async (name: string): Promise<void> => {
      if (DIES_IN.split(',').includes(work)) {
        count += 1;
        process.stdout.write(`step ${count} ${work} ${name}\n`);
        // nothing runs behind it, also not what comes before the first await
        if (count === diesAt) process.kill(process.pid, 'SIGKILL');
      }
    };
  const steps: HouseSteps = Object.fromEntries(WORKS.map((work) => [work, stepOf(work)]));
  const started = await startServer(config.value, createLog('warn'), undefined, { steps });
  if (!started.ok) throw new Error(started.error.sentence);
  process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
  if (FORGETS === undefined) return;
  // rows follow in a moment
  while (!(await started.value.forgetting.job.runOnce(true)).ok) await wait(20);
  process.stdout.write('forgotten\n');
}

if (import.meta.main) await startKilled();
