// A figure that stands still within the hour: whoever asks the page again and again learns no moment from it.

import type { Clock } from '#base/clock.ts';

const HOUR_MS = 3_600_000;

export function hourly<T>(clock: Clock, read: () => T): () => T {
  let kept: { readonly hour: number; readonly value: T } | undefined;
  return () => {
    const hour = Math.floor(clock.nowMs() / HOUR_MS);
    if (kept?.hour !== hour) kept = { hour, value: read() };
    return kept.value;
  };
}
