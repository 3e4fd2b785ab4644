// What chance allows: χ² of counts against alike ones, as so many deviations from what is usual; area under the curve of a test's scores.

/** Beyond this many deviations no fixed seed may lie: chance alone does so once in three million looks. */
export const DEVIATIONS_MAX = 5;

/** Wilson and Hilferty (1931): χ² with `freedom` degrees as deviations of a normal one. Good from six degrees on. */
export function deviationsOf(chiSquare: number, freedom: number): number {
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chiSquare / freedom) - (1 - spread)) / Math.sqrt(spread);
}

/** Of values, each 0 up to `cells`, that should fall into each cell alike often. */
export function deviationsFromAlike(values: Iterable<number>, cells: number): number {
  const counts = new Float64Array(cells);
  let sum = 0;
  for (const value of values) {
    const cell = Math.floor(value);
    if (!(cell >= 0 && cell < cells)) throw new Error(`no cell ${value}`);
    counts[cell] = (counts[cell] ?? 0) + 1;
    sum += 1;
  }
  const expected = sum / cells;
  const chiSquare = counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  return deviationsOf(chiSquare, cells - 1);
}

/** That a pair of the same home scores above one of two homes; equal scores count half. 0.5: the scores say nothing. */
export function areaUnderCurve(same: readonly number[], different: readonly number[]): number {
  const all = [...same.map((score) => ({ score, is: 1 })), ...different.map((score) => ({ score, is: 0 }))];
  all.sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let at = 0; at < all.length;) {
    let end = at;
    while (end < all.length && all[end]?.score === all[at]?.score) end += 1;
    const rank = (at + 1 + end) / 2;
    for (; at < end; at++) ranks += (all[at]?.is ?? 0) * rank;
  }
  const count = same.length;
  return (ranks - (count * (count + 1)) / 2) / (count * different.length);
}
