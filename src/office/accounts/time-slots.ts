// Answers leave at fixed beats after the question, so that how long it took says nothing about what was found.

import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#base/clock.ts';

/** Runs `work` and answers at the next multiple of `slotMs` after the call, errors too. */
export async function inSlots<T>(clock: Clock, slotMs: number, work: () => Promise<T>): Promise<T> {
  const startMs = clock.monotonicMs();
  try {
    return await work();
  } finally {
    const takenMs = clock.monotonicMs() - startMs;
    await wait((Math.floor(takenMs / slotMs) + 1) * slotMs - takenMs);
  }
}
