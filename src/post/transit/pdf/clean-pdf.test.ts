// A file comes out with its pages as they were and without all that acts, reaches outside or tells who made it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PDFDocument, PDFName, PDFRawStream, PDFString } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { readPdf } from '#formats/pdf-read/pdf-document.ts';
import { entry, isStream } from '#formats/pdf-read/pdf-value.ts';
import {
  bornPdf,
  busyPdf,
  bytesOf,
  madePage,
  onePage,
  pdfByHand,
  scanPdf,
  streamByHand,
  textOfBytes,
  wordsOf,
} from '../../../../test/papers/sample-pdfs.ts';
import { cleanPdf } from './clean-pdf.ts';
import { joinPages } from './join-pages.ts';
import { openPdf } from './open-pdf.ts';
import { openWithPdfium } from './pdfium.ts';
import { stripJpeg } from './strip-picture.ts';

async function clean(bytes: Uint8Array): Promise<Uint8Array> {
  const cleaned = await cleanPdf(bytes);
  assert.ok(cleaned.ok, `refused: ${cleaned.ok ? '' : cleaned.error.kind}`);
  return cleaned.value;
}

/** All that stands in a file once it is unpacked. */
function unpacked(bytes: Uint8Array): string {
  const read = readPdf(bytes);
  assert.ok(read.ok);
  const texts = read.value.numbers.map((number) => {
    const value = read.value.get(number)?.value;
    const data = isStream(value) ? read.value.decode(value) : undefined;
    const text = JSON.stringify(value, (_, one: unknown) =>
      one instanceof Map ? [...one] : one instanceof Uint8Array ? textOfBytes(one) : one,
    );
    return text + (data?.ok === true ? textOfBytes(data.value) : '');
  });
  return texts.join('\n');
}

async function texts(bytes: Uint8Array): Promise<readonly string[]> {
  const opened = await openWithPdfium(bytes);
  assert.ok(opened.ok);
  return Array.from(
    { length: opened.value.pageCount },
    (_, i) => opened.value.onPage(i, (page) => page.readText()) ?? '',
  );
}

/** Undefined: there is no qpdf here. It reads files only. */
function qpdfSays(bytes: Uint8Array): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'papers-'));
  try {
    writeFileSync(join(folder, 'file.pdf'), bytes);
    const run = spawnSync('qpdf', ['--check', join(folder, 'file.pdf')]);
    if (run.error !== undefined) return undefined;
    return run.status === 0 ? 'sound' : run.stderr.toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('scripts, actions, attachments, authors and ways outside are gone, the text and a plain link stay', async () => {
  const busy = await busyPdf();
  const before = unpacked(busy);
  const cleaned = await clean(busy);
  const after = unpacked(cleaned);
  for (const word of [
    'app.alert',
    'calc.exe',
    'andere.pdf',
    'javascript:',
    'example.org/take',
    'notiz.txt',
    'PieceInfo',
    'Thumb',
  ]) {
    assert.ok(before.includes(word), `${word} was not there to begin with`);
    assert.ok(!after.includes(word), word);
  }
  assert.ok(!after.includes('Wer das schrieb') && !textOfBytes(cleaned).includes('/Info'));
  assert.ok(after.includes('https://example.org/'));
  assert.deepEqual(await texts(cleaned), await texts(busy));
  const opened = await openPdf(cleaned);
  assert.ok(opened.ok && !opened.value.facts.hasActive && opened.value.facts.attachments.length === 0);
});

test('the same bytes give the same bytes', async () => {
  const busy = await busyPdf();
  const [one, other] = [await clean(busy), await clean(busy)];
  assert.deepEqual(one, other);
});

test('qpdf finds nothing amiss with a cleaned file', async (t) => {
  const said = qpdfSays(await clean(await busyPdf()));
  if (said === undefined) return t.skip('no qpdf here');
  assert.equal(said, 'sound');
  assert.notEqual(qpdfSays(bytesOf('%PDF-1.7 nothing')), 'sound');
});

test('where and by whom a picture was taken is gone, and not a pixel with it', async () => {
  const scan = await scanPdf({ withExif: true });
  assert.ok(unpacked(scan).includes('Wer das las'));
  const cleaned = await clean(scan);
  assert.ok(!unpacked(cleaned).includes('Wer das las'));
  const pixels = async (bytes: Uint8Array): Promise<Buffer> => {
    const document = await PDFDocument.load(bytes);
    const pictures = document.context.enumerateIndirectObjects().map(([, object]) => object);
    const jpeg = pictures.find(
      (object): object is PDFRawStream =>
        object instanceof PDFRawStream && object.dict.get(PDFName.of('Filter')) === PDFName.of('DCTDecode'),
    );
    assert.ok(jpeg);
    return sharp(jpeg.contents).raw().toBuffer();
  };
  assert.deepEqual(await pixels(cleaned), await pixels(scan));
  assert.equal(stripJpeg(bytesOf('\xff\xd8\xff\xe1\xff\xff')), undefined);
});

test('an older version beneath a newer one does not travel on', async () => {
  const bytes = onePage('BT ET', '', ['(was gestrichen wurde)']);
  assert.ok(textOfBytes(bytes).includes('was gestrichen wurde'));
  assert.ok(!unpacked(await clean(bytes)).includes('was gestrichen wurde'));
});

test('a font that is called like an action stays', async () => {
  const font = '/Resources << /Font << /AA << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>';
  const bytes = onePage('BT /AA 12 Tf 70 700 Td (bleibt hier) Tj ET', font);
  assert.deepEqual(await texts(await clean(bytes)), ['bleibt hier']);
});

test('a mark that carried a file keeps its looks and loses the file', async () => {
  const marks = [
    '<< /Type /Annot /Subtype /FileAttachment /Rect [10 10 50 50] /FS 6 0 R /AP << /N 8 0 R >> >>',
    '<< /Type /Filespec /F (geheim.txt) /EF << /F 7 0 R >> >>',
    streamByHand('/Type /EmbeddedFile', 'ganz geheim'),
    streamByHand('/Type /XObject /Subtype /Form /BBox [0 0 40 40]', '0 0 40 40 re f'),
  ];
  const cleaned = unpacked(await clean(onePage('BT ET', '/Annots [5 0 R]', marks)));
  assert.ok(!cleaned.includes('geheim') && cleaned.includes('Stamp') && cleaned.includes('0 0 40 40 re f'));
});

test('files that cannot be cleaned without loss, locked or broken, are refused with a reason', async () => {
  const outside = onePage('', '/Resources << /XObject << /X 5 0 R >> >>', [
    streamByHand('/F (bild.jpg) /Subtype /Image', ''),
  ]);
  const loop = pdfByHand(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']);
  const locked = pdfByHand(
    ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'],
    '/Root 1 0 R /Encrypt << /Filter /Standard >>',
  );
  for (const [bytes, reason] of [
    [outside, 'notProved'],
    [loop, 'damaged'],
    [locked, 'encrypted'],
    [bytesOf('%PDF-1.7'), 'damaged'],
    [new Uint8Array(0), 'damaged'],
  ] as const) {
    assert.deepEqual(await cleanPdf(bytes), { ok: false, error: { kind: reason } });
  }
});

test('a page made anew stands in its place among those that were kept, bookmarks and all', async () => {
  const source = await bornPdf(['Seite eins', 'Seite zwei', 'Seite drei', 'Seite vier'], (document, pages) => {
    const { context } = document;
    const item = context.nextRef();
    const outlines = context.nextRef();
    context.assign(
      item,
      context.obj({ Title: PDFString.of('Zwei'), Parent: outlines, Dest: [pages[1]?.ref ?? null, 'Fit'] }),
    );
    context.assign(outlines, context.obj({ Type: 'Outlines', First: item, Last: item, Count: 1 }));
    document.catalog.set(PDFName.of('Outlines'), outlines);
    // what the tree hands down must not turn or cut the new page
    document.catalog.Pages().set(PDFName.of('Rotate'), context.obj(90));
    document.catalog.Pages().set(PDFName.of('CropBox'), context.obj([0, 0, 100, 100]));
  });
  const made = madePage();
  const order = { source, replaced: new Map([[1, made]]), coding: 'jbig2' } as const;
  const joined = await joinPages(order);
  assert.ok(joined.ok);
  const found = await texts(joined.value);
  assert.deepEqual([found.length, found[0], found[2], found[3]], [4, 'Seite eins', 'Seite drei', 'Seite vier']);
  assert.equal(found[1]?.replaceAll(/\s+/g, ' '), wordsOf(made));
  const opened = await openWithPdfium(joined.value);
  assert.ok(opened.ok);
  assert.deepEqual(
    opened.value.onPage(1, ({ widthPt, heightPt, rotation }) => [Math.round(widthPt), Math.round(heightPt), rotation]),
    [595, 842, 0],
  );
  const read = readPdf(joined.value);
  assert.ok(read.ok && entry(read.value.catalog, 'Outlines') !== undefined);
  const again = await joinPages(order);
  assert.ok(again.ok);
  assert.deepEqual(again.value, joined.value);
  assert.equal((await joinPages({ ...order, replaced: new Map([[9, made]]) })).ok, false);
});
