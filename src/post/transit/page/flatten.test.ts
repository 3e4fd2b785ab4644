// Sheets that did not lie flat: their lines are laid level, their bent edges straight; what is flat is not touched.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blankPage,
  drawLines,
  fillBox,
  lit,
  lookAt,
  photographed,
  tilted,
  type Drawn,
} from '../../../../test/papers/drawn-pages.ts';
import type { Raster } from '../contract.ts';
import { cleanPage } from './clean-page.ts';
import { findCurl, shiftAt } from './find-curl.ts';
import { flatten } from './flatten.ts';
import { evenLight, groundOf, lightOf } from './light.ts';
import { planPage } from './page-geometry.ts';
import { toGrey } from './plane.ts';
import { unbend } from './unbend.ts';
import { warp } from './warp.ts';

const [WIDE, HIGH] = [1240, 1754];

function rasterOf({ width, height, rgb }: Drawn, dpi?: number): Raster {
  return { width, height, channels: 3, pixels: rgb, dpi };
}

function writtenPage(): Drawn {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { unit: 2 });
  return page;
}

/** How far down a place of the sheet is seen: more at the head than at the foot, as a camera over the foot sees a hump. */
const bend = (x: number, y: number): number => -48 * (1 - ((2 * x) / WIDE - 1) ** 2) * (1 - (0.6 * y) / HIGH);

/** Seen lower across its middle, more at the head than at the foot, as far as `lift` pixels. */
function curledPhoto(page: Drawn, lift: number): Drawn {
  const size = { width: 1960, height: 2600 };
  const corners = [
    [230, 260],
    [1720, 220],
    [1800, 2400],
    [150, 2380],
  ] as const;
  const rise = (x: number, y: number): number =>
    -lift * Math.max(0, 1 - ((2 * (x - 190)) / 1570 - 1) ** 2) * (1 - (0.7 * y) / size.height);
  return lit(
    lookAt(
      photographed(page, size, corners),
      size,
      (x, y) => [x, Math.min(size.height - 2, y - rise(x, y))],
      () => [90, 70, 50],
    ),
  );
}

function bent(page: Drawn): Drawn {
  return lookAt(
    page,
    page,
    (x, y) => [x, y - bend(x, y)],
    () => [255, 255, 255],
  );
}

test('a flat page is the very same raster afterwards, straight or a little aslant, and so is an empty one', () => {
  for (const page of [
    writtenPage(),
    tilted(writtenPage(), 0.15),
    lit(writtenPage(), { fall: 0, tint: [255, 255, 255] }),
    blankPage(WIDE, HIGH),
  ]) {
    const raster = rasterOf(page, 150);
    assert.equal(flatten(raster, toGrey(raster)), raster);
  }
});

test('lines that bend are found as they bend, and lie level afterwards', () => {
  const raster = rasterOf(bent(writtenPage()), 150);
  const curl = findCurl(toGrey(raster));
  assert.ok(curl);
  // the middle column stays where it is: what counts is how far the others are off it
  for (const y of [300, 800, 1400])
    for (const x of [200, 400, 900, 1050]) {
      const expected = bend(x, y) - bend(WIDE / 2, y);
      const found = shiftAt(curl, x, y);
      assert.ok(Math.abs(found - expected) < 3.5, `at ${x}, ${y}: ${found}, expected ${expected}`);
    }
  const flat = flatten(raster, toGrey(raster));
  assert.equal(findCurl(toGrey(flat)), undefined);
});

test('a photo of a sheet with bent edges is cut to its edges, and its lines lie level', async () => {
  const curled = curledPhoto(writtenPage(), 110);
  const made = await cleanPage(rasterOf(curled), { findTurn: () => Promise.resolve(0) });
  assert.ok(made.ok);
  const { steps, widthPt, heightPt, grey } = made.value;
  assert.deepEqual(
    [steps.isCropped, steps.source, Math.round(widthPt), Math.round(heightPt)],
    [true, 'photo', 595, 842],
  );
  assert.ok(steps.skewLeftDegrees < 0.3, `${steps.skewLeftDegrees}° left`);
  assert.equal(flatten(grey, grey), grey);
});

/** How many pixels a pale rule near the foot goes up and down. */
function ruleBend({ width, height, pixels }: Raster): number {
  const rows: number[] = [];
  for (let x = Math.round(0.16 * width); x < 0.84 * width; x += 20) {
    let y = Math.round(0.97 * height);
    while (y > 0.88 * height && (pixels[y * width + x] ?? 255) >= PALE) y--;
    rows.push(y);
  }
  return Math.max(...rows) - Math.min(...rows);
}

const PALE = 215;

test('bent edges are made straight also where four straight sides could be laid over them', async () => {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { unit: 2, to: 0.5 });
  fillBox(page, [155, 1650, 930, 6], [165, 165, 165]);
  const raster = rasterOf(curledPhoto(page, 60));
  const plan = planPage(raster);
  assert.ok(plan.isCropped, 'its sides pass for straight');
  const made = await cleanPage({ ...raster, pixels: raster.pixels.slice() }, { findTurn: () => Promise.resolve(0) });
  assert.ok(made.ok);
  assert.ok(ruleBend(made.value.grey) <= 6, `${ruleBend(made.value.grey)} pixels at the foot`);
  // the twin: cut by straight sides, then flattened by the lines that are seen
  const laid = warp(raster, plan.map, plan.target, [255, 255, 255]);
  evenLight(laid, lightOf(groundOf(laid), 'photo'));
  const byLines = ruleBend(toGrey(flatten(laid, toGrey(laid))));
  assert.ok(byLines > 12, `${byLines} pixels`);
});

/** A soft shadow over the lower left: one of its levels looks like a bent edge. */
function shadowed({ width, height, rgb }: Drawn): Drawn {
  const dark = rgb.map((value, at) => {
    const [u, v] = [(Math.floor(at / 3) % width) / width, Math.floor(at / 3 / width) / height];
    const edge = 0.42 + 0.55 * u + 0.2 * Math.sin(4 * u);
    return value * (1 - 0.45 / (1 + Math.exp(-40 * (v - edge))));
  });
  return { width, height, rgb: dark };
}

test('a flat sheet with a shadow over its foot is no bent one', () => {
  const raster = rasterOf(shadowed(curledPhoto(writtenPage(), 0)));
  const { look, paperArea } = planPage(raster);
  assert.ok(paperArea > 0);
  assert.equal(unbend(raster, look, paperArea), undefined);
  // the twin: nobody says that four straight sides were seen
  assert.ok(unbend(raster, look, 0));
});
