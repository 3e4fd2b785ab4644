// Nothing that an eye can see on a page may be missing from its layers: grey print, coloured ink, pencil, marker, stamps over text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { blankPage, drawLines, fillBox, lit, type Drawn, type Rgb } from '../../../../test/papers/drawn-pages.ts';
import type { Bitmap, CleanPage } from '../contract.ts';
import { cleanPage } from './clean-page.ts';

const [WIDE, HIGH] = [1400, 900];
const SHOWN = 12; // darker than white by so much
const REACH = 3;

/** 255 − the darkest channel of what the layers show together. */
async function shownBy({ mask, inks, grounds }: CleanPage): Promise<Uint8Array> {
  const { width, height } = mask;
  const shown = new Uint8Array(width * height);
  for (const { jpeg, box = { left: 0, top: 0, width, height } } of grounds) {
    const { data } = await sharp(jpeg)
      .resize(box.width, box.height, { fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    for (let y = 0; y < box.height; y++)
      for (let x = 0; x < box.width; x++) {
        const from = 3 * (y * box.width + x);
        const dark = 255 - Math.min(data[from] ?? 255, data[from + 1] ?? 255, data[from + 2] ?? 255);
        const to = (y + box.top) * width + x + box.left;
        shown[to] = Math.max(shown[to] ?? 0, dark);
      }
  }
  const darkness = new Uint8Array(width * height).fill(255);
  for (const { box, rgb } of inks)
    for (let y = box.top; y < box.top + box.height; y++)
      darkness.fill(255 - Math.min(...rgb), y * width + box.left, y * width + box.left + box.width);
  for (let at = 0; at < shown.length; at++)
    if (isInk(mask, at % width, Math.floor(at / width))) shown[at] = Math.max(shown[at] ?? 0, darkness[at] ?? 255);
  return shown;
}

function isInk({ width, bytes }: Bitmap, x: number, y: number): boolean {
  return ((bytes[y * Math.ceil(width / 8) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

/** Of the drawn page's marks, how many have nothing shown near them. */
function lostOf({ width, height, rgb }: Drawn, shown: Uint8Array): number {
  let marks = 0;
  let lost = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      if (Math.min(rgb[at] ?? 255, rgb[at + 1] ?? 255, rgb[at + 2] ?? 255) > 225) continue;
      marks++;
      if (!isNear(shown, { width, height }, x, y)) lost++;
    }
  assert.ok(marks > 200, 'nothing was drawn');
  return lost / marks;
}

function isNear(
  shown: Uint8Array,
  { width, height }: { width: number; height: number },
  x: number,
  y: number,
): boolean {
  for (let row = Math.max(0, y - REACH); row <= Math.min(height - 1, y + REACH); row++)
    for (
      let to = row * width + Math.max(0, x - REACH), end = row * width + Math.min(width, x + REACH + 1);
      to < end;
      to++
    )
      if ((shown[to] ?? 0) > SHOWN) return true;
  return false;
}

/** Black lines, and what is tried beside or over them. */
function pageWith(draw: (page: Drawn) => void): Drawn {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { from: 0.1, to: 0.45 });
  draw(page);
  return page;
}

/** What is tried, by itself. */
function alone(draw: (page: Drawn) => void): Drawn {
  const page = blankPage(WIDE, HIGH);
  draw(page);
  return page;
}

const lines =
  (colour: Rgb, unit = 4) =>
  (page: Drawn): void =>
    drawLines(page, { from: 0.55, to: 0.9, colour, unit, seed: 5 });

function stamp(page: Drawn, colour: Rgb): void {
  for (const [top, high] of [
    [120, 8],
    [330, 8],
    [200, 40],
  ] as const)
    for (let y = top; y < top + high; y++)
      for (let x = 500; x < 900; x++) {
        if (top === 200 && x % 60 < 25) continue;
        const at = 3 * (y * page.width + x);
        colour.forEach((value, channel) => {
          page.rgb[at + channel] = ((page.rgb[at + channel] ?? 0) * value) / 255;
        });
      }
}

const TRIED: readonly (readonly [name: string, draw: (page: Drawn) => void, lostMax?: number])[] = [
  ['grey print', lines([120, 120, 120])],
  ['pale grey small print', lines([170, 170, 170], 2)],
  ['a pencil that hardly marks', lines([200, 200, 200], 2), 0.01],
  ['blue ink', lines([40, 70, 180])],
  ['pale blue ink', lines([150, 180, 240], 3)],
  ['pink ink', lines([240, 150, 190], 3)],
  ['pale green ink', lines([150, 215, 160], 3)],
  ['a yellow marker', (page) => fillBox(page, [300, 600, 700, 60], [255, 240, 110])],
  ['a yellow pen', lines([250, 225, 60], 3)],
  ['a red stamp over the text', (page) => stamp(page, [205, 60, 80])],
  ['a faded stamp over the text', (page) => stamp(page, [240, 180, 190]), 0.01],
  [
    'hairlines of a table',
    (page) => {
      for (let y = 520; y < 820; y += 60) fillBox(page, [200, y, 1000, 2], [150, 150, 150]);
      for (let x = 200; x <= 1200; x += 250) fillBox(page, [x, 520, 2, 240], [150, 150, 150]);
    },
  ],
  [
    'dots of leaders',
    (page) => {
      for (let x = 200; x < 1200; x += 16) fillBox(page, [x, 710, 3, 3], [90, 90, 90]);
    },
  ],
  [
    'white letters on a dark bar',
    (page) => {
      fillBox(page, [200, 560, 1000, 90], [30, 40, 90]);
      for (let x = 240; x < 1100; x += 40) fillBox(page, [x, 580, 8, 50], [255, 255, 255]);
    },
  ],
];

for (const [name, draw, lostMax = 0.005] of TRIED)
  test(`${name}: no more than ${100 * lostMax} % of it is lost`, async () => {
    const page = pageWith(draw);
    const { width, height, rgb } = lit(page, { fall: 0.08 });
    const made = await cleanPage(
      { width, height, channels: 3, pixels: rgb.slice(), dpi: 300 },
      { findTurn: () => Promise.resolve(0) },
    );
    assert.ok(made.ok && made.value.mask.width === WIDE && made.value.mask.height === HIGH);
    const shown = await shownBy(made.value);
    const lost = lostOf(alone(draw), shown);
    assert.ok(lost < lostMax, `${(100 * lost).toFixed(2)} % lost`);
    // the same look at a page that has lost stripes of itself
    for (let y = 0; y < HIGH; y += 50) shown.fill(0, y * WIDE, (y + 20) * WIDE);
    assert.ok(lostOf(alone(draw), shown) > 0.05, 'a loss would not be seen');
  });
