// What a change did, or would do, in one line: rows, who waits, how long.

export interface ShownReport {
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly locks: readonly string[];
  readonly seconds: number;
}

export function describeReport({ rows, locks, seconds }: ShownReport): string {
  const counted = Object.entries(rows).map(([table, count]) => `${count} rows of ${table}`);
  const waits = locks.length === 0 ? 'nobody waits' : `others wait for ${locks.join(', ')}`;
  return `${counted.length === 0 ? 'no rows' : counted.join(', ')}; ${waits}; ${seconds} s`;
}
