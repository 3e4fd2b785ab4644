// How lines of writing bend on a sheet that did not lie flat: slopes measured in tiles, one smooth surface laid through them.

import type { Raster } from '../contract.ts';
import { solve } from './homography.ts';

/** By how much each place of the flat page was seen lower, at the corners of squares of `step` pixels, row by row. */
export interface Curl {
  readonly step: number;
  readonly across: number;
  readonly down: number;
  readonly shifts: Float32Array;
}

const DARK = 140; // of an evened page
const MARGIN = 6;
const POINTS_MAX = 24_000;
const TILES = 8; // across and down
const TILE_POINTS_MIN = 40;
const TILES_MIN = 10;
const TILE_SURE = 1.3; // of the usual score, or it holds no lines
const LOOKS = [
  { reach: 0.24, step: 0.008 },
  { reach: 0.06, step: 0.004 },
  { reach: 0.02, step: 0.002 },
] as const;
const POWERS_ACROSS = 4; // of the slope: 1, x, x², x³
const POWERS_DOWN = 3;
const STIFF = 0.02; // against slopes that nothing was seen of
const OFF_MAX = 0.03; // slope: a tile farther off counts little
const ROUNDS = 3;
const STEP = 16;
const SHIFT_MIN_INCHES = 0.025; // less is a flat sheet
const GAIN_MIN = 1.12; // how much better lines must then fall into rows

interface Feet {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Slopes by powers of place, which runs from −1 to 1; `reach`: where they were seen. */
interface Slopes {
  readonly factors: readonly number[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly foot: number;
}

/** Undefined: the sheet is flat, or has too few lines to tell. `grey`: upright and evenly lit, about 150 dpi. */
export function findCurl(grey: Raster): Curl | undefined {
  const feet = feetOf(grey);
  if (feet.x.length < TILES_MIN * TILE_POINTS_MIN) return undefined;
  let slopes: Slopes | undefined;
  let curl: Curl | undefined;
  for (const look of LOOKS) {
    slopes = fitSlopes(feet, curl, slopes, look);
    if (slopes === undefined) return undefined;
    curl = layShifts(slopes, feet);
  }
  if (curl === undefined) return undefined;
  const most = curl.shifts.reduce((high, shift) => Math.max(high, Math.abs(shift)), 0);
  if (most < SHIFT_MIN_INCHES * (grey.dpi ?? 150)) return undefined;
  return rowsOf(feet, curl) >= GAIN_MIN * rowsOf(feet, undefined) ? flatPlaces(curl) : undefined;
}

/** Pixels of ink with paper below. */
function feetOf({ width, height, pixels }: Raster): Feet {
  const places: number[] = [];
  for (let y = MARGIN; y < height - MARGIN; y++)
    for (let at = y * width + MARGIN, end = (y + 1) * width - MARGIN; at < end; at++)
      if ((pixels[at] ?? 255) < DARK && (pixels[at + width] ?? 255) >= DARK && (pixels[at + 2 * width] ?? 255) >= DARK)
        places.push(at);
  const every = Math.max(1, Math.ceil(places.length / POINTS_MAX));
  const count = Math.floor(places.length / every);
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = places[i * every] ?? 0;
    x[i] = at % width;
    y[i] = Math.floor(at / width);
  }
  return { x, y, width, height };
}

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly slope: number;
  readonly weight: number;
}

/** What is still to be seen after `curl` was taken off, added to `known`. */
function fitSlopes(
  feet: Feet,
  curl: Curl | undefined,
  known: Slopes | undefined,
  look: (typeof LOOKS)[number],
): Slopes | undefined {
  const tiles = tilesOf(feet, curl, look);
  if (tiles.length < TILES_MIN) return undefined;
  const seen = tiles.map((tile) => ({ ...tile, slope: tile.slope + slopeAt(known, tile.x, tile.y) }));
  const bounds = {
    left: Math.min(...seen.map(({ x }) => x)),
    right: Math.max(...seen.map(({ x }) => x)),
    top: Math.min(...seen.map(({ y }) => y)),
    foot: Math.max(...seen.map(({ y }) => y)),
  };
  let factors: readonly number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = factors.length === 0 ? undefined : { factors, ...bounds };
    const weighed = seen.map((tile) => {
      const off = before === undefined ? 0 : (tile.slope - slopeAt(before, tile.x, tile.y)) / OFF_MAX;
      return { ...tile, weight: tile.weight / (1 + off * off) };
    });
    const solved = leastSquares(weighed);
    if (solved === undefined) return undefined;
    factors = solved;
  }
  return { factors, ...bounds };
}

/** Tiles in which lines are seen, each with their slope. */
function tilesOf(feet: Feet, curl: Curl | undefined, look: (typeof LOOKS)[number]): readonly Tile[] {
  const { width, height } = feet;
  const [wide, high] = [width / TILES, height / TILES];
  const members: number[][] = Array.from({ length: TILES * TILES }, () => []);
  const flat = new Float32Array(feet.y.length);
  for (let i = 0; i < flat.length; i++) {
    const [x, y] = [feet.x[i] ?? 0, feet.y[i] ?? 0];
    flat[i] = y - shiftAt(curl, x, y);
    members[Math.min(TILES - 1, Math.floor(y / high)) * TILES + Math.min(TILES - 1, Math.floor(x / wide))]?.push(i);
  }
  const rows = new Uint16Array(Math.ceil(high * 3) + 4);
  return members.flatMap((points, index) => {
    if (points.length < TILE_POINTS_MIN) return [];
    const middle = { x: ((index % TILES) + 0.5) * wide, y: (Math.floor(index / TILES) + 0.5) * high };
    const found = bestSlope({ feet, flat, points, rows, middle }, look);
    if (found === undefined) return [];
    const place = { x: (2 * middle.x) / width - 1, y: (2 * middle.y) / height - 1 };
    return [{ ...place, slope: found.slope, weight: Math.sqrt(points.length) * (found.sureness - 1) }];
  });
}

interface Look {
  readonly feet: Feet;
  readonly flat: Float32Array;
  readonly points: readonly number[];
  readonly rows: Uint16Array;
  readonly middle: { readonly x: number; readonly y: number };
}

function bestSlope(
  look: Look,
  { reach, step }: (typeof LOOKS)[number],
): { readonly slope: number; readonly sureness: number } | undefined {
  const scores: number[] = [];
  for (let slope = -reach; slope <= reach + step / 2; slope += step) scores.push(scoreOf(look, slope));
  const most = Math.max(...scores);
  const at = scores.indexOf(most);
  const usual = scores.toSorted((a, b) => a - b)[scores.length >> 1] ?? 0;
  // at the end of what was looked at there is no telling
  if (at === 0 || at === scores.length - 1) return undefined;
  const [before, after] = [scores[at - 1] ?? 0, scores[at + 1] ?? 0];
  const bend = before - 2 * most + after;
  const shift = bend < 0 ? (0.5 * (before - after)) / bend : 0;
  // a narrow look has no usual score to stand out from
  const sureness = reach > 0.1 ? (usual > 0 ? most / usual : 0) : TILE_SURE;
  return sureness < TILE_SURE ? undefined : { slope: -reach + (at + shift) * step, sureness };
}

/** How unevenly the feet of a tile fall into rows of that slope. */
function scoreOf({ feet, flat, points, rows, middle }: Look, slope: number): number {
  rows.fill(0);
  const above = middle.y - rows.length / 2;
  for (const i of points) {
    const row = ((flat[i] ?? 0) - slope * ((feet.x[i] ?? 0) - middle.x) - above) | 0;
    rows[row] = (rows[row] ?? 0) + 1;
  }
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += (rows[i] ?? 0) ** 2;
  return sum;
}

function powersAt(x: number, y: number): readonly number[] {
  const powers: number[] = [];
  for (let i = 0; i < POWERS_ACROSS; i++) for (let j = 0; j < POWERS_DOWN; j++) powers.push(x ** i * y ** j);
  return powers;
}

/** What was never seen goes on as at the nearest place that was. */
function slopeAt(slopes: Slopes | undefined, x: number, y: number): number {
  if (slopes === undefined) return 0;
  const { factors, left, right, top, foot } = slopes;
  const [u, v] = [Math.max(left, Math.min(right, x)), Math.max(top, Math.min(foot, y))];
  return powersAt(u, v).reduce((sum, power, index) => sum + power * (factors[index] ?? 0), 0);
}

function leastSquares(tiles: readonly Tile[]): readonly number[] | undefined {
  const count = POWERS_ACROSS * POWERS_DOWN;
  const rows = Array.from({ length: count }, () => Array.from({ length: count + 1 }, () => 0));
  const total = tiles.reduce((sum, { weight }) => sum + weight, 0);
  for (const { x, y, slope, weight } of tiles) {
    const powers = [...powersAt(x, y), slope];
    rows.forEach((row, i) => {
      for (let k = 0; k <= count; k++) row[k] = (row[k] ?? 0) + (weight * (powers[i] ?? 0) * (powers[k] ?? 0)) / total;
    });
  }
  rows.forEach((row, i) => {
    row[i] = (row[i] ?? 0) + STIFF * STIFF;
  });
  return solve(rows);
}

/** Slopes added up from the middle to both sides. */
function layShifts(slopes: Slopes, { width, height }: Feet): Curl {
  const [across, down] = [Math.ceil(width / STEP) + 1, Math.ceil(height / STEP) + 1];
  const shifts = new Float32Array(across * down);
  const middle = across >> 1;
  for (let row = 0; row < down; row++) {
    const y = (2 * row * STEP) / height - 1;
    const between = (column: number): number => slopeAt(slopes, (2 * (column + 0.5) * STEP) / width - 1, y) * STEP;
    const start = row * across;
    for (let column = middle + 1; column < across; column++)
      shifts[start + column] = (shifts[start + column - 1] ?? 0) + between(column - 1);
    for (let column = middle - 1; column >= 0; column--)
      shifts[start + column] = (shifts[start + column + 1] ?? 0) - between(column);
  }
  return { step: STEP, across, down, shifts };
}

/** Between four corners. */
export function shiftAt(curl: Curl | undefined, x: number, y: number): number {
  if (curl === undefined) return 0;
  const { step, across, down, shifts } = curl;
  const [u, v] = [Math.max(0, Math.min(across - 1.001, x / step)), Math.max(0, Math.min(down - 1.001, y / step))];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [fx, fy] = [u - left, v - top];
  const at = top * across + left;
  const upper = (shifts[at] ?? 0) * (1 - fx) + (shifts[at + 1] ?? 0) * fx;
  const lower = (shifts[at + across] ?? 0) * (1 - fx) + (shifts[at + across + 1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** How unevenly the feet of the page fall into level rows. */
function rowsOf({ x, y, height }: Feet, curl: Curl | undefined): number {
  const rows = new Uint32Array(2 * height);
  for (let i = 0; i < x.length; i++) {
    const row = ((y[i] ?? 0) - shiftAt(curl, x[i] ?? 0, y[i] ?? 0) + height / 2) | 0;
    rows[row] = (rows[row] ?? 0) + 1;
  }
  return rows.reduce((sum, count) => sum + count * count, 0);
}

/** Shifts were known by where a thing is seen, and are asked for by where it belongs. */
function flatPlaces(seen: Curl): Curl {
  const shifts = seen.shifts.map((first, at) => {
    const [x, y] = [(at % seen.across) * seen.step, Math.floor(at / seen.across) * seen.step];
    return shiftAt(seen, x, y + shiftAt(seen, x, y + first));
  });
  return { ...seen, shifts };
}
