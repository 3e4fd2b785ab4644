// Time is a dependency: rooms take a Clock and never ask the machine themselves.

export interface Clock {
  /** Wall time in milliseconds since 1970-01-01T00:00Z. */
  nowMs(): number;
  /** Monotonic milliseconds with fractions, for measuring; its zero means nothing. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** A clock shifted by a constant, for `SIEGEL_CLOCK` and tests: starts at `startMs`, runs at the machine's pace. */
export function clockStartingAt(startMs: number): Clock {
  const offsetMs = startMs - Date.now();
  return { nowMs: () => Date.now() + offsetMs, monotonicMs: () => performance.now() };
}

/** A clock that stands still until it is moved by hand. */
export function manualClock(startMs: number): Clock & { advanceMs(byMs: number): void } {
  let now = startMs;
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    advanceMs: (byMs) => {
      now += byMs;
    },
  };
}
