// Where a page may be parted: between lines of one column, never across columns or a picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bitmap, Picture } from '../contract.ts';
import { findCut, partPage } from './find-cut.ts';

const DPI = 100;
const [WIDTH, HEIGHT] = [800, 1_100];
const LINE = 20;
const INKED = 12;

/** Lines of ink from the left edge, white where `isWhite` says so. */
function pageOf(isWhite: (x: number, y: number) => boolean = () => false): Bitmap {
  const bytes = new Uint8Array((WIDTH / 8) * HEIGHT);
  for (let y = 100; y < HEIGHT - 100; y++)
    for (let x = 80; x < WIDTH - 80; x++)
      if (y % LINE < INKED && !isWhite(x, y))
        bytes[y * (WIDTH / 8) + (x >> 3)] = (bytes[y * (WIDTH / 8) + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
  return { width: WIDTH, height: HEIGHT, bytes };
}

const picture = (top: number | undefined): Picture => ({
  jpeg: new Uint8Array(),
  width: 1,
  height: 1,
  box: top === undefined ? undefined : { left: 0, top, width: WIDTH, height: 60 },
});

test('a page of one column is cut in white, with about half of its ink above', () => {
  const cut = findCut({ mask: pageOf(), grounds: [], dpi: DPI });
  assert.ok(cut !== undefined && cut % LINE >= INKED, String(cut));
  assert.ok(Math.abs(cut - HEIGHT / 2) <= LINE, String(cut));
});

test('two columns are not parted: each is read from head to foot', () => {
  const columns = pageOf((x) => x > 380 && x < 410);
  assert.equal(findCut({ mask: columns, grounds: [], dpi: DPI }), undefined);
});

test('two columns at the head do not keep a letter whole', () => {
  const head = pageOf((x, y) => y < 300 && x > 380 && x < 410);
  const cut = findCut({ mask: head, grounds: [], dpi: DPI });
  assert.ok(cut !== undefined && cut > 300, String(cut));
});

test('no cut goes through a picture, and none where a picture of the page lies behind', () => {
  const cut = findCut({ mask: pageOf(), grounds: [picture(530)], dpi: DPI });
  assert.ok(cut !== undefined && (cut <= 530 || cut >= 590), String(cut));
  assert.equal(findCut({ mask: pageOf(), grounds: [picture(undefined)], dpi: DPI }), undefined);
});

test('ink without white between its rows is not parted', () => {
  const solid = { width: WIDTH, height: HEIGHT, bytes: new Uint8Array((WIDTH / 8) * HEIGHT).fill(255) };
  assert.equal(findCut({ mask: solid, grounds: [], dpi: DPI }), undefined);
  assert.equal(
    findCut({ mask: { ...solid, bytes: new Uint8Array(solid.bytes.length) }, grounds: [], dpi: DPI }),
    undefined,
  );
});

test('both parts hold all rows of the page, with white at the cut', () => {
  const pixels = Uint8Array.from({ length: 4 * 6 }, (_, at) => at);
  const { upper, lower } = partPage({ width: 4, height: 6, channels: 1, dpi: 300, pixels }, 2);
  const { grey, top } = lower;
  assert.deepEqual(upper.pixels.subarray(0, 8), pixels.subarray(0, 8));
  assert.ok(upper.pixels.subarray(8).every((pixel) => pixel === 255));
  assert.deepEqual(grey.pixels.subarray((2 - top) * 4), pixels.subarray(8));
  assert.ok(grey.pixels.subarray(0, (2 - top) * 4).every((pixel) => pixel === 255));
  assert.equal(grey.height + top, 6);
});
