// Rows of tables come out in one line, also for who reads the file without its layout; columns of running text, addresses and facts stay apart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { hasProgram, say, withFile } from '../../../../test/transit/outside-judges.ts';
import type { PageText, Raster, Word } from '../contract.ts';
import { cellsOf, cellRowsOf, wordHeight } from './cells.ts';
import { joinCells, joinRows } from './table-rows.ts';

const [WIDE, HIGH] = [2480, 1600];
const [LETTER, BLANK, HEIGHT] = [20, 14, 40];
type Lines = PageText['lines'];

function lineAt(text: string, left: number, baseline: number): readonly Word[] {
  let x = left;
  return text.split(' ').map((part) => {
    const width = LETTER * part.length;
    const box = { left: x, top: baseline - 32, width, height: HEIGHT };
    x += width + BLANK;
    return { text: part, box, baseline, confidence: 90 };
  });
}

/** As readers of columns give it: one column after the other. */
function byColumns(rows: readonly (readonly string[])[], lefts: readonly number[], pitch = 70): Lines {
  return lefts.flatMap((left, column) =>
    rows.flatMap((cells, at) =>
      (cells[column] ?? '') === '' ? [] : [lineAt(cells[column] ?? '', left, 200 + pitch * at)],
    ),
  );
}

function paper(rules: readonly number[] = []): Raster {
  const pixels = new Uint8Array(WIDE * HIGH).fill(255);
  for (const top of rules) pixels.fill(20, WIDE * top, WIDE * (top + 3));
  return { width: WIDE, height: HIGH, channels: 1, pixels, dpi: 300 };
}

const textsOf = (lines: Lines): readonly string[] => lines.map((line) => line.map(({ text }) => text).join(' '));

/** As pdftotext gives it without regard to the layout; undefined where it is not installed. */
function seenWithoutLayout(lines: Lines): readonly string[] | undefined {
  if (!hasProgram('pdftotext')) return undefined;
  const mask = { width: WIDE, height: HIGH, bytes: new Uint8Array((WIDE / 8) * HIGH) };
  const page = { widthPt: 595.2, heightPt: 384, mask, inks: [], grounds: [], text: { lines } };
  const text = withFile(writePdf([page], { coding: 'jbig2' }), (path) => say('pdftotext', ['-q', path, '-']).text);
  return text.split(/\s*\n\s*|\f/).filter((line) => line !== '');
}

const TABLE = [
  ['Gegenstand', 'Datum', 'Betrag'],
  ['Geschäftsgebühr, Nr. 2300', '14.03.2024', '1.214,50 €'],
  ['Terminsgebühr, Nr. 3104', '22.05.2024', '987,60 €'],
  ['Auslagenpauschale', '', '20,00 €'],
  ['Reisekosten nach Köln', '03.06.2024', '148,20 €'],
  ['', 'gesamt', '2.370,30 €'],
] as const;
const rowTexts = TABLE.map((cells) => cells.filter((cell) => cell !== '').join(' '));
const PROSE = 'Die Parteien sind sich darüber einig dass weitere Ansprüche nicht bestehen und alles bezahlt ist';

test('a table that was read column by column comes out row by row, in the file too', () => {
  const before = [lineAt(PROSE, 120, 100)];
  const after = [lineAt(PROSE, 120, 700), lineAt(PROSE, 120, 760)];
  const read = [...before, ...byColumns(TABLE, [120, 1200, 1900]), ...after];
  const joined = joinRows(read, paper());
  const expected = [PROSE, ...rowTexts, PROSE, PROSE];
  assert.deepEqual(textsOf(joined), expected);
  const seen = seenWithoutLayout(joined);
  assert.deepEqual(seen ?? expected, expected);
  // the twin: as it was read
  assert.notDeepEqual(textsOf(read), expected);
  assert.notDeepEqual(seenWithoutLayout(read), expected);
});

test('rows that were read whole are torn apart by readers of the file, unless they are held together', (t) => {
  const rows = rowTexts.map((_, at) =>
    byColumns([TABLE[at] ?? []], [120, 1200, 1900])
      .flat()
      .map((word) => ({
        ...word,
        box: { ...word.box, top: word.box.top + 70 * at },
        baseline: word.baseline + 70 * at,
      })),
  );
  if (!hasProgram('pdftotext')) return t.skip('pdftotext is not installed');
  assert.deepEqual(seenWithoutLayout(joinRows(rows, paper())), rowTexts);
  assert.notDeepEqual(seenWithoutLayout(rows), rowTexts);
});

test('cells of a single sign, second lines of a cell and amounts of one column keep their places', () => {
  const rows = [
    ['1', 'Gutachten des', '12,00 €'],
    ['', 'Sachverständigen Weiß', ''],
    ['2', 'Kopien', '8 €'],
    ['3', 'Porto und Versand', '4,30 €'],
    ['A', 'Anlage', '7'],
  ];
  const joined = joinRows(byColumns(rows, [120, 300, 1900]), paper());
  const expected = rows.map((cells) => cells.filter((cell) => cell !== '').join(' '));
  assert.deepEqual(textsOf(joined), expected);
  assert.deepEqual(seenWithoutLayout(joined) ?? expected, expected);
});

const LEFT = [
  'Die Kanzlei haftet nur für',
  'den Vorsatz ihrer Leute und',
  'für 12 Monate ab dem Tag der',
  'letzten Rechnung. Es gilt ein',
  '2 % höherer Satz, wenn nicht',
  'binnen 14 Tagen gezahlt wird.',
];
const RIGHT = [
  'Honorare sind sofort fällig,',
  '30 Tage danach tritt der Verzug',
  'ein. Über 5.000 € entscheidet',
  '1 Schiedsrichter allein, sonst',
  '3 von ihnen. Gerichtsstand ist',
  '50670 Köln am Rhein.',
];

test('columns of running text stay columns, though their lines stand on one height', () => {
  const rows = LEFT.map((left, at) => [left, RIGHT[at] ?? '']);
  const read = byColumns(rows, [120, 900], 56);
  assert.deepEqual(joinRows(read, paper()), read);
  const seen = seenWithoutLayout(joinRows(read, paper()));
  assert.deepEqual(seen ?? [...LEFT, ...RIGHT], [...LEFT, ...RIGHT]);
  // the twin: whatever stands on one height is a row
  const across = joinCells(read, cellRowsOf(cellsOf(read, wordHeight(read)), wordHeight(read)));
  assert.notDeepEqual(textsOf(across), [...LEFT, ...RIGHT]);
});

test('figures beside running text make no rows of it', () => {
  const rows = LEFT.map((left, at) => [left, `${at + 1}0,00 €`]);
  const read = byColumns(rows, [120, 1200], 56);
  assert.deepEqual(joinRows(read, paper()), read);
  // the twin: the same figures beside names of things
  const things = LEFT.map((_, at) => [`Posten ${at}`, `${at + 1}0,00 €`]);
  assert.deepEqual(
    textsOf(joinRows(byColumns(things, [120, 1200], 56), paper())),
    things.map((cells) => cells.join(' ')),
  );
});

test('an address stays one beside facts with figures; the facts are rows', () => {
  const rows = [
    ['Frau', 'Datum', '14.03.2024'],
    ['Änne Grünwald', 'Zeichen', '123/24'],
    ['Königstraße 17', 'Durchwahl', '47110'],
    ['70173 Stuttgart', 'Seiten', '3'],
  ];
  const joined = joinRows(byColumns(rows, [120, 1300, 1800]), paper());
  const expected = [...rows.map(([address]) => address), ...rows.map((cells) => cells.slice(1).join(' '))];
  assert.deepEqual(textsOf(joined), expected);
});

const NAMES = [
  ['Name', 'Beruf', 'Wohnort'],
  ['Ilse Illner', 'Richterin', 'Köln'],
  ['Xaver Übelhör', 'Schreiner', 'Fürth'],
];

test('a table of words alone is known by its rules', () => {
  const read = byColumns(NAMES, [120, 900, 1600], 90);
  const ruled = joinRows(read, paper([140, 230, 320, 410]));
  const expected = NAMES.map((cells) => cells.join(' '));
  assert.deepEqual(textsOf(ruled), expected);
  assert.deepEqual(seenWithoutLayout(ruled) ?? expected, expected);
  // a rule above and one below a block of columns is no table
  assert.deepEqual(joinRows(read, paper([140, 410])), read);
  assert.deepEqual(joinRows(read, paper()), read);
});

test('lines with wide gaps that are no table stay the very same', () => {
  const read = [lineAt('Seite 1', 120, 100), [...lineAt('links', 120, 300), ...lineAt('rechts', 1900, 300)]];
  assert.equal(joinRows(read, paper()), read);
  assert.deepEqual(joinRows([], paper()), []);
});
