// What white is at each place of a sheet, and the sheet evened by it: shadows and yellow lamps go, pictures and coloured ground stay.

import type { Raster } from '../contract.ts';
import { blur, channelOf, closeGaps, quantile, shrinkRaster, spread, type Plane } from './plane.ts';

/** Light of the paper in cells of `CELL` pixels, by channel. */
export type Light = readonly Plane[];

export const CELL = 8;
export const FINE = 4;
const STROKE_CELLS = 4; // strokes up to twice that wide are ink, not ground
const SMOOTH_CELLS = 5;
const TILE = 36;
const PAPER_SHARE = 0.8; // of a tile's cells at most is not its white
/** Below this share of the light around it a cell is no paper; in photos shadows fall deep. */
const PAPER_MIN = { scan: 0.9, photo: 0.55 } as const;
const CHROMA_MAX = { scan: 0.1, photo: 0.17 } as const;
const ROUGH_MAX = 7;
const LIGHT_MIN = 24;
const WHITE_AT = 0.965; // of the light: so the paper's grain is white too

/** `fine`: of this raster, where it is at hand. In cells of `CELL` pixels: brightest of each cell after its noise is averaged, with strokes closed: the ground that ink stands on. */
export function groundOf(raster: Raster, strokeCells = STROKE_CELLS, fine = shrinkFine(raster)): Light {
  const planes: Plane[] = [];
  for (let channel = 0; channel < raster.channels; channel++)
    planes.push(closeGaps(halve(channelOf(fine, channel)), strokeCells));
  return planes;
}

/** Halfway to cells: what several looks at a page begin with. */
export function shrinkFine(raster: Raster): Raster {
  return shrinkRaster(raster, FINE);
}

function halve({ width, height, values }: Plane): Plane {
  const [wide, high] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const halved = new Uint8Array(wide * high);
  const [dx, dy] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const at = 2 * y * width + 2 * x;
      const upper = Math.max(values[at] ?? 0, values[at + dx] ?? 0);
      const lower = Math.max(values[at + dy] ?? 0, values[at + dx + dy] ?? 0);
      halved[y * wide + x] = upper > lower ? upper : lower;
    }
  return { width: wide, height: high, values: halved };
}

/** The light that falls on the paper, also where a picture covers it. */
export function lightOf(ground: Light, source: 'scan' | 'photo'): Light {
  const around = ground.map((plane) => lightAround(plane));
  const isPaper = paperCells(ground, around, source);
  return ground.map((plane, channel) => {
    const filled = fillFrom(plane, isPaper, around[channel] ?? plane);
    return blur(filled, SMOOTH_CELLS);
  });
}

/** Share of the cells that are paper by light and colour and lie among their like: nearly all of a letter, little of a photograph. */
export function paperShare(ground: Light): number {
  const white = ground.map((plane) => {
    const values = new Uint8Array(plane.values.length).fill(quantile(plane.values, 0.9));
    return { ...plane, values };
  });
  const isPaper = paperCells(ground, white, 'photo');
  const smooth = ground.map((plane) => blur(plane, 2));
  const count = isPaper.filter(
    (paper, i) =>
      paper === 1 &&
      ground.every(
        ({ values }, channel) => Math.abs((values[i] ?? 0) - (smooth[channel]?.values[i] ?? 0)) <= ROUGH_MAX,
      ),
  ).length;
  return count / Math.max(1, isPaper.length);
}

/** White of large tiles, smooth between them. */
function lightAround(plane: Plane): Plane {
  const { width, height, values } = plane;
  const [wide, high] = [Math.max(1, Math.round(width / TILE)), Math.max(1, Math.round(height / TILE))];
  const tiles = new Uint8Array(wide * high);
  for (let ty = 0; ty < high; ty++)
    for (let tx = 0; tx < wide; tx++) {
      const [left, right] = [Math.floor((tx * width) / wide), Math.floor(((tx + 1) * width) / wide)];
      const [top, foot] = [Math.floor((ty * height) / high), Math.floor(((ty + 1) * height) / high)];
      const inside = new Uint8Array((right - left) * (foot - top));
      for (let y = top, at = 0; y < foot; y++, at += right - left)
        inside.set(values.subarray(y * width + left, y * width + right), at);
      tiles[ty * wide + tx] = quantile(inside, PAPER_SHARE);
    }
  // A picture can fill a tile; the light of its neighbours reaches in.
  const reach = spread({ width: wide, height: high, values: tiles }, 2, true).values.map((value) => value * 0.88);
  const white = tiles.map((value, index) => Math.max(value, reach[index] ?? 0, LIGHT_MIN));
  return blur(enlarge({ width: wide, height: high, values: white }, width, height), TILE >> 2);
}

function enlarge(plane: Plane, width: number, height: number): Plane {
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(plane.height - 1, Math.floor((y * plane.height) / height)) * plane.width;
    for (let x = 0; x < width; x++)
      values[y * width + x] = plane.values[row + Math.min(plane.width - 1, Math.floor((x * plane.width) / width))] ?? 0;
  }
  return { width, height, values };
}

function paperCells(ground: Light, around: Light, source: 'scan' | 'photo'): Uint8Array {
  const count = ground[0]?.values.length ?? 0;
  const least = new Float64Array(count).fill(9);
  const most = new Float64Array(count);
  ground.forEach(({ values }, channel) => {
    const whites = around[channel]?.values ?? values;
    for (let i = 0; i < count; i++) {
      const share = (values[i] ?? 0) / Math.max(LIGHT_MIN, whites[i] ?? 0);
      if (share < (least[i] ?? 0)) least[i] = share;
      if (share > (most[i] ?? 0)) most[i] = share;
    }
  });
  const isPaper = new Uint8Array(count);
  const [paperMin, chromaMax] = [PAPER_MIN[source], CHROMA_MAX[source]];
  for (let i = 0; i < count; i++) {
    const [low, high] = [least[i] ?? 0, most[i] ?? 0];
    isPaper[i] = low >= paperMin && high - low <= chromaMax * high ? 1 : 0;
  }
  return isPaper;
}

/** Where there is no paper, its light comes from the paper around: means of ever larger squares. */
function fillFrom(plane: Plane, isPaper: Uint8Array, around: Plane): Plane {
  const { width, height } = plane;
  const lit = new Float32Array(plane.values);
  for (let i = 0; i < lit.length; i++) if (isPaper[i] === 0) lit[i] = 0;
  const levels = [{ width, height, sums: lit, counts: new Float32Array(isPaper) }];
  for (let level = levels[0]; level && Math.max(level.width, level.height) > 1; level = levels.at(-1)) {
    const [wide, high] = [(level.width + 1) >> 1, (level.height + 1) >> 1];
    const sums = new Float32Array(wide * high);
    const counts = new Float32Array(wide * high);
    for (let y = 0; y < level.height; y++)
      for (let x = 0; x < level.width; x++) {
        const to = (y >> 1) * wide + (x >> 1);
        const from = y * level.width + x;
        sums[to] = (sums[to] ?? 0) + (level.sums[from] ?? 0);
        counts[to] = (counts[to] ?? 0) + (level.counts[from] ?? 0);
      }
    levels.push({ width: wide, height: high, sums, counts });
    if (wide === level.width && high === level.height) break;
  }
  const values = plane.values.map((value, i) => {
    if (isPaper[i] === 1) return value;
    const [x, y] = [i % width, Math.floor(i / width)];
    const found = levels.find((level, up) => (level.counts[(y >> up) * level.width + (x >> up)] ?? 0) >= 3);
    if (found === undefined) return around.values[i] ?? 255;
    const up = levels.indexOf(found);
    const at = (y >> up) * found.width + (x >> up);
    return (found.sums[at] ?? 0) / (found.counts[at] ?? 1);
  });
  return { width, height, values };
}

/** Divided by its light, in place. */
export function evenLight(raster: Raster, light: Light): void {
  const { width, height, channels, pixels } = raster;
  const first = light[0];
  if (first === undefined) return;
  const gains = new Float32Array((width + 1) * channels);
  for (let y = 0; y < height; y++) {
    if (y % 2 === 0) gainsOfRow(light, y, width, gains);
    for (let i = 0, at = y * width * channels, end = width * channels; i < end; i++, at++) {
      const value = (pixels[at] ?? 0) * (gains[i] ?? 1);
      pixels[at] = value >= 255 ? 255 : value | 0;
    }
  }
}

/** By pixel and channel, straight between the middles of cells. */
function gainsOfRow(light: Light, y: number, width: number, gains: Float32Array): void {
  const channels = light.length;
  light.forEach((plane, channel) => {
    const place = Math.min(plane.height - 1, Math.max(0, (y + 0.5) / CELL - 0.5));
    const upper = Math.floor(place) * plane.width;
    const lower = Math.min(plane.height - 1, Math.floor(place) + 1) * plane.width;
    const down = place - Math.floor(place);
    const gain = (cell: number): number => {
      const at = Math.min(plane.width - 1, Math.max(0, cell));
      const value = (plane.values[upper + at] ?? 0) * (1 - down) + (plane.values[lower + at] ?? 0) * down;
      return 255 / Math.max(LIGHT_MIN, value * WHITE_AT);
    };
    for (let x = -CELL / 2, cell = -1; x < width; x += CELL, cell++) {
      const left = gain(cell);
      const step = (gain(cell + 1) - left) / CELL;
      for (let k = 0; k < CELL; k++)
        if (x + k >= 0 && x + k < width) gains[(x + k) * channels + channel] = left + step * (k + 0.5);
    }
  });
}
