// `siegel transit optimise`: the workshop in this program, for files of one's own; what comes back goes into a folder.

import { systemClock } from '#base/clock.ts';
import { createLog } from '#base/log/log.ts';
import type { Run } from '../command.ts';
import { buildWorkers } from '../transit/built-workers.ts';
import { openWorkshop } from '../transit/open-workshop.ts';
import { optimiseFiles } from './transit/optimise-files.ts';

export const run: Run = async (call) => {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await buildWorkers(createLog(call.config.log));
    await using workshop = await openWorkshop(systemClock, { isBegun: true, isOwn: true });
    return await optimiseFiles(call, workshop.optimise, stopping.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
};
