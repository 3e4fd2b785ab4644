// Sixty files of every sort that people send, tiny and already small ones among them: none may come back larger.

import { zipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { makeMsg } from '#post/transit/extract/test-msg.ts';
import { sampleHeic } from '../../test/papers/sample-heic.ts';
import { scansAsPdf } from './corpus.ts';
import { writeLetter } from './letters.ts';
import { renderLetters } from './render-letters.ts';
import { scanPage } from './wear.ts';

export interface Assorted {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const QUALITIES: readonly number[] = [10, 35, 60, 92];
const WIDTHS: readonly number[] = [413, 827, 1240, 1654];
const TINY: readonly number[] = [1, 2, 7, 64];

export async function makeAssorted(browser: Browser): Promise<readonly Assorted[]> {
  const [plain = Buffer.alloc(0), mixed = Buffer.alloc(0)] = await renderLetters(browser, [
    { page: writeLetter(91, 140), look: 'plain' },
    { page: writeLetter(92, 90), look: 'mixed' },
  ]);
  const scan = await scanPage(plain, 91);
  const files = [
    ...(await pictures(scan, mixed)),
    ...(await scannedPdfs(scan)),
    ...(await tinyFiles()),
    ...(await efficientFiles(plain)),
    ...(await fromPhones(scan, mixed)),
    ...(await bornDigital(browser)),
    ...strangers(scan),
  ];
  if (files.length !== 60) throw new Error(`${files.length} files instead of 60`);
  return files;
}

/** 4 widths × (4 qualities of JPEG and a PNG) of the scan = 20, and 4 of the coloured page. */
async function pictures(scan: Buffer, mixed: Buffer): Promise<readonly Assorted[]> {
  const made: Assorted[] = [];
  for (const width of WIDTHS) {
    const small = sharp(scan).resize(width);
    for (const quality of QUALITIES)
      made.push({ name: `scan-${width}-${quality}.jpg`, bytes: await small.clone().jpeg({ quality }).toBuffer() });
    made.push({ name: `scan-${width}.png`, bytes: await small.clone().greyscale().png().toBuffer() });
    made.push({ name: `mixed-${width}.jpg`, bytes: await sharp(mixed).resize(width).jpeg({ quality: 70 }).toBuffer() });
  }
  return made;
}

/** 8. */
async function scannedPdfs(scan: Buffer): Promise<readonly Assorted[]> {
  const made: Assorted[] = [];
  for (const width of [827, 1240])
    for (const quality of QUALITIES) {
      const jpeg = await sharp(scan).resize(width).jpeg({ quality }).toBuffer();
      made.push({ name: `scan-${width}-${quality}.pdf`, bytes: await scansAsPdf([jpeg]) });
    }
  return made;
}

/** 4 sizes as PNG and JPEG, and a PDF of the smallest two = 10. */
async function tinyFiles(): Promise<readonly Assorted[]> {
  const made: Assorted[] = [];
  for (const side of TINY) {
    const dot = sharp({ create: { width: side, height: side, channels: 3, background: '#dd2233' } });
    const jpeg = await dot.clone().jpeg().toBuffer();
    made.push(
      { name: `tiny-${side}.png`, bytes: await dot.clone().png().toBuffer() },
      { name: `tiny-${side}.jpg`, bytes: jpeg },
    );
    if (side < 7) made.push({ name: `tiny-${side}.pdf`, bytes: await scansAsPdf([jpeg], [20, 20]) });
  }
  return made;
}

/** Already as small as their makers could: 6. */
async function efficientFiles(plain: Buffer): Promise<readonly Assorted[]> {
  const black = sharp(plain).greyscale().threshold(160).toColourspace('b-w');
  const white = sharp({ create: { width: 2480, height: 3508, channels: 3, background: '#ffffff' } });
  return [
    {
      name: 'black.png',
      bytes: await black.clone().png({ palette: true, colours: 2, compressionLevel: 9 }).toBuffer(),
    },
    { name: 'black-g4.tiff', bytes: await black.clone().tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer() },
    {
      name: 'black-deflate.tiff',
      bytes: await black.clone().tiff({ compression: 'deflate', bitdepth: 1, predictor: 'none' }).toBuffer(),
    },
    { name: 'white.png', bytes: await white.clone().png({ palette: true, compressionLevel: 9 }).toBuffer() },
    { name: 'white.jpg', bytes: await white.clone().jpeg({ quality: 40 }).toBuffer() },
    { name: 'white.tiff', bytes: await white.clone().tiff({ compression: 'deflate' }).toBuffer() },
  ];
}

/** As phones and Outlook send them: 4. */
async function fromPhones(scan: Buffer, mixed: Buffer): Promise<readonly Assorted[]> {
  const small = await sharp(scan).resize(1240).jpeg({ quality: 60 }).toBuffer();
  return [
    { name: 'page.heic', bytes: sampleHeic('page') },
    { name: 'tiny.heic', bytes: sampleHeic('exif') },
    { name: 'mixed-1240.webp', bytes: await sharp(mixed).resize(1240).webp({ quality: 75 }).toBuffer() },
    { name: 'letter.msg', bytes: makeMsg({ parts: [{ name: 'scan.jpg', bytes: small }] }) },
  ];
}

/** Printed to PDF by the browser: 4. */
async function bornDigital(browser: Browser): Promise<readonly Assorted[]> {
  const tab = await browser.newPage();
  const made: Assorted[] = [];
  for (const pages of [0, 1, 3, 12]) {
    const text = Array.from({ length: pages * 12 }, (_, index) => writeLetter(500 + index, 60).paragraphs[0] ?? '');
    await tab.setContent(
      `<html lang="de"><body>${text.map((paragraph) => `<p>${paragraph}</p>`).join('')}</body></html>`,
    );
    made.push({ name: `born-${pages}.pdf`, bytes: await tab.pdf({ format: 'A4' }) });
  }
  await tab.close();
  return made;
}

/** What is no paper at all: 4. */
function strangers(scan: Buffer): readonly Assorted[] {
  const text = new TextEncoder().encode('Guten Tag, anbei die Unterlagen.\r\n');
  return [
    { name: 'letter.txt', bytes: text },
    { name: 'empty.pdf', bytes: new Uint8Array(0) },
    { name: 'torn.pdf', bytes: new TextEncoder().encode('%PDF-1.4\n1 0 obj\n<</Type/Cat') },
    { name: 'torn.jpg', bytes: scan.subarray(0, scan.length >> 1) },
  ].map((file, index) => (index === 0 ? { name: 'letter.zip', bytes: zipSync({ 'letter.txt': text }) } : file));
}
