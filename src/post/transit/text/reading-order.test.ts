// Columns, tables, turned pages and other languages, read by the real core and seen in the PDF by another program: the right words in the right order.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp, { type Sharp } from 'sharp';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { readingError } from '../../../../bench/transit/reading-error.ts';
import { hasProgram, say, withFile } from '../../../../test/transit/outside-judges.ts';
import type { CleanPage, PageText } from '../contract.ts';
import { cleanPage } from '../page/clean-page.ts';
import { decodePicture } from '../page/decode-picture.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import { cellRowsOf, cellsOf, wordHeight } from './cells.ts';
import { openReader, type Reader } from './open-reader.ts';
import { joinCells } from './table-rows.ts';

const [WIDE, HIGH] = [1500, 1100];

let reader: Reader;
before(async () => {
  const german = new URL('models/deu.traineddata.gz', import.meta.url);
  reader = await openReader([{ language: 'deu', packed: await readFile(german) }]);
});
after(() => reader.close());

interface Row {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

function sheet(rows: readonly Row[], { size = 34, face = 'DejaVu Serif', more = '' } = {}): Sharp {
  const texts = rows
    .map(({ text, x, y }) => `<text x="${x}" y="${y}">${text.replaceAll('&', '&amp;')}</text>`)
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDE}" height="${HIGH}"><rect width="100%" height="100%" fill="#fff"/>${more}<g font-family="${face}" font-size="${size}">${texts}</g></svg>`;
  return sharp(Buffer.from(svg)).flatten().withMetadata({ density: 300 });
}

async function readSheet(picture: Sharp): Promise<{ readonly page: CleanPage; readonly text: PageText }> {
  const raster = await decodePicture(await picture.png().toBuffer(), 0);
  assert.ok(raster.ok);
  const made = await cleanPage(raster.value, { findTurn: reader.findTurn });
  assert.ok(made.ok);
  return { page: made.value, text: await reader.read(made.value.grey, 'none') };
}

const wordsOf = (text: PageText): string =>
  text.lines.map((line) => line.map((word) => word.text).join(' ')).join('\n');

type Way = '-raw' | '-layout' | 'as it comes';

/** As pdftotext reads the file in that way; as we wrote it where it is not installed. */
async function textOf(picture: Sharp, way: Way = '-raw'): Promise<string> {
  const { page, text } = await readSheet(picture);
  return seenOf(page, text, way);
}

function seenOf(page: CleanPage, text: PageText, way: Way): string {
  const pdf = writePdf([{ ...page, text }], { coding: 'jbig2' });
  const options = way === 'as it comes' ? ['-q'] : ['-q', way];
  return hasProgram('pdftotext')
    ? withFile(pdf, (path) => say('pdftotext', [...options, path, '-']).text)
    : wordsOf(text);
}

function assertRead(truth: string, read: string, most: number): void {
  const error = readingError(truth, read);
  assert.ok(error <= most, `${(100 * error).toFixed(2)} % wrong:\n${read}`);
}

const LEFT = [
  'Die Kanzlei haftet nur für',
  'Vorsatz. Über Änderungen',
  'wird schriftlich berichtet,',
  'eine E-Mail genügt dafür.',
  'normal so wie es nun war',
  'Im Übrigen gilt: „Ist die',
  'Leistung unmöglich, gilt',
  'der Vertrag als gelöst.“',
];
const RIGHT = [
  'Honorare sind sofort fällig,',
  'soweit nichts vereinbart ist.',
  'Im Übrigen gilt: Ärzte und',
  'Apotheker zahlen vorab.',
  'Gerichtsstand ist Köln am',
  'Rhein, auch für Schecks.',
  'nur so weit, wie es war',
  'Übertragungen sind möglich.',
];

test('two columns with paragraphs at different heights are read one after the other', async () => {
  const column = (texts: readonly string[], x: number, gaps: readonly number[]): readonly Row[] =>
    texts.map((text, at) => ({ text, x, y: 150 + 54 * at + 26 * gaps.filter((gap) => gap <= at).length }));
  const rows = [...column(LEFT, 80, [2, 5]), ...column(RIGHT, 820, [4])];
  for (const face of ['DejaVu Serif', 'DejaVu Sans'])
    assertRead([...LEFT, ...RIGHT].join(' '), await textOf(sheet(rows, { face })), 0.005);
});

const TABLE = [
  ['Gegenstand', 'Datum', 'Betrag'],
  ['Geschäftsgebühr, Nr. 2300', '14.03.2024', '1.214,50 €'],
  ['Terminsgebühr, Nr. 3104', '22.05.2024', '987,60 €'],
  ['Auslagenpauschale', '22.05.2024', '20,00 €'],
  ['Reisekosten nach Köln', '03.06.2024', '148,20 €'],
  ['Summe einschließlich Steuer', '', '2.370,30 €'],
] as const;
const COLUMNS = [90, 800, 1140] as const;

const linesOf = (read: string): readonly string[] =>
  read
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '');

test('each row of a table stands in one line for who reads the file by its layout or without, with rules and without', async (t) => {
  if (!hasProgram('pdftotext')) return t.skip('pdftotext is not installed');
  const rows = TABLE.flatMap((cells, at) =>
    cells.map((text, column) => ({ text, x: COLUMNS[column] ?? 0, y: 190 + 70 * at })),
  );
  const rules = [...TABLE, ''].map((_, at) => `<path d="M70 ${140 + 70 * at}h1350" stroke="#222" stroke-width="3"/>`);
  const posts = [70, 780, 1120, 1420].map((x) => `<path d="M${x} 140v420" stroke="#222" stroke-width="3"/>`);
  const expected = TABLE.map((cells) => cells.filter((cell) => cell !== '').join(' '));
  for (const more of [[...rules, ...posts].join(''), '']) {
    const { page, text } = await readSheet(sheet(rows, { more }));
    for (const way of ['-raw', '-layout', 'as it comes'] as const)
      assert.deepEqual(linesOf(seenOf(page, text, way)), expected, way);
    // the twin: nothing holds the cells of a row together
    const loose = { ...text, lines: text.lines.map((line) => line.map((word) => ({ ...word, holdsNext: false }))) };
    assert.notDeepEqual(linesOf(seenOf(page, loose, 'as it comes')), expected);
  }
});

test('two columns whose lines stand on one height stay columns for who reads without the layout', async () => {
  const rows = [...LEFT, ...RIGHT].map((text, at) => ({
    text,
    x: at < LEFT.length ? 80 : 820,
    y: 150 + 46 * (at % LEFT.length),
  }));
  const { page, text } = await readSheet(sheet(rows));
  const truth = [...LEFT, ...RIGHT].join(' ');
  assertRead(truth, seenOf(page, text, 'as it comes'), 0.005);
  // the twin: whatever stands on one height is taken for a row
  const height = wordHeight(text.lines);
  const across = { ...text, lines: joinCells(text.lines, cellRowsOf(cellsOf(text.lines, height), height)) };
  assert.ok(readingError(truth, seenOf(page, across, 'as it comes')) > 0.3);
});

const LETTERS = {
  German: [
    'Sehr geehrte Frau Müller-Lüdtke,',
    'die Frist läuft am 3. März 2025 ab.',
    'Bitte überweisen Sie 1.234,56 € bis dahin.',
  ],
  English: [
    'Dear Mr Weatherby, we enclose the signed',
    'agreement of 14 March 2025 together with',
    'your copies, which you should keep safely.',
    'Although the other party has not replied,',
    'the hearing will take place on Thursday',
    'at the High Court; what they owe is £12,480.',
    'Yours sincerely, Whitworth & Hughes LLP',
  ],
  French: [
    'Madame, Monsieur, nous vous prions de bien',
    'vouloir trouver ci-joint le contrat signé.',
    'Le délai expire à la fin du mois de février;',
    'au-delà, une pénalité sera due à la société.',
    'Le reçu et la procuration seront renvoyés,',
    'où que vous soyez, dès que possible.',
    'Veuillez agréer nos salutations distinguées.',
  ],
} as const;

const rowsOf = (texts: readonly string[]): readonly Row[] =>
  texts.map((text, at) => ({ text, x: 90, y: 160 + 70 * at }));

test('a letter in German and English is read by the one network: five letters in a thousand wrong at most', async () => {
  const all = [...LETTERS.German, ...LETTERS.English];
  assertRead(all.join(' '), await textOf(sheet(rowsOf(all), { size: 40 })), 0.005);
});

test('French is read with its words right; the accents that German has not are left out', async () => {
  const bare = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  const read = await textOf(sheet(rowsOf(LETTERS.French), { size: 40 }));
  assertRead(bare(LETTERS.French.join(' ')), bare(read), 0.02);
});

test('pages of one file that lie four ways all come out upright with their words', async () => {
  const document = await PDFDocument.create({ updateMetadata: false });
  for (const turn of [0, 90, 180, 270]) {
    const jpeg = await sheet(rowsOf(LETTERS.English), { size: 40 }).png().toBuffer();
    const image = await document.embedJpg(await sharp(jpeg).rotate(turn).jpeg({ quality: 92 }).toBuffer());
    const [width, height] = [(image.width / 300) * 72, (image.height / 300) * 72];
    document.addPage([width, height]).drawImage(image, { x: 0, y: 0, width, height });
  }
  const opened = await openPdf(await document.save());
  assert.ok(opened.ok);
  for (const [index, back] of [0, 270, 180, 90].entries()) {
    const raster = opened.value.render(index, 300);
    assert.ok(raster.ok);
    const made = await cleanPage(raster.value, { findTurn: reader.findTurn });
    assert.ok(made.ok);
    assert.equal(made.value.steps.turnedDegrees, back);
    assert.ok(made.value.widthPt > made.value.heightPt);
    assertRead(LETTERS.English.join(' '), wordsOf(await reader.read(made.value.grey, 'none')), 0.005);
  }
  opened.value.close();
});
