// Keeps the embedded PostgreSQL running: when it falls it is started again, with growing pauses while it keeps falling.

import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import {
  startEmbedded,
  type Connection,
  type Embedded,
  type EmbeddedOptions,
  type EmbeddedRefusal,
} from './embedded.ts';

export interface SupervisedDatabase extends AsyncDisposable {
  readonly connection: Connection;
  isUp(): boolean;
  /** For tests and status. */
  pid(): number | undefined;
  /** Called each time it fell, and each time it is back. */
  onChange(heard: (isUp: boolean) => void): void;
  stop(): Promise<void>;
}

/** A run shorter than this counts as a failed start. */
const STEADY_MS = 10_000;

/** Starts PostgreSQL and starts it again whenever it ends without being asked to. */
export async function superviseDatabase(
  options: EmbeddedOptions,
  log: Log,
): Promise<Result<SupervisedDatabase, EmbeddedRefusal>> {
  const first = await startEmbedded(options);
  if (!first.ok) return first;
  const { connection } = first.value;
  const stopping = new AbortController();
  const listeners: ((isUp: boolean) => void)[] = [];
  let running: Embedded | undefined = first.value;

  const change = (embedded: Embedded | undefined): void => {
    running = embedded;
    for (const heard of listeners) heard(embedded !== undefined);
  };
  const keep = async (): Promise<void> => {
    let pauseMs = 0;
    let sinceMs = performance.now();
    for (let current = first.value; ;) {
      await current.exited;
      if (stopping.signal.aborted) return;
      log.error('database ended unasked');
      change(undefined);
      pauseMs = performance.now() - sinceMs > STEADY_MS ? 0 : nextPause(pauseMs);
      const again = await startUntilUp(options, pauseMs, { log, signal: stopping.signal });
      if (again === undefined) return;
      sinceMs = performance.now();
      current = again;
      change(again);
      log.warn('database is back');
    }
  };
  const kept = keep().catch((cause: unknown) => log.fault('database supervision ended', cause));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running?.stop();
    await kept;
    // It may have come back while we asked it to stop.
    await running?.stop();
  };
  return ok({
    connection,
    isUp: () => running !== undefined,
    pid: () => running?.pid,
    onChange: (heard) => void listeners.push(heard),
    stop,
    [Symbol.asyncDispose]: stop,
  });
}

interface Circumstances {
  readonly log: Log;
  readonly signal: AbortSignal;
}

async function startUntilUp(
  options: EmbeddedOptions,
  firstPauseMs: number,
  at: Circumstances,
): Promise<Embedded | undefined> {
  for (let pauseMs = firstPauseMs; !at.signal.aborted; pauseMs = nextPause(pauseMs)) {
    await sleep(pauseMs, undefined, { signal: at.signal }).catch(() => undefined);
    if (at.signal.aborted) return undefined;
    const started = await startEmbedded(options);
    if (started.ok && !at.signal.aborted) return started.value;
    if (started.ok) {
      await started.value.stop(); // nobody waits for it any more
      return undefined;
    }
    at.log.error('database does not start', { reason: started.error.kind });
  }
  return undefined;
}

function nextPause(pauseMs: number): number {
  return Math.min(limits.database.restartPauseMsMax, Math.max(limits.database.restartPauseMs, pauseMs * 2));
}
