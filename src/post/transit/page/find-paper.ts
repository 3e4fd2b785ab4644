// Where the sheet lies in a photo: the light region whose outline is closest to four straight sides with a step down outside.

import type { Raster } from '../contract.ts';
import { mapPoint, type Homography, type Point, type Quad } from './homography.ts';
import { areaOf, hullOf, lineThrough, meetingOf, toQuad, type StraightLine } from './paper-quad.ts';
import { blur, closeGaps, quantile, shrinkRaster, type Plane } from './plane.ts';

const SMALL_SIDE = 420;
const AREA_MIN = 0.2;
const AREA_MAX = 0.985;
const FILL_MIN = 0.86;
const STEP_MIN = 10; // of 255, from outside to inside
const STEP_SHARE = 0.7; // of the places along a side
export const LEVELS = 12;
const BORDER = 3; // small pixels from the picture's edge: the sheet goes on outside
const REFINE_POINTS = 72;

export interface FoundPaper {
  /** Pixels of the raster that was searched. */
  readonly quad: Quad;
  /** Sides that the picture cuts off: top, right, bottom, left. */
  readonly isCut: readonly boolean[];
}

/** `raster`: about 150 dpi. Undefined: the sheet fills the picture, or there is none. */
export function findPaper(raster: Raster): FoundPaper | undefined {
  const { plane: small, factor } = smallPlane(raster);
  const [low, high] = [quantile(small.values, 0.02), quantile(small.values, 0.98)];
  if (high - low < 2 * STEP_MIN) return undefined;
  let best: { readonly quad: Quad; readonly score: number } | undefined;
  for (let i = 1; i < LEVELS; i++) {
    const quad = quadAbove(small, low + ((high - low) * i) / LEVELS);
    const score = quad === undefined ? 0 : scoreOf(small, quad);
    if (quad !== undefined && score > (best?.score ?? 0)) best = { quad, score };
  }
  if (best === undefined) return undefined;
  const isCut = sidesOf(best.quad).map(
    ([a, b]) => isAtBorder(small, a) && isAtBorder(small, b) && isAlong(small, a, b),
  );
  if (isCut.every(Boolean)) return undefined;
  return { quad: refine(raster, best.quad, factor, isCut), isCut };
}

/** How light the picture is like paper, small and without its writing. */
export function smallPlane(raster: Raster): { readonly plane: Plane; readonly factor: number } {
  const factor = Math.max(1, Math.round(Math.max(raster.width, raster.height) / SMALL_SIDE));
  return { plane: blur(closeGaps(lightness(shrinkRaster(raster, factor)), 4), 1), factor };
}

/** White paper is light and without colour; a table is one or the other. */
function lightness({ width, height, channels, pixels }: Raster): Plane {
  const values = new Uint8Array(width * height);
  for (let i = 0; i < values.length; i++) values[i] = lightAt(pixels, i * channels, channels);
  return { width, height, values };
}

function lightAt(pixels: Uint8Array, at: number, channels: number): number {
  const red = pixels[at] ?? 0;
  if (channels === 1) return red;
  const green = pixels[at + 1] ?? 0;
  const blue = pixels[at + 2] ?? 0;
  return ((77 * red + 150 * green + 29 * blue) / 256 + Math.min(red, green, blue)) / 2;
}

/** The largest region lighter than `level`, as four corners. */
export function quadAbove(plane: Plane, level: number): Quad | undefined {
  const { width, height, values } = plane;
  const marks = new Uint8Array(values.length);
  const stack = new Int32Array(values.length);
  let best: { readonly size: number; readonly outline: readonly Point[] } = { size: 0, outline: [] };
  for (let start = 0; start < values.length; start += 7) {
    if (marks[start] || (values[start] ?? 0) <= level) continue;
    const left = new Int32Array(height).fill(width);
    const right = new Int32Array(height).fill(-1);
    let size = 0;
    let depth = 0;
    stack[depth++] = start;
    marks[start] = 1;
    const push = (at: number): void => {
      if (marks[at] || (values[at] ?? 0) <= level) return;
      marks[at] = 1;
      stack[depth++] = at;
    };
    while (depth > 0) {
      const at = stack[--depth] ?? 0;
      const [x, y] = [at % width, Math.floor(at / width)];
      size++;
      left[y] = Math.min(left[y] ?? 0, x);
      right[y] = Math.max(right[y] ?? 0, x);
      if (x > 0) push(at - 1);
      if (x < width - 1) push(at + 1);
      if (y > 0) push(at - width);
      if (y < height - 1) push(at + width);
    }
    if (size > best.size) best = { size, outline: outlineOf(left, right) };
  }
  const total = width * height;
  if (best.size < AREA_MIN * total) return undefined;
  const quad = toQuad(hullOf(best.outline), width, height);
  if (quad === undefined) return undefined;
  const area = areaOf(quad);
  return area > AREA_MAX * total || best.size < FILL_MIN * area ? undefined : quad;
}

function outlineOf(left: Int32Array, right: Int32Array): readonly Point[] {
  const points: Point[] = [];
  left.forEach((x, y) => {
    const end = right[y] ?? -1;
    if (end < 0) return;
    // Edges of pixels, so that straight sides stay where they are.
    points.push({ x, y }, { x, y: y + 1 }, { x: end + 1, y }, { x: end + 1, y: y + 1 });
  });
  return points;
}

type Side = readonly [Point, Point];

function sidesOf([a, b, c, d]: Quad): readonly Side[] {
  return [
    [a, b],
    [b, c],
    [c, d],
    [d, a],
  ];
}

function isAtBorder({ width, height }: Plane, { x, y }: Point): boolean {
  return x <= BORDER || y <= BORDER || x >= width - BORDER || y >= height - BORDER;
}

/** Both ends at the same edge of the picture. */
function isAlong({ width, height }: Plane, a: Point, b: Point): boolean {
  return (
    Math.max(a.x, b.x) <= BORDER ||
    Math.max(a.y, b.y) <= BORDER ||
    Math.min(a.x, b.x) >= width - BORDER ||
    Math.min(a.y, b.y) >= height - BORDER
  );
}

/** Steps down along the sides, weighed by the sheet's size; 0 when a side has none. */
function scoreOf(plane: Plane, quad: Quad): number {
  let steps = 0;
  let sides = 0;
  for (const [a, b] of sidesOf(quad)) {
    if (isAtBorder(plane, a) && isAtBorder(plane, b) && isAlong(plane, a, b)) continue;
    const share = stepShare(plane, a, b);
    if (share < STEP_SHARE) return 0;
    steps += share;
    sides++;
  }
  return sides === 0 ? 0 : (steps / sides) * (0.5 + areaOf(quad) / (plane.width * plane.height)) * (1 + sides / 8);
}

function stepShare({ width, height, values }: Plane, a: Point, b: Point): number {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length < 8) return 0;
  const inward = { x: -(b.y - a.y) / length, y: (b.x - a.x) / length }; // sides run clockwise
  const at = (p: Point, by: number): number => {
    const x = Math.min(width - 1, Math.max(0, Math.floor(p.x + inward.x * by)));
    const y = Math.min(height - 1, Math.max(0, Math.floor(p.y + inward.y * by)));
    return values[y * width + x] ?? 0;
  };
  let steps = 0;
  const places = 48;
  for (let i = 1; i <= places; i++) {
    const p = { x: a.x + ((b.x - a.x) * i) / (places + 1), y: a.y + ((b.y - a.y) * i) / (places + 1) };
    if (at(p, 4) - at(p, -4) >= STEP_MIN) steps++;
  }
  return steps / places;
}

/** Each side that is seen is laid through its steepest places in the larger raster. */
function refine(raster: Raster, quad: Quad, factor: number, isCut: readonly boolean[]): Quad {
  const large = quad.map(({ x, y }) => ({ x: x * factor, y: y * factor }));
  const [a, b, c, d] = large;
  if (!a || !b || !c || !d) return quad;
  const lines = sidesOf([a, b, c, d]).map((side, index) =>
    isCut[index] ? lineThrough([...side]) : edgeLine(raster, side, 2.5 * factor),
  );
  const [top, right, bottom, left] = lines;
  const corners = [meetingOf(left, top), meetingOf(top, right), meetingOf(right, bottom), meetingOf(bottom, left)];
  const moved = corners.map((corner, index) => {
    const old = large[index] ?? a;
    return corner && Math.hypot(corner.x - old.x, corner.y - old.y) < 12 * factor ? corner : old;
  });
  const [e, f, g, h] = moved;
  return e && f && g && h ? [e, f, g, h] : [a, b, c, d];
}

function edgeLine(raster: Raster, [a, b]: Side, reach: number): StraightLine | undefined {
  const { width, height, channels, pixels } = raster;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const inward = { x: -(b.y - a.y) / length, y: (b.x - a.x) / length };
  const light = (x: number, y: number): number => {
    const px = Math.min(width - 1, Math.max(0, Math.floor(x)));
    const py = Math.min(height - 1, Math.max(0, Math.floor(y)));
    return lightAt(pixels, (py * width + px) * channels, channels);
  };
  const points: Point[] = [];
  const count = Math.ceil(reach) * 2 + 1;
  for (let i = 1; i <= REFINE_POINTS; i++) {
    const along = 0.04 + (0.92 * i) / (REFINE_POINTS + 1);
    const from = { x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along };
    const values = Array.from({ length: count + 4 }, (_, k) => {
      const by = k - 2 - Math.ceil(reach);
      return light(from.x + inward.x * by, from.y + inward.y * by);
    });
    let best = { step: STEP_MIN, at: Number.NaN };
    for (let k = 2; k < values.length - 2; k++) {
      const step = (values[k + 1] ?? 0) + (values[k + 2] ?? 0) - (values[k - 1] ?? 0) - (values[k - 2] ?? 0);
      if (step > 2 * best.step || (Number.isNaN(best.at) && step > 2 * STEP_MIN))
        best = { step: step / 2, at: k - 2 - Math.ceil(reach) };
    }
    if (!Number.isNaN(best.at)) points.push({ x: from.x + inward.x * best.at, y: from.y + inward.y * best.at });
  }
  return points.length < REFINE_POINTS / 3 ? lineThrough([a, b]) : lineThrough(points);
}

/** A quad somewhat smaller, so that the sheet's very edge stays outside. */
export function insetBy(share: number, map: Homography, width: number, height: number): Quad {
  const [l, t, r, b] = [width * share, height * share, width * (1 - share), height * (1 - share)];
  return [
    mapPoint(map, { x: l, y: t }),
    mapPoint(map, { x: r, y: t }),
    mapPoint(map, { x: r, y: b }),
    mapPoint(map, { x: l, y: b }),
  ];
}
