// What is left of a raster that was made smaller.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Raster } from '../contract.ts';
import { shrinkGrey } from './shrink-grey.ts';

function raster(width: number, height: number, value: (x: number, y: number) => number): Raster {
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width)));
  return { width, height, channels: 1, pixels, dpi: 300 };
}

test('a page of one grey stays that grey at three quarters of its size', () => {
  const small = shrinkGrey(raster(9, 8, () => 173));
  assert.deepEqual([small.width, small.height, small.dpi], [6, 6, 225]);
  assert.ok(small.pixels.every((pixel) => pixel === 173));
});

test('each pixel is the mean of what it covers', () => {
  const across = shrinkGrey(raster(4, 4, (x) => [0, 40, 80, 240][x] ?? 0));
  assert.deepEqual([...across.pixels.subarray(0, 3)], [10, 60, 200]);
  const down = shrinkGrey(raster(4, 4, (_, y) => [0, 40, 80, 240][y] ?? 0));
  assert.deepEqual(
    [0, 3, 6].map((at) => down.pixels[at]),
    [10, 60, 200],
  );
});
