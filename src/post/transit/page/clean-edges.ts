// Black bars at the edges of an evened page (a scanner's lid, the table beside the sheet) become paper.

import type { Raster } from '../contract.ts';
import { CELL, FINE } from './light.ts';
import { shrinkRaster, type Plane } from './plane.ts';

const DARK = 110; // in every channel: what has a colour was printed
const DEPTH = 0.02; // of the shorter side: what reaches further in is no edge

/** In place; `fine`: what `shrinkFine` makes of it. True: something was there. */
export function cleanEdges(evened: Raster, fine: Raster): boolean {
  const cells = brightest(shrinkRaster(fine, CELL / FINE));
  const { width, height, values: pixels } = cells;
  const depth = Math.max(1, Math.round(DEPTH * Math.min(width, height)));
  const isTaken = new Uint8Array(pixels.length);
  let isFound = false;
  for (let start = 0; start < pixels.length; start++) {
    const [x, y] = [start % width, Math.floor(start / width)];
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
    if (isTaken[start] === 1 || (pixels[start] ?? 255) >= DARK) continue;
    const bar = barFrom(start, cells, isTaken);
    if (bar.length < 12 || bar.some((cell) => farFromEdge(cell, width, height) > depth)) continue;
    isFound = true;
    for (const cell of bar) whiten(evened, cell, width);
  }
  return isFound;
}

const RIM = 0.008; // of the shorter side
const PAPER = 175; // in the strongest channel
const SOFT = 3; // pixels in which a rim fades out
const OUTERMOST = 3; // pixels that the cut itself has made: half sheet, half table, too pale to be told by their darkness

/** In place, for what was cut out of a photo: what is dark from the very edge inwards for a few pixels is the table beside the sheet, and the outermost pixels are of both. */
export function cleanRims(evened: Raster): void {
  const { width, height } = evened;
  const depth = Math.round(RIM * Math.min(width, height));
  const last = width * height - 1;
  for (let x = 0; x < width; x++) {
    trim(evened, { from: x, step: width }, depth);
    trim(evened, { from: last - x, step: -width }, depth);
  }
  for (let y = 0; y < height; y++) {
    trim(evened, { from: y * width, step: 1 }, depth);
    trim(evened, { from: last - y * width, step: -1 }, depth);
  }
}

function trim(
  { channels, pixels }: Raster,
  way: { readonly from: number; readonly step: number },
  depth: number,
): void {
  const place = (far: number): number => (way.from + far * way.step) * channels;
  const isDark = (far: number): boolean => {
    for (let at = place(far), end = at + channels; at < end; at++) if ((pixels[at] ?? 255) >= PAPER) return false;
    return true;
  };
  // The outermost pixel can be half paper.
  let far = isDark(0) || isDark(1) ? 1 : 0;
  while (far > 0 && far <= depth && isDark(far)) far++;
  const end = far === 0 || far > depth ? OUTERMOST : far + SOFT;
  for (let k = 0; k < end; k++) pixels.fill(255, place(k), place(k) + channels);
}

function brightest({ width, height, channels, pixels }: Raster): Plane {
  const values = new Uint8Array(width * height);
  for (let cell = 0, at = 0; cell < values.length; cell++) {
    let most = 0;
    for (let k = 0; k < channels; k++, at++) most = Math.max(most, pixels[at] ?? 0);
    values[cell] = most;
  }
  return { width, height, values };
}

function barFrom(start: number, { width, values: pixels }: Plane, isTaken: Uint8Array): readonly number[] {
  const bar = [start];
  isTaken[start] = 1;
  for (let next = 0; next < bar.length; next++) {
    const at = bar[next] ?? 0;
    const x = at % width;
    for (const to of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
      if (to < 0 || to >= pixels.length || isTaken[to] === 1 || (pixels[to] ?? 255) >= DARK) continue;
      isTaken[to] = 1;
      bar.push(to);
    }
  }
  return bar;
}

function farFromEdge(cell: number, width: number, height: number): number {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  return Math.min(x, y, width - 1 - x, height - 1 - y);
}

/** The cell and those around it: a bar’s rim is half dark. */
function whiten({ width, height, channels, pixels }: Raster, cell: number, cells: number): void {
  const left = Math.max(0, ((cell % cells) - 1) * CELL);
  const top = Math.max(0, (Math.floor(cell / cells) - 1) * CELL);
  // What the cells leave over at the right and the foot belongs to the last ones.
  const right = left + 4 * CELL > width ? width : left + 3 * CELL;
  const bottom = top + 4 * CELL > height ? height : top + 3 * CELL;
  for (let y = top; y < bottom; y++) pixels.fill(255, (y * width + left) * channels, (y * width + right) * channels);
}
