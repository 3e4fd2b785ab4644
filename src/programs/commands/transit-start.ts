// `siegel transit start`: works on documents that come by mail or by page until it is stopped; without mailboxes and without a database.

import type { Run } from '../command.ts';
import { runAlone } from '../transit/run-alone.ts';
import { wearWiping } from '../transit/wear-wiping.ts';

export const run: Run = (call) => {
  wearWiping();
  return runAlone(call);
};
