// A sound file meets all 16 criteria; each criterion has a file that it finds.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PDFDocument, PDFName, degrees } from '@cantoo/pdf-lib';
import { limits } from '#base/limits.ts';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import {
  A4,
  bornPdf,
  busyPdf,
  bytesOf,
  madePage,
  onePage,
  scanPdf,
  streamByHand,
  textOfBytes,
  wordsOf,
} from '../../../../test/papers/sample-pdfs.ts';
import type { MadePage } from '../contract.ts';
import { cleanPdf } from '../pdf/clean-pdf.ts';
import { joinPages } from '../pdf/join-pages.ts';
import type { Expectation, PageExpectation } from './expectation.ts';
import { verifyFile } from './verify-file.ts';

const OTHER = ['Zweite', 'Seite', 'mit', 'ganz', 'anderen', 'Worten', 'darauf.'];

function inkShare({ mask }: MadePage): number {
  let ink = 0;
  for (const byte of mask.bytes) for (let bit = byte; bit !== 0; bit &= bit - 1) ink += 1;
  return ink / (mask.width * mask.height);
}

function expectMade(page: MadePage): PageExpectation {
  const plainText = wordsOf(page);
  return {
    box: 'a4',
    plainText: plainText === '' ? undefined : plainText,
    inkKept: 1,
    inkShare: inkShare(page),
    skewLeft: 0,
    keptFrom: undefined,
  };
}

function expectation(pages: readonly PageExpectation[], more: Partial<Expectation> = {}): Expectation {
  return { producer: 'writer', pages, source: undefined, bytesBefore: 9_000_000, newName: '01_Brief.pdf', ...more };
}

const kept = (index: number): PageExpectation => ({
  box: A4,
  plainText: undefined,
  inkKept: 1,
  inkShare: undefined,
  skewLeft: undefined,
  keptFrom: index,
});

/** Names of the criteria that are not met. */
async function unmet(bytes: Uint8Array, wanted: Expectation): Promise<readonly string[]> {
  const criteria = await verifyFile(bytes, wanted);
  assert.equal(criteria.length, 16);
  return criteria.filter(({ isMet }) => !isMet).map(({ name }) => name);
}

async function finds(name: string, bytes: Uint8Array, wanted: Expectation): Promise<void> {
  const criteria = await verifyFile(bytes, wanted);
  const found = criteria.find((criterion) => criterion.name === name);
  assert.equal(found?.isMet, false, `${name} says: ${found?.seen ?? 'nothing'}`);
}

const pages = [madePage(), madePage(0, OTHER)];
const sound = writePdf(pages, { coding: 'jbig2' });
const wanted = expectation(pages.map(expectMade));

test('files as we make them meet all 16 criteria, coded either way', async () => {
  assert.deepEqual(await unmet(sound, wanted), []);
  assert.deepEqual(await unmet(writePdf(pages, { coding: 'g4' }), wanted), []);
});

test('qpdf, pdfinfo and pdffonts say the same of such a file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'papers-'));
  try {
    writeFileSync(join(folder, 'file.pdf'), sound);
    const says = (program: string, ...parameters: readonly string[]): string | undefined => {
      const run = spawnSync(program, [...parameters, join(folder, 'file.pdf')], { encoding: 'utf8' });
      return run.error === undefined && run.status === 0 ? run.stdout : undefined;
    };
    if (spawnSync('qpdf', ['--version']).error !== undefined || spawnSync('pdffonts', ['-v']).error !== undefined)
      return t.skip('no qpdf or pdffonts here');
    assert.match(says('qpdf', '--check') ?? '', /No syntax or stream encoding errors/);
    assert.match(says('pdffonts') ?? '', /Glyphless .* yes yes yes/);
    assert.match(says('pdfinfo') ?? '', /JavaScript: +no[^]*Pages: +2[^]*Encrypted: +no[^]*\(A4\)[^]*Page rot: +0/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a letter kept as it is among pages made anew meets them too, but for fonts that were never in it', async () => {
  const source = await bornPdf(['Sehr geehrte Damen und Herren', 'zweite Seite']);
  const joined = await joinPages({ source, replaced: new Map([[1, pages[0] ?? madePage()]]), coding: 'jbig2' });
  assert.ok(joined.ok);
  const both = expectation([kept(0), expectMade(pages[0] ?? madePage())], { source, producer: 'rewriter' });
  assert.deepEqual(await unmet(joined.value, both), ['fonts']);
});

test('parses: a file that is cut off, spoiled or locked is found', async () => {
  await finds('parses', sound.subarray(0, sound.length - 200), wanted);
  await finds('parses', bytesOf('%PDF-1.7'), wanted);
  await finds('parses', new Uint8Array(0), wanted);
  const gap = onePage('', '');
  const lost = bytesOf(textOfBytes(gap).replace('4 0 obj', '9 0 obj'));
  await finds('parses', lost, expectation([kept(0)], { source: gap }));
});

test('version: a version too old and a claim nobody checked are found', async () => {
  const old = sound.slice();
  old[7] = '3'.charCodeAt(0);
  assert.deepEqual(await unmet(old, wanted), ['version']);
  const claim = streamByHand('/Type /Metadata /Subtype /XML', '<pdfaid:part>2</pdfaid:part>');
  await finds('version', onePage('', '', [claim], '/Metadata 5 0 R'), expectation([kept(0)]));
});

test('fonts: one that is not embedded is found, seen or unseen', async () => {
  await finds('fonts', await bornPdf(['Helvetica']), expectation([kept(0)]));
  await finds('fonts', await scanPdf({ hiddenText: 'Helvetica' }), expectation([kept(0)]));
});

test('searchable: ink without text is found, unless its maker found no word in it', async () => {
  const mute = writePdf([madePage(0, [])], { coding: 'jbig2' });
  await finds('searchable', mute, expectation([expectMade(madePage())]));
  assert.deepEqual(await unmet(mute, expectation([expectMade(madePage(0, []))])), []);
  const scan = await scanPdf();
  await finds('searchable', scan, expectation([kept(0)], { source: scan }));
});

test('text: letters and blanks that are not those that were read are found', async () => {
  const [first, second] = wanted.pages;
  assert.ok(first && second);
  for (const plainText of [
    `${first.plainText ?? ''} und noch etwas mehr`,
    first.plainText?.replaceAll('geehrte', 'geehrfe'),
    first.plainText?.replaceAll(/(.)/g, '$1 '),
    undefined,
  ]) {
    await finds('text', sound, expectation([{ ...first, plainText }, second]));
  }
  const letter = await bornPdf(['Das wurde geschrieben']);
  await finds('text', await bornPdf(['Das wurde gestrichen']), expectation([kept(0)], { source: letter }));
});

test('active: each thing that a file may do by itself is found', async () => {
  assert.ok((await unmet(await busyPdf(), expectation([kept(0)]))).includes('active'));
  for (const [page, further, catalog] of [
    ['', [], '/OpenAction << /S /JavaScript /JS (x) >>'],
    ['/AA << /O << /S /Launch /F (x) >> >>', [], ''],
    ['/Annots [5 0 R]', ['<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 1 1] >>'], ''],
    ['/Annots [5 0 R]', ['<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A << /S /SubmitForm /F (x) >> >>'], ''],
    ['', ['<< /S /JavaScript /JS (nobody names it) >>'], ''],
    ['', [], '/AcroForm << /Fields [] /XFA (x) >>'],
    ['', ['<< /Names [(a) << /Type /Filespec /EF << /F 6 0 R >> >>] >>'], '/Names << /EmbeddedFiles 5 0 R >>'],
  ] as const) {
    await finds('active', onePage('', page, further, catalog), expectation([kept(0)]));
  }
});

test('references: each way to the outside is found, a plain link is not one', async () => {
  const link = (action: string): Uint8Array =>
    onePage('', '/Annots [5 0 R]', [`<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A << ${action} >> >>`]);
  for (const bytes of [
    onePage('', '', [streamByHand('/F (draussen.bin)', '')]),
    link('/S /GoToR /F (andere.pdf) /D [0 /Fit]'),
    link('/S /URI /URI (file:///etc/passwd)'),
    link('/S /URI /URI (javascript:alert\\(1\\))'),
    onePage('', '', [], '/URI << /Base (https://example.org) >>'),
    onePage('', '', [streamByHand('/Subtype /Form /Ref << /F (andere.pdf) /Page 1 >>', '')]),
    onePage('', '', ['<< /FS /URL /F (https://example.org/x) >>']),
  ]) {
    await finds('references', bytes, expectation([kept(0)]));
  }
  const plain = link('/S /URI /URI (https://example.org/)');
  assert.ok(!(await unmet(plain, expectation([kept(0)]))).includes('references'));
});

test('size: a page that is not A4, or not the box it had, is found', async () => {
  const small = writePdf([{ ...madePage(), widthPt: 500, heightPt: 707 }], { coding: 'jbig2' });
  await finds('size', small, expectation([expectMade(madePage())]));
  const [first, second] = wanted.pages;
  assert.ok(first && second);
  await finds('size', sound, expectation([first, { ...second, box: { widthPt: 842, heightPt: 595 } }]));
});

test('pages: one too few, one too many and two that changed places are found', async () => {
  const [first, second] = wanted.pages;
  assert.ok(first && second);
  await finds('pages', sound, expectation([first]));
  await finds('pages', sound, expectation([first, second, second]));
  await finds('pages', sound, expectation([second, first]));
});

test('upright: a page left crooked, turned, or with lines on end is found', async () => {
  for (const turned of [0.45, -0.8, 1.5]) {
    const crooked = madePage(turned);
    await finds('upright', writePdf([crooked], { coding: 'jbig2' }), expectation([expectMade(crooked)]));
  }
  const nearly = madePage(0.15);
  assert.deepEqual(await unmet(writePdf([nearly], { coding: 'jbig2' }), expectation([expectMade(nearly)])), []);
  const turned = await PDFDocument.load(sound);
  turned.getPage(0).setRotation(degrees(90));
  await finds('upright', await turned.save(), wanted);
  const [first, second] = wanted.pages;
  assert.ok(first && second);
  await finds('upright', sound, expectation([{ ...first, skewLeft: 0.31 }, second]));
});

test('grew: a file larger than what came is found', async () => {
  assert.deepEqual(await unmet(sound, { ...wanted, bytesBefore: sound.length - 1 }), ['grew']);
  assert.deepEqual(await unmet(sound, { ...wanted, bytesBefore: sound.length }), []);
});

test('ink: what its maker lost, a mask painted inside out or empty, and a kept page that lost something are found', async () => {
  const [first, second] = wanted.pages;
  assert.ok(first && second);
  await finds('ink', sound, expectation([{ ...first, inkKept: 0.9 }, second]));
  await finds('ink', sound, expectation([{ ...first, inkKept: Number.NaN }, second]));
  const page = madePage();
  const inverted = { ...page, mask: { ...page.mask, bytes: page.mask.bytes.map((byte) => byte ^ 255) } };
  await finds('ink', writePdf([inverted], { coding: 'jbig2' }), expectation([expectMade(page)]));
  const blank = { ...page, mask: { ...page.mask, bytes: new Uint8Array(page.mask.bytes.length) } };
  await finds('ink', writePdf([blank], { coding: 'jbig2' }), expectation([expectMade(page)]));
  const source = await bornPdf(['Mit Strich']);
  const without = await PDFDocument.load(source);
  without.getPage(0).drawRectangle({
    x: 0,
    y: 680,
    width: 400,
    height: 15,
    color: { type: 'RGB', red: 1, green: 1, blue: 1 } as never,
  });
  await finds('ink', await without.save(), expectation([kept(0)], { source }));
});

test('jbig2: symbols, refinements and segments that cannot be read are found', async () => {
  const page = madePage();
  const sheet = writePdf([page], { coding: 'jbig2' });
  const alone = expectation([expectMade(page)]);
  const text = textOfBytes(sheet);
  const start = text.indexOf('stream\n', text.indexOf('/JBIG2Decode')) + 'stream\n'.length;
  for (const kind of [0, 6, 16, 23, 36, 42, 63]) {
    const spoiled = sheet.slice();
    spoiled[start + 4] = kind;
    await finds('jbig2', spoiled, alone);
  }
  const long = sheet.slice();
  long.fill(255, start + 7, start + 11);
  await finds('jbig2', long, alone);
});

test('name: what the German rule does not allow is found', async () => {
  for (const newName of [
    '',
    'Brief.pdf',
    '1_Brief.pdf',
    '01_Brief',
    '01_.pdf',
    '01_Brief v2.pdf',
    '01_a.b.pdf',
    '01_é.pdf',
    '01_../x.pdf',
    '01_a\u202Eb.pdf',
    '01_a\0.pdf',
    `01_${'x'.repeat(90)}.pdf`,
  ]) {
    assert.deepEqual(await unmet(sound, { ...wanted, newName }), ['name'], newName);
  }
});

test('limits: more pages than a letter may have are found', async () => {
  const one = expectMade(madePage());
  const many = Array.from({ length: limits.transit.pagesMax + 1 }, () => one);
  await finds('limits', sound, expectation(many));
});

test('metadata: authors, histories, previews and what a picture tells are found', async () => {
  const authored = await PDFDocument.load(sound);
  authored.setAuthor('Wer das schrieb');
  await finds('metadata', await authored.save(), wanted);
  const scan = await scanPdf({ withExif: true });
  await finds('metadata', scan, expectation([kept(0)], { source: scan }));
  for (const key of ['PieceInfo', 'Thumb', 'LastModified', 'Metadata']) {
    const marked = await PDFDocument.load(sound);
    marked.getPage(0).node.set(PDFName.of(key), marked.context.obj({}));
    await finds('metadata', await marked.save(), wanted);
  }
  const cleaned = await cleanPdf(scan);
  assert.ok(cleaned.ok);
  assert.ok(!(await unmet(cleaned.value, expectation([kept(0)], { source: scan }))).includes('metadata'));
});
