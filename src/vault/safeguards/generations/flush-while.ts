// Sends a growing file to the disk bit by bit, so that whoever flushes it at its end does not hold up every other flush with a gigabyte.

import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** A tenth of a second of a fast disk: a letter’s own flush behind it waits no longer than that. */
const EVERY_MS = 50;

/** `path` is written by another process while `work` runs; where it cannot be read, nothing is done for it. */
export async function flushWhile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const flushing = keepFlushing(path, over.signal);
  try {
    return await work();
  } finally {
    over.abort();
    await flushing;
  }
}

async function keepFlushing(path: string, over: AbortSignal): Promise<void> {
  for (;;) {
    await wait(EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    const file = await open(path, 'r').catch(() => undefined);
    try {
      await file?.datasync();
    } catch {
      return; // a failing disk: the writer's own flush says so
    } finally {
      await file?.close();
    }
  }
}
