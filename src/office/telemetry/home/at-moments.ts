// Looks at the very moment a report is due: looked at in a rhythm, the rhythm's phase would tell homes apart (test/suites/telemetry/linking.test.ts).

import type { Clock } from '#base/clock.ts';

export interface Moments {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** When the next report is due, by the clock. */
  readonly nextMs: () => number;
  /** Never rejects. */
  readonly look: () => Promise<void>;
  /** So long at most without a look: clocks are set, machines sleep. */
  readonly lookMs: number;
}

/** From now on until it is disposed of. */
export function lookAtMoments({ clock, nextMs, look, lookMs }: Moments): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const wait = (): void => {
    if (isOver) return;
    const leftMs = nextMs() - clock.nowMs();
    // a timer may come a little early: then the rest is waited for
    timer = setTimeout(again, leftMs > 0 ? Math.min(lookMs, leftMs) : lookMs);
    timer.unref();
  };
  const again = (): void => void look().then(wait);
  wait();
  return {
    [Symbol.dispose]() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
