// What came is seen for what it is: scans, letters, signed files, invoices, locked files, and files made to harm.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFDocument, PDFName, PDFNumber, PDFString, rgb, type PDFPage } from '@cantoo/pdf-lib';
import { limits } from '#base/limits.ts';
import {
  bornPdf,
  busyPdf,
  bytesOf,
  onePage,
  pdfByHand,
  scanPdf,
  streamByHand,
  textOfBytes,
} from '../../../../test/papers/sample-pdfs.ts';
import { processorMs } from '../../../../test/processor-time.ts';
import { openPdf } from './open-pdf.ts';
import type { OpenedPdf } from './opened-pdf.ts';

async function open(bytes: Uint8Array): Promise<OpenedPdf> {
  const opened = await openPdf(bytes);
  assert.ok(opened.ok, `refused: ${opened.ok ? '' : opened.error.kind}`);
  return opened.value;
}

async function refusal(bytes: Uint8Array): Promise<string | undefined> {
  const opened = await openPdf(bytes);
  return opened.ok ? undefined : opened.error.kind;
}

test('a scan is known by its picture, with and without an old invisible text, at the resolution it was scanned with', async () => {
  for (const way of [{ dpi: 150 }, { dpi: 150, hiddenText: 'alter Text' }]) {
    const pdf = await open(await scanPdf(way));
    assert.equal(pdf.facts.pages[0]?.kind, 'scan');
    assert.equal(Math.round(pdf.facts.pages[0]?.dpi ?? 0), 150);
    const drawn = pdf.render(0, pdf.facts.pages[0]?.dpi ?? 0);
    assert.ok(drawn.ok);
    assert.deepEqual([drawn.value.width, drawn.value.height, drawn.value.channels], [1240, 1754, 1]);
    const dark = drawn.value.pixels.filter((pixel) => pixel < 128).length / drawn.value.pixels.length;
    assert.ok(dark > 0.05 && dark < 0.4, `${dark}`);
    pdf.close();
  }
});

test('a scan that is turned when shown is measured and drawn as a reader sees it', async () => {
  const pdf = await open(await scanPdf({ isTurned: true }));
  assert.equal(pdf.facts.pages[0]?.kind, 'scan');
  assert.equal(pdf.facts.pages[0]?.rotation, 90);
  const drawn = pdf.render(0, 72);
  assert.ok(drawn.ok && drawn.value.width === 842 && drawn.value.height === 595);
});

test('a scan inside a form is a scan', async () => {
  const source = await PDFDocument.load(await scanPdf({ dpi: 120 }));
  const document = await PDFDocument.create();
  const [inner] = await document.embedPages([source.getPage(0)]);
  assert.ok(inner);
  document.addPage([595.28, 841.89]).drawPage(inner, { x: 0, y: 0, width: 595.28, height: 841.89 });
  const pdf = await open(await document.save());
  assert.equal(pdf.facts.pages[0]?.kind, 'scan');
  assert.equal(Math.round(pdf.facts.pages[0]?.dpi ?? 0), 120);
});

/** One picture on a page of this width in points, a letter's height to it. */
async function pageOf(widthPt: number, change: (page: PDFPage) => void = () => undefined): Promise<Uint8Array> {
  const document = await PDFDocument.load(await scanPdf({ dpi: 150 }));
  const page = document.getPage(0);
  const share = widthPt / page.getWidth();
  page.scale(share, share);
  change(page);
  return document.save();
}

test('a picture that would be drawn too coarsely by the measures of its page is none to be drawn anew', async () => {
  // at 400 dots an inch the letters of a page of 1 mm, or of a tenth of A4, are a few pixels
  for (const [widthPt, kind] of [
    [2.8, 'mixed'],
    [59.5, 'mixed'],
    [240, 'scan'], // a card: fine, but large enough
    [595, 'scan'],
    [5_000, 'scan'],
  ] as const) {
    const pdf = await open(await pageOf(widthPt));
    assert.deepEqual([widthPt, pdf.facts.pages[0]?.kind, pdf.facts.keep], [widthPt, kind, undefined]);
    pdf.close();
  }
});

test('a scan measured in a unit of its own goes back as it came; in the usual one it does not', async () => {
  for (const [unit, keep] of [
    [3, 'notProved'],
    [1, undefined],
  ] as const) {
    const pdf = await open(
      await pageOf(595 / unit, (page) => page.node.set(PDFName.of('UserUnit'), PDFNumber.of(unit))),
    );
    assert.deepEqual([pdf.facts.pages[0]?.kind, pdf.facts.keep], ['scan', keep]);
  }
});

test('bookmarks are seen, and an empty list of them is none', async () => {
  for (const [entries, hasBookmarks] of [
    [{ Type: 'Outlines', Count: 0 }, false],
    [{ Type: 'Outlines', Count: 1, First: {} }, true],
  ] as const) {
    const document = await PDFDocument.load(await scanPdf());
    document.catalog.set(PDFName.of('Outlines'), document.context.obj(entries));
    assert.equal((await open(await document.save())).facts.hasBookmarks, hasBookmarks);
  }
});

test('a letter that a program wrote is born digital, a stamped scan is mixed, a blank page is empty', async () => {
  const pdf = await open(await bornPdf(['Sehr geehrte Damen', '']));
  assert.deepEqual(
    pdf.facts.pages.map(({ kind }) => kind),
    ['born', 'born'],
  );
  assert.deepEqual([pdf.facts.hasActive, pdf.facts.keep, pdf.facts.isMended], [false, undefined, false]);
  const stamped = await PDFDocument.load(await scanPdf());
  stamped.getPage(0).drawText('EINGEGANGEN', { color: rgb(1, 0, 0) });
  stamped.addPage();
  const mixed = await open(await stamped.save());
  assert.deepEqual(
    mixed.facts.pages.map(({ kind }) => kind),
    ['mixed', 'empty'],
  );
  const drawn = mixed.render(0, 50);
  assert.ok(drawn.ok && drawn.value.channels === 3);
});

test('text that a whole-page picture hides does not make a scan a letter', async () => {
  const again = await PDFDocument.load(await scanPdf());
  again.getPage(0).drawText('unter dem Bild', { x: 10, y: 10 });
  const contents = again.getPage(0).node.Contents();
  assert.ok(contents && 'asArray' in contents);
  const text = contents.asArray().at(-1);
  assert.ok(text);
  again.getPage(0).node.set(PDFName.of('Contents'), again.context.obj([text, ...contents.asArray().slice(0, -1)]));
  const pdf = await open(await again.save());
  assert.equal(pdf.facts.pages[0]?.kind, 'scan');
});

const SIGNATURE =
  '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <00> >>';

test('a signed file is to be kept, however its signature is hidden', async () => {
  const signed = [
    onePage('', '', [SIGNATURE, '<< /FT /Sig /V 5 0 R /T (s) >>'], '/AcroForm << /Fields [6 0 R] /SigFlags 3 >>'),
    // written with escapes, and named by nothing
    onePage('', '', ['<< /Byte#52ange [0 1 2 3] /Contents <00> >>']),
    onePage('', '', ['<< /Type /DocTimeStamp /Contents <00> >>']),
    // a field that waits for its signature
    onePage('', '', ['<< /FT /Sig /T (hier) >>'], '/AcroForm << /Fields [5 0 R] >>'),
    onePage('', '', [], '/Perms << /DocMDP 9 0 R >>'),
    // an older version, signed, and a newer one on top
    bytesOf(
      textOfBytes(onePage('', '', [SIGNATURE])) +
        textOfBytes(onePage('')).replaceAll(/startxref\n\d+/g, 'startxref\n0'),
    ),
  ];
  for (const [i, bytes] of signed.entries()) {
    const pdf = await open(bytes);
    assert.deepEqual([pdf.facts.isSigned, pdf.facts.keep], [true, 'signed'], `file ${i}`);
  }
  const inStreams = await PDFDocument.load(await bornPdf(['Vertrag', 'Seite 2']));
  inStreams.context.register(inStreams.context.obj({ Type: 'DocTimeStamp', Contents: PDFString.of('x') }));
  const packed = await inStreams.save({ useObjectStreams: true });
  assert.ok(!textOfBytes(packed).includes('DocTimeStamp'));
  assert.equal((await open(packed)).facts.keep, 'signed');
});

test('an e-invoice is to be kept, by its file or by what it says of itself', async () => {
  const xml = '<?xml version="1.0"?><rsm:CrossIndustryInvoice xmlns:rsm="urn:x"></rsm:CrossIndustryInvoice>';
  for (const [name, content] of [
    ['factur-x.xml', '<a/>'],
    ['ZUGFeRD-invoice.xml', '<a/>'],
    ['xrechnung.xml', '<a/>'],
    ['daten.xml', xml],
  ] as const) {
    const bytes = await bornPdf(['Rechnung'], async (document) => {
      await document.attach(new TextEncoder().encode(content), name, { mimeType: 'text/xml' });
    });
    const pdf = await open(bytes);
    assert.deepEqual([pdf.facts.isInvoice, pdf.facts.keep], [true, 'invoice'], name);
  }
  const said = '<rdf xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"/>';
  const pdf = await open(onePage('', '', [streamByHand('/Type /Metadata /Subtype /XML', said)], '/Metadata 5 0 R'));
  assert.equal(pdf.facts.keep, 'invoice');
});

test('an encrypted file is refused, with and without a password to read it', async () => {
  for (const user of ['', 'geheim']) {
    const document = await PDFDocument.create();
    document.addPage();
    document.encrypt({ userPassword: user, ownerPassword: 'eigen' });
    assert.equal(await refusal(await document.save({ useObjectStreams: false })), 'encrypted');
  }
  assert.equal(
    await refusal(pdfByHand(['<< /Type /Catalog >>'], '/Root 1 0 R /Encrypt 9 0 R /Encrypt 1 0 R')),
    'encrypted',
  );
});

test('what a file would do by itself is seen, and the files inside are handed out', async () => {
  const pdf = await open(await busyPdf());
  assert.equal(pdf.facts.hasActive, true);
  assert.equal(pdf.facts.keep, undefined);
  assert.deepEqual(
    pdf.facts.attachments.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]),
    [['notiz.txt', 'angehängt']],
  );
});

test('a form that makes its pages when opened is to be kept', async () => {
  assert.equal((await open(onePage('', '', [], '/NeedsRendering true'))).facts.keep, 'notProved');
});

test('files made to harm are refused with a reason, and soon', async () => {
  const swarm = `<< /Type /Pages /Count 9999 /Kids [${'3 0 R '.repeat(9_999)}] >>`;
  const hostile: readonly (readonly [Uint8Array, readonly (string | undefined)[]])[] = [
    [new Uint8Array(0), ['damaged']],
    [bytesOf('%PDF-1.7'), ['damaged']],
    [new Uint8Array(10_000).fill(0x28), ['damaged']],
    [pdfByHand(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']), ['damaged']],
    [
      pdfByHand(['<< /Type /Catalog /Pages 2 0 R >>', swarm, '<< /Type /Page /Parent 2 0 R >>']),
      ['tooManyPages', 'damaged'],
    ],
    [bytesOf(`%PDF-1.7\n${'1 0 obj<<'.repeat(20_000)}`), ['damaged']],
    [bytesOf(`%PDF-1.7\n1 0 obj ${'['.repeat(200_000)}`), ['damaged']],
  ];
  for (const [i, [bytes, reasons]] of hostile.entries()) {
    const begun = processorMs();
    assert.ok(reasons.includes(await refusal(bytes)), `file ${i}: ${String(await refusal(bytes))}`);
    assert.ok(processorMs() - begun < 5_000, `file ${i}`);
  }
});

test('a picture larger than the bound is refused, and an enormous page is drawn coarsely enough', async () => {
  const pdf = await open(await scanPdf());
  assert.deepEqual(pdf.render(0, 2_000), { ok: false, error: { kind: 'pictureTooLarge' } });
  assert.deepEqual(pdf.render(0, Number.NaN), { ok: false, error: { kind: 'pictureTooLarge' } });
  assert.deepEqual(pdf.render(7, 72), { ok: false, error: { kind: 'damaged' } });
  const vast = await open(onePage('0 0 m 9 9 l S', '/MediaBox [0 0 14400 14400]'));
  const { dpi } = vast.facts.pages[0] ?? { dpi: 0 };
  assert.ok((dpi * 200) ** 2 <= limits.transit.pictureMegapixels * 1e6);
});
