// Equal streams become one object, what differs in a single entry stays two, and every page looks as it did.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { PDFDocument, PDFName, PDFRawStream, type PDFRef } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { openWithPdfium } from './pdfium.ts';
import { shareEqual } from './share-equal.ts';

const [WIDTH, HEIGHT] = [60, 40];
const name = (text: string): PDFName => PDFName.of(text);

async function jpegOf(seed: number): Promise<Uint8Array> {
  const pixels = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => (at * seed) % 251));
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg()
    .toBuffer();
}

/** A page for each: which picture, and what its dictionary says besides. */
async function paper(pictures: readonly { readonly seed: number; readonly more?: object }[]): Promise<PDFDocument> {
  const document = await PDFDocument.create();
  for (const { seed, more = {} } of pictures) {
    const bytes = await jpegOf(seed);
    const said = { Type: 'XObject', Subtype: 'Image', Width: WIDTH, Height: HEIGHT, BitsPerComponent: 8 };
    const dict = document.context.obj({ ...said, ColorSpace: 'DeviceRGB', Filter: 'DCTDecode', ...more });
    const picture: PDFRef = document.context.register(PDFRawStream.of(dict, bytes));
    const page = document.addPage([200, 120]);
    page.node.setXObject(name('P'), picture);
    const drawing = document.context.stream('q 180 0 0 100 10 10 cm /P Do Q');
    page.node.set(name('Contents'), document.context.register(drawing));
  }
  return document;
}

function pictures({ context }: PDFDocument): number {
  return context
    .enumerateIndirectObjects()
    .filter(([, object]) => object instanceof PDFRawStream && object.dict.get(name('Subtype')) === name('Image'))
    .length;
}

async function looks(document: PDFDocument): Promise<readonly string[]> {
  const opened = await openWithPdfium(await document.save({ useObjectStreams: false }));
  assert.ok(opened.ok);
  const { pageCount, onPage, close } = opened.value;
  const seen = Array.from({ length: pageCount }, (_, at) => onPage(at, (page) => page.render(200, 120).pixels));
  close();
  return seen.map((pixels) =>
    createHash('sha256')
      .update(pixels ?? '')
      .digest('hex'),
  );
}

/** Pictures left, and whether each page looks as before. */
async function shared(sent: Parameters<typeof paper>[0]): Promise<readonly [number, number]> {
  const document = await paper(sent);
  const before = await looks(document);
  const count = pictures(document);
  shareEqual(document.context);
  assert.deepEqual(await looks(document), before);
  return [count, pictures(document)];
}

test('a picture that stands on three pages is kept once, another one beside it stays', async () => {
  assert.deepEqual(await shared([{ seed: 7 }, { seed: 7 }, { seed: 11 }, { seed: 7 }]), [4, 2]);
});

test('the same bytes that are to be shown otherwise stay two', async () => {
  const turned = { Decode: [1, 0, 1, 0, 1, 0] };
  assert.deepEqual(await shared([{ seed: 7 }, { seed: 7, more: turned }]), [2, 2]);
  assert.deepEqual(await shared([{ seed: 7, more: turned }, { seed: 7 }, { seed: 7, more: turned }]), [3, 2]);
  // the twin: taken for one, the second page would look like the first
  const [straight, other] = await looks(await paper([{ seed: 7 }, { seed: 7, more: turned }]));
  assert.notEqual(straight, other);
});

test('pictures whose masks are equal become one once the masks are', async () => {
  const document = await paper([{ seed: 7 }, { seed: 7 }]);
  for (const [, object] of document.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream) || object.dict.get(name('Subtype')) !== name('Image')) continue;
    const said = { Type: 'XObject', Subtype: 'Image', Width: 2, Height: 1, BitsPerComponent: 8 };
    const dict = document.context.obj({ ...said, ColorSpace: 'DeviceGray' });
    object.dict.set(name('SMask'), document.context.register(PDFRawStream.of(dict, Uint8Array.of(255, 90))));
  }
  const before = await looks(document);
  assert.equal(pictures(document), 4);
  shareEqual(document.context);
  assert.equal(pictures(document), 2, 'a picture and its mask');
  assert.deepEqual(await looks(document), before);
  assert.notDeepEqual(before, await looks(await paper([{ seed: 7 }, { seed: 7 }])), 'the mask is seen');
});
