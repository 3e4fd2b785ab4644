// A stamp over black text hides the text from the reader: where coloured ink lies over black ink, the grey to be read shows the black alone. What is seen is not touched.

import type { Raster } from '../contract.ts';

const CELL = 8;
const CHROMA_MIN = 45;
const BLACK_MAX = 110; // in the strongest channel
const PIXELS_MIN = 3; // of a cell
const REACH_CELLS = 3;
const SIDE_CELLS_MIN = 12; // lower than that is a coloured line of text
const OVER_CELLS_MIN = 12; // cells in which both lie
const LIGHTEN = 2.2;
const EDGE_CHROMA = 24;

/** `grey` in place; true: something was dropped. */
export function dropStamps(grey: Raster, page: Raster, isInk: Uint8Array): boolean {
  if (page.channels === 1) return false;
  const { width, height } = page;
  const size = { wide: Math.ceil(width / CELL), high: Math.ceil(height / CELL) };
  const kinds = kindsOf(page, isInk, size);
  const groups: Group[] = [];
  for (let start = 0; start < kinds.length; start++)
    if (isColoured(kinds[start])) groups.push(takeGroup(kinds, start, size));
  const stamps = groups.filter(({ isStamp }) => isStamp);
  // its frame lies over text, its words perhaps not: they belong to it
  for (const group of groups)
    if (stamps.some((stamp) => stamp === group || isWithin(group, stamp)))
      for (const cell of group.cells)
        lightenCell(grey, page, { left: (cell % size.wide) * CELL, top: Math.floor(cell / size.wide) * CELL });
  return stamps.length > 0;
}

interface Group {
  /** All around what is coloured. */
  readonly cells: ReadonlySet<number>;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly foot: number;
  /** Large, and over text. */
  readonly isStamp: boolean;
}

function isWithin(inner: Group, outer: Group): boolean {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.foot <= outer.foot;
}

const COLOURED = 1;
const BLACK = 2;
const TAKEN = 4;

function isColoured(kind: number | undefined): boolean {
  return ((kind ?? 0) & (COLOURED | TAKEN)) === COLOURED;
}

interface Cells {
  readonly wide: number;
  readonly high: number;
}

function kindsOf({ width, height, pixels }: Raster, isInk: Uint8Array, { wide, high }: Cells): Uint8Array {
  const coloured = new Uint8Array(wide * high);
  const black = new Uint8Array(wide * high);
  for (let y = 0; y < height; y++) {
    const row = (y >> 3) * wide;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      if (isInk[at] !== 1) continue;
      const from = 3 * at;
      const most = Math.max(pixels[from] ?? 0, pixels[from + 1] ?? 0, pixels[from + 2] ?? 0);
      const least = Math.min(pixels[from] ?? 0, pixels[from + 1] ?? 0, pixels[from + 2] ?? 0);
      const cell = row + (x >> 3);
      if (most - least >= CHROMA_MIN) coloured[cell] = (coloured[cell] ?? 0) + 1;
      else if (most < BLACK_MAX) black[cell] = (black[cell] ?? 0) + 1;
    }
  }
  return coloured.map(
    (count, cell) => (count >= PIXELS_MIN ? COLOURED : 0) | ((black[cell] ?? 0) >= PIXELS_MIN ? BLACK : 0),
  );
}

/** The coloured cells that lie near one another. */
function takeGroup(kinds: Uint8Array, start: number, { wide, high }: Cells): Group {
  const core = [start];
  kinds[start] = (kinds[start] ?? 0) | TAKEN;
  const cells = new Set<number>();
  let over = 0;
  let [left, right, top, foot] = [wide, 0, high, 0];
  for (let next = 0; next < core.length; next++) {
    const at = core[next] ?? 0;
    const [x, y] = [at % wide, Math.floor(at / wide)];
    [left, right, top, foot] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(foot, y)];
    if (((kinds[at] ?? 0) & BLACK) !== 0) over++;
    for (let row = Math.max(0, y - REACH_CELLS); row <= Math.min(high - 1, y + REACH_CELLS); row++)
      for (let column = Math.max(0, x - REACH_CELLS); column <= Math.min(wide - 1, x + REACH_CELLS); column++) {
        const to = row * wide + column;
        cells.add(to);
        if (!isColoured(kinds[to])) continue;
        kinds[to] = (kinds[to] ?? 0) | TAKEN;
        core.push(to);
      }
  }
  const isLarge = foot - top >= SIDE_CELLS_MIN && right - left >= SIDE_CELLS_MIN;
  return { cells, left, right, top, foot, isStamp: isLarge && over >= OVER_CELLS_MIN };
}

function lightenCell(
  grey: Raster,
  { width, height, pixels }: Raster,
  place: { readonly left: number; readonly top: number },
): void {
  for (let y = place.top; y < Math.min(height, place.top + CELL); y++)
    for (let x = place.left, at = y * width + x; x < Math.min(width, place.left + CELL); x++, at++) {
      const [r, g, b] = [pixels[3 * at] ?? 0, pixels[3 * at + 1] ?? 0, pixels[3 * at + 2] ?? 0];
      const most = Math.max(r, g, b);
      if (most - Math.min(r, g, b) < EDGE_CHROMA) continue;
      grey.pixels[at] = Math.max(grey.pixels[at] ?? 0, Math.min(255, Math.max(0, (most - 50) * LIGHTEN)));
    }
}
