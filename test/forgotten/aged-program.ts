// The whole program with a clock that is moved by hand; what its own clock does each hour and day is done when asked (CONTROL_PORT).

import { createServer } from 'node:http';
import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { movingClock } from '../../src/programs/demo/moving-clock.ts';
import { startServer, type Server } from '../../src/programs/server.ts';
import { keepOnce } from '../../src/vault/safeguards/generations/keep-generations.ts';

export type Turn = 'backup' | 'points' | 'forget' | 'copies';

const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
const clock = movingClock(undefined);
const log = createLog('warn');
const started = await startServer(config.value, log, undefined, { clock });
if (!started.ok) throw new Error(started.error.sentence);
const server: Server = started.value;

const turns: Readonly<Record<Turn, () => Promise<unknown>>> = {
  backup: () => server.backups.look(),
  async points() {
    const { generations } = server.vault;
    if (generations !== undefined) await keepOnce({ generations, clock, log });
  },
  forget: () => server.forgetting.job.runOnce(),
  copies: () => server.forgetting.turn(),
};

async function answer(path: string): Promise<unknown> {
  const [, what = '', value = ''] = path.split('/');
  if (what === 'at') clock.moveTo(Number(value));
  else if (Object.hasOwn(turns, what)) return await turns[what as Turn]();
  return { nowMs: clock.nowMs() };
}

const control = createServer((request, response) => {
  answer(request.url ?? '').then(
    (done) => response.end(JSON.stringify(done ?? {})),
    (cause: unknown) => response.writeHead(500).end(String(cause)),
  );
}).listen(Number(process.env['CONTROL_PORT']), '127.0.0.1');
process.once('SIGTERM', () => {
  control.close();
  void server[Symbol.asyncDispose]().then(() => process.exit(0));
});
