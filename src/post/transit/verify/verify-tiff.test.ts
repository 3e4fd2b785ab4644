// Pages of a TIFF that were exchanged, came twice or are missing are found, however its pages are coded; PDFium shows what the decoder of the maker shows.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import sharp, { type TiffOptions } from 'sharp';
import { encodeG4 } from '#formats/ccitt-g4/encode-g4.ts';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import type { MadePage } from '../contract.ts';
import { bitsOf, tiffByHand } from '../page/test-tiff.ts';
import { openWithPdfium } from '../pdf/pdfium.ts';
import { likeness, thumbOf, type Thumb } from './own-order.ts';
import { DRAWINGS, expected, judged, page, svg } from './test-drawings.ts';
import { tiffAsPdf } from './tiff-as-pdf.ts';

const CODINGS: Readonly<Record<string, TiffOptions>> = {
  none: { compression: 'none' },
  'LZW with a predictor': { compression: 'lzw', predictor: 'horizontal' },
  'deflate in tiles': { compression: 'deflate', tile: true, tileWidth: 256, tileHeight: 256 },
  'packed bits': { compression: 'packbits' },
  JPEG: { compression: 'jpeg', quality: 70 },
};

let made: readonly MadePage[] = [];
before(async () => {
  made = await Promise.all(DRAWINGS.map((drawing) => page(drawing, 0)));
});

const BILEVEL = { photometric: 0, dpi: [100, 100] } as const;

type Look = 'grey' | 'colour' | 'alpha';

/** Drawn once for all codings. */
const sheets = new Map<string, Promise<Buffer>>();

async function tiffOf(drawings: readonly string[], coding: TiffOptions, look: Look = 'grey'): Promise<Buffer> {
  const drawn = await Promise.all(
    drawings.map((drawing) => {
      const key = `${look} ${drawing}`;
      const sheet = sheets.get(key) ?? sheetOf(drawing, look);
      sheets.set(key, sheet);
      return sheet;
    }),
  );
  const { density = 100, ...more }: TiffOptions & { readonly density?: number } = coding;
  return sharp(drawn, { join: { animated: true } })
    .withMetadata({ density })
    .tiff({ resolutionUnit: 'inch', ...more })
    .toBuffer();
}

function sheetOf(drawing: string, look: Look): Promise<Buffer> {
  const sheet = sharp(svg(drawing));
  if (look === 'alpha') return sheet.ensureAlpha().png().toBuffer();
  return look === 'colour' ? sheet.flatten().png().toBuffer() : sheet.flatten().greyscale().png().toBuffer();
}

async function faults(order: readonly number[], came: Uint8Array, count = order.length): Promise<readonly string[]> {
  const pages = order.map((at) => made[at]).filter((one) => one !== undefined);
  const wanted = Array.from({ length: count }, (_, at) => expected({ madeFrom: at }));
  return (await judged(writePdf(pages, { coding: 'jbig2' }), wanted, { source: came })).map(({ name }) => name);
}

for (const [name, coding] of Object.entries(CODINGS))
  test(`${name}: pages in their order pass, two exchanged, one twice, one missing are found`, async () => {
    const came = await tiffOf(DRAWINGS, coding);
    assert.deepEqual(await faults([0, 1, 2], came), []);
    assert.deepEqual(await faults([0, 2, 1], came), ['pages']);
    assert.deepEqual(await faults([0, 1, 1], came), ['pages']);
    // its maker lost a page and does not know it: it expects no more than it made
    assert.deepEqual(await faults([0, 1], came), ['pages']);
    assert.deepEqual(await faults([0], came), ['pages']);
  });

async function thumbOfDrawing(drawing: string): Promise<Thumb | undefined> {
  const { data, info } = await sharp(svg(drawing)).flatten().greyscale().raw().toBuffer({ resolveWithObject: true });
  return thumbOf({ width: info.width, height: info.height, channels: 1, pixels: data, dpi: undefined });
}

async function thumbsOf(pdf: Uint8Array | undefined): Promise<readonly (Thumb | undefined)[]> {
  const opened = await openWithPdfium(pdf ?? new Uint8Array());
  assert.ok(opened.ok);
  const { pageCount, onPage, close } = opened.value;
  const thumbs = Array.from({ length: pageCount }, (_, at) => onPage(at, (one) => thumbOf(one.render(200, 283))));
  close();
  return thumbs;
}

test('PDFium shows each page as the maker’s decoder does, in grey, in colour and with transparency', async () => {
  const meant = await Promise.all(DRAWINGS.map(thumbOfDrawing));
  for (const look of ['grey', 'colour', 'alpha'] as const)
    for (const [name, coding] of Object.entries(CODINGS)) {
      if (look === 'alpha' && coding.compression === 'jpeg') continue; // JPEG has none
      const shown = await thumbsOf(tiffAsPdf(await tiffOf(DRAWINGS, coding, look)));
      assert.equal(shown.length, DRAWINGS.length);
      for (const at of DRAWINGS.keys()) {
        const like = shown[at] && meant[at] ? likeness(shown[at], meant[at]) : 0;
        assert.ok(like > 0.95, `${name}, ${look}, page ${at + 1}: ${like.toFixed(2)}`);
      }
    }
});

test('fax pages in their order pass, two exchanged are found', async () => {
  const fax = tiffByHand(made.map(({ mask }) => ({ ...BILEVEL, ...mask, compression: 4, data: encodeG4(mask) })));
  assert.deepEqual(await faults([0, 1, 2], fax), []);
  assert.deepEqual(await faults([0, 2, 1], fax), ['pages']);
});

test('a page that is coded as nobody sends it is counted and not compared', async () => {
  const frame = { ...BILEVEL, width: 16, height: 1, compression: 1, data: bitsOf('1'.repeat(16)) };
  const odd = tiffByHand([frame, { ...frame, compression: 9 }]);
  assert.deepEqual(
    (await thumbsOf(tiffAsPdf(odd))).map((thumb) => thumb !== undefined),
    [true, false],
  );
});

test('a TIFF whose directories go round or lead out of the file is one of which nobody knows how many pages came', async () => {
  const came = await tiffOf(DRAWINGS, { compression: 'lzw' });
  const view = new DataView(came.buffer, came.byteOffset, came.byteLength);
  const first = view.getUint32(4, true);
  const next = first + 2 + 12 * view.getUint16(first, true);
  for (const place of [first, came.length - 1]) {
    const spoiled = came.slice();
    spoiled.writeUInt32LE(place, next);
    assert.equal(tiffAsPdf(spoiled), undefined);
    assert.deepEqual(await faults([0, 1, 2], spoiled), ['pages']);
  }
});
