// The mail service of the sample office: the usual one, in a process of its own, with a clock that can be led, a marked page and nobody outside. It holds no key.

import { existsSync, mkdirSync, openSync } from 'node:fs';
import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import * as v from 'valibot';
import { startServer } from '../server.ts';
import { breakOffice, undoOffice, type Office } from './break-demo.ts';
import { createDemoPages, type DemoWreck } from './demo-pages.ts';
import { openOutside } from './demo-outside.ts';
import { askShape, orderShape, type DemoAsk, type DemoTell } from './demo-words.ts';
import { movingClock } from './moving-clock.ts';

function tell(what: DemoTell): void {
  if (process.connected) process.send?.(what);
}

/** The channel ends when the parent does, however it ended. */
function untilAlone(): Promise<void> {
  return new Promise((resolve) => {
    process.once('disconnect', resolve);
    process.once('SIGTERM', () => resolve());
    // Ctrl-C reaches both of us; the parent says when it is time.
    process.on('SIGINT', () => undefined);
  });
}

async function serve(): Promise<void> {
  const alone = untilAlone();
  const order = v.parse(orderShape, JSON.parse(process.argv[2] ?? ''));
  // Nothing that is written here leaves this machine.
  await using outside = await openOutside();
  const { smarthost, dns } = outside;
  const config = readConfig({ flags: { ...order.flags, smarthost, dns } });
  if (!config.ok) return tell({ kind: 'refused', reason: config.error.kind, sentence: config.error.sentence });
  const clock = movingClock(order.startMs);
  let { isFilled } = order;
  const office = {
    dataDir: holdFolder(config.value.dataDir),
    smtp: { host: config.value.bind, port: config.value.smtpPort },
  };
  const wreck = createWreck(office);
  const started = await startServer(config.value, createLog(config.value.log), undefined, {
    clock,
    wrapPages: (pages) => createDemoPages(pages, () => isFilled, wreck),
    isDemo: true,
    // the relay of the sample office stands on this machine, and nothing else that is asked does
    outgoing: { mayPrivateKinds: new Set(['telemetry']) },
  });
  if (!started.ok) {
    const { reason = 'refused', sentence } = started.error;
    return tell({ kind: 'refused', reason, sentence });
  }
  await using server = started.value;
  process.on('message', (message) => {
    const ask: DemoAsk = v.parse(askShape, message);
    if (ask.kind === 'move-clock') clock.moveTo(ask.timeMs);
    else isFilled = true;
    tell({ kind: 'done' });
  });
  const { url, smtp, warnings } = server.welcome;
  office.smtp.port = Number(smtp.slice(smtp.lastIndexOf(':') + 1));
  tell({ kind: 'ready', url, smtp, warnings: [...warnings] });
  await alone;
}

/** By a handle: once rights are dropped the folders above may be closed to us. */
function holdFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return existsSync('/proc/self/fd') ? `/proc/self/fd/${openSync(path, 'r')}` : path;
}

/** One at a time; broken twice is broken once. */
function createWreck(office: Office): DemoWreck {
  let isBroken = false;
  let isBusy = false;
  const alone = async (work: () => Promise<boolean>): Promise<boolean> => {
    if (isBusy) return false;
    isBusy = true;
    return work().finally(() => (isBusy = false));
  };
  return {
    get isBroken() {
      return isBroken;
    },
    break: () =>
      alone(async () => {
        const done = await breakOffice(office);
        isBroken ||= done.ok;
        return done.ok;
      }),
    undo: () =>
      alone(async () => {
        const done = await undoOffice(office);
        if (done.ok) isBroken = !done.value.isEqual;
        return done.ok;
      }),
  };
}

await serve();
if (process.connected) process.disconnect();
