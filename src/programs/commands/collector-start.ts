// `siegel collector start`: takes sealed reports and publishes what they say, until it is stopped; what it frees is overwritten.

import { runCollector } from '../collector/run-collector.ts';
import type { Run } from '../command.ts';
import { wearWiping } from '../transit/wear-wiping.ts';

export const run: Run = (call) => {
  wearWiping();
  return runCollector(call);
};
