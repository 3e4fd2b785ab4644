// What several two-way tables say together: a small cell that none of them gives away alone can follow from two others.

import { limits } from '#base/limits.ts';
import { SMALL_MAX } from './suppress.ts';
import type { Table, TableId, Tables } from './tables.ts';

type Dimension = 'kind' | 'channel' | 'outcome' | 'origin';
/** Word → number of filings, as the figures say it. */
export type Margins = Readonly<Record<Dimension, ReadonlyMap<string, number>>>;

interface Interval {
  lo: number;
  hi: number;
}

export interface LinkedTables {
  readonly tables: Tables;
  readonly margins: Margins;
  /** Every request asks for one kind, and all kinds are shown: as the figures say, when their sum is the total. */
  readonly isOneKind: boolean;
}

const sides: Readonly<Record<TableId, readonly [Dimension, Dimension]>> = {
  'kind-channel': ['kind', 'channel'],
  'kind-outcome': ['kind', 'outcome'],
  'origin-kind': ['origin', 'kind'],
  'channel-outcome': ['channel', 'outcome'],
};
/** Of two of the three, the third table says something. */
const triangle = ['kind', 'channel', 'outcome'] as const;

/** Cells from 1 to 4 that are not shown and have one possible value only: "kind-channel PRESERVATION FAX" → 2. */
export function computedBack(given: LinkedTables): ReadonlyMap<string, number> {
  const bounds = new Bounds(given);
  for (let round = 0; round < limits.deskVerification.roundsMax && bounds.tighten(); round++);
  return bounds.small();
}

/** Bounds of each cell, drawn closer by sums and by pairs of tables until nothing moves. Never closer than what is true. */
class Bounds {
  readonly #given: LinkedTables;
  readonly #cells = new Map<string, Interval>();
  #isMoved = false;

  constructor(given: LinkedTables) {
    this.#given = given;
    for (const [id, table] of entriesOf(given.tables)) {
      const [rows, columns] = sides[id];
      for (const [r, row] of table.rows.entries())
        for (const [c, column] of table.columns.entries()) {
          const shown = table.cells?.[r]?.[c] ?? null;
          const most = Math.min(this.#margin(rows, row), this.#margin(columns, column));
          const interval = shown === null ? { lo: 0, hi: most } : { lo: shown, hi: shown };
          this.#cells.set(nameOf(rows, row, columns, column), interval);
          this.#cells.set(nameOf(columns, column, rows, row), interval);
        }
    }
  }

  /** Whether anything moved. */
  tighten(): boolean {
    this.#isMoved = false;
    for (const [one, other] of Object.values(sides)) {
      this.#bySums(one, other);
      this.#bySums(other, one);
    }
    for (const through of triangle) this.#byTables(through);
    return this.#isMoved;
  }

  small(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [id, { rows, columns, cells }] of entriesOf(this.#given.tables))
      for (const [r, row] of rows.entries())
        for (const [c, column] of columns.entries()) {
          if ((cells?.[r]?.[c] ?? null) !== null) continue;
          const cell = this.#cell(sides[id][0], row, sides[id][1], column);
          if (cell && cell.lo >= cell.hi && cell.hi >= 1 && cell.hi <= SMALL_MAX)
            found.set(`${id} ${row} ${column}`, cell.hi);
        }
    return found;
  }

  /** The cells of a row add up to its margin; over kinds only where each request has one. */
  #bySums(of: Dimension, over: Dimension): void {
    if (over === 'kind' && !this.#given.isOneKind) return;
    const words = [...this.#given.margins[over].keys()];
    for (const [word, total] of this.#given.margins[of]) {
      const line = words.flatMap((other) => this.#cell(of, word, over, other) ?? []);
      const lo = line.reduce((sum, cell) => sum + cell.lo, 0);
      const hi = line.reduce((sum, cell) => sum + cell.hi, 0);
      for (const cell of line) this.#narrow(cell, total - (hi - cell.hi), total - (lo - cell.lo));
    }
  }

  /** A cell is the sum of its parts by the third property; each part is in two tables and no larger than either. */
  #byTables(through: Dimension): void {
    if (through === 'kind' && !this.#given.isOneKind) return;
    const [one, other] = triangle.filter((dimension) => dimension !== through);
    if (!one || !other) return;
    for (const a of this.#given.margins[one].keys())
      for (const b of this.#given.margins[other].keys()) {
        const cell = this.#cell(one, a, other, b);
        if (!cell || cell.lo >= cell.hi) continue;
        let [lo, hi] = [0, 0];
        for (const [word, total] of this.#given.margins[through]) {
          const [p, q] = [this.#cell(one, a, through, word), this.#cell(other, b, through, word)];
          lo += Math.max(0, (p?.lo ?? 0) + (q?.lo ?? 0) - total);
          hi += Math.min(p?.hi ?? total, q?.hi ?? total);
        }
        this.#narrow(cell, lo, hi);
      }
  }

  #narrow(cell: Interval, lo: number, hi: number): void {
    if (lo <= cell.lo && hi >= cell.hi) return;
    cell.lo = Math.max(cell.lo, lo);
    cell.hi = Math.min(cell.hi, hi);
    this.#isMoved = true;
  }

  #cell(one: Dimension, a: string, other: Dimension, b: string): Interval | undefined {
    return this.#cells.get(nameOf(one, a, other, b));
  }

  #margin(dimension: Dimension, word: string): number {
    return this.#given.margins[dimension].get(word) ?? 0;
  }
}

function nameOf(one: Dimension, a: string, other: Dimension, b: string): string {
  return `${one} ${a} ${other} ${b}`;
}

function entriesOf(tables: Tables): readonly (readonly [TableId, Table])[] {
  return [
    ['kind-channel', tables['kind-channel']],
    ['kind-outcome', tables['kind-outcome']],
    ['origin-kind', tables['origin-kind']],
    ['channel-outcome', tables['channel-outcome']],
  ];
}
