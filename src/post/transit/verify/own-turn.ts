// Whether the lines of a page stand on their heads: capitals and tall letters reach above a line oftener than tails hang below it.

import type { Raster } from '../contract.ts';

export interface TurnLook {
  /** Of the ink outside the bodies of small letters, the share that lies above them: 0 … 1. */
  readonly aboveShare: number;
  /** Pieces of lines that were looked at. */
  readonly pieces: number;
}

/** Narrow enough that a line hardly rises within one, wide enough for a word. */
const STRIP = 110;
/** Of a strip’s width; a rule under a line or of a table says nothing about letters. */
const RULE_FROM = 0.55;
const BAND_FROM = 0.02;
const PEAK_FROM = 0.06;
const BODY_FROM = 0.5;
const ROWS_MIN = 7;
const ROWS_MAX = 40;

/** Meant for about 100 dots an inch; what is no line of text is passed over. */
export function lookAtTurn({ width, height, channels, pixels }: Raster): TurnLook {
  const sum = { above: 0, below: 0, pieces: 0 };
  for (let left = 0; left + STRIP <= width; left += STRIP) {
    const rows = new Float32Array(height);
    for (let y = 0; y < height; y++) {
      let dark = 0;
      for (let x = left; x < left + STRIP; x++) dark += 255 - (pixels[(y * width + x) * channels] ?? 255);
      const share = dark / (255 * STRIP);
      rows[y] = share > RULE_FROM ? 0 : share;
    }
    addBands(rows, sum);
  }
  const all = sum.above + sum.below;
  return { aboveShare: all === 0 ? 0.5 : sum.above / all, pieces: sum.pieces };
}

function addBands(rows: Float32Array, sum: { above: number; below: number; pieces: number }): void {
  for (let y = 0; y < rows.length; y++) {
    if ((rows[y] ?? 0) < BAND_FROM) continue;
    const start = y;
    while ((rows[y] ?? 0) >= BAND_FROM) y += 1;
    const band = rows.subarray(start, y);
    const peak = band.reduce((most, value) => Math.max(most, value), 0);
    if (band.length < ROWS_MIN || band.length > ROWS_MAX || peak < PEAK_FROM) continue;
    const first = band.findIndex((value) => value >= BODY_FROM * peak);
    const last = band.findLastIndex((value) => value >= BODY_FROM * peak);
    for (let row = 0; row < first; row++) sum.above += band[row] ?? 0;
    for (let row = last + 1; row < band.length; row++) sum.below += band[row] ?? 0;
    sum.pieces += 1;
  }
}
