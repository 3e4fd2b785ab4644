// Small numbers of a two-way table are left out, and others with them, until no hidden cell follows from the margins and the cells that are shown.

export interface Grid {
  readonly cells: readonly (readonly number[])[];
  /** No cell can be larger, as far as a reader knows besides the sums of the cells: a filing counts in each cell once. */
  readonly rowCaps: readonly number[];
  readonly columnCaps: readonly number[];
}

export type Shown = readonly (readonly (number | null)[])[];
type Mask = readonly boolean[][];
interface Place {
  readonly row: number;
  readonly column: number;
}

/** Numbers from 1 to this are never shown. */
export const SMALL_MAX = 4;
/** Fewest cells first, then the smallest; an empty cell only when there is nothing else. */
const CELL_COST = 1e6;
const EMPTY_COST = 1e12;

/**
 * Each hidden cell can have at least two values, for a reader who knows the sums of all rows and columns, and, as long as no
 * empty cell is hidden, that a hidden cell is not empty. Undefined: the margins alone say a small number, the table must not be shown.
 */
export function suppress(grid: Grid): Shown | undefined {
  const mask: Mask = hideSmall(grid).map((row) => row.map((cell) => cell === null));
  for (;;) {
    const open = places(grid).find((place) => mask[place.row]?.[place.column] && !isFree(grid, mask, place));
    if (!open) return show(grid, mask);
    const others = cheapestCycle(grid, mask, open);
    if (!others) return undefined;
    for (const { row, column } of others) {
      const line = mask[row];
      if (line) line[column] = true;
    }
  }
}

/** The first step alone: not enough, as a table with one hidden cell in a row shows. */
export function hideSmall({ cells }: Grid): Shown {
  return cells.map((row) => row.map((cell) => (cell >= 1 && cell <= SMALL_MAX ? null : cell)));
}

function show({ cells }: Grid, mask: Mask): Shown {
  return cells.map((row, r) => row.map((cell, c) => (mask[r]?.[c] ? null : cell)));
}

function isFree(grid: Grid, mask: Mask, place: Place): boolean {
  const search = searchOver(grid, (at) => (mask[at.row]?.[at.column] ? 0 : undefined), leastHidden(grid, mask));
  return search(place) !== undefined;
}

/** What else has to be hidden so that this cell can move; undefined: it cannot. */
function cheapestCycle(grid: Grid, mask: Mask, place: Place): readonly Place[] | undefined {
  const cost = (at: Place): number => {
    const cell = valueAt(grid, at);
    if (mask[at.row]?.[at.column]) return 0;
    return cell === 0 ? EMPTY_COST : CELL_COST + cell;
  };
  if (leastHidden(grid, mask) === 0) return searchOver(grid, cost, 0)(place);
  const full = (at: Place) => (valueAt(grid, at) === 0 ? undefined : cost(at));
  const others = searchOver(grid, full, 1)(place);
  if (others) return others;
  // only a hidden cell that is empty takes from the reader that none is
  const widest = searchOver(grid, cost, 0)(place);
  const empty = places(grid).find((at) => valueAt(grid, at) === 0 && capAt(grid, at) > 0);
  return widest && empty && [...widest, empty];
}

/** What a reader may take for the least that a hidden cell holds. */
function leastHidden(grid: Grid, mask: Mask): 0 | 1 {
  return places(grid).some((at) => mask[at.row]?.[at.column] && valueAt(grid, at) === 0) ? 0 : 1;
}

/**
 * Two tables with the same margins differ by cycles along which cells rise and fall in turn. Looks for the cheapest cycle through
 * a cell, over cells that have a cost, none of which falls below `least` or rises above its cap.
 */
function searchOver(grid: Grid, costOf: (at: Place) => number | undefined, least: 0 | 1) {
  const usable = places(grid).flatMap((at) => {
    const cost = costOf(at);
    return cost === undefined ? [] : [{ at, cost }];
  });
  const mayFall = (at: Place): boolean => valueAt(grid, at) > least;
  const mayRise = (at: Place): boolean => valueAt(grid, at) < capAt(grid, at);
  return (place: Place): readonly Place[] | undefined => {
    const others = usable.filter(({ at }) => at.row !== place.row || at.column !== place.column);
    const up = mayRise(place) ? cheapestPath(edgesOf(others, mayFall, mayRise), place) : undefined;
    const down = mayFall(place) ? cheapestPath(edgesOf(others, mayRise, mayFall), place) : undefined;
    if (up === undefined || down === undefined) return (up ?? down)?.cells;
    return up.cost <= down.cost ? up.cells : down.cells;
  };
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly at: Place;
  readonly cost: number;
}
type Costed = readonly { readonly at: Place; readonly cost: number }[];

/** From a column to a row by a cell that moves against the first, from a row to a column by one that moves with it. */
function edgesOf(cells: Costed, against: (at: Place) => boolean, along: (at: Place) => boolean): readonly Edge[] {
  return cells.flatMap(({ at, cost }) => {
    const [row, column] = [`r${at.row}`, `c${at.column}`];
    return [
      ...(against(at) ? [{ from: column, to: row, at, cost }] : []),
      ...(along(at) ? [{ from: row, to: column, at, cost }] : []),
    ];
  });
}

interface Path {
  readonly cost: number;
  readonly cells: readonly Place[];
}

/** From the column of the cell back to its row (Bellman and Ford: a table has some twenty rows and columns). */
function cheapestPath(edges: readonly Edge[], { row, column }: Place): Path | undefined {
  const reached = new Map<string, Path>([[`c${column}`, { cost: 0, cells: [] }]]);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const { from, to, at, cost } of edges) {
      const before = reached.get(from);
      if (!before || before.cost + cost >= (reached.get(to)?.cost ?? Infinity)) continue;
      reached.set(to, { cost: before.cost + cost, cells: [...before.cells, at] });
      isChanged = true;
    }
  }
  return reached.get(`r${row}`);
}

function places({ cells }: Grid): readonly Place[] {
  return cells.flatMap((line, row) => line.map((_, column) => ({ row, column })));
}

function valueAt({ cells }: Grid, { row, column }: Place): number {
  return cells[row]?.[column] ?? 0;
}

function capAt({ rowCaps, columnCaps }: Grid, { row, column }: Place): number {
  return Math.min(rowCaps[row] ?? 0, columnCaps[column] ?? 0);
}
