// What a cut leaves of the table at the rim of a sheet goes; what was written near the rim stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Raster } from '../contract.ts';
import { cleanRims } from './clean-edges.ts';

const SIDE = 1_000;

function sheet(
  boxes: readonly (readonly [left: number, top: number, wide: number, high: number, value: number])[],
): Raster {
  const pixels = new Uint8Array(SIDE * SIDE).fill(255);
  for (const [left, top, wide, high, value] of boxes)
    for (let y = top; y < top + high; y++) pixels.fill(value, y * SIDE + left, y * SIDE + left + wide);
  return { width: SIDE, height: SIDE, channels: 1, pixels, dpi: 300 };
}

const darkIn = ({ pixels }: Raster): number => pixels.reduce((sum, value) => sum + (value < 255 ? 1 : 0), 0);

test('a rim of the table goes on all sides, dark ones with their soft inner edge, pale ones that are too light to be told', () => {
  for (const value of [60, 190]) {
    const deep = value < 100 ? 6 : 2;
    const rims = sheet([
      [0, 200, deep, 90, value],
      [SIDE - deep, 500, deep, 90, value],
      [300, 0, 90, deep, value],
      [600, SIDE - deep, 90, deep, value],
    ]);
    cleanRims(rims);
    assert.equal(darkIn(rims), 0, String(value));
  }
});

test('what is written near the rim stays, also a dark band that goes on into the sheet', () => {
  const written = sheet([
    [12, 200, 5, 90, 60],
    [300, 4, 90, 5, 190],
    [0, 600, 200, 40, 60],
  ]);
  const before = darkIn(written);
  cleanRims(written);
  assert.equal(before - darkIn(written), 3 * 40, 'of the band its outermost pixels alone');
});
