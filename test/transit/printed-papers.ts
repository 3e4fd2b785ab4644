// Papers as people send them: letters that a browser printed to PDF with its own fonts, scans, both in one file, invoices, locked files.

import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { bornPdf } from '../papers/sample-pdfs.ts';
import { say, withFile } from './outside-judges.ts';

/** Letters, a table and a drawing, with embedded fonts and a link; `more`: what else stands in the page. */
export async function printedPdf(browser: Browser, pages = 2, more = ''): Promise<Uint8Array> {
  const tab = await browser.newPage();
  const paragraph =
    'Gemäß § 280 Abs. 1 BGB haftet der Schuldner für den Schaden, der aus der Verletzung einer Pflicht entsteht. ';
  const page = (at: number): string =>
    `<section style="break-after:page"><h1>Seite ${at + 1}: Größe und Maß</h1>${`<p>${paragraph.repeat(4)}</p>`.repeat(5)}
     <table border="1"><tr><td>Änderung</td><td>${at * 1_000 + 17},50 €</td></tr></table>
     <svg width="300" height="120"><path d="M10 110 C 60 10, 180 10, 290 110" stroke="#a3223a" fill="none" stroke-width="4"/></svg>
     <a href="https://example.org/akte">Akte</a></section>`;
  await tab.setContent(
    `<html lang="de"><head><title>Titel, der nicht bleiben soll</title></head><body style="font:14px 'DejaVu Serif',serif">${Array.from({ length: pages }, (_, at) => page(at)).join('')}${more}</body></html>`,
  );
  const bytes = await tab.pdf({ format: 'A4', preferCSSPageSize: false });
  await tab.close();
  return bytes;
}

/** A5 on its side, a script that starts by itself, an author, an attachment, a history: what must go, and the box that must stay. */
export async function busyPrinted(browser: Browser): Promise<Uint8Array> {
  const document = await PDFDocument.load(await printedPdf(browser), { updateMetadata: false });
  for (const page of document.getPages()) page.setCropBox(20, 30, 500, 700);
  document.setAuthor('Wer das schrieb');
  document.addJavaScript('start', 'app.alert("da");');
  document.catalog.set(PDFName.of('PieceInfo'), document.context.obj({ Maker: {} }));
  await document.attach(new TextEncoder().encode('angehängt '.repeat(20)), 'notiz.txt', { mimeType: 'text/plain' });
  return document.save({ useObjectStreams: false });
}

/** One A4 page at 150 dpi as a scanner gives it, a JPEG in a PDF. */
export async function scannedPdf(lines: readonly string[], degrees = 0.5): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const picture = await document.embedJpg(await scannedSheet(lines, degrees));
  document.addPage([595.28, 841.89]).drawImage(picture, { x: 0, y: 0, width: 595.28, height: 841.89 });
  return document.save();
}

export async function scannedSheet(lines: readonly string[], degrees: number): Promise<Buffer> {
  const text = lines.map((line, at) => `<text x="130" y="${200 + 60 * at}" font-size="32">${line}</text>`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="1754" font-family="DejaVu Serif, serif"><rect width="100%" height="100%" fill="#f3f1ea"/><g transform="rotate(${degrees} 620 877)">${text}</g></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().jpeg({ quality: 85 }).toBuffer();
}

/** By qpdf, in that order. */
export function joined(files: readonly Uint8Array[]): Uint8Array {
  return withFile(new Uint8Array(), (_, folder) => {
    const paths = files.map((bytes, at) => {
      writeFileSync(join(folder, `${at}.pdf`), bytes);
      return join(folder, `${at}.pdf`);
    });
    const out = join(folder, 'out.pdf');
    const { code, text } = say('qpdf', ['--empty', '--pages', ...paths, '--', out]);
    assert.equal(code, 0, text);
    return readFileSync(out);
  });
}

export function locked(bytes: Uint8Array, password: string): Uint8Array {
  return withFile(bytes, (path, folder) => {
    const out = join(folder, 'out.pdf');
    const { code, text } = say('qpdf', ['--encrypt', password, 'owner', '256', '--', path, out]);
    assert.equal(code, 0, text);
    return readFileSync(out);
  });
}

const INVOICE = `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"><rsm:ExchangedDocument/></rsm:CrossIndustryInvoice>`;

/** ZUGFeRD/Factur-X: the invoice for people with the one for machines inside. */
export async function invoicePdf(name = 'factur-x.xml'): Promise<Uint8Array> {
  return bornPdf([`Rechnung ${'Posten '.repeat(200)}`], async (document) => {
    await document.attach(new TextEncoder().encode(INVOICE), name, { mimeType: 'text/xml' });
  });
}

/** XRechnung: XML and nothing else. */
export function invoiceXml(): Uint8Array {
  return new TextEncoder().encode(INVOICE);
}
