// What is too pale for the mask where black ink stands beside it (a faded stamp over text, a pencil note): cells whose pixels must stay as a picture behind the ink.

import type { Raster } from '../contract.ts';
import type { Ground, Grounds } from './find-grounds.ts';
import { CELL } from './light.ts';

/** Of an evened page: paper and its grain are lighter. */
const FAINT = { scan: 222, photo: 186 } as const;
const PIXELS_MIN = 5; // of the 64 of a cell
const CELLS_MIN = 2; // that touch
const BESIDE = 3; // pixels from ink its own soft edge reaches
const NEAR = 1;
const RIM = 2; // cells around a shade that its edge fades out in

interface Page {
  readonly grey: Raster;
  readonly isInk: Uint8Array;
  /** One byte a pixel; undefined: no pictures. */
  readonly isCovered: Uint8Array | undefined;
  /** What lies behind the ink already: the soft edges of its shades are no marks. */
  readonly grounds: Grounds;
}

/** One ground for each group of cells; none on a page whose mask shows it all. */
export function faintMarks(page: Page, source: 'scan' | 'photo'): readonly Ground[] {
  const { width, height } = page.grey;
  const size = { wide: Math.ceil(width / CELL), high: Math.ceil(height / CELL) };
  const counts = countFaint(page, FAINT[source], size);
  for (const ground of page.grounds.all) clearAround(counts, size, ground, page.grounds.width);
  const grounds: Ground[] = [];
  for (let start = 0; start < counts.length; start++) {
    if ((counts[start] ?? 0) < PIXELS_MIN) continue;
    const core = takeGroup(counts, start, size);
    if (core.length >= CELLS_MIN) grounds.push(groundFrom(core, size));
  }
  return grounds;
}

function clearAround(counts: Uint8Array, { wide, high }: Cells, ground: Ground, width: number): void {
  for (const cell of ground.cells) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    for (let row = Math.max(0, y - RIM); row <= Math.min(high - 1, y + RIM); row++)
      counts.fill(0, row * wide + Math.max(0, x - RIM), row * wide + Math.min(wide, x + RIM + 1));
  }
}

interface Cells {
  readonly wide: number;
  readonly high: number;
}

function countFaint({ grey, isInk, isCovered }: Page, limit: number, { wide, high }: Cells): Uint8Array {
  const { width, height, pixels } = grey;
  const counts = new Uint8Array(wide * high);
  const down = BESIDE * width;
  for (let y = BESIDE; y < height - BESIDE; y++) {
    const row = (y >> 3) * wide;
    for (let x = BESIDE, at = y * width + BESIDE; x < width - BESIDE; x++, at++) {
      if ((pixels[at] ?? 255) >= limit || isInk[at] === 1 || isCovered?.[at] === 1) continue;
      // Ink's soft edge: some ink lies within reach in one of eight directions.
      const isEdge =
        isInk[at - 1] === 1 ||
        isInk[at + 1] === 1 ||
        isInk[at - width] === 1 ||
        isInk[at + width] === 1 ||
        isInk[at - BESIDE] === 1 ||
        isInk[at + BESIDE] === 1 ||
        isInk[at - down] === 1 ||
        isInk[at + down] === 1 ||
        isInk[at - 2 * width - 2] === 1 ||
        isInk[at - 2 * width + 2] === 1 ||
        isInk[at + 2 * width - 2] === 1 ||
        isInk[at + 2 * width + 2] === 1;
      if (!isEdge) counts[row + (x >> 3)] = (counts[row + (x >> 3)] ?? 0) + 1;
    }
  }
  return counts;
}

/** Cells that touch, also by their corners; their counts are taken out. */
function takeGroup(counts: Uint8Array, start: number, { wide, high }: Cells): readonly number[] {
  const group = [start];
  counts[start] = 0;
  for (let next = 0; next < group.length; next++) {
    const at = group[next] ?? 0;
    const [x, y] = [at % wide, Math.floor(at / wide)];
    for (let row = Math.max(0, y - 2); row <= Math.min(high - 1, y + 2); row++)
      for (let column = Math.max(0, x - 2); column <= Math.min(wide - 1, x + 2); column++) {
        const to = row * wide + column;
        if ((counts[to] ?? 0) < PIXELS_MIN) continue;
        counts[to] = 0;
        group.push(to);
      }
  }
  return group;
}

/** With the cells around: a mark ends between two. */
function groundFrom(core: readonly number[], { wide, high }: Cells): Ground {
  const cells = new Set<number>();
  let [left, right, top, foot] = [wide, 0, high, 0];
  for (const cell of core) {
    const [x, y] = [cell % wide, Math.floor(cell / wide)];
    for (let row = Math.max(0, y - NEAR); row <= Math.min(high - 1, y + NEAR); row++)
      for (let column = Math.max(0, x - NEAR); column <= Math.min(wide - 1, x + NEAR); column++) {
        cells.add(row * wide + column);
        [left, right, top, foot] = [
          Math.min(left, column),
          Math.max(right, column),
          Math.min(top, row),
          Math.max(foot, row),
        ];
      }
  }
  const box = { left, top, width: right - left + 1, height: foot - top + 1 };
  return { kind: 'picture', box, cells: [...cells] };
}
