// One ink is one colour, in thick strokes and in thin ones; other inks stay others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankPage, fillBox, type Rgb } from '../../../../test/papers/drawn-pages.ts';
import type { Raster } from '../contract.ts';
import { inkColours } from './ink-colours.ts';

const [WIDE, HIGH] = [640, 160];

/** Strokes of each colour in a field of its own, far from the others. */
function coloursOf(...colours: readonly Rgb[]): readonly Rgb[] {
  const page = blankPage(WIDE, HIGH);
  for (const [at, colour] of colours.entries())
    for (let stroke = 0; stroke < 5; stroke++) fillBox(page, [40 + 200 * at + 24 * stroke, 40, 6, 60], colour);
  const isInk = Uint8Array.from({ length: WIDE * HIGH }, (_, at) => ((page.rgb[3 * at + 1] ?? 255) < 255 ? 1 : 0));
  const raster: Raster = { width: WIDE, height: HIGH, channels: 3, pixels: page.rgb, dpi: 300 };
  const inks = inkColours(raster, isInk);
  return [...new Map(inks.map(({ rgb }) => [rgb.join(' '), rgb])).values()];
}

const RED: Rgb = [120, 32, 52];
const mixed = ([r, g, b]: Rgb, ink: number): Rgb => [
  255 - ink * (255 - r),
  255 - ink * (255 - g),
  255 - ink * (255 - b),
];

test('thin strokes, which show their ink mixed with paper, have the colour of thick ones', () => {
  const [colour, ...more] = coloursOf(mixed(RED, 0.72), RED, mixed(RED, 0.85));
  assert.deepEqual(more, []);
  assert.deepEqual(colour, coloursOf(RED)[0]);
});

test('another ink, and a tint that is far paler, stay what they are', () => {
  assert.equal(coloursOf(RED, [24, 60, 190], [10, 120, 60]).length, 3);
  assert.equal(coloursOf(RED, mixed(RED, 0.55)).length, 2);
});
