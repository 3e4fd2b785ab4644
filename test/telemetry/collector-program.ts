// `siegel collector start` with one thing changed, for twins: --answers-early, --keeps-rows; --plant=HEX keeps bytes that a search must find.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startCollector, untilStopped } from '#programs/collector/run-collector.ts';
import { wearWiping } from '#programs/transit/wear-wiping.ts';

const flags = process.argv.slice(2);
if (!flags.includes('--wipes-nothing')) wearWiping();
const planted = flags.find((flag) => flag.startsWith('--plant='))?.slice('--plant='.length) ?? '';
const held: Uint8Array[] = [Buffer.from(planted, 'hex')];
const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const rows = join(config.value.collectorDir, 'rows');
const started = await startCollector(config.value, createLog(config.value.log), {
  ...(flags.includes('--answers-early') && {
    wrapFile: (file) => ({ ...file, write: async () => undefined }),
  }),
  ...(flags.includes('--keeps-rows') && {
    wrapTake: (take) => (bytes) => {
      held.push(Uint8Array.from(bytes));
      appendFileSync(rows, bytes);
      return take(bytes);
    },
  }),
});
if (!started.ok) throw new Error(started.error.sentence);
process.stdout.write(`${JSON.stringify({ url: started.value.url })}\n`);
await untilStopped();
await started.value[Symbol.asyncDispose]();
// what is held lives to the end
process.exitCode = held.length > 0 ? 0 : 1;
