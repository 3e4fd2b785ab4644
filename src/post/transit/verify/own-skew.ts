// How crooked the lines of a page still are, measured on its picture: its own small estimator, not the maker's.

import type { Raster } from '../contract.ts';

export interface LineLook {
  /** Degrees, clockwise positive; undefined: no lines from which to tell. */
  readonly skewDegrees: number | undefined;
  /** How much more the ink is ordered in rows than in columns; below 1 the lines stand upright. */
  readonly rowsOverColumns: number | undefined;
  /** Mean of what is not white: 0 … 1. */
  readonly ink: number;
}

const REACH_DEGREES = 3;
const COARSE_DEGREES = 0.5;
const FINE_DEGREES = 0.1;
const DARK_BELOW = 128;
/** Fewer dark pixels, or an order that no angle makes clearly better, say nothing. */
const DARK_MIN = 400;
const DARK_MAX = 50_000;
const CLEAR_FROM = 1.5;

/** Meant for about 100 dots an inch. */
export function lookAtLines(raster: Raster): LineLook {
  const { width, height } = raster;
  const xs: number[] = [];
  const ys: number[] = [];
  let unwhite = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += raster.channels) {
      const value = darkest(raster, at);
      unwhite += 255 - value;
      if (value >= DARK_BELOW) continue;
      xs.push(x - width / 2);
      ys.push(y - height / 2);
    }
  }
  const ink = unwhite / (255 * Math.max(1, width * height));
  if (xs.length < DARK_MIN || ink > 0.5) return { skewDegrees: undefined, rowsOverColumns: undefined, ink };
  const dark = { xs: thinned(xs), ys: thinned(ys), reach: Math.ceil(Math.hypot(width, height)) };
  const columns = sharpness({ xs: dark.ys, ys: dark.xs, reach: dark.reach }, 0);
  return { skewDegrees: steepest(dark), rowsOverColumns: sharpness(dark, 0) / Math.max(columns, 1e-9), ink };
}

interface Dark {
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly reach: number;
}

/** A part of very many, taken evenly, says as much. */
function thinned(places: readonly number[]): Float32Array {
  const step = Math.ceil(places.length / DARK_MAX);
  return Float32Array.from({ length: Math.floor(places.length / step) }, (_, i) => places[i * step] ?? 0);
}

function darkest({ pixels, channels }: Raster, at: number): number {
  if (channels === 1) return pixels[at] ?? 255;
  return Math.min(pixels[at] ?? 255, pixels[at + 1] ?? 255, pixels[at + 2] ?? 255);
}

/** Of the profile along lines of that slope: the sum of the squared steps from one row to the next. */
function sharpness({ xs, ys, reach }: Dark, slope: number): number {
  const profile = new Float64Array(2 * reach + 2);
  for (let i = 0; i < ys.length; i++) {
    const at = (ys[i] ?? 0) - (xs[i] ?? 0) * slope + reach;
    const row = Math.floor(at);
    const part = at - row;
    profile[row] = (profile[row] ?? 0) + 1 - part;
    profile[row + 1] = (profile[row + 1] ?? 0) + part;
  }
  let sum = 0;
  for (let i = 1; i < profile.length; i++) sum += ((profile[i] ?? 0) - (profile[i - 1] ?? 0)) ** 2;
  return sum;
}

/** Coarse steps first, then fine ones around the best of them: each step goes over all the ink. */
function steepest(dark: Dark): number | undefined {
  const coarse = scoresAround(dark, 0, { steps: REACH_DEGREES / COARSE_DEGREES, stepDegrees: COARSE_DEGREES });
  const middle = coarse.map(({ score }) => score).toSorted((one, other) => one - other)[coarse.length >> 1] ?? 0;
  const rough = bestOf(coarse);
  const fine = scoresAround(dark, coarse[rough]?.degrees ?? 0, { steps: 6, stepDegrees: FINE_DEGREES });
  const best = bestOf(fine);
  const [before, here, after] = [fine[best - 1]?.score, fine[best]?.score ?? 0, fine[best + 1]?.score];
  if (here < CLEAR_FROM * middle) return undefined;
  const bend = before === undefined || after === undefined ? 0 : before - 2 * here + after;
  const off = bend === 0 ? 0 : (0.5 * ((before ?? 0) - (after ?? 0))) / bend;
  return (fine[best]?.degrees ?? 0) + off * FINE_DEGREES;
}

interface Score {
  readonly degrees: number;
  readonly score: number;
}

function scoresAround(
  dark: Dark,
  middle: number,
  { steps, stepDegrees }: { readonly steps: number; readonly stepDegrees: number },
): readonly Score[] {
  return Array.from({ length: 2 * steps + 1 }, (_, i) => {
    const degrees = middle + (i - steps) * stepDegrees;
    return { degrees, score: sharpness(dark, Math.tan((degrees / 180) * Math.PI)) };
  });
}

function bestOf(scores: readonly Score[]): number {
  return scores.reduce((found, { score }, i) => (score > (scores[found]?.score ?? 0) ? i : found), 0);
}
