// What the G4 coder writes is read back bit for bit by libtiff (through sharp) and by PDFium.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import fc from 'fast-check';
import sharp from 'sharp';
import { letterLikeInk, inkOf, paintedInk, stencilPdf, type Ink } from '../../../test/papers/stencil-pdf.ts';
import { encodeG4 } from './encode-g4.ts';

let pdfium: PDFiumLibrary;

before(async () => {
  pdfium = await PDFiumLibrary.init();
});

after(() => {
  pdfium.destroy();
});

const bitmaps: fc.Arbitrary<Ink> = fc
  .record({ width: fc.integer({ min: 1, max: 90 }), height: fc.integer({ min: 1, max: 30 }) })
  .chain(({ width, height }) =>
    fc.oneof(
      fc
        .uint8Array({ minLength: width * height, maxLength: width * height })
        .map((noise) => inkOf(width, height, (at) => (noise[at] ?? 0) > 127)),
      fc
        .array(fc.nat(width * height - 1), { maxLength: 12 })
        .map((dots) => inkOf(width, height, (at) => dots.includes(at))),
      fc.boolean().map((isBlack) => inkOf(width, height, () => isBlack)),
    ),
  );

async function painted(ink: Ink): Promise<Ink> {
  const filter = `/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns ${ink.width}/Rows ${ink.height}>>`;
  return paintedInk(pdfium, stencilPdf(ink, filter, encodeG4(ink)));
}

/** Little endian, one strip, MinIsWhite. */
function asTiff({ width, height }: Ink, strip: Uint8Array): Uint8Array {
  const fields = [
    [256, width],
    [257, height],
    [258, 1],
    [259, 4],
    [262, 0],
    [273, 8],
    [277, 1],
    [278, height],
    [279, strip.length],
  ] as const;
  const at = 8 + strip.length + (strip.length & 1);
  const tiff = Buffer.alloc(at + 2 + fields.length * 12 + 4);
  tiff.write('II*\0', 'latin1');
  tiff.writeUInt32LE(at, 4);
  tiff.set(strip, 8);
  tiff.writeUInt16LE(fields.length, at);
  fields.forEach(([tag, value], index) => {
    const field = at + 2 + 12 * index;
    tiff.writeUInt16LE(tag, field);
    tiff.writeUInt16LE(4, field + 2);
    tiff.writeUInt32LE(1, field + 4);
    tiff.writeUInt32LE(value, field + 8);
  });
  return tiff;
}

async function readByLibtiff(ink: Ink): Promise<Ink> {
  const { data, info } = await sharp(asTiff(ink, encodeG4(ink)), { failOn: 'warning' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return inkOf(info.width, info.height, (at) => (data[at * info.channels] ?? 0) < 128);
}

test('any bitmap is painted by PDFium as it was: ink black, the rest white', async () => {
  await fc.assert(
    fc.asyncProperty(bitmaps, async (ink) => assert.deepEqual(await painted(ink), ink)),
    { numRuns: 60 },
  );
});

test('any bitmap is read back by libtiff', async () => {
  await fc.assert(
    fc.asyncProperty(bitmaps, async (ink) => assert.deepEqual(await readByLibtiff(ink), ink)),
    { numRuns: 60 },
  );
});

test('every length of run is read back, white and black', async () => {
  const width = 5300;
  const lengths = [
    ...Array.from({ length: 66 }, (_, i) => i),
    ...Array.from({ length: 41 }, (_, i) => 64 * i + 63),
    5200,
  ];
  const white = inkOf(width, lengths.length, (at) => at % width >= (lengths[Math.floor(at / width)] ?? 0));
  // Rows of another kind between them, so that runs are written and not copied from above.
  const black = inkOf(width, 2 * lengths.length, (at) => {
    const row = Math.floor(at / width);
    return row % 2 === 0 ? (at % width) % 9 === 0 : at % width < (lengths[row >> 1] ?? 0);
  });
  for (const ink of [white, black]) assert.deepEqual(await readByLibtiff(ink), ink);
});

test('a page of letters is read back by libtiff and PDFium', async () => {
  const ink = letterLikeInk(1003, 700);
  assert.deepEqual(await painted(ink), ink);
  assert.deepEqual(await readByLibtiff(ink), ink);
});

test('a bitmap with too few rows is a mistake of the caller', () => {
  assert.throws(() => encodeG4({ width: 9, height: 2, bytes: new Uint8Array(3) }), /fewer rows/);
});
