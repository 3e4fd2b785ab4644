// Ink that was grey beside black stays grey: small print of a foot, a pencil note; each group of it gets one shade.

import type { Box, InkColour, Raster } from '../contract.ts';
import { pixelBox, sizeOf } from './boxes.ts';
import { CELL } from './light.ts';
import { quantile } from './plane.ts';

/** Ink lighter than that is no black of its own; lighter than the page's usual ink by the step, where that is no black either. */
const PALE = { scan: 100, photo: 116 } as const;
const PALE_STEP = 50;
const PALE_MOST = 130; // whatever the page's usual ink is
const SOFT = 15; // that cells of one group may be darker
const ALIKE = 55;
const REACH = 3; // cells between words and lines of one group
const CELLS_MIN = 6;
const CORE = 0.3; // of the cells of a group show their ink's very core
const BOXES_MAX = 120;

interface Cells {
  readonly wide: number;
  readonly high: number;
  /** The darkest ink of each; 255: none. */
  readonly least: Uint8Array;
}

/** Boxes overlap neither one another nor those of `coloured`. */
export function inkGreys(
  grey: Raster,
  isInk: Uint8Array,
  coloured: readonly InkColour[],
  source: 'scan' | 'photo',
): readonly InkColour[] {
  const cells = cellsOf(grey, isInk);
  const usual = quantile(
    cells.least.filter((value) => value < 255),
    0.5,
  );
  const limit = Math.max(PALE[source], Math.min(usual + PALE_STEP, PALE_MOST));
  const isPale = paleCells(cells, limit - SOFT);
  const found: PaleInk[] = [];
  for (let start = 0; start < isPale.length; start++) {
    if (isPale[start] !== 1 || (cells.least[start] ?? 0) < limit) continue;
    const group = takeGroup(start, cells, isPale);
    if (group.length < CELLS_MIN) continue;
    const shade = quantile(
      Uint8Array.from(group, (cell) => cells.least[cell] ?? 0),
      CORE,
    );
    const boxes = boxesOf(group, cells, isPale);
    for (const box of boxes)
      found.push({ box: pixelBox(box, grey), rgb: [shade, shade, shade], cells: boxes.length === 1 ? group : [] });
  }
  found.sort((a, b) => sizeOf(b.box) - sizeOf(a.box));
  return partBoxes(found.slice(0, 2 * BOXES_MAX), coloured, (box) => pixelBox(box, grey), cells.wide).slice(
    0,
    BOXES_MAX,
  );
}

interface PaleInk extends InkColour {
  /** Of a box around all of a group: the cells in it. */
  readonly cells: readonly number[];
}

/** Largest first; of a box that meets another what lies beside it, run by run. */
function partBoxes(
  found: readonly PaleInk[],
  coloured: readonly InkColour[],
  inPixels: (box: Box) => Box,
  wide: number,
): readonly InkColour[] {
  const free: InkColour[] = [];
  const isFree = (one: Box): boolean => ![...coloured, ...free].some(({ box }) => meet(box, one));
  const meeting: PaleInk[] = [];
  for (const ink of found)
    if (isFree(ink.box)) free.push({ box: ink.box, rgb: ink.rgb });
    else meeting.push(ink);
  for (const { cells, rgb } of meeting) {
    const beside = cells.filter((cell) => isFree(inPixels(cellBox(cell, wide))));
    for (const run of runsOf(beside, wide)) free.push({ box: inPixels(run), rgb });
  }
  return free;
}

function cellBox(cell: number, wide: number): Box {
  return { left: cell % wide, top: Math.floor(cell / wide), width: 1, height: 1 };
}

/** Of pairs of pixels: single ones are noise. */
function cellsOf({ width, height, pixels }: Raster, isInk: Uint8Array): Cells {
  const [wide, high] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const least = new Uint8Array(wide * high).fill(255);
  for (let y = 0; y < height; y++) {
    const row = (y >> 3) * wide;
    for (let x = 0, at = y * width; x < width - 1; x++, at++) {
      if (isInk[at] !== 1) continue;
      const value = isInk[at + 1] === 1 ? ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0)) >> 1 : (pixels[at] ?? 0);
      const cell = row + (x >> 3);
      if (value < (least[cell] ?? 0)) least[cell] = Math.min(254, value);
    }
  }
  return { wide, high, least };
}

/** The soft edge of a black stroke is pale too, but has black beside it. */
function paleCells({ wide, high, least }: Cells, limit: number): Uint8Array {
  const isPale = new Uint8Array(least.length);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const at = y * wide + x;
      if ((least[at] ?? 255) === 255) continue;
      let darkest = 255;
      for (let row = Math.max(0, y - 1); row <= Math.min(high - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(wide - 1, x + 1); column++)
          darkest = Math.min(darkest, least[row * wide + column] ?? 255);
      if (darkest >= limit) isPale[at] = 1;
    }
  return isPale;
}

/** Taken cells become 2. */
function takeGroup(start: number, { wide, high, least }: Cells, isPale: Uint8Array): readonly number[] {
  const group = [start];
  isPale[start] = 2;
  for (let next = 0; next < group.length; next++) {
    const at = group[next] ?? 0;
    const [x, y] = [at % wide, Math.floor(at / wide)];
    for (let row = Math.max(0, y - REACH); row <= Math.min(high - 1, y + REACH); row++)
      for (let column = Math.max(0, x - REACH); column <= Math.min(wide - 1, x + REACH); column++) {
        const to = row * wide + column;
        if (isPale[to] !== 1 || Math.abs((least[to] ?? 0) - (least[at] ?? 0)) > ALIKE) continue;
        isPale[to] = 2;
        group.push(to);
      }
  }
  return group;
}

/** One around all where nothing black lies within, else one for each run of cells. */
function boxesOf(group: readonly number[], { wide, least }: Cells, isPale: Uint8Array): readonly Box[] {
  const columns = group.map((cell) => cell % wide);
  const rows = group.map((cell) => Math.floor(cell / wide));
  const [left, top] = [columns.reduce((a, b) => Math.min(a, b)), rows.reduce((a, b) => Math.min(a, b))];
  const [right, foot] = [columns.reduce((a, b) => Math.max(a, b)), rows.reduce((a, b) => Math.max(a, b))];
  let isAlone = true;
  for (let row = top; row <= foot && isAlone; row++)
    for (let at = row * wide + left; at <= row * wide + right; at++)
      if ((least[at] ?? 255) < 255 && isPale[at] === 0) isAlone = false;
  return isAlone ? [{ left, top, width: right - left + 1, height: foot - top + 1 }] : runsOf(group, wide);
}

function runsOf(group: readonly number[], wide: number): readonly Box[] {
  const runs: Box[] = [];
  for (const cell of group.toSorted((a, b) => a - b)) {
    const box = cellBox(cell, wide);
    const last = runs.at(-1);
    if (last?.top === box.top && last.left + last.width === box.left)
      runs[runs.length - 1] = { ...last, width: last.width + 1 };
    else runs.push(box);
  }
  return runs;
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}
