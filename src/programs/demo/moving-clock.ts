// A clock that can be set back and led forward again: letters of the sample office arrive on the days they speak of.

import { systemClock, type Clock } from '#base/clock.ts';

export interface MovingClock extends Clock {
  /** From now on it shows this time and runs on; undefined: the machine's own time. */
  moveTo(timeMs: number | undefined): void;
}

export function movingClock(startMs: number | undefined): MovingClock {
  let offsetMs = 0;
  const clock: MovingClock = {
    nowMs: () => systemClock.nowMs() + offsetMs,
    monotonicMs: () => systemClock.monotonicMs(),
    moveTo: (timeMs) => {
      offsetMs = timeMs === undefined ? 0 : Math.round(timeMs) - systemClock.nowMs();
    },
  };
  clock.moveTo(startMs);
  return clock;
}
