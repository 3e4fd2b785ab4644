// A small page read by the real core, and laid on its sides.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import type { PageText, Raster } from '../contract.ts';
import { openReader, type Reader } from './open-reader.ts';
import { turnRaster } from '../page/turn.ts';

const LINES = [
  'Die Müller-Lüdtke GmbH grüßt herzlich aus Köln.',
  'Gemäß § 280 Abs. 1 BGB haftet der Schuldner für',
  'Schäden, die durch Übergröße oder Äpfel entstehen.',
  'Bitte überweisen Sie 1.234,56 Euro bis zum 3. März.',
  'Hochachtungsvoll, Ihr Öffentlicher Dienst in Fürth',
  'und zugleich im Namen aller Beteiligten gezeichnet',
];

/** Seen by sharp, which sets type with the fonts of the machine. */
async function setPage(lines: readonly string[]): Promise<Raster> {
  const rows = lines.map((line, at) => `<text x="90" y="${200 + at * 75}">${line}</text>`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="1000"><rect width="100%" height="100%" fill="#fff"/><g font-family="DejaVu Serif" font-size="42">${rows}</g></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .flatten()
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 1, pixels: new Uint8Array(data), dpi: 300 };
}

const textOf = (page: PageText): readonly string[] => page.lines.map((line) => line.map(({ text }) => text).join(' '));

let reader: Reader;
before(async () => {
  reader = await openReader();
});
after(() => reader.close());

test('a page is read line by line: umlauts, hyphens, section signs and figures as they stand', async () => {
  const page = await reader.read(await setPage(LINES));
  assert.deepEqual(textOf(page), LINES);
  assert.ok(page.confidence > 85, String(page.confidence));
  const [first, second] = page.lines[0] ?? [];
  assert.ok(first && second);
  assert.ok(first.box.left > 80 && first.box.left < 100 && first.box.left + first.box.width <= second.box.left);
  assert.ok(Math.abs(first.baseline - 200) < 5, String(first.baseline));
});

test('an empty page has no words and full confidence', async () => {
  assert.deepEqual(await reader.read(await setPage([])), { lines: [], confidence: 100 });
});

test('a page on its head or side is turned upright, an upright one and an empty one stay', async () => {
  const upright = await setPage(LINES);
  for (const [lies, back] of [
    [0, 0],
    [90, 270],
    [180, 180],
    [270, 90],
  ] as const)
    assert.equal(await reader.findTurn(turnRaster(upright, lies)), back, `turned by ${lies}`);
  assert.equal(await reader.findTurn(await setPage([])), 0);
});

test('a page with too little to be sure stays as it lies', async () => {
  assert.equal(await reader.findTurn(turnRaster(await setPage(['– 7 –']), 180)), 0);
});

test('a coloured raster is refused', async () => {
  const rgb: Raster = { width: 1, height: 1, channels: 3, pixels: new Uint8Array(3), dpi: 300 };
  await assert.rejects(reader.read(rgb), /only a grey raster/);
});
