// The twin with sealing off: the same program, whose sealing threads find a cipher in the platform that changes nothing.

/**
 * Goes into NODE_OPTIONS. The rooms that seal ask for `node:crypto` and get one whose createCipheriv hands every byte on;
 * everything else has the real one. Data URLs, because the program may no longer read files once its rights are dropped.
 */
export function withoutSealing(): string {
  return `--import=${asUrl(PRELOAD.replace('CRYPTO', asUrl(NO_CIPHER)))}`;
}

const NO_CIPHER = `
export * from 'node:crypto';
export function createCipheriv(name) {
  const before = name.endsWith('-wrap') ? 8 : 0;
  return {
    setAAD() {},
    update: (bytes) => Buffer.concat([Buffer.alloc(before), bytes]),
    final: () => Buffer.alloc(0),
    getAuthTag: () => Buffer.alloc(16),
  };
}`;

/** As files, or bundled into the one module that the sealing threads are started from. */
const PRELOAD = `
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';
const url = 'CRYPTO';
const seals = (from) => from !== url && !isMainThread && /seal-(packet|blobs)\\.ts$|^data:/.test(from ?? '');
registerHooks({
  resolve: (name, context, next) =>
    /^(node:)?crypto$/.test(name) && seals(context.parentURL) ? { url, shortCircuit: true } : next(name, context),
});`;

function asUrl(code: string): string {
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
}
