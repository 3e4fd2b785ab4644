// Documents of every origin through the whole chain: printed, scanned, both in one file, signed, invoices, locked; sixty assorted ones.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { zipSync } from 'fflate';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName } from '@cantoo/pdf-lib';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import type { KeepReason, OptimiseResult, SentFile } from '#post/transit/contract.ts';
import { cleanPdf } from '#post/transit/pdf/clean-pdf.ts';
import { bornPdf } from '../papers/sample-pdfs.ts';
import { makeAssorted } from '../../bench/transit/assorted.ts';
import { assertSound, failures, openChain, type Chain } from '../transit/chain.ts';
import { hasProgram, judgeFromOutside, say, textSeen, withFile } from '../transit/outside-judges.ts';
import {
  busyPrinted,
  invoicePdf,
  invoiceXml,
  joined,
  locked,
  printedPdf,
  scannedPdf,
  scannedSheet,
} from '../transit/printed-papers.ts';
import { signatureOf, signedPdf } from '../transit/signed-pdfs.ts';
import { openChromium } from './chromium.ts';

const IS_LONG = process.env['SIEGEL_LONG'] === '1';
const LINES = [
  'Amtsgericht Musterstadt',
  'In dem Rechtsstreit der Klägerin gegen den Beklagten',
  'wird beantragt, die Klage in vollem Umfang abzuweisen.',
  'Die Kosten des Verfahrens trägt die Klägerin.',
];

let chain: Chain;
let browser: Browser | undefined;

before(async () => {
  [chain, browser] = await Promise.all([openChain(), openChromium()]);
});

after(async () => {
  await browser?.close();
});

async function serve(files: readonly SentFile[]): Promise<OptimiseResult> {
  const result = await chain.optimise({ files });
  assertSound(
    result,
    files.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  return result;
}

/** Bytes of the first file of a letter in which nothing went back as it came. */
async function made(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const result = await serve([{ name, bytes }]);
  assert.deepEqual(failures(result), []);
  return result.files[0]?.bytes ?? new Uint8Array();
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function needs(t: TestContext, ...programs: readonly string[]): boolean {
  const missing = programs.find((program) => !hasProgram(program));
  if (missing !== undefined) t.skip(`${missing} is not installed`);
  return missing === undefined;
}

test('a printed letter keeps its vectors, its fonts and every word, and becomes no larger', async (t) => {
  if (browser === undefined) return t.skip('no browser is installed');
  const before = await printedPdf(browser);
  const after = await made('brief.pdf', before);
  assert.ok(after.length < before.length, `${before.length} → ${after.length}`);
  t.diagnostic(
    `${before.length} → ${after.length} bytes; judged by ${judgeFromOutside(after, { pages: 2 }).join(', ')}`,
  );
  assert.doesNotMatch(latin(after), /Titel, der nicht bleiben soll|\/Producer|\/CreationDate/);
  if (!needs(t, 'pdftotext', 'pdfimages', 'pdfinfo')) return;
  assert.ok(textSeen(before).length > 2_000);
  assert.equal(textSeen(after), textSeen(before));
  const pictures = withFile(after, (path) => say('pdfimages', ['-list', path]).text.split('\n').length);
  assert.ok(pictures <= 3, 'no page became a picture');
});

test('what acts by itself and what tells who wrote it is gone from a printed letter, its box and its words stay', async (t) => {
  if (browser === undefined) return t.skip('no browser is installed');
  const before = await busyPrinted(browser);
  const result = await serve([{ name: 'rege.pdf', bytes: before }]);
  assert.deepEqual(failures(result), ['notiz.txt: unknownKind']);
  const after = result.files[0]?.bytes ?? new Uint8Array();
  judgeFromOutside(after, { pages: 2 });
  assert.equal(
    Buffer.from(result.files[1]?.bytes ?? []).toString(),
    'angehängt '.repeat(20),
    'what was attached comes beside it',
  );
  if (!needs(t, 'pdftotext', 'pdfinfo', 'qpdf')) return;
  assert.match(
    withFile(before, (path) => say('pdfinfo', [path]).text),
    /JavaScript: +yes/,
  );
  const box = (bytes: Uint8Array): string =>
    /Page size: +(.*)/.exec(withFile(bytes, (path) => say('pdfinfo', [path]).text))?.[1] ?? '';
  assert.match(box(before), /^500 x 700/);
  assert.equal(box(after), box(before));
  assert.equal(textSeen(after), textSeen(before));
});

test('of a file with printed and scanned pages the printed ones stay as they are, the scanned ones are made new, in their order', async (t) => {
  if (browser === undefined) return t.skip('no browser is installed');
  if (!needs(t, 'qpdf', 'pdftotext')) return;
  const printed = await printedPdf(browser, 1);
  const scans = [await scannedPdf(['Erster Scan', ...LINES]), await scannedPdf(['Zweiter Scan', ...LINES], -0.7)];
  const before = joined([scans[0] ?? printed, printed, scans[1] ?? printed]);
  const after = await made('gemischt.pdf', before);
  assert.ok(after.length < before.length);
  judgeFromOutside(after, { pages: 3 });
  const page = (at: number): string =>
    withFile(after, (path) => say('pdftotext', ['-q', '-f', `${at}`, '-l', `${at}`, path, '-']).text);
  assert.match(page(1), /Erster Scan[^]*Rechtsstreit/);
  assert.equal(page(2).replaceAll(/\s+/g, ''), textSeen(printed));
  assert.match(page(3), /Zweiter Scan[^]*Rechtsstreit/);
});

test('a scan keeps its bookmarks, and they lead to the pages they led to', async () => {
  const scans = [await scannedPdf(['Klage', ...LINES]), await scannedPdf(['Anlage K1', ...LINES])];
  const document = await PDFDocument.load(joined(scans));
  const { context, catalog } = document;
  const mark = context.register(
    context.obj({ Title: PDFHexString.fromText('Anlage K1'), Dest: [document.getPage(1).ref, PDFName.of('Fit')] }),
  );
  catalog.set(PDFName.of('Outlines'), context.register(context.obj({ First: mark, Last: mark, Count: 1 })));
  const after = await made('anlagen.pdf', await document.save());
  judgeFromOutside(after, { pages: 2 });
  const read = await PDFDocument.load(after);
  const found = read.catalog.lookup(PDFName.of('Outlines'), PDFDict).lookup(PDFName.of('First'), PDFDict);
  assert.equal(found.lookup(PDFName.of('Title'), PDFHexString).decodeText(), 'Anlage K1');
  assert.equal(found.lookup(PDFName.of('Dest'), PDFArray).get(0), read.getPage(1).ref);
  assert.ok(textSeen(after).includes('Rechtsstreit'), 'and its words can be searched');
});

test('a printed letter whose fonts were never in it goes back as it came; so does a page with nothing on it that is small already', async () => {
  const loose = await bornPdf([LINES.join('\n').repeat(30)], (document) => {
    document.setAuthor('Wer das schrieb '.repeat(200)); // so that it would become smaller
  });
  const empty = await bornPdf(
    [''],
    (document, [page]) => void (page !== undefined && (document.removePage(0), document.addPage([595, 842]))),
  );
  const result = await serve([
    { name: 'lose.pdf', bytes: loose },
    { name: 'leer.pdf', bytes: empty },
  ]);
  const [first, second] = result.report.files;
  assert.equal(first?.kept, 'notProved');
  assert.deepEqual(
    first.criteria.filter(({ isMet }) => !isMet).map(({ name }) => name),
    ['fonts'],
  );
  assert.ok(second?.kept === undefined || second.kept === 'wouldGrow', second?.kept);
});

test('signed letters, signatures, invoices and locked files come back byte for byte with the reason, and the signature holds', async (t) => {
  if (!needs(t, 'openssl', 'qpdf')) return;
  const signed = signedPdf();
  const letter = await bornPdf(['unterschrieben durch eine Datei daneben']);
  const files: readonly (readonly [string, Uint8Array, KeepReason])[] = [
    ['vertrag.pdf', signed, 'signed'],
    ['brief.pdf', letter, 'signed'],
    ['brief.pdf.p7s', signatureOf(letter), 'signed'],
    ['rechnung.pdf', await invoicePdf(), 'invoice'],
    ['zugferd.pdf', await invoicePdf('ZUGFeRD-invoice.xml'), 'invoice'],
    ['xrechnung.xml', invoiceXml(), 'invoice'],
    ['geheim.pdf', locked(letter, 'wort'), 'encrypted'],
    ['gesperrt.pdf', locked(letter, ''), 'encrypted'],
  ];
  const result = await serve(files.map(([name, bytes]) => ({ name, bytes })));
  const said = result.report.files.map(({ oldName, kept }) => [oldName, kept]);
  assert.deepEqual(
    said,
    files.map(([name, , reason]) => [name, reason]),
  );
  for (const [at, [name, bytes]] of files.entries())
    assert.deepEqual(Buffer.from(result.files[at]?.bytes ?? []), Buffer.from(bytes), name);
  if (!needs(t, 'pdfsig')) return;
  const judged = (bytes: Uint8Array): string => withFile(bytes, (path) => say('pdfsig', ['-nocert', path]).text);
  assert.match(judged(result.files[0]?.bytes ?? new Uint8Array()), /Signature is Valid/);
  // the twin: the same file made new
  const cleaned = await cleanPdf(signed);
  assert.ok(cleaned.ok);
  assert.doesNotMatch(judged(cleaned.value), /Signature is Valid/);
  const changed = Buffer.from(latin(signed).replace('unterschrieben.', 'unterschrieben!'), 'latin1');
  assert.doesNotMatch(judged(changed), /Signature is Valid/);
});

/** One of each sort, small; SIEGEL_LONG: the sixty of the bench. */
async function assorted(browser: Browser): Promise<readonly SentFile[]> {
  if (IS_LONG) return makeAssorted(browser);
  const sheet = sharp(await scannedSheet(LINES, 0.6));
  const dot = sharp({ create: { width: 7, height: 7, channels: 3, background: '#dd2233' } });
  return [
    { name: 'scan.jpg', bytes: await sheet.clone().jpeg({ quality: 35 }).toBuffer() },
    { name: 'scan.png', bytes: await sheet.clone().resize(620).png().toBuffer() },
    {
      name: 'schwarz.tiff',
      bytes: await sheet
        .clone()
        .greyscale()
        .threshold(160)
        .toColourspace('b-w')
        .tiff({ compression: 'ccittfax4', bitdepth: 1 })
        .toBuffer(),
    },
    { name: 'punkt.png', bytes: await dot.clone().png().toBuffer() },
    { name: 'punkt.jpg', bytes: await dot.clone().jpeg().toBuffer() },
    { name: 'scan.pdf', bytes: await scannedPdf(LINES) },
    { name: 'brief.pdf', bytes: await printedPdf(browser, 1) },
    { name: 'text.zip', bytes: zipSync({ 'text.txt': new TextEncoder().encode('Guten Tag.') }) },
  ];
}

test('of assorted files none comes back larger, and what was made new holds all criteria, by our judges and by others', async (t) => {
  if (browser === undefined) return t.skip('no browser is installed');
  const files = await assorted(browser);
  const [tally, asked] = [new Map<string, number>(), new Map<string, number>()];
  const count = (where: Map<string, number>, what: string): void => void where.set(what, (where.get(what) ?? 0) + 1);
  const result = await serve(files);
  for (const [at, { oldName, kept, pages, bytesBefore, bytesAfter }] of result.report.files.entries()) {
    assert.ok(bytesAfter <= bytesBefore);
    count(tally, kept ?? 'made');
    // a mistake of ours would look like damage
    if (kept === 'damaged') assert.match(oldName, /^(torn|empty)\./);
    if (kept !== undefined || pages.length === 0) continue;
    const returned = result.files.find(({ report }) => report === at);
    for (const judge of judgeFromOutside(returned?.bytes ?? new Uint8Array(), { pages: pages.length }))
      count(asked, judge);
  }
  const sum = (sizes: readonly { readonly bytes: Uint8Array }[]): number =>
    sizes.reduce((all, { bytes }) => all + bytes.length, 0);
  t.diagnostic(
    `${files.length} files, ${sum(files)} → ${sum(result.files)} bytes; ${JSON.stringify([...tally])}; judged ${JSON.stringify([...asked])}`,
  );
  if (IS_LONG && process.env['SIEGEL_KEEP'] !== undefined) await keepFiles(process.env['SIEGEL_KEEP'], result);
  assert.equal(files.length, IS_LONG ? 60 : 8);
  assert.ok((tally.get('made') ?? 0) >= files.length / 3);
});

/** To be looked at by a person. */
async function keepFiles(folder: string, { files }: OptimiseResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
}
