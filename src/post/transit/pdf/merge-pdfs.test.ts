// Files one behind the other: every page is what it was, bookmarks lead to each, and the verifier finds what is missing or moved.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRef, PDFString } from '@cantoo/pdf-lib';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { checkWithQpdf } from '#formats/pdf/test-qpdf.ts';
import { A4, bornPdf, bytesOf, madePage, onePage } from '../../../../test/papers/sample-pdfs.ts';
import type { PageExpectation } from '../verify/expectation.ts';
import { verifyFile } from '../verify/verify-file.ts';
import { cleanPdf } from './clean-pdf.ts';
import { mergePdfs, type PartToMerge } from './merge-pdfs.ts';

async function born(text: string): Promise<Uint8Array> {
  // a drawn text without a font of its own would not be embedded, so pages here are made of lines
  const cleaned = await cleanPdf(onePage(`0 0 1 RG 5 w 70 ${text.length * 20} m 500 700 l S`));
  assert.ok(cleaned.ok);
  return cleaned.value;
}

const scan = (words?: readonly string[]): Uint8Array => writePdf([madePage(0, words)], { coding: 'jbig2' });
const OTHER = ['Zweite', 'Seite', 'mit', 'ganz', 'anderen', 'Worten', 'darauf.'];

function part(bytes: Uint8Array, title: string, foundIn: readonly string[] = []): PartToMerge {
  return { bytes, title, foundIn };
}

async function merge(parts: readonly PartToMerge[]): Promise<Uint8Array> {
  const merged = await mergePdfs(parts);
  assert.ok(merged.ok);
  return merged.value.bytes;
}

async function unmet(bytes: Uint8Array, parts: readonly Uint8Array[], pages: number): Promise<readonly string[]> {
  const page = (keptFrom: number): PageExpectation => ({
    box: keptFrom < 0 ? A4 : 'a4',
    plainText: undefined,
    inkKept: 1,
    inkShare: undefined,
    skewLeft: undefined,
    keptFrom,
    isWordless: true,
  });
  const criteria = await verifyFile(bytes, {
    producer: 'rewriter',
    pages: Array.from({ length: pages }, (_, at) => page(at)),
    source: undefined,
    parts,
    bytesBefore: 9_000_000,
    newName: '01_Zusammen.pdf',
  });
  return criteria.filter(({ isMet }) => !isMet).map(({ name, seen }) => `${name}: ${seen}`);
}

/** Each bookmark with its level and the page it leads to. */
async function bookmarks(bytes: Uint8Array): Promise<readonly string[]> {
  const document = await PDFDocument.load(bytes);
  const { context, catalog } = document;
  const pages = document.getPages().map(({ ref }) => ref);
  const told: string[] = [];
  const walk = (above: PDFDict, level: number): void => {
    for (let next = context.lookup(above.get(PDFName.of('First'))); next instanceof PDFDict;) {
      const title = next.lookup(PDFName.of('Title'));
      const name = title instanceof PDFHexString || title instanceof PDFString ? title.decodeText() : '?';
      const target = next.lookup(PDFName.of('Dest'), PDFArray).get(0);
      told.push(`${'-'.repeat(level)}${name} ${target instanceof PDFRef ? pages.indexOf(target) : '?'}`);
      assert.equal(next.has(PDFName.of('A')), false, 'no actions');
      walk(next, level + 1);
      next = context.lookup(next.get(PDFName.of('Next')));
    }
  };
  walk(catalog.lookup(PDFName.of('Outlines'), PDFDict), 0);
  return told;
}

test('scans and drawn pages stand in one file in their order, and every criterion holds', async () => {
  const parts = [scan(), await born('eins'), scan(OTHER)];
  const merged = await merge(parts.map((bytes, at) => part(bytes, `Nr. ${at + 1} – Größe`)));
  assert.deepEqual(await unmet(merged, parts, 3), []);
  assert.deepEqual(await bookmarks(merged), ['Nr. 1 – Größe 0', 'Nr. 2 – Größe 1', 'Nr. 3 – Größe 2']);
  const said = checkWithQpdf(merged);
  if (said !== undefined) assert.match(said, /No syntax or stream encoding errors/);
});

test('the verifier finds a page that is missing, moved or another one', async () => {
  const parts = [scan(), scan(OTHER)];
  const wrong = await merge([part(scan(OTHER), 'b'), part(scan(), 'a')]);
  assert.match((await unmet(wrong, parts, 2)).join(), /text/);
  const short = await merge([part(scan(), 'a')]);
  assert.match((await unmet(short, parts, 2)).join(), /pages/);
  const blank = await merge([part(scan(), 'a'), part(await born('x'), 'b')]);
  assert.notDeepEqual(await unmet(blank, parts, 2), []);
});

test('archives are levels of the bookmarks, and a document keeps its own bookmarks below its name', async () => {
  const withMarks = await bornPdf(['eins', 'zwei'], (document, pages) => {
    const { context } = document;
    const [item, root] = [context.nextRef(), context.nextRef()];
    const title = PDFHexString.fromText('Kapitel 2');
    context.assign(item, context.obj({ Title: title, Parent: root, Dest: [pages[1]?.ref ?? null, 'Fit'] }));
    context.assign(root, context.obj({ Type: 'Outlines', First: item, Last: item, Count: 1 }));
    document.catalog.set(PDFName.of('Outlines'), root);
  });
  const merged = await merge([
    part(scan(), 'Brief'),
    part(scan(OTHER), 'K1', ['Anlagen']),
    part(withMarks, 'K2', ['Anlagen']),
  ]);
  assert.deepEqual(await bookmarks(merged), ['Brief 0', 'Anlagen 1', '-K1 1', '-K2 2', '--Kapitel 2 3']);
});

test('a link from one page to another still arrives', async () => {
  const linked = await bornPdf(['eins', 'zwei'], ({ context }, [first, second]) => {
    if (first === undefined || second === undefined) return;
    const link = { Type: 'Annot', Subtype: 'Link', Rect: [70, 600, 200, 620], Dest: [second.ref, 'Fit'] };
    first.node.set(PDFName.of('Annots'), context.obj([link]));
  });
  const document = await PDFDocument.load(await merge([part(scan(), 'a'), part(linked, 'b')]));
  const note = document.getPage(1).node.Annots()?.lookup(0, PDFDict);
  assert.equal(note?.lookup(PDFName.of('Dest'), PDFArray).get(0), document.getPage(2).ref);
});

test('the same files give the same bytes, and equal pictures and fonts are there once', async () => {
  const parts = [part(scan(), 'a'), part(scan(), 'b'), part(scan(), 'c')];
  const merged = await merge(parts);
  assert.deepEqual(merged, await merge(parts));
  assert.ok(merged.length < 1.6 * scan().length, `${merged.length} of ${scan().length} each`);
});

test('what has fields, layers or destinations by name cannot share a file', async () => {
  const fields = onePage('', '', [], '/AcroForm << /Fields [] >>');
  const layers = onePage('', '', [], '/OCProperties << /OCGs [] /D << >> >>');
  const merged = await mergePdfs([part(fields, 'f'), part(layers, 'l'), part(scan(), 's')]);
  assert.ok(merged.ok);
  assert.deepEqual(merged.value.taken, [2]);
  assert.deepEqual(await bookmarks(merged.value.bytes), ['s 0']);
  const refused = await mergePdfs([part(scan(), 'a'), part(bytesOf('no PDF'), 'b')]);
  assert.ok(!refused.ok);
});
