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
  let isFound = false;
  for (let start = 0; start < kinds.length; start++) {
    if (!isColoured(kinds[start])) continue;
    const stamp = takeStamp(kinds, start, size);
    if (stamp === undefined) continue;
    isFound = true;
    for (const cell of stamp)
      lightenCell(grey, page, { left: (cell % size.wide) * CELL, top: Math.floor(cell / size.wide) * CELL });
  }
  return isFound;
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
      const [r, g, b] = [pixels[3 * at] ?? 0, pixels[3 * at + 1] ?? 0, pixels[3 * at + 2] ?? 0];
      const most = Math.max(r, g, b);
      const counts = most - Math.min(r, g, b) >= CHROMA_MIN ? coloured : most < BLACK_MAX ? black : undefined;
      if (counts !== undefined) counts[row + (x >> 3)] = (counts[row + (x >> 3)] ?? 0) + 1;
    }
  }
  return coloured.map(
    (count, cell) => (count >= PIXELS_MIN ? COLOURED : 0) | ((black[cell] ?? 0) >= PIXELS_MIN ? BLACK : 0),
  );
}

/** The coloured cells that lie near one another, and all around them; undefined: no stamp over text. */
function takeStamp(kinds: Uint8Array, start: number, { wide, high }: Cells): ReadonlySet<number> | undefined {
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
  return isLarge && over >= OVER_CELLS_MIN ? cells : undefined;
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
