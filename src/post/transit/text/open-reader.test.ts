// A small page read by the real core, and laid on its sides.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { ok } from '#base/result.ts';
import type { Box, PageText, Raster } from '../contract.ts';
import { joinTexts } from '../workshop/join-texts.ts';
import { partPage } from './find-cut.ts';
import { readInItsLanguage } from './french.ts';
import type { Model } from './open-core.ts';
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

async function setPage(lines: readonly string[]): Promise<Raster> {
  return await drawType(lines.map((line, at) => `<text x="90" y="${200 + at * 75}">${line}</text>`).join(''), 42);
}

/** Seen by sharp, which sets type with the fonts of the machine. */
async function drawType(rows: string, size: number): Promise<Raster> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="1000"><rect width="100%" height="100%" fill="#fff"/><g font-family="DejaVu Serif" font-size="${size}">${rows}</g></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .flatten()
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 1, pixels: new Uint8Array(data), dpi: 300 };
}

/** What is dark within a part of the page. */
function inkWithin({ width, pixels }: Raster, part: Box): Box {
  let [left, top, right, foot] = [Infinity, Infinity, -1, -1];
  for (let y = part.top; y < part.top + part.height; y++)
    for (let x = part.left; x < part.left + part.width; x++) {
      if ((pixels[y * width + x] ?? 255) >= 128) continue;
      [left, top, right, foot] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(foot, y + 1)];
    }
  return { left, top, width: right - left, height: foot - top };
}

async function read(by: Reader, grey: Raster): Promise<PageText> {
  const text = await readInItsLanguage(async (french) => ok(await by.read(grey, french)));
  assert.ok(text.ok);
  return text.value;
}

const textOf = (page: PageText): readonly string[] => page.lines.map((line) => line.map(({ text }) => text).join(' '));

let reader: Reader;
before(async () => {
  reader = await openReader([await modelOf('deu'), await modelOf('fra')]);
});

async function modelOf(language: Model['language']): Promise<Model> {
  return { language, packed: await readFile(new URL(`models/${language}.traineddata.gz`, import.meta.url)) };
}
after(() => reader.close());

const FRENCH_LINES = [
  'Le tribunal a déjà été saisi par la société à Genève.',
  'Nous vous prions de régler la créance dans les délais,',
  'avec les intérêts échus, et de nous répondre où que',
  'ce soit. Les frais sont à la charge de votre cliente.',
];

test('a page in French keeps its accents, and a German page with French lines keeps both', async () => {
  const german = await openReader([await modelOf('deu')]);
  const french = await setPage(FRENCH_LINES);
  assert.notDeepEqual(textOf(await read(german, french)), FRENCH_LINES, 'the German network has no é');
  german.close();
  assert.deepEqual(textOf(await read(reader, french)), FRENCH_LINES);
  const both = [...LINES.slice(0, 4), ...FRENCH_LINES];
  assert.deepEqual(textOf(await read(reader, await setPage(both))), both);
});

const LITTLE_FRENCH = [
  'Die Klägerin übersendet wie besprochen anbei:',
  'le reçu de la société Élysée et le relevé,',
  'les frais de scolarité du lycée et la pénalité.',
  'Bitte bestätigen Sie den Eingang bis zum 3. März.',
];

test('a page read in two parts is French by what stands in both of them together', async () => {
  const { upper, lower } = partPage(await setPage(LITTLE_FRENCH), 312);
  const whole = await readInItsLanguage(async (french) =>
    ok(joinTexts(await reader.read(upper, french), await reader.read(lower.grey, french), lower.top)),
  );
  assert.ok(whole.ok);
  assert.deepEqual(textOf(whole.value), LITTLE_FRENCH);
  // the twin: each part judged by itself has too little French
  const apart = joinTexts(await read(reader, upper), await read(reader, lower.grey), lower.top);
  assert.notDeepEqual(textOf(apart), LITTLE_FRENCH);
  assert.equal(apart.lines.length, LITTLE_FRENCH.length);
});

test('a page is read line by line: umlauts, hyphens, section signs and figures as they stand', async () => {
  const page = await read(reader, await setPage(LINES));
  assert.deepEqual(textOf(page), LINES);
  assert.ok(page.confidence > 85, String(page.confidence));
  const [first, second] = page.lines[0] ?? [];
  assert.ok(first && second);
  assert.ok(first.box.left > 80 && first.box.left < 100 && first.box.left + first.box.width <= second.box.left);
  assert.ok(Math.abs(first.baseline - 200) < 5, String(first.baseline));
});

test('two columns are read one after the other, the left one first', async () => {
  const column = (words: readonly string[], left: number): string =>
    words.map((line, at) => `<text x="${left}" y="${170 + at * 62}">${line}</text>`).join('');
  const left = [
    'Sehr geehrte Damen',
    'und Herren, wir zeigen',
    'an, dass wir Frau Illner',
    'vor Gericht vertreten.',
    'Ihre Frist läuft ab.',
  ];
  const right = [
    'Unser Zeichen: 12/24',
    'Telefon: 0221 47110',
    'Es schreibt: Ina Klein',
    'Datum: 3. Juli 2025',
    'Ort: Köln am Rhein',
  ];
  const page = await read(reader, await drawType(column(left, 70) + column(right, 850), 34));
  assert.deepEqual(textOf(page), [...left, ...right]);
});

test('a word’s box holds its ink and no more than a few pixels around it', async () => {
  const grey = await setPage(LINES);
  const { lines } = await read(reader, grey);
  for (const { text, box } of lines.flat()) {
    const ink = inkWithin(grey, {
      left: Math.round(box.left) - 6,
      top: Math.round(box.top) - 6,
      width: Math.round(box.width) + 12,
      height: Math.round(box.height) + 12,
    });
    const off = [
      ink.left - box.left,
      ink.top - box.top,
      ink.left + ink.width - box.left - box.width,
      ink.top + ink.height - box.top - box.height,
    ];
    assert.ok(
      off.every((pixels) => Math.abs(pixels) <= 4),
      `${text}: off by ${off.map(Math.round).join(' ')}`,
    );
  }
});

test('an empty page has no words and full confidence', async () => {
  assert.deepEqual(await read(reader, await setPage([])), { lines: [], confidence: 100 });
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
  await assert.rejects(read(reader, rgb), /only a grey raster/);
});
