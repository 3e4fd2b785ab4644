// By how many degrees lines of writing lie aslant: the angle at which their feet fall into the fewest rows.

import type { Raster } from '../contract.ts';
import { blur, closeGaps, shrinkRaster } from './plane.ts';

const COARSE_MAX = 15;
const COARSE_STEP = 0.5;
const FINE_STEP = 0.05;
const POINTS_MAX = 24_000;
const POINTS_MIN = 60;
const CELL = 8;
const INK_SHARE = 0.72; // of the paper's light
/** The best angle must stand out from the others, or there are no lines: so many times the usual score. */
const SURE = 1.35;

/** Points of ink that have paper on the far side: x and y in turn, from the middle of the page. */
interface Feet {
  readonly across: Float32Array;
  readonly down: Float32Array;
  readonly reach: number;
}

/** Degrees clockwise, in −15 … 15; 0 where no lines are seen. `grey`: about 150 dpi. */
export function findSkew(grey: Raster): number {
  const isInk = inkOf(grey);
  const level = bestAngle(feetOf(isInk, grey, false));
  const upright = bestAngle(feetOf(isInk, grey, true));
  const best = level.sureness >= upright.sureness ? level.degrees : -upright.degrees;
  return Math.max(level.sureness, upright.sureness) < SURE ? 0 : best;
}

function inkOf(grey: Raster): Uint8Array {
  const cells = shrinkRaster(grey, CELL);
  const light = blur(closeGaps({ width: cells.width, height: cells.height, values: cells.pixels }, 3), 2);
  const isInk = new Uint8Array(grey.width * grey.height);
  for (let y = 0; y < light.height * CELL; y++) {
    const row = (y >> 3) * light.width;
    for (let cell = 0, at = y * grey.width; cell < light.width; cell++) {
      const limit = (light.values[row + cell] ?? 0) * INK_SHARE;
      for (let k = 0; k < CELL; k++, at++) isInk[at] = (grey.pixels[at] ?? 255) < limit ? 1 : 0;
    }
  }
  return isInk;
}

/** `isUpright`: rows are taken for columns, for pages that lie on their side. */
function feetOf(isInk: Uint8Array, { width, height }: Raster, isUpright: boolean): Feet {
  const step = isUpright ? 1 : width;
  const margin = 6;
  let places = new Int32Array(1 << 16);
  let count = 0;
  for (let y = margin; y < height - margin; y++) {
    if (count + width > places.length) places = enlarged(places, width);
    for (let at = y * width + margin, end = (y + 1) * width - margin; at < end; at++)
      if (isInk[at] === 1 && isInk[at + step] === 0 && isInk[at + 2 * step] === 0) places[count++] = at;
  }
  const every = Math.max(1, Math.ceil(count / POINTS_MAX));
  const across = new Float32Array(Math.ceil(count / every));
  const down = new Float32Array(across.length);
  for (let kept = 0; kept < across.length; kept++) {
    const at = places[kept * every] ?? 0;
    const u = (at % width) - width / 2;
    const v = Math.floor(at / width) - height / 2;
    across[kept] = isUpright ? v : u;
    down[kept] = isUpright ? u : v;
  }
  return { across, down, reach: Math.ceil(Math.hypot(width, height) / 2) + 2 };
}

function enlarged(places: Int32Array<ArrayBuffer>, by: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * places.length + by);
  larger.set(places);
  return larger;
}

interface Angle {
  readonly degrees: number;
  readonly sureness: number;
}

function bestAngle(feet: Feet): Angle {
  if (feet.across.length < POINTS_MIN) return { degrees: 0, sureness: 0 };
  const rows = new Uint32Array(2 * feet.reach + 2);
  const scores: number[] = [];
  let coarse = { degrees: 0, score: -1 };
  for (let degrees = -COARSE_MAX; degrees <= COARSE_MAX; degrees += COARSE_STEP) {
    const score = scoreOf(feet, degrees, rows);
    scores.push(score);
    if (score > coarse.score) coarse = { degrees, score };
  }
  let best = coarse;
  for (let degrees = coarse.degrees - 0.6; degrees <= coarse.degrees + 0.601; degrees += FINE_STEP) {
    const score = scoreOf(feet, degrees, rows);
    if (score > best.score) best = { degrees, score };
  }
  const before = scoreOf(feet, best.degrees - FINE_STEP, rows);
  const after = scoreOf(feet, best.degrees + FINE_STEP, rows);
  const bend = before - 2 * best.score + after;
  const shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend)) : 0;
  const usual = scores.sort((a, b) => a - b)[scores.length >> 1] ?? 0;
  const degrees = Math.max(-COARSE_MAX, Math.min(COARSE_MAX, best.degrees + shift * FINE_STEP));
  return { degrees, sureness: usual > 0 ? best.score / usual : 0 };
}

/** How unevenly the feet fall into rows that lie aslant by `degrees`. */
function scoreOf({ across, down, reach }: Feet, degrees: number, rows: Uint32Array): number {
  const angle = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  rows.fill(0);
  for (let i = 0; i < across.length; i++) {
    const row = ((down[i] ?? 0) * cos - (across[i] ?? 0) * sin + reach) | 0;
    rows[row] = (rows[row] ?? 0) + 1;
  }
  let sum = 0;
  for (let i = 1; i < rows.length; i++) sum += (rows[i] ?? 0) * (rows[i] ?? 0);
  return sum;
}
