// The verifier sees a page on its head, and a page in another's place, by its own measure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import type { Raster } from '../contract.ts';
import { findMoved, thumbOf } from './own-order.ts';
import { lookAtTurn } from './own-turn.ts';

const TEXTS = [
  'In der vorbezeichneten Angelegenheit zeigen wir unter Bezugnahme auf die',
  'beigefügte Vollmacht an, dass wir die rechtlichen Interessen der Klägerin',
  'vertreten. Die Frist zur Stellungnahme läuft am 12. März 2026 ab; eine',
  'Verlängerung kommt nach ständiger Rechtsprechung nur bei Glaubhaftmachung',
  'erheblicher Gründe in Betracht. Mit freundlichen Grüßen, Jürgen Weißenfels',
];

async function page(turned: number, family: string, size = 15): Promise<Raster> {
  const lines = Array.from(
    { length: 25 },
    (_, at) => `<text x="90" y="${110 + 26 * at}">${TEXTS[at % TEXTS.length] ?? ''}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="827" height="1169" font-family="${family}" font-size="${size}"><rect width="100%" height="100%" fill="white"/>${lines.join('')}</svg>`;
  return rasterOf(sharp(Buffer.from(svg)).rotate(turned));
}

async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.flatten().greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 1, pixels: data, dpi: 100 };
}

test('upright lines reach up more than down, lines on their heads the other way round, in any usual type', async () => {
  for (const family of ['DejaVu Serif', 'DejaVu Sans', 'DejaVu Sans Mono']) {
    for (const size of [12, 15, 19]) {
      const [upright, onHead] = [lookAtTurn(await page(0, family, size)), lookAtTurn(await page(180, family, size))];
      assert.ok(upright.pieces > 50 && upright.aboveShare > 0.6, `${family} ${size}: ${JSON.stringify(upright)}`);
      assert.ok(onHead.pieces > 50 && onHead.aboveShare < 0.35, `${family} ${size}: ${JSON.stringify(onHead)}`);
    }
  }
});

test('a page without lines says nothing', async () => {
  const white = await rasterOf(sharp({ create: { width: 827, height: 1169, channels: 3, background: '#fff' } }));
  assert.deepEqual(lookAtTurn(white), { aboveShare: 0.5, pieces: 0 });
});

/** A drawing without a word. */
async function drawing(at: number, turned = 0): Promise<Raster> {
  const shapes = [
    '<circle cx="250" cy="300" r="180" fill="#333"/>',
    '<rect x="400" y="700" width="330" height="260" fill="#555"/>',
    '<path d="M90 1000 L 300 400 L 700 1050 Z" fill="#222"/>',
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="827" height="1169"><rect width="100%" height="100%" fill="#eee"/>${shapes[at] ?? ''}</svg>`;
  return rasterOf(sharp(Buffer.from(svg)).rotate(turned));
}

test('pages without a word that changed places are found, those that were only turned, or are alike, are not', async () => {
  const thumbs = await Promise.all([0, 1, 2].map(async (at) => thumbOf(await drawing(at))));
  const turned = await Promise.all([0, 1, 2].map(async (at) => thumbOf(await drawing(at, 90 * at))));
  assert.equal(findMoved(thumbs, thumbs), -1);
  assert.equal(findMoved(turned, thumbs), -1);
  assert.equal(findMoved([thumbs[0], thumbs[2], thumbs[1]], thumbs), 1);
  assert.equal(findMoved([thumbs[2], thumbs[1], thumbs[2]], thumbs), 0, 'one twice, another never');
  assert.equal(findMoved([thumbs[0], thumbs[0]], [thumbs[0], thumbs[0]]), -1);
});
