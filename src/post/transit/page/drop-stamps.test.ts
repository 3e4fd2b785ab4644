// What the reader is given where a stamp lies over text, and that headings in colour stay readable.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankPage, drawLines, fillBox, type Drawn } from '../../../../test/papers/drawn-pages.ts';
import type { Raster } from '../contract.ts';
import { dropStamps } from './drop-stamps.ts';
import { toGrey } from './plane.ts';

const [WIDE, HIGH] = [900, 600];

function look(page: Drawn): { readonly grey: Raster; readonly isDropped: boolean } {
  const raster: Raster = { width: WIDE, height: HIGH, channels: 3, pixels: page.rgb, dpi: 300 };
  const grey = toGrey(raster);
  const isInk = grey.pixels.map((value) => (value < 160 ? 1 : 0));
  const isDropped = dropStamps(grey, raster, isInk);
  return { grey, isDropped };
}

/** Ink laid over ink, as stamps do. */
function frame(page: Drawn): void {
  for (let y = 150; y < 420; y++)
    for (let x = 200; x < 600; x++) {
      if (y > 165 && y < 405 && x > 215 && x < 585 && (x + y) % 40 > 12) continue;
      const at = 3 * (y * WIDE + x);
      page.rgb.set([(page.rgb[at] ?? 0) * 0.75, (page.rgb[at + 1] ?? 0) * 0.2, (page.rgb[at + 2] ?? 0) * 0.25], at);
    }
}

const darkIn = ({ pixels }: Raster, isBlack: (at: number) => boolean): number =>
  pixels.reduce((sum, value, at) => sum + (value < 140 && isBlack(at) ? 1 : 0), 0);

test('under a stamp the reader sees the black letters whole, and the stamp no more', () => {
  const bare = blankPage(WIDE, HIGH);
  drawLines(bare, { to: 0.95 });
  const page = { ...bare, rgb: bare.rgb.slice() };
  frame(page);
  const wasBlack = (at: number): boolean => (bare.rgb[3 * at] ?? 255) < 100;
  const { grey, isDropped } = look(page);
  assert.ok(isDropped);
  const letters = darkIn(grey, wasBlack);
  assert.equal(letters, darkIn(look(bare).grey, wasBlack));
  assert.ok(darkIn(grey, (at) => !wasBlack(at)) < 0.02 * letters, 'the stamp is still there');
});

test('a coloured heading, a coloured frame beside the text and a grey page are left as they are', () => {
  const heading = blankPage(WIDE, HIGH);
  drawLines(heading, { to: 0.5 });
  drawLines(heading, { from: 0.6, to: 0.75, colour: [170, 30, 50] });
  const beside = blankPage(WIDE, HIGH);
  drawLines(beside, { from: 0.6, to: 0.95 });
  fillBox(beside, [200, 40, 400, 12], [170, 30, 50]);
  fillBox(beside, [200, 200, 400, 12], [170, 30, 50]);
  fillBox(beside, [200, 40, 12, 170], [170, 30, 50]);
  for (const page of [heading, beside]) {
    const before = toGrey({ width: WIDE, height: HIGH, channels: 3, pixels: page.rgb, dpi: 300 }).pixels;
    const { grey, isDropped } = look(page);
    assert.ok(!isDropped);
    assert.deepEqual(grey.pixels, before);
  }
  const grey: Raster = { width: 8, height: 8, channels: 1, pixels: new Uint8Array(64), dpi: 300 };
  assert.ok(!dropStamps(grey, grey, new Uint8Array(64).fill(1)));
});
