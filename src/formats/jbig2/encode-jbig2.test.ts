// What the JBIG2 coder writes is read back bit for bit by PDFium and by Debian's jbig2dec.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import fc from 'fast-check';
import { letterLikeInk, inkOf, paintedInk, stencilPdf, type Ink } from '../../../test/papers/stencil-pdf.ts';
import { encodeJbig2 } from './encode-jbig2.ts';
import { isGenericOnly, listSegments } from './list-segments.ts';

const hasPeer = spawnSync('jbig2dec', ['--version']).status === 0;
let pdfium: PDFiumLibrary;
let folder: string;

before(async () => {
  pdfium = await PDFiumLibrary.init();
  folder = mkdtempSync(join(tmpdir(), 'jbig2-'));
});

after(() => {
  pdfium.destroy();
  rmSync(folder, { recursive: true });
});

const bitmaps: fc.Arbitrary<Ink> = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 40 }) })
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
  return paintedInk(pdfium, stencilPdf(ink, '/Filter/JBIG2Decode', encodeJbig2(ink)));
}

/** Binary PBM, where 1 is black as well. */
function readByPeer(ink: Ink): Uint8Array {
  const file = join(folder, 'page.jb2');
  writeFileSync(file, encodeJbig2(ink));
  const pbm = execFileSync('jbig2dec', ['-q', '-e', '-t', 'pbm', '-o', '-', file], { maxBuffer: 1 << 26 });
  const head = `P4\n${ink.width} ${ink.height}\n`;
  assert.equal(pbm.subarray(0, head.length).toString('latin1'), head);
  return new Uint8Array(pbm.subarray(head.length));
}

test('any bitmap is painted by PDFium as it was: ink black, the rest white', async () => {
  await fc.assert(
    fc.asyncProperty(bitmaps, async (ink) => assert.deepEqual(await painted(ink), ink)),
    { numRuns: 60 },
  );
});

test('a page of letters is read back bit for bit by jbig2dec and by PDFium', async (t) => {
  const ink = letterLikeInk(1003, 700);
  assert.deepEqual(await painted(ink), ink);
  if (!hasPeer) return t.skip('no jbig2dec here');
  assert.deepEqual(readByPeer(ink), ink.bytes);
});

test(
  'widths beside whole bytes and single rows are read back by jbig2dec',
  { skip: !hasPeer && 'no jbig2dec here' },
  () => {
    for (const [width, height] of [
      [1, 1],
      [7, 3],
      [8, 1],
      [9, 9],
      [513, 2],
    ] as const) {
      const ink = inkOf(width, height, (at) => (at * at) % 7 < 3);
      assert.deepEqual(readByPeer(ink), ink.bytes, `${width} × ${height}`);
    }
  },
);

test('what stands in the padding of a row is not written', () => {
  const clean = inkOf(5, 2, (at) => at % 2 === 0);
  const dirty = { ...clean, bytes: clean.bytes.map((byte) => byte | 0x07) };
  assert.deepEqual(encodeJbig2(dirty), encodeJbig2(clean));
});

test('an empty page of 300 dpi takes less than 150 bytes', () => {
  assert.ok(encodeJbig2({ width: 2480, height: 3508, bytes: new Uint8Array(310 * 3508) }).length < 150);
});

test('the stream holds page information and one generic region, and says so', () => {
  const listed = listSegments(encodeJbig2(letterLikeInk(300, 200)));
  assert.ok(listed.ok);
  assert.deepEqual(
    listed.value.map(({ number, type, page }) => ({ number, type, page })),
    [
      { number: 0, type: 48, page: 1 },
      { number: 1, type: 39, page: 1 },
    ],
  );
  assert.equal(isGenericOnly(listed.value), true);
});

test('a symbol dictionary is seen among the segments', () => {
  const dictionary = Uint8Array.of(0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 2, 9, 9);
  const stream = Buffer.concat([encodeJbig2(letterLikeInk(64, 80)), dictionary]);
  const listed = listSegments(stream);
  assert.ok(listed.ok);
  assert.equal(listed.value.at(-1)?.type, 0);
  assert.equal(isGenericOnly(listed.value), false);
});

test('a stream that ends early, or hides a length, is refused', () => {
  const stream = encodeJbig2(letterLikeInk(64, 80));
  const cut = listSegments(stream.subarray(0, -1));
  assert.deepEqual(cut, { ok: false, error: { kind: 'damaged', at: 30 } });
  const unknown = stream.slice();
  unknown.fill(0xff, 37, 41);
  assert.equal(listSegments(unknown).ok, false);
  assert.equal(listSegments(Uint8Array.of(0, 0, 0)).ok, false);
});

test('any bytes are listed or refused, never more', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const listed = listSegments(bytes);
      if (listed.ok) assert.ok(listed.value.every(({ at, length }) => at + length <= bytes.length));
    }),
  );
});

test('a bitmap with too few rows is a mistake of the caller', () => {
  assert.throws(() => encodeJbig2({ width: 9, height: 2, bytes: new Uint8Array(3) }), /fewer rows/);
});
