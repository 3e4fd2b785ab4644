// Worker threads whose code is carried in memory: once rights are dropped, the checkout may be closed to us.

import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

export type StartWorker = (options?: WorkerOptions) => Worker;

/** A bundle has no `require` of its own; packages that ask for the runtime's modules that way get this one. */
const BANNER =
  "import { createRequire as carriedRequire } from 'node:module'; const require = carriedRequire('file:///');";

/** Reads the worker's file and all it imports now, while we may, and starts it from memory whenever it is needed. */
export async function carryWorker(file: URL): Promise<StartWorker> {
  const { build, stop } = await import('esbuild');
  const built = await build({
    entryPoints: [fileURLToPath(file)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: { js: BANNER },
    logLevel: 'silent',
  });
  await stop(); // its helper process would live on with the rights that we are about to drop
  const code = built.outputFiles[0]?.contents;
  if (code === undefined) throw new Error('the bundler made nothing');
  const url = new URL(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  return (options = {}) => new Worker(url, options);
}
