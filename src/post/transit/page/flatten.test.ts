// Sheets that did not lie flat: their lines are laid level, their bent edges straight; what is flat is not touched.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blankPage,
  drawLines,
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
import { toGrey } from './plane.ts';

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
  const page = writtenPage();
  const size = { width: 1960, height: 2600 };
  const corners = [
    [230, 260],
    [1720, 220],
    [1800, 2400],
    [150, 2380],
  ] as const;
  const photo = photographed(page, size, corners);
  const rise = (x: number, y: number): number =>
    -110 * Math.max(0, 1 - ((2 * (x - 190)) / 1570 - 1) ** 2) * (1 - (0.7 * y) / size.height);
  const curled = lit(
    lookAt(
      photo,
      size,
      (x, y) => [x, Math.min(size.height - 2, y - rise(x, y))],
      () => [90, 70, 50],
    ),
  );
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
