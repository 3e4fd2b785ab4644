// Answers leave at fixed beats after the question, so that how long it took says nothing about what was found.

import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#base/clock.ts';

/** A timer is up to so much early or late: it counts in whole milliseconds of a clock of its own. */
const TIMER_ERROR_MS = 2;

/** Runs `work` and answers at the next multiple of `slotMs` after the call, errors too. */
export async function inSlots<T>(clock: Clock, slotMs: number, work: () => Promise<T>): Promise<T> {
  const startMs = clock.monotonicMs();
  try {
    return await work();
  } finally {
    const takenMs = clock.monotonicMs() - startMs;
    await waitUntil(clock, startMs + (Math.floor(takenMs / slotMs) + 1) * slotMs);
  }
}

/** By a timer alone the fraction of a millisecond that the work took would show in the answer: the rest is waited out turn by turn. */
async function waitUntil(clock: Clock, endMs: number): Promise<void> {
  const roughMs = Math.floor(endMs - clock.monotonicMs()) - TIMER_ERROR_MS;
  if (roughMs > 0) await wait(roughMs);
  while (clock.monotonicMs() < endMs) await nextTurn();
}
