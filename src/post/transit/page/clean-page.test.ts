// Drawn pages, tilted, photographed, shaded, come out straight, whole and in layers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import {
  blankPage,
  dice,
  drawLines,
  fillBox,
  lit,
  photographed,
  tilted,
  type Drawn,
} from '../../../../test/papers/drawn-pages.ts';
import type { Bitmap, CleanPage } from '../contract.ts';
import { cleanPage } from './clean-page.ts';
import type { Turn } from './turn.ts';

const A4 = [595.276, 841.89] as const;
const [WIDE, HIGH] = [2480, 3508];
const HALF = { width: 1240, height: 1754 };

async function clean({ width, height, rgb }: Drawn, dpi: number | undefined, turn: Turn = 0): Promise<CleanPage> {
  const raster = { width, height, channels: 3, pixels: rgb.slice(), dpi } as const;
  const made = await cleanPage(raster, { findTurn: () => Promise.resolve(turn) });
  assert.ok(made.ok);
  return made.value;
}

function isInk({ width, bytes }: Bitmap, x: number, y: number): boolean {
  return ((bytes[y * Math.ceil(width / 8) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

function inkIn(mask: Bitmap, [left, top, wide, high]: readonly [number, number, number, number]): number {
  let count = 0;
  for (let y = top; y < top + high; y++) for (let x = left; x < left + wide; x++) if (isInk(mask, x, y)) count++;
  return count;
}

function assertNear(seen: number, expected: number, by: number, what: string): void {
  assert.ok(Math.abs(seen - expected) <= by, `${what}: ${seen}, expected ${expected} ± ${by}`);
}

test('a page that lies aslant by up to ten degrees is straightened, and stays within 0.3°', async () => {
  const page = blankPage(HALF.width, HALF.height);
  drawLines(page, { unit: 2 });
  for (const degrees of [-10, 0.4, 6.7, 10]) {
    const { steps } = await clean(lit(tilted(page, degrees), { fall: 0.05 }), 150);
    assertNear(steps.skewDegrees, degrees, 0.12, 'skew found');
    assert.ok(steps.skewLeftDegrees < 0.3, `${degrees}°: ${steps.skewLeftDegrees} left`);
  }
});

test('a straight page is left straight', async () => {
  const page = blankPage(HALF.width, HALF.height);
  drawLines(page, { unit: 2 });
  const { steps } = await clean(page, 150);
  assertNear(steps.skewDegrees, 0, 0.05, 'skew');
});

test('a scan keeps its ink pixel by pixel: 1 is ink, 0 is paper, dots stay, dust goes', async () => {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { to: 0.6 });
  const dots = Array.from({ length: 40 }, (_, i) => [400 + 40 * i, 2300] as const);
  for (const [x, y] of dots) fillBox(page, [x, y, 3, 3], [30, 30, 30]);
  const dust = Array.from({ length: 40 }, (_, i) => [400 + 40 * i, 2700 + 3 * i] as const);
  for (const [x, y] of dust) fillBox(page, [x, y, 2, 1], [40, 40, 40]);
  const { mask, grounds, inks, steps, grey, widthPt, heightPt } = await clean(lit(page, { fall: 0.1 }), 300);
  assert.deepEqual([mask.width, mask.height, grey.width, grey.height], [WIDE, HIGH, WIDE, HIGH]);
  assertNear(widthPt, A4[0], 2, 'width');
  assertNear(heightPt, A4[1], 2, 'height');
  let [ink, kept, added] = [0, 0, 0];
  for (let y = 0; y < 2250; y++)
    for (let x = 0; x < WIDE; x++) {
      const wasInk = (page.rgb[3 * (y * WIDE + x)] ?? 255) < 128;
      if (wasInk) ink++;
      const isKept = isInk(mask, x, y);
      if (isKept && wasInk) kept++;
      if (isKept && !wasInk) added++;
    }
  assert.ok(kept / ink > 0.995, `${kept} of ${ink} kept`);
  assert.ok(added / ink < 0.02, `${added} added`);
  assert.ok(
    dots.every(([x, y]) => inkIn(mask, [x, y, 3, 3]) > 0),
    'a dot of nine pixels was lost',
  );
  assert.equal(dust.filter(([x, y]) => inkIn(mask, [x - 1, y - 1, 4, 3]) > 0).length, 0);
  assert.deepEqual([grounds.length, inks.length, steps.source, steps.isCropped], [0, 0, 'scan', false]);
  assert.ok(steps.inkKept > 0.98);
});

/** Corner marks 60 pixels within each corner of the page. */
function markedPage(): Drawn {
  const page = blankPage(WIDE, HIGH);
  drawLines(page);
  for (const [x, y] of marks) fillBox(page, [x - 15, y - 15, 30, 30], [0, 0, 0]);
  return page;
}
const marks = [
  [100, 100],
  [WIDE - 100, 100],
  [WIDE - 100, HIGH - 100],
  [100, HIGH - 100],
] as const;

test('a photo from an angle, in falling light, becomes A4 with everything in its place', async () => {
  const corners = [
    [210, 180],
    [1740, 120],
    [1850, 2380],
    [120, 2440],
  ] as const;
  const photo = lit(photographed(markedPage(), { width: 1960, height: 2600 }, corners));
  const { mask, widthPt, heightPt, steps } = await clean(photo, undefined);
  assertNear(widthPt, A4[0], 2, 'width');
  assertNear(heightPt, A4[1], 2, 'height');
  assert.deepEqual([steps.source, steps.isCropped, steps.isLightEvened], ['photo', true, true]);
  for (const [x, y] of marks) assert.ok(inkIn(mask, [x - 20, y - 20, 40, 40]) > 500, `no mark at ${x}, ${y}`);
  assert.ok(steps.skewLeftDegrees < 0.3, `${steps.skewLeftDegrees}° left`);
  assert.ok(steps.inkKept >= 0.98);
  for (const edge of [
    [0, 0, mask.width, 40],
    [0, mask.height - 40, mask.width, 40],
  ] as const)
    assert.ok(inkIn(mask, edge) < 200, 'the desk is on the page');
});

test('a sheet that lies on its side in the photo is turned upright and is upright A4', async () => {
  const corners = [
    [2440, 150],
    [2400, 1820],
    [130, 1780],
    [180, 190],
  ] as const;
  const photo = lit(photographed(markedPage(), { width: 2600, height: 1960 }, corners));
  const { mask, widthPt, heightPt, steps, grey } = await clean(photo, undefined, 270);
  assertNear(widthPt, A4[0], 2, 'width');
  assertNear(heightPt, A4[1], 2, 'height');
  assert.equal(steps.turnedDegrees, 270);
  assert.ok(mask.height > mask.width && grey.height === mask.height);
  for (const [x, y] of marks) assert.ok(inkIn(mask, [x - 20, y - 20, 40, 40]) > 500, `no mark at ${x}, ${y}`);
});

test('blue letters stay blue and black ones black', async () => {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { to: 0.4 });
  drawLines(page, { from: 0.5, to: 0.54, colour: [24, 60, 190] });
  const { inks } = await clean(lit(page, { fall: 0.1 }), 300);
  assert.ok(inks.length > 0);
  for (const { box, rgb } of inks) {
    assert.ok(box.top > 0.48 * HIGH && box.top + box.height < 0.58 * HIGH, 'black letters were coloured');
    assert.ok(rgb[2] > rgb[0] + 60, `${rgb.join(' ')} is not blue`);
  }
  const covered = inks.reduce((sum, { box }) => sum + box.width * box.height, 0);
  assert.ok(covered > 0.2 * 1800 * 60, `${covered} pixels coloured`);
});

/** A photograph: soft shapes of many colours. */
function paintPicture(page: Drawn, [left, top, wide, high]: readonly [number, number, number, number]): void {
  for (let y = top; y < top + high; y++)
    for (let x = left; x < left + wide; x++)
      page.rgb.set(
        [
          110 + 90 * Math.sin(x / 70 + y / 190),
          100 + 80 * Math.sin(y / 60) * Math.cos(x / 210),
          90 + 80 * Math.cos(x / 130 - y / 90),
        ],
        3 * (y * page.width + x),
      );
}

test('a picture on a page stays a picture, small, and leaves the ink around it alone', async () => {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { to: 0.5 });
  const place = [600, 2100, 1000, 800] as const;
  paintPicture(page, place);
  const { grounds, mask, steps } = await clean(lit(page, { fall: 0.05 }), 300);
  assert.equal(grounds.length, 1);
  const [picture] = grounds;
  assert.ok(picture?.box);
  const { left, top, width, height } = picture.box;
  assert.ok(left <= 600 && top <= 2100 && left + width >= 1600 && top + height >= 2900, 'the picture was cut');
  assert.ok(left > 500 && top > 2000 && width < 1200 && height < 1000, 'the picture reaches over the text');
  assert.equal(inkIn(mask, [620, 2120, 960, 760]), 0);
  assert.ok(steps.inkKept >= 0.98);
  assert.equal((await sharp(picture.jpeg).metadata()).exif, undefined);
  const { data, info } = await sharp(picture.jpeg).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [picture.width, picture.height]);
  const at = 3 * (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2));
  const original = 3 * (Math.floor(top + height / 2) * WIDE + Math.floor(left + width / 2));
  for (let k = 0; k < 3; k++) assertNear(data[at + k] ?? 0, page.rgb[original + k] ?? 0, 40, 'colour of the picture');
});

test('letters on a yellow line stay letters, and the yellow stays behind them', async () => {
  const page = blankPage(WIDE, HIGH);
  fillBox(page, [300, 1500, 1800, 70], [255, 240, 90]);
  drawLines(page, { unit: 4 });
  const { grounds, mask } = await clean(page, 300);
  assert.equal(grounds.length, 1);
  const ink = inkIn(mask, [310, 1500, 1780, 70]);
  assert.ok(ink > 2_000 && ink < 60_000, `${ink} pixels of ink on yellow`);
});

test('a photograph of something else is one picture over the page, without ink', async () => {
  const page = blankPage(1600, 1200);
  paintPicture(page, [0, 0, 1600, 1200]);
  const { grounds, mask, inks } = await clean(page, undefined);
  assert.equal(grounds.length, 1);
  assert.equal(grounds[0]?.box, undefined);
  assert.ok(mask.bytes.every((byte) => byte === 0));
  assert.deepEqual(inks, []);
});

test('an empty page is empty', async () => {
  const { grounds, mask, inks, steps } = await clean(lit(blankPage(1240, 1754)), 150);
  assert.deepEqual([grounds.length, inks.length], [0, 0]);
  assert.ok(mask.bytes.every((byte) => byte === 0));
  assert.deepEqual([steps.skewDegrees, steps.inkKept], [0, 1]);
});

test('ink that the layers would not show keeps a picture of the page behind them', async () => {
  const page = blankPage(WIDE, HIGH);
  const next = dice(3);
  // Nothing but dots as fine as dust: nobody can know that they mean nothing.
  for (let y = 400; y < 3000; y += 40)
    for (let x = 400; x < 2000; x += 40) fillBox(page, [x + Math.floor(next() * 8), y, 2, 2], [0, 0, 0]);
  const { grounds, steps } = await clean(page, 300);
  assert.equal(grounds.length, 1);
  assert.equal(grounds[0]?.box, undefined);
  assert.equal(steps.inkKept, 1);
});

test('a picture of a few pixels is a page too', async () => {
  for (const [width, height] of [
    [1, 1],
    [3, 2],
    [40, 9],
    [9, 700],
  ] as const) {
    const { mask, widthPt, heightPt, grey } = await clean(blankPage(width, height, [10, 20, 30]), undefined);
    assert.ok(mask.width > 0 && mask.height > 0 && widthPt > 3 && heightPt > 3);
    assert.equal(grey.pixels.length, mask.width * mask.height);
  }
});

test('a strip whose letters one page could not show is refused; a long page is made', async () => {
  const strip = async (width: number, height: number, dpi?: number): Promise<boolean> => {
    const pixels = new Uint8Array(width * height).fill(255);
    const made = await cleanPage({ width, height, channels: 1, pixels, dpi }, { findTurn: () => Promise.resolve(0) });
    if (!made.ok) assert.equal(made.error.kind, 'pictureTooLarge');
    return made.ok;
  };
  // a conversation as a telephone saves it, on the height of A4: a third of its dots were left
  assert.equal(await strip(500, 10_000), false);
  assert.equal(await strip(10_000, 500), false);
  assert.equal(await strip(1_080, 4_000), true);
  // from a scanner: so much paper, and a card at 1,200 dots an inch
  assert.equal(await strip(600, 9_000, 300), true);
  assert.equal(await strip(2_000, 2_600, 1_200), true);
  assert.equal(await strip(300, 20_000, 144), false);
});

test('pixels that are not there are refused', async () => {
  const raster = { width: 10, height: 10, channels: 1, pixels: new Uint8Array(99), dpi: undefined } as const;
  const made = await cleanPage(raster, { findTurn: () => Promise.resolve(0) });
  assert.deepEqual(made, { ok: false, error: { kind: 'damaged' } });
});

test('a sheet at fifty dots an inch that says no measure is A4; a small picture of another shape is not', async () => {
  const sheet = blankPage(413, 585);
  drawLines(sheet, { unit: 1 });
  const { widthPt, heightPt } = await clean(sheet, undefined);
  assertNear(widthPt, A4[0], 2, 'width');
  assertNear(heightPt, A4[1], 2, 'height');
  const logo = blankPage(413, 300);
  drawLines(logo, { unit: 1 });
  assertNear((await clean(logo, undefined)).widthPt, (413 / 96) * 72, 2, 'width');
});
