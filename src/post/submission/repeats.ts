// A letter handed in twice because its answer was lost on the way: known by its bytes and its recipients, for some minutes.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';

export interface Repeats<T> {
  /** Runs `work`, or gives what it gave (or is about to give) for this key. What `isLasting` denies is not remembered. */
  once(key: string, work: () => Promise<T>, isLasting: (outcome: T) => boolean): Promise<T>;
}

export function createRepeats<T>(clock: Clock): Repeats<T> {
  const known = new Map<string, { readonly outcome: Promise<T>; untilMs: number }>();

  function dropOld(): void {
    const nowMs = clock.monotonicMs();
    for (const [key, { untilMs }] of known) {
      if (untilMs > nowMs && known.size < limits.submission.repeatsMax) return;
      known.delete(key);
    }
  }

  return {
    once(key, work, isLasting) {
      dropOld();
      const earlier = known.get(key);
      if (earlier !== undefined) return earlier.outcome;
      const outcome = work();
      const entry = { outcome, untilMs: clock.monotonicMs() + limits.submission.repeatMs };
      known.set(key, entry);
      const forget = (): void => void (known.get(key) === entry && known.delete(key));
      outcome.then((settled) => (isLasting(settled) ? undefined : forget()), forget);
      return outcome;
    },
  };
}
