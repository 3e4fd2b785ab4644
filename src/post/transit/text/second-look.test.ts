// Ink that no word covers is read once more; what is surely read there takes the place of what was badly read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankPage, drawLines, fillBox, type Drawn } from '../../../../test/papers/drawn-pages.ts';
import type { PageText, Raster, Word } from '../contract.ts';
import { toGrey } from '../page/plane.ts';
import { addPart } from './second-look.ts';
import { smallPrint, unreadParts } from './unread-parts.ts';

const [WIDE, HIGH] = [1600, 1200];

function greyOf(page: Drawn): Raster {
  return toGrey({ width: WIDE, height: HIGH, channels: 3, pixels: page.rgb, dpi: 300 });
}

function word(text: string, left: number, baseline: number, confidence = 95): Word {
  return { text, box: { left, top: baseline - 30, width: text.length * 18, height: 36 }, baseline, confidence };
}

const shown = (lines: PageText['lines']): readonly string[] =>
  lines.map((line) => line.map(({ text }) => text).join(' '));

test('lines of letters that no word covers are found, those that were read are not', () => {
  const page = blankPage(WIDE, HIGH);
  drawLines(page, { to: 0.5 });
  drawLines(page, { from: 0.8, to: 0.86, seed: 3 });
  const above: Word = { ...word('gelesene Zeilen', 0, 0), box: { left: 100, top: 80, width: 1400, height: 540 } };
  const [part, ...more] = unreadParts(greyOf(page), [[above]]);
  assert.ok(part && more.length === 0);
  assert.ok(part.top > 900 && part.top < 970 && part.top + part.height < 1060, JSON.stringify(part));
  assert.ok(part.left <= 200 && part.left + part.width > 800);
  const below: Word = { ...above, box: { left: 100, top: 940, width: 1400, height: 110 } };
  assert.deepEqual(unreadParts(greyOf(page), [[above], [below]]), []);
  // a word that was hardly read covers nothing
  assert.equal(unreadParts(greyOf(page), [[above], [{ ...below, confidence: 20 }]]).length, 1);
});

test('rules, frames, bars, pictures and specks are not read again', () => {
  const page = blankPage(WIDE, HIGH);
  fillBox(page, [100, 100, 1400, 4], [0, 0, 0]);
  fillBox(page, [100, 100, 4, 300], [0, 0, 0]);
  fillBox(page, [300, 500, 300, 60], [20, 20, 20]);
  fillBox(page, [1000, 800, 6, 6], [0, 0, 0]);
  for (let y = 600; y < 1150; y += 3) for (let x = 100; x < 900; x += 3) fillBox(page, [x, y, 2, 2], [x % 251, 90, 40]);
  assert.deepEqual(unreadParts(greyOf(page), []), []);
});

test('what is surely read in a part takes its place in the line, and drives out what was badly read there', () => {
  const page = [
    [word('Köln', 300, 500), word('DE9I', 400, 500, 40), word('Essen', 690, 500)],
    [word('Grüße', 100, 300)],
  ];
  const found = [
    [word('DE98', 400, 502), word('3419', 500, 501)],
    [word('~', 400, 540, 90), word('ab', 500, 540, 30)],
  ];
  const lines = addPart(page, { left: 380, top: 450, width: 300, height: 120 }, found);
  assert.deepEqual(shown(lines), ['Köln DE98 3419 Essen', 'Grüße']);
});

test('lines of small print are one part, lines of common type none', () => {
  const grey: Raster = { width: 2480, height: 3508, channels: 1, pixels: new Uint8Array(0), dpi: 300 };
  const small = (left: number, baseline: number): Word => ({
    ...word('Sitz: Köln', left, baseline),
    box: { left, top: baseline - 22, width: 180, height: 24 },
  });
  const page = [
    [word('Grüße', 100, 2000)],
    [small(300, 3300), small(2000, 3300)],
    [small(300, 3342)],
    [small(300, 500)],
  ];
  assert.deepEqual(
    smallPrint(grey, page).map(({ left, top, width, height }) => [left, top, left + width, top + height]),
    [
      [292, 470, 488, 510],
      [292, 3270, 2188, 3352],
    ],
  );
  assert.deepEqual(smallPrint({ ...grey, dpi: undefined }, page), []);
});

test('a line of its own stands below those above it', () => {
  const page = [[word('oben', 100, 100)], [word('unten', 100, 900)]];
  const lines = addPart(page, { left: 600, top: 400, width: 300, height: 200 }, [[word('Mitte', 620, 500)]]);
  assert.deepEqual(shown(lines), ['oben', 'Mitte', 'unten']);
});

test('where the second reading gives less, the first stays', () => {
  const page = [[word('Zahlung', 400, 500, 70)]];
  const part = { left: 380, top: 450, width: 300, height: 120 };
  assert.equal(addPart(page, part, [[word('Zahl', 400, 500)]]), page);
  assert.equal(addPart(page, part, [[word('Zahlungen', 400, 500, 40)]]), page);
  assert.equal(addPart(page, part, []), page);
});
