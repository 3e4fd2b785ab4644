// A page turned upside down and pages that changed places are found even where no text tells it; a maker that makes neither mistake passes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { A4 } from '../../../../test/papers/sample-pdfs.ts';
import type { Word } from '../contract.ts';
import { glanceAt } from './seen-file.ts';
import { DRAWINGS, expected, judged, page, svg } from './test-drawings.ts';

const LINE = 'Die Klägerin zeigt unter Bezugnahme auf die Vollmacht an, dass gegen den Beklagten';

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
  const faults = async (
    order: readonly number[],
    wanted = pages,
    seen: Parameters<typeof judged>[2] = { source: came },
  ): Promise<readonly string[]> => {
    const bytes = writePdf(
      order.map((at) => made[at]).filter((one) => one !== undefined),
      { coding: 'jbig2' },
    );
    return (await judged(bytes, wanted, seen)).map(({ name }) => name);
  };
  assert.deepEqual(await faults([0, 1, 2]), []);
  assert.deepEqual(await faults([0, 2, 1]), ['pages']);
  assert.deepEqual(await faults([2, 1, 2]), ['pages']);
  // seen while its pages were made, it need not be there
  const glance = await glanceAt(came);
  assert.equal(glance?.pages, 3);
  assert.deepEqual(await faults([0, 1, 2], pages, { glance }), []);
  assert.deepEqual(await faults([0, 2, 1], pages, { glance }), ['pages']);
  assert.deepEqual(await faults([2, 1, 2], pages, { glance }), ['pages']);
  assert.deepEqual(await faults([0, 1], pages.slice(0, 2), { glance }), ['pages'], 'a page was lost');
  assert.equal(await glanceAt(new TextEncoder().encode('no picture')), undefined);
  // the twin: without the file that came nobody could tell
  const blind = DRAWINGS.map(() => expected({}));
  assert.deepEqual(await faults([0, 2, 1], blind), []);
});
