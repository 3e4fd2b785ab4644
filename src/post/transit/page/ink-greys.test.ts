// Grey ink beside black stays grey; what is black, or is all that a page has, stays black.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankPage, drawLines, fillBox, lit, type Drawn, type Rgb } from '../../../../test/papers/drawn-pages.ts';
import type { CleanPage } from '../contract.ts';
import { cleanPage } from './clean-page.ts';
import { inkGreys } from './ink-greys.ts';

const [WIDE, HIGH] = [1240, 1754];

async function clean({ width, height, rgb }: Drawn): Promise<CleanPage> {
  const raster = { width, height, channels: 3, pixels: rgb.slice(), dpi: 150 } as const;
  const made = await cleanPage(raster, { findTurn: () => Promise.resolve(0) });
  assert.ok(made.ok);
  return made.value;
}

/** A letter, and small print at its foot. */
function letter(body: Rgb, foot: Rgb): Drawn {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { unit: 2, to: 0.7, colour: body });
  drawLines(page, { unit: 2, from: 0.85, to: 0.92, colour: foot, seed: 5 });
  return lit(page, { fall: 0.04 });
}

const isAtFoot = (page: CleanPage): boolean =>
  page.inks.length > 0 && page.inks.every(({ box }) => box.top > 0.8 * page.mask.height);

test('grey small print below black text is painted grey, in its own shade', async () => {
  const page = await clean(letter([20, 20, 24], [138, 138, 138]));
  assert.ok(isAtFoot(page), JSON.stringify(page.inks));
  for (const { rgb } of page.inks)
    assert.ok(
      rgb.every((value) => value > 105 && value < 165),
      rgb.join(' '),
    );
  const covered = page.inks.reduce((sum, { box }) => sum + box.width * box.height, 0);
  assert.ok(covered > 0.5 * 0.72 * page.mask.width * 0.05 * page.mask.height, String(covered));
});

test('black text has no greys, down to a grain of noise and the soft edges of its strokes', async () => {
  assert.deepEqual((await clean(letter([20, 20, 24], [40, 40, 44]))).inks, []);
});

test('a page in dark grey throughout is black: there is nothing to tell it from', async () => {
  assert.deepEqual((await clean(letter([85, 85, 85], [85, 85, 85]))).inks, []);
});

test('boxes of greys meet neither one another nor those of colours', async () => {
  const page = letter([20, 20, 24], [138, 138, 138]);
  drawLines(page, { unit: 2, from: 0.75, to: 0.8, colour: [190, 20, 30], seed: 9 });
  const { inks } = await clean(page);
  assert.ok(inks.some(({ rgb }) => rgb[0] > 150 && rgb[1] < 90));
  inks.forEach((a, index) => {
    for (const b of inks.slice(index + 1)) {
      const isApart =
        a.box.left + a.box.width <= b.box.left ||
        b.box.left + b.box.width <= a.box.left ||
        a.box.top + a.box.height <= b.box.top ||
        b.box.top + b.box.height <= a.box.top;
      assert.ok(isApart, JSON.stringify([a, b]));
    }
  });
});

test('grey print that stands partly beside the box of other grey ink is grey throughout', () => {
  const [width, height] = [800, 400];
  const page = blankPage(width, height);
  const grey: Rgb = [160, 160, 160];
  // black text above; a rule with print below its left end, and print farther down that goes beyond its right end
  fillBox(page, [100, 20, 600, 60], [20, 20, 20]);
  fillBox(page, [100, 200, 400, 8], grey);
  fillBox(page, [100, 212, 60, 100], grey);
  fillBox(page, [400, 260, 160, 24], grey);
  const pixels = page.rgb.filter((_, at) => at % 3 === 0);
  const isInk = pixels.map((value) => (value < 255 ? 1 : 0));
  const inks = inkGreys({ width, height, channels: 1, pixels, dpi: 300 }, isInk, [], 'scan');
  const isGrey = (x: number, y: number): boolean =>
    inks.some(({ box: b }) => x >= b.left && x < b.left + b.width && y >= b.top && y < b.top + b.height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (isInk[y * width + x] === 1) assert.equal(isGrey(x, y), y > 100, `at ${x}, ${y}`);
});
