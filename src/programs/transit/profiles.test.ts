// Wishes through the whole real workshop: a sheet as it looks, all in one file, and both at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { systemClock } from '#base/clock.ts';
import { readPdf } from '#formats/pdf-read/pdf-document.ts';
import { filtersOf } from '#formats/pdf-read/decode-stream.ts';
import { isStream } from '#formats/pdf-read/pdf-value.ts';
import type { OptimiseResult, Profile, SentFile } from '#post/transit/contract.ts';
import { openWithPdfium } from '#post/transit/pdf/pdfium.ts';
import { onePage } from '../../../test/papers/sample-pdfs.ts';
import { openWorkshop } from './open-workshop.ts';

const workshop = await openWorkshop(systemClock);
after(() => workshop[Symbol.asyncDispose]());

/** A5 at 200 dpi: words in ink, a stroke of pencil, on paper that is not white. */
async function sheet(words: readonly string[]): Promise<Uint8Array> {
  const text = words.map((line, at) => `<text x="120" y="${200 + 90 * at}" font-size="44">${line}</text>`).join('');
  const pencil = '<path d="M 150 900 Q 500 820 900 930" stroke="#b4b4b8" stroke-width="4" fill="none"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1165" height="1654" font-family="DejaVu Serif, serif"><rect width="100%" height="100%" fill="#f4f2ec"/>${text}${pencil}</svg>`;
  return sharp(Buffer.from(svg)).withMetadata({ density: 200 }).png({ compressionLevel: 0 }).toBuffer();
}

const files: readonly SentFile[] = [
  { name: 'Erster Brief.png', bytes: await sheet(['Amtsgericht Musterstadt', 'die Klage abzuweisen']) },
  { name: 'zweiter.png', bytes: await sheet(['Landgericht Beispielhausen', 'die Kosten des Verfahrens']) },
];

function run(profile: Profile, sent = files): Promise<OptimiseResult> {
  const way = { signal: new AbortController().signal, onProgress: () => undefined };
  return workshop.optimise({ files: sent, profile }, way);
}

function failures({ report }: OptimiseResult): readonly unknown[] {
  return report.files.flatMap(({ oldName, kept, criteria }) => [
    ...(kept === undefined ? [] : [`${oldName}: ${kept}`]),
    ...criteria.filter(({ isMet }) => !isMet).map(({ name, seen }) => `${oldName}: ${name}: ${seen}`),
  ]);
}

/** How the pictures of a file are coded. */
function codings(bytes: Uint8Array): readonly string[] {
  const read = readPdf(bytes);
  assert.ok(read.ok);
  const document = read.value;
  return document.numbers.flatMap((number) => {
    const value = document.get(number)?.value;
    const filters = value !== undefined && isStream(value) ? filtersOf(value, document.resolve) : [];
    return filters.filter((filter) => ['DCTDecode', 'JBIG2Decode', 'CCITTFaxDecode'].includes(filter));
  });
}

async function textOf(bytes: Uint8Array): Promise<readonly string[]> {
  const opened = await openWithPdfium(bytes);
  assert.ok(opened.ok);
  const { pageCount } = opened.value;
  const texts = Array.from({ length: pageCount }, (_, at) => opened.value.onPage(at, (page) => page.readText()) ?? '');
  opened.value.close();
  return texts;
}

test('treu and zusammen at once: one file, each page a picture with its words above, every criterion met', async (t) => {
  const result = await run('faithful+together');
  assert.deepEqual(failures(result), []);
  assert.deepEqual(
    result.files.map(({ name }) => name),
    ['01_Zusammen.pdf'],
  );
  const { bytes } = result.files[0] ?? { bytes: new Uint8Array() };
  t.diagnostic(`${bytes.length} bytes`);
  assert.deepEqual(codings(bytes), ['DCTDecode', 'DCTDecode']);
  const [first, second] = await textOf(bytes);
  assert.match(first ?? '', /Amtsgericht/);
  assert.match(second ?? '', /Landgericht/);
  assert.ok(result.report.files.every(({ criteria }) => criteria.length === 16));
});

test('without the wish the same pages are ink, coded as it was wished, in one file too', async () => {
  const result = await run('g4+together');
  assert.deepEqual(failures(result), []);
  const bytes = result.files[0]?.bytes ?? new Uint8Array();
  assert.equal(result.files.length, 1);
  assert.deepEqual(codings(bytes).filter((coding) => coding === 'CCITTFaxDecode').length, 2);
  assert.ok(!codings(bytes).includes('JBIG2Decode'));
});

test('what must not be touched stands beside the one file, byte for byte', async () => {
  const signed = onePage('', '', [], '/Perms << /DocMDP 5 0 R >>');
  const junk = { name: 'liste.txt', bytes: Buffer.from('neither this nor that') };
  const result = await run('balanced+together', [...files, { name: 'vertrag.pdf', bytes: signed }, junk]);
  assert.deepEqual(
    result.files.map(({ name }) => name),
    ['01_Zusammen.pdf', '02_vertrag.pdf', '03_liste.txt'],
  );
  assert.deepEqual(Buffer.from(result.files[1]?.bytes ?? []), Buffer.from(signed));
  assert.deepEqual(Buffer.from(result.files[2]?.bytes ?? []), junk.bytes);
});
