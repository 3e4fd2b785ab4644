// The running service as the filling program holds it: started, asked to move its clock, stopped.

import { fork, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { getCompileCacheDir } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { childEnvironment } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';
import { tellShape, type DemoAsk, type DemoOrder, type DemoTell } from './demo-words.ts';

export interface ServedDemo extends AsyncDisposable {
  readonly url: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly warnings: readonly string[];
  /** Undefined: the machine's own time from now on. */
  moveClock(timeMs: number | undefined): Promise<void>;
  /** From now on its page is shown. */
  openPage(): Promise<void>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
}

export async function serveDemo(order: DemoOrder): Promise<Result<ServedDemo, CommandRefusal>> {
  const cache = getCompileCacheDir();
  const child = fork(fileURLToPath(new URL('./demo-server.ts', import.meta.url)), [JSON.stringify(order)], {
    env: { ...childEnvironment(), MALLOC_ARENA_MAX: '2', ...(cache ? { NODE_COMPILE_CACHE: cache } : {}) },
    // Its log goes beside our notes: standard output is for the result.
    stdio: ['ignore', process.stderr, 'inherit', 'ipc'],
  });
  const said = listen(child);
  const first = await said.next();
  if (first?.kind !== 'ready') {
    const sentence = first?.kind === 'refused' ? first.sentence : 'the service of the sample office ended at once.';
    return err({ kind: 'refused', reason: first?.kind === 'refused' ? first.reason : 'ended', sentence });
  }
  const ask = async (what: DemoAsk): Promise<void> => {
    child.send(what);
    if ((await said.next())?.kind !== 'done') throw new Error('the service of the sample office has ended');
  };
  const [, host = '127.0.0.1', port = '0'] = /^(.*):(\d+)$/.exec(first.smtp) ?? [];
  return ok({
    url: first.url,
    smtp: { host, port: Number(port) },
    warnings: first.warnings,
    moveClock: (timeMs) => ask(timeMs === undefined ? { kind: 'move-clock' } : { kind: 'move-clock', timeMs }),
    openPage: () => ask({ kind: 'filled' }),
    ended: said.ended,
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await said.ended;
    },
  });
}

interface Said {
  /** The next message; undefined when there will be none. */
  next(): Promise<DemoTell | undefined>;
  readonly ended: Promise<void>;
}

function listen(child: ChildProcess): Said {
  const heard: DemoTell[] = [];
  const waiting: ((what: DemoTell | undefined) => void)[] = [];
  let isOver = false;
  child.on('message', (message) => {
    const what = v.parse(tellShape, message);
    const first = waiting.shift();
    if (first) first(what);
    else heard.push(what);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isOver = true;
      for (const give of waiting.splice(0)) give(undefined);
      resolve();
    });
  });
  return {
    ended,
    next: () => {
      const ready = heard.shift();
      if (ready || isOver) return Promise.resolve(ready);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** `wanted` when it is free on this address, else 0: any free one. */
export function choosePort(host: string, wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(wanted, host, () => probe.close(() => resolve(wanted)));
  });
}
