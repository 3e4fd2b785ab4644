// What a page looks like afterwards, seen by another program: pictures, stamps, grey print and pencil against the page that came.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { blankPage, drawLines, fillBox, lit, type Drawn } from '../../../../test/papers/drawn-pages.ts';
import { hasProgram, say, withFile } from '../../../../test/transit/outside-judges.ts';
import { cleanPage } from './clean-page.ts';

const [WIDE, HIGH] = [1240, 1754];
const LOOK_DPI = 75;
const PICTURE = [200, 900, 420, 300] as const;
const GREY_PICTURE = [700, 900, 340, 300] as const;
const STAMP = [640, 300, 400, 220] as const;
const FOOT = [155, 1520, 930, 80] as const;
const PENCIL = [160, 1330, 500, 40] as const;
type Region = readonly [number, number, number, number];

function papered(): Drawn {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { unit: 2, to: 0.48 });
  paint(page, PICTURE, (u, v) => [60 + 180 * u, 60 + 120 * v, 200 - 150 * u]);
  paint(page, GREY_PICTURE, (u, v) => [0, 1, 2].map(() => 40 + 170 * Math.abs(Math.sin(5 * u) * Math.cos(3 * v))));
  paint(page, STAMP, (u, v) => (Math.min(u, v, 1 - u, 1 - v) < 0.05 ? [180, 40, 60] : undefined));
  drawLines(page, { unit: 2, from: FOOT[1] / HIGH, to: (FOOT[1] + FOOT[3]) / HIGH, colour: [138, 138, 138] });
  for (let x = 0; x < PENCIL[2]; x++)
    fillBox(page, [PENCIL[0] + x, Math.round(PENCIL[1] + 18 + 14 * Math.sin(x / 30)), 1, 3], [176, 176, 176]);
  return page;
}

function paint(
  page: Drawn,
  [left, top, wide, high]: Region,
  shade: (u: number, v: number) => readonly number[] | undefined,
): void {
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const colour = shade(x / wide, y / high);
      if (colour !== undefined) page.rgb.set(colour, 3 * ((top + y) * page.width + left + x));
    }
}

interface Seen {
  readonly was: Drawn;
  readonly is: Drawn;
}
let seen: Seen | undefined;

/** Both at `LOOK_DPI`. */
async function shrunk(picture: Sharp): Promise<Drawn> {
  const size = { width: (WIDE * LOOK_DPI) / 150, height: (HIGH * LOOK_DPI) / 150, fit: 'fill' } as const;
  const { data } = await picture
    .resize(size)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: size.width, height: size.height, rgb: new Uint8Array(data) };
}

before(async () => {
  if (!hasProgram('pdftoppm')) return;
  const page = papered();
  const { width, height, rgb } = lit(page, { fall: 0.05, tint: [252, 250, 245] });
  const raster = { width, height, channels: 3, pixels: rgb, dpi: 150 } as const;
  const made = await cleanPage(raster, { findTurn: () => Promise.resolve(0) });
  assert.ok(made.ok);
  const pdf = writePdf([{ ...made.value, text: { lines: [] } }], { coding: 'jbig2' });
  const png = withFile(pdf, (path, folder) => {
    const { code, text } = say('pdftoppm', ['-r', '150', '-png', '-singlefile', path, join(folder, 'page')]);
    assert.equal(code, 0, text);
    return readFileSync(join(folder, 'page.png'));
  });
  const was = await shrunk(sharp(page.rgb, { raw: { width, height, channels: 3 } }));
  seen = { was, is: await shrunk(sharp(png)) };
});

function smaller([left, top, wide, high]: Region): Region {
  const by = LOOK_DPI / 150;
  return [Math.round(left * by), Math.round(top * by), Math.round(wide * by), Math.round(high * by)];
}

/** Mean difference of a channel between squares of four pixels. */
function difference({ was, is }: Seen, region: Region, inset = 0): number {
  const [left, top, wide, high] = smaller(region);
  let sum = 0;
  let count = 0;
  for (let y = top + inset; y + 4 <= top + high - inset; y += 4)
    for (let x = left + inset; x + 4 <= left + wide - inset; x += 4)
      for (let channel = 0; channel < 3; channel++, count++)
        sum += Math.abs(meanOf(was, { x, y, channel }) - meanOf(is, { x, y, channel }));
  return sum / count;
}

function meanOf(
  { width, rgb }: Drawn,
  at: { readonly x: number; readonly y: number; readonly channel: number },
): number {
  let sum = 0;
  for (let y = at.y; y < at.y + 4; y++)
    for (let x = at.x; x < at.x + 4; x++) sum += rgb[3 * (y * width + x) + at.channel] ?? 0;
  return sum / 16;
}

/** How much darker than paper it is altogether. */
function darkness({ width, rgb }: Drawn, region: Region): number {
  const [left, top, wide, high] = smaller(region);
  let sum = 0;
  for (let y = top; y < top + high; y++)
    for (let x = left; x < left + wide; x++) sum += 255 - (rgb[3 * (y * width + x) + 1] ?? 255);
  return sum / (wide * high);
}

function look(t: { readonly skip: (why: string) => void }): Seen | undefined {
  if (seen === undefined) t.skip('pdftoppm is not installed');
  return seen;
}

test('a colour picture and a grey one are shown as they were, no black blobs', (t) => {
  const found = look(t);
  if (found === undefined) return;
  for (const region of [PICTURE, GREY_PICTURE]) {
    const off = difference(found, region, 4);
    assert.ok(off < 12, `${region.join(' ')}: off by ${off}`);
  }
});

test('a stamp over text is shown in its colour, the text with it', (t) => {
  const found = look(t);
  if (found === undefined) return;
  const off = difference(found, STAMP);
  assert.ok(off < 16, `off by ${off}`);
});

test('grey small print and a pencil note are neither lost nor black', (t) => {
  const found = look(t);
  if (found === undefined) return;
  for (const region of [FOOT, PENCIL]) {
    const [was, is] = [darkness(found.was, region), darkness(found.is, region)];
    assert.ok(is > 0.6 * was && is < 1.5 * was, `${region.join(' ')}: ${is}, was ${was}`);
  }
});
