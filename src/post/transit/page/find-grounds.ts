// What lies behind the ink of an evened page: photographs, seals, coloured boxes, highlighted lines.

import type { Box, Raster } from '../contract.ts';
import { CELL, groundOf, type Light } from './light.ts';

export interface Ground {
  /** `flat`: one light shade, ink stands on it; `picture`: its pixels count one by one. */
  readonly kind: 'flat' | 'picture';
  /** Cells. */
  readonly box: Box;
  /** Indexes of its cells. */
  readonly cells: readonly number[];
}

export interface Grounds {
  /** In cells of `CELL` pixels. */
  readonly width: number;
  readonly height: number;
  readonly all: readonly Ground[];
  readonly shades: Light;
}

const LIGHT_MIN = { scan: 232, photo: 140 } as const;
const CHROMA_MIN = { scan: 26, photo: 48 } as const;
const STROKE_CELLS = 2; // a line drawn with a marker is some five cells high
const NEAR_CELLS = 2;
const CELLS_MIN = 40;
const SIDE_CELLS_MIN = 4;
const FLAT_LIGHT_MIN = 150;
const FLAT_SPREAD_MAX = 14;

/** `fine`: of this raster, where it is at hand. */
export function findGrounds(evened: Raster, source: 'scan' | 'photo', fine?: Raster): Grounds {
  const shades = groundOf(evened, STROKE_CELLS, fine);
  const [width, height] = [shades[0]?.width ?? 0, shades[0]?.height ?? 0];
  const isGround = new Uint8Array(width * height);
  for (let i = 0; i < isGround.length; i++) {
    const { least, most } = shadeAt(shades, i);
    if (least < LIGHT_MIN[source] ? most < LIGHT_MIN[source] || most - least > 12 : most - least > CHROMA_MIN[source])
      isGround[i] = 1;
  }
  const all: Ground[] = [];
  const near = grown(isGround, width, height, NEAR_CELLS);
  const isTaken = new Uint8Array(near.length);
  for (let start = 0; start < near.length; start++) {
    if (near[start] !== 1 || isTaken[start] === 1) continue;
    const ground = judge(regionFrom(near, isTaken, start, width), isGround, shades, width);
    if (ground !== undefined) all.push(ground);
  }
  return { width, height, all, shades };
}

function shadeAt(shades: Light, i: number): { readonly least: number; readonly most: number } {
  let least = 255;
  let most = 0;
  for (const { values } of shades) {
    const value = values[i] ?? 255;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most };
}

function grown(cells: Uint8Array, width: number, height: number, by: number): Uint8Array {
  const out = new Uint8Array(cells.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (cells[y * width + x] !== 1) continue;
      const [left, right] = [Math.max(0, x - by), Math.min(width, x + by + 1)];
      for (let row = Math.max(0, y - by); row < Math.min(height, y + by + 1); row++)
        out.fill(1, row * width + left, row * width + right);
    }
  return out;
}

function regionFrom(cells: Uint8Array, isTaken: Uint8Array, start: number, width: number): readonly number[] {
  const region = [start];
  isTaken[start] = 1;
  for (let next = 0; next < region.length; next++) {
    const at = region[next] ?? 0;
    const x = at % width;
    for (const to of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
      if (to < 0 || cells[to] !== 1 || isTaken[to] === 1) continue;
      isTaken[to] = 1;
      region.push(to);
    }
  }
  return region;
}

function judge(region: readonly number[], isGround: Uint8Array, shades: Light, width: number): Ground | undefined {
  const core = region.filter((i) => isGround[i] === 1);
  if (core.length < CELLS_MIN) return undefined;
  const inner = boxOf(core, width);
  if (Math.min(inner.width, inner.height) < SIDE_CELLS_MIN) return undefined;
  const lights = core.map((i) => {
    const { least, most } = shadeAt(shades, i);
    return (least + most) / 2;
  });
  const mean = lights.reduce((sum, light) => sum + light, 0) / core.length;
  const spread = Math.sqrt(lights.reduce((sum, light) => sum + (light - mean) ** 2, 0) / core.length);
  const isFlat = mean >= FLAT_LIGHT_MIN && spread <= FLAT_SPREAD_MAX;
  const cells = isFlat ? core : region;
  return { kind: isFlat ? 'flat' : 'picture', box: boxOf(cells, width), cells };
}

function boxOf(cells: readonly number[], width: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (const i of cells) {
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Ink on a flat shade is read as if it stood on white: in place. */
export function liftShades(grey: Raster, { all, width, shades }: Grounds): void {
  for (const { kind, cells } of all) {
    if (kind !== 'flat') continue;
    for (const cell of cells) {
      const { least, most } = shadeAt(shades, cell);
      const gain = 255 / Math.max(FLAT_LIGHT_MIN / 2, (least + most) / 2 - 10);
      const [left, top] = [(cell % width) * CELL, Math.floor(cell / width) * CELL];
      for (let y = top; y < Math.min(grey.height, top + CELL); y++)
        for (let at = y * grey.width + left, end = at + Math.min(CELL, grey.width - left); at < end; at++)
          grey.pixels[at] = Math.min(255, (grey.pixels[at] ?? 0) * gain);
    }
  }
}
