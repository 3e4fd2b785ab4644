// Whether a hidden cell can be computed back: solved by trying every table that fits, and twins that hide too little.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hideSmall, suppress, type Grid, type Shown } from './suppress.ts';

const at = (line: readonly number[], sum = 0): number => line.reduce((a, b) => a + b, sum);

function gridOf(cells: readonly (readonly number[])[], caps?: Partial<Grid>): Grid {
  const columnCaps = (cells[0] ?? []).map((_, column) => at(cells.map((row) => row[column] ?? 0)));
  return { cells, rowCaps: cells.map((row) => at(row)), columnCaps, ...caps };
}

/** Every hidden cell's smallest and largest value over all tables with these sums, by trying them all. */
function bounds(grid: Grid, shown: Shown, least: number): Map<string, readonly [number, number]> {
  const hidden = shown.flatMap((row, r) => row.flatMap((cell, c) => (cell === null ? [[r, c] as const] : [])));
  const rowRest = grid.cells.map((row, r) => at(row.filter((_, c) => shown[r]?.[c] === null)));
  const columnRest = (grid.cells[0] ?? []).map((_, c) =>
    at(grid.cells.flatMap((row, r) => (shown[r]?.[c] === null ? [row[c] ?? 0] : []))),
  );
  const found = new Map<string, readonly [number, number]>();
  const values: number[] = [];
  const fill = (nth: number): void => {
    const place = hidden[nth];
    if (!place) {
      if (rowRest.some((rest) => rest !== 0) || columnRest.some((rest) => rest !== 0)) return;
      for (const [n, [r, c]] of hidden.entries()) {
        const [low, high] = found.get(`${r},${c}`) ?? [Infinity, -Infinity];
        found.set(`${r},${c}`, [Math.min(low, values[n] ?? 0), Math.max(high, values[n] ?? 0)]);
      }
      return;
    }
    const [r, c] = place;
    const isLastOfRow = hidden[nth + 1]?.[0] !== r;
    const rest = rowRest[r] ?? 0;
    const most = Math.min(rest, columnRest[c] ?? 0, grid.rowCaps[r] ?? 0, grid.columnCaps[c] ?? 0);
    for (let value = isLastOfRow ? Math.max(rest, least) : least; value <= most; value++) {
      values[nth] = value;
      rowRest[r] = rest - value;
      columnRest[c] = (columnRest[c] ?? 0) - value;
      fill(nth + 1);
      columnRest[c] = (columnRest[c] ?? 0) + value;
      rowRest[r] = rest;
    }
  };
  fill(0);
  return found;
}

/** What a reader who knows the rules can compute; empty: nothing. */
function computedBack(grid: Grid, shown: Shown): readonly string[] {
  const isEmptyHidden = grid.cells.some((row, r) => row.some((cell, c) => cell === 0 && shown[r]?.[c] === null));
  const leasts = isEmptyHidden ? [0] : [0, 1];
  return leasts.flatMap((least) =>
    [...bounds(grid, shown, least)].filter(([, [low, high]]) => low >= high).map(([place]) => `${place}≥${least}`),
  );
}

const smallTable = fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 })).chain(([rows, columns]) =>
  fc.array(
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 9 })), {
      minLength: columns,
      maxLength: columns,
    }),
    { minLength: rows, maxLength: rows },
  ),
);

test('no hidden cell follows from the margins and the cells shown, and no number from 1 to 4 is shown', () => {
  let tables = 0;
  let hiddenTables = 0;
  fc.assert(
    fc.property(smallTable, (cells) => {
      const grid = gridOf(cells);
      const shown = suppress(grid);
      tables++;
      if (!shown) {
        hiddenTables++;
        // only where the margins alone say a number
        const isInMargins = (r: number, c: number) => grid.rowCaps[r] !== 0 && grid.columnCaps[c] !== 0;
        const none = cells.map((row, r) => row.map((_, c) => (isInMargins(r, c) ? null : 0)));
        const least = cells.some((row, r) => row.some((cell, c) => cell === 0 && isInMargins(r, c))) ? 0 : 1;
        return assert.ok([...bounds(grid, none, least)].some(([, [low, high]]) => low === high && low >= 1));
      }
      assert.deepEqual(computedBack(grid, shown), [], JSON.stringify({ cells, shown }));
      for (const [r, row] of shown.entries())
        for (const [c, cell] of row.entries()) {
          if (cell === null) continue;
          assert.equal(cell, cells[r]?.[c]);
          assert.ok(cell === 0 || cell > 4);
        }
    }),
    { seed: 7, numRuns: 600 },
  );
  assert.ok(hiddenTables < tables / 4, `${hiddenTables} of ${tables} not shown at all`);
});

test('twin: hiding the small cells alone is found out', () => {
  let found = 0;
  fc.assert(
    fc.property(smallTable, (cells) => {
      const grid = gridOf(cells);
      if (computedBack(grid, hideSmall(grid)).length > 0) found++;
    }),
    { seed: 7, numRuns: 600 },
  );
  assert.ok(found > 200, `${found}`);
});

test('two cells that must both be 1 because nothing hidden is empty are found out', () => {
  const grid = gridOf([
    [1, 1, 9],
    [1, 1, 9],
    [9, 9, 9],
  ]);
  assert.notDeepEqual(computedBack(grid, hideSmall(grid)), []);
  assert.deepEqual(computedBack(grid, suppress(grid) ?? []), []);
});

test('a request counts in a cell once: a cell that can be no larger than its margin is not hidden behind it', () => {
  // the second kind is asked for by all 8: with sums of cells alone 4 and 8 could trade places
  const cells = [
    [4, 6],
    [8, 6],
  ];
  const capped = gridOf(cells, { rowCaps: [10, 14], columnCaps: [8, 6] });
  const shown = suppress(capped);
  assert.ok(shown === undefined || computedBack(capped, shown).length === 0);
});

test('a table of which the margins alone say a small number is not shown', () => {
  assert.equal(suppress(gridOf([[3, 20]])), undefined);
  assert.deepEqual(suppress(gridOf([[0, 20], [9, 9]])), [[0, 20], [9, 9]]); // prettier-ignore
});

test('a large table is done at once', () => {
  const random = fc.sample(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 63, maxLength: 63 }), {
    seed: 3,
    numRuns: 5,
  });
  for (const values of random) {
    const cells = Array.from({ length: 9 }, (_, row) => values.slice(row * 7, row * 7 + 7));
    assert.ok(suppress(gridOf(cells)));
  }
});
