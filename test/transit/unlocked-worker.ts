// The twin of a worker: the same program with one of its locks taken out of the source as it is loaded, to see what that lock holds off.

import { registerHooks } from 'node:module';

/** What stands in that file, and what stands there instead. */
export interface TakenOut {
  /** How its path ends. */
  readonly file: string;
  readonly lock: string;
  readonly instead: string;
}

/** Set by the main file that a test wrote: a worker has no environment and no words but its role. */
const { takenOut = [] } = globalThis as { readonly takenOut?: readonly TakenOut[] };

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const mine = takenOut.filter(({ file }) => url.endsWith(file));
    if (mine.length === 0) return loaded;
    let source =
      typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    for (const one of mine) {
      if (source.split(one.lock).length !== 2) throw new Error(`${one.file} has not exactly one such lock`);
      source = source.replace(one.lock, () => one.instead);
    }
    return { ...loaded, source };
  },
});

await import('#programs/transit/worker.ts');
