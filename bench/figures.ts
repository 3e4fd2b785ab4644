// Medians, percentiles and paired ratios: how every bench here turns measurements into figures.

/** The middle of the values; NaN when there are none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Median of the ratios of each round: what swings in a round swings for both. */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  return round(median(above.map((value, index) => value / (below[index] ?? Number.NaN))));
}

export interface Spread {
  /** What it takes when nobody disturbs. */
  readonly bestMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

export function spreadOf(timesMs: readonly number[]): Spread {
  return {
    bestMs: round(Math.min(...timesMs)),
    medianMs: round(median(timesMs)),
    p95Ms: round(percentile(timesMs, 0.95)),
  };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
