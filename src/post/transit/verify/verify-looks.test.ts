// A page turned upside down and pages that changed places are found even where no text tells it; a maker that makes neither mistake passes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { A4 } from '../../../../test/papers/sample-pdfs.ts';
import type { Bitmap, Criterion, MadePage, Word } from '../contract.ts';
import type { Expectation, PageExpectation } from './expectation.ts';
import { verifyFile } from './verify-file.ts';

const [WIDTH, HEIGHT] = [827, 1169];
const LINE = 'Die Klägerin zeigt unter Bezugnahme auf die Vollmacht an, dass gegen den Beklagten';
const DRAWINGS = [
  '<circle cx="250" cy="300" r="180"/>',
  '<rect x="400" y="700" width="330" height="260"/>',
  '<path d="M90 1000 L 300 400 L 700 1050 Z"/>',
];

function svg(inside: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Serif, serif" font-size="15"><rect width="100%" height="100%" fill="white"/>${inside}</svg>`,
  );
}

async function maskOf(inside: string, turned: number): Promise<Bitmap> {
  const { data } = await sharp(svg(inside))
    .flatten()
    .rotate(turned)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const stride = Math.ceil(WIDTH / 8);
  const bytes = new Uint8Array(stride * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const at = y * stride + (x >> 3);
      if ((data[y * WIDTH + x] ?? 255) < 140) bytes[at] = (bytes[at] ?? 0) | (0x80 >> (x & 7));
    }
  return { width: WIDTH, height: HEIGHT, bytes };
}

async function page(inside: string, turned: number, lines: readonly (readonly Word[])[] = []): Promise<MadePage> {
  const mask = await maskOf(inside, turned);
  return { ...A4, dpi: 100, mask, inks: [], grounds: [], text: { lines, confidence: 95 } };
}

function expected(more: Partial<PageExpectation>): PageExpectation {
  const nothing = { plainText: undefined, inkShare: undefined, keptFrom: undefined };
  return { box: 'a4', inkKept: 1, skewLeft: 0, ...nothing, ...more };
}

async function judged(
  bytes: Uint8Array,
  pages: readonly PageExpectation[],
  source?: Uint8Array,
): Promise<readonly Criterion[]> {
  const wanted: Expectation = { producer: 'writer', pages, source, bytesBefore: 9_000_000, newName: '01_Brief.pdf' };
  return (await verifyFile(bytes, wanted)).filter(({ isMet }) => !isMet);
}

test('upright: a page of text that stands on its head is found, the same page upright is not', async () => {
  const rows = Array.from({ length: 30 }, (_, at) => 110 + 26 * at);
  const inside = rows.map((y) => `<text x="90" y="${y}">${LINE}</text>`).join('');
  const lines = rows.map((y): readonly Word[] => [
    { text: 'Die Klägerin', box: { left: 90, top: y - 13, width: 100, height: 17 }, baseline: y, confidence: 95 },
  ]);
  const plainText = lines.map(() => 'Die Klägerin').join(' ');
  for (const turned of [0, 180]) {
    const bytes = writePdf([await page(inside, turned, lines)], { coding: 'jbig2' });
    const faults = await judged(bytes, [expected({ plainText })]);
    assert.deepEqual(
      faults.map(({ name, seen }) => `${name}: ${seen}`),
      turned === 0 ? [] : ['upright: page 1: lines that stand on their heads'],
    );
  }
});

test('pages: drawings without a word that changed places, or of which one came twice, are found', async () => {
  const source = await PDFDocument.create();
  for (const drawing of DRAWINGS) {
    const picture = await source.embedJpg(await sharp(svg(drawing)).flatten().jpeg({ quality: 60 }).toBuffer());
    source
      .addPage([A4.widthPt, A4.heightPt])
      .drawImage(picture, { x: 0, y: 0, width: A4.widthPt, height: A4.heightPt });
  }
  const came = await source.save();
  // the second one is found to lie on its side, and made upright
  const made = await Promise.all(DRAWINGS.map((drawing, at) => page(drawing, at === 1 ? 180 : 0)));
  const pages = DRAWINGS.map((_, at) => expected({ madeFrom: at }));
  const faults = async (order: readonly number[], wanted = pages): Promise<readonly string[]> => {
    const bytes = writePdf(
      order.map((at) => made[at]).filter((one) => one !== undefined),
      { coding: 'jbig2' },
    );
    return (await judged(bytes, wanted, came)).map(({ name }) => name);
  };
  assert.deepEqual(await faults([0, 1, 2]), []);
  assert.deepEqual(await faults([0, 2, 1]), ['pages']);
  assert.deepEqual(await faults([2, 1, 2]), ['pages']);
  // the twin: without the file that came nobody could tell
  const blind = DRAWINGS.map(() => expected({}));
  assert.deepEqual(await faults([0, 2, 1], blind), []);
});
