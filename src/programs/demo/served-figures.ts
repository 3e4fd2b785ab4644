// Collector and relay of the sample office as the filling program holds them; an office without them opens all the same.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { childEnvironment, type Config } from '#base/config/read.ts';
import type { DemoFolder } from './demo-folder.ts';
import { figuresTellShape, type FiguresOrder } from './demo-words.ts';
import { choosePort } from './served-demo.ts';

const HOST = '127.0.0.1';
/** 0: any free one. */
const PORTS = { collector: 8027, relay: 8028 };

export interface ServedFigures extends AsyncDisposable {
  /** Of the collector's page; undefined: there is none. */
  readonly url: string | undefined;
  /** Options of the house that knows them. */
  readonly flags: Readonly<Record<string, string>>;
}

export async function serveFigures(
  config: Pick<Config, 'log' | 'runAs'>,
  folder: Pick<DemoFolder, 'path'>,
  ports = PORTS,
): Promise<ServedFigures> {
  const general = { bind: HOST, log: config.log, ...(config.runAs === undefined ? {} : { 'run-as': config.runAs }) };
  // its card names the port: at another one the house is asked anew
  const port = (await choosePort(HOST, ports.collector)) || (await findFreePort());
  const relayPort = await choosePort(HOST, ports.relay);
  const cardFile = join(folder.path, 'collector-card.json');
  const order: FiguresOrder = {
    collector: {
      ...general,
      'collector-dir': join(folder.path, 'figures'),
      'http-port': String(port),
      'collector-operator': 'Verein Ehrliche Zahlen (invented), zahlen@example.org',
      'collector-country': 'Deutschland | Germany',
    },
    relay: {
      ...general,
      'http-port': String(relayPort),
      'relay-collector': `http://${HOST}:${port}`,
      'outbound-private': '1',
    },
  };
  const child = fork(fileURLToPath(new URL('./demo-figures.ts', import.meta.url)), [JSON.stringify(order)], {
    env: { ...childEnvironment(), MALLOC_ARENA_MAX: '2' },
    execArgv: [],
    stdio: ['ignore', process.stderr, 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const told = await Promise.race([once(child, 'message'), ended.then(() => [])]);
  const said = v.safeParse(figuresTellShape, told[0]);
  const end = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
  };
  if (!said.success || said.output.kind !== 'ready') {
    await end();
    return without;
  }
  const { url, relay, card } = said.output;
  writeFileSync(cardFile, card);
  const flags = { 'telemetry-collector': cardFile, 'telemetry-relay': relay };
  return { url, flags, [Symbol.asyncDispose]: end };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

const without: ServedFigures = { url: undefined, flags: {}, [Symbol.asyncDispose]: async () => undefined };
