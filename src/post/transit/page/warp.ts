// A raster looked up through a projective map, bilinear; what lies outside the source is paper.

import type { Raster } from '../contract.ts';
import type { Homography } from './homography.ts';

export interface Target {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

const SPAN = 16; // pixels between two exact look-ups; between them the map is as good as straight

/** `map`: target pixels → source pixels, both by their edges; `paper`: by channel. */
export function warp(source: Raster, map: Homography, target: Target, paper: readonly number[]): Raster {
  const { channels } = source;
  const pixels = new Uint8Array(target.width * target.height * channels);
  const row = new Float32Array(2 * (target.width + SPAN));
  for (let y = 0; y < target.height; y++) {
    placesOf(map, y, target.width, row);
    const out = pixels.subarray(y * target.width * channels, (y + 1) * target.width * channels);
    if (channels === 1) warpGrey(source, row, out, paper[0] ?? 255);
    else warpRgb(source, row, out, paper);
  }
  return { width: target.width, height: target.height, channels, pixels, dpi: target.dpi };
}

/** Source places (x, y, x, y …) of the pixels of one row, as places of pixels' middles. */
function placesOf([a, b, c, d, e, f, g, h]: Homography, y: number, width: number, row: Float32Array): void {
  const v = y + 0.5;
  for (let start = 0; start < width; start += SPAN) {
    const u = start + 0.5;
    const w = 1 / (g * u + h * v + 1);
    const w2 = 1 / (g * (u + SPAN) + h * v + 1);
    let px = (a * u + b * v + c) * w - 0.5;
    let py = (d * u + e * v + f) * w - 0.5;
    const stepX = ((a * (u + SPAN) + b * v + c) * w2 - 0.5 - px) / SPAN;
    const stepY = ((d * (u + SPAN) + e * v + f) * w2 - 0.5 - py) / SPAN;
    for (let x = start, end = start + SPAN; x < end; x++) {
      row[2 * x] = px;
      row[2 * x + 1] = py;
      px += stepX;
      py += stepY;
    }
  }
}

function warpGrey(source: Raster, row: Float32Array, out: Uint8Array, paper: number): void {
  const { width, height, pixels: s } = source;
  const [right, bottom] = [width - 1, height - 1];
  for (let i = 0; i < out.length; i++) {
    const px = row[2 * i] ?? 0;
    const py = row[2 * i + 1] ?? 0;
    if (!(px > -1 && py > -1 && px < width && py < height)) {
      out[i] = paper;
      continue;
    }
    const x = px < 0 ? 0 : px >= right ? Math.max(0, right - 1) : px | 0;
    const y = py < 0 ? 0 : py >= bottom ? Math.max(0, bottom - 1) : py | 0;
    const fx = clampShare(px - x);
    const fy = clampShare(py - y);
    const at = y * width + x;
    const dx = right > 0 ? 1 : 0;
    const dy = bottom > 0 ? width : 0;
    const upper = (s[at] ?? 0) * (256 - fx) + (s[at + dx] ?? 0) * fx;
    const lower = (s[at + dy] ?? 0) * (256 - fx) + (s[at + dy + dx] ?? 0) * fx;
    out[i] = (upper * (256 - fy) + lower * fy + 32_768) >> 16;
  }
}

function clampShare(share: number): number {
  return share < 0 ? 0 : share > 1 ? 256 : (share * 256) | 0;
}

function warpRgb(source: Raster, row: Float32Array, out: Uint8Array, paper: readonly number[]): void {
  const { width, height, pixels: s } = source;
  const [right, bottom] = [width - 1, height - 1];
  const [red = 255, green = 255, blue = 255] = paper;
  const dx = right > 0 ? 3 : 0;
  const dy = bottom > 0 ? 3 * width : 0;
  for (let i = 0, to = 0; to < out.length; i++, to += 3) {
    const px = row[2 * i] ?? 0;
    const py = row[2 * i + 1] ?? 0;
    if (!(px > -1 && py > -1 && px < width && py < height)) {
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
      continue;
    }
    const x = px < 0 ? 0 : px >= right ? Math.max(0, right - 1) : px | 0;
    const y = py < 0 ? 0 : py >= bottom ? Math.max(0, bottom - 1) : py | 0;
    const fx = clampShare(px - x);
    const fy = clampShare(py - y);
    const br = fx * fy;
    const bl = (256 - fx) * fy;
    const tr = fx * (256 - fy);
    const tl = 65_536 - br - bl - tr;
    const a = 3 * (y * width + x);
    const b = a + dx;
    const c = a + dy;
    const d = c + dx;
    out[to] = ((s[a] ?? 0) * tl + (s[b] ?? 0) * tr + (s[c] ?? 0) * bl + (s[d] ?? 0) * br + 32_768) >> 16;
    out[to + 1] =
      ((s[a + 1] ?? 0) * tl + (s[b + 1] ?? 0) * tr + (s[c + 1] ?? 0) * bl + (s[d + 1] ?? 0) * br + 32_768) >> 16;
    out[to + 2] =
      ((s[a + 2] ?? 0) * tl + (s[b + 2] ?? 0) * tr + (s[c + 2] ?? 0) * bl + (s[d + 2] ?? 0) * br + 32_768) >> 16;
  }
}
