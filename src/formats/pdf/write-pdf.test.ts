// Pages written and read back by another library: ink, colours, pictures, words.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import sharp from 'sharp';
import type { PdfPage, PdfWord } from './pages.ts';
import { checkWithQpdf } from './test-qpdf.ts';
import { srgbProfile } from './srgb-profile.ts';
import { writeClaimedPdf, writePdf } from './write-pdf.ts';

const WIDTH = 1240; // A4 at 150 dpi
const HEIGHT = 1754;
const LINES = [
  'Die Müller-Lüdtke GmbH grüßt – herzlich – aus Köln.',
  'Gemäß § 280 Abs. 1 BGB („Haftung“) finden Übergrößen',
  'über 12,5 € keine Berücksichtigung im Straßen-',
];

function word(text: string, left: number, width: number, baseline: number): PdfWord {
  return { text, box: { left, top: baseline - 30, width, height: 38 }, baseline };
}

/** Words of very different widths and narrow gaps, as proportional type has them. */
function layLine(text: string, at: number): readonly PdfWord[] {
  let left = 100;
  return text.split(' ').map((part, index) => {
    const width = Array.from(part).length * (14 + ((index * 5) % 9));
    const placed = word(part, left, width, 200 + at * 60 + (index % 2));
    left += width + 9;
    return placed;
  });
}

function makePage(more: Partial<PdfPage> = {}): PdfPage {
  const bytes = new Uint8Array((WIDTH / 8) * HEIGHT);
  for (let row = 300; row < 500; row++) bytes.fill(0xff, (row * WIDTH) / 8 + 20, (row * WIDTH) / 8 + 60); // 160…480 across
  return {
    widthPt: 595.28,
    heightPt: 841.89,
    mask: { width: WIDTH, height: HEIGHT, bytes },
    inks: [],
    grounds: [],
    text: { lines: LINES.map(layLine) },
    ...more,
  };
}

async function seen(
  pdf: Uint8Array,
): Promise<{ readonly texts: readonly string[]; readonly at: (x: number, y: number) => readonly number[] }> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(Buffer.from(pdf));
  const pages = [...document.pages()];
  const texts = pages.map((page) => page.getText());
  const [first] = pages;
  assert.ok(first);
  // RGBA, a pixel a point
  const { data, width } = await first.render({ scale: 1, render: 'bitmap' });
  document.destroy();
  library.destroy();
  const at = (x: number, y: number): readonly number[] => {
    const from = (y * width + x) * 4;
    return [data[from] ?? 0, data[from + 1] ?? 0, data[from + 2] ?? 0];
  };
  return { texts, at };
}

/** Undefined when the program is not installed. */
function ask(command: string, pdf: Uint8Array, ...parameters: readonly string[]): string | undefined {
  const ran = spawnSync(command, parameters, { input: pdf, encoding: 'utf8' });
  if (ran.error) return undefined;
  return ran.stdout + ran.stderr;
}

for (const coding of ['jbig2', 'g4'] as const) {
  test(`ink is black where it lies and nowhere else (${coding})`, async () => {
    const { at } = await seen(writePdf([makePage()], { coding }));
    assert.deepEqual(at(150, 190), [0, 0, 0]);
    assert.deepEqual(at(50, 190), [255, 255, 255]);
    assert.deepEqual(at(150, 300), [255, 255, 255]);
  });
}

test('ink is painted in its colours, also where their boxes overlap', async () => {
  const left = { box: { left: 160, top: 300, width: 100, height: 200 }, rgb: [200, 0, 0] } as const;
  const right = { box: { left: 380, top: 300, width: 100, height: 200 }, rgb: [0, 0, 200] } as const;
  const over = { box: { left: 160, top: 400, width: 320, height: 100 }, rgb: [0, 128, 0] } as const;
  const apart = await seen(writePdf([makePage({ inks: [left, right] })], { coding: 'jbig2' }));
  assert.deepEqual(
    [apart.at(90, 190), apart.at(150, 190), apart.at(200, 190)],
    [
      [200, 0, 0],
      [0, 0, 0],
      [0, 0, 200],
    ],
  );
  const lapped = await seen(writePdf([makePage({ inks: [left, over] })], { coding: 'jbig2' }));
  assert.deepEqual(
    [lapped.at(90, 160), lapped.at(90, 220), lapped.at(200, 160)],
    [
      [200, 0, 0],
      [0, 128, 0],
      [0, 0, 0],
    ],
  );
});

test('a sign that stands alone at the end of a line is found there', async () => {
  const line = [word('61.596,01', 100, 140, 200), word('€', 260, 18, 200)];
  const below = [word('Betrag', 100, 100, 260)];
  const { texts } = await seen(writePdf([makePage({ text: { lines: [line, below] } })], { coding: 'jbig2' }));
  assert.match(texts[0] ?? '', /61\.596,01 € ?\r?\nBetrag/);
});

test('pictures lie behind the ink, over the page or in their box', async () => {
  const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff8000' } })
    .jpeg({ quality: 95 })
    .toBuffer();
  const box = { left: 600, top: 1000, width: 400, height: 400 };
  const { at } = await seen(
    writePdf([makePage({ grounds: [{ jpeg, width: 8, height: 8, box }] })], { coding: 'jbig2' }),
  );
  const [red = 0, green = 0, blue = 0] = at(380, 580);
  assert.ok(red > 245 && Math.abs(green - 128) < 8 && blue < 8, `${red} ${green} ${blue}`);
  assert.deepEqual(at(150, 190), [0, 0, 0]);
  const { at: whole } = await seen(
    writePdf([makePage({ grounds: [{ jpeg, width: 8, height: 8, box: undefined }] })], { coding: 'jbig2' }),
  );
  assert.ok((whole(10, 830)[0] ?? 0) > 245 && (whole(10, 830)[2] ?? 0) < 8);
  assert.deepEqual(whole(150, 190), [0, 0, 0]);
});

test('the words of a page come out of it in their order and lines', async (t) => {
  const pdf = writePdf([makePage(), makePage()], { coding: 'jbig2' });
  const { texts } = await seen(pdf);
  assert.equal(texts.length, 2);
  for (const text of texts)
    assert.deepEqual(
      text
        .replaceAll('\ufffe', '-')
        .replaceAll('\u0002', '-')
        .split(/\r?\n/)
        .map((line) => line.trim()),
      LINES,
    );
  const read = ask('pdftotext', pdf, '-enc', 'UTF-8', '-', '-');
  if (read === undefined) return t.diagnostic('pdftotext is not installed');
  assert.deepEqual(read.split('\f')[0]?.trim().split('\n'), LINES);
});

interface Found {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly foot: number;
}

/** Words with their places in points, as `pdftotext -bbox` names them. */
function wordsFound(pdf: Uint8Array): readonly Found[] | undefined {
  const read = ask('pdftotext', pdf, '-enc', 'UTF-8', '-bbox', '-', '-');
  return read === undefined
    ? undefined
    : [...read.matchAll(/<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<\/word>/g)].map(
        ([, left, top, right, foot, text = '']) => ({
          text: text.replaceAll('&amp;', '&'),
          left: Number(left),
          top: Number(top),
          right: Number(right),
          foot: Number(foot),
        }),
      );
}

test('who selects a word marks its ink: boxes lie over the words to a point', (t) => {
  const page = makePage();
  const found = wordsFound(writePdf([page], { coding: 'jbig2' }));
  if (found === undefined) return t.skip('pdftotext is not installed');
  const words = page.text.lines.flat();
  assert.deepEqual(
    found.map(({ text }) => text),
    words.map(({ text }) => text),
  );
  const points = page.widthPt / page.mask.width;
  words.forEach(({ text, box }, index) => {
    const { left = 0, top = 0, right = 0, foot = 0 } = found[index] ?? {};
    assert.ok(Math.abs(left - box.left * points) < 1, `${text} begins at ${left}`);
    assert.ok(Math.abs(right - (box.left + box.width) * points) < 1, `${text} ends at ${right}`);
    const shared = Math.min(foot, (box.top + box.height) * points) - Math.max(top, box.top * points);
    assert.ok(shared > 0.75 * box.height * points, `${text} from ${top} to ${foot}`);
    assert.ok(foot - top < 1.6 * box.height * points, `${text} is marked from ${top} to ${foot}`);
  });
});

test('a row of a table is copied as one row, figures in their columns', (t) => {
  const row = (cells: readonly [string, string, string], at: number): readonly PdfWord[] => {
    const baseline = 400 + at * 60;
    return [
      ...cells[0].split(' ').map((text, index) => word(text, 100 + index * 150, 130, baseline)),
      word(cells[1], 650, 140, baseline),
      word(cells[2], 1000, 120, baseline),
    ];
  };
  const rows = [
    ['Geschäftsgebühr VV', '14.07.2025', '1.234,56'],
    ['Auslagen pauschal', '15.07.2025', '20,00'],
    ['Summe', '', '1.254,56'],
  ] as const;
  const pdf = writePdf([makePage({ text: { lines: rows.map(row) } })], { coding: 'jbig2' });
  const read = ask('pdftotext', pdf, '-layout', '-enc', 'UTF-8', '-', '-');
  if (read === undefined) return t.skip('pdftotext is not installed');
  const lines = read.split('\n').filter((line) => line.trim() !== '');
  assert.deepEqual(
    lines.map((line) => line.trim().split(/ {2,}/)),
    rows.map((cells) => cells.filter((cell) => cell !== '')),
  );
});

test('words that touch or overlap keep their order and the space between them', async (t) => {
  const line = [word('Straße', 100, 130, 200), word('und', 228, 60, 200), word('Platz', 287, 90, 200)];
  const pdf = writePdf([makePage({ text: { lines: [line] } })], { coding: 'jbig2' });
  assert.equal((await seen(pdf)).texts[0]?.trim(), 'Straße und Platz');
  const read = ask('pdftotext', pdf, '-enc', 'UTF-8', '-', '-');
  if (read === undefined) return t.diagnostic('pdftotext is not installed');
  assert.equal(read.trim(), 'Straße und Platz');
});

test('qpdf finds nothing wrong, and every font is in the file', (t) => {
  const pdf = writePdf([makePage(), makePage({ text: { lines: [] } })], { coding: 'g4' });
  const checked = checkWithQpdf(pdf);
  const fonts = ask('pdffonts', pdf, '-');
  if (checked === undefined || fonts === undefined) return t.skip('qpdf or pdffonts is not installed');
  assert.match(checked, /No syntax or stream encoding errors found/);
  assert.match(fonts, /Glyphless\s+CID TrueType\s+Identity-H\s+yes yes yes/);
});

test('the same pages give the same bytes, other pages others, and nothing tells who made them', () => {
  const make = (pages: readonly PdfPage[]): string =>
    Buffer.from(writePdf(pages, { coding: 'jbig2' })).toString('latin1');
  assert.equal(make([makePage()]), make([makePage()]));
  const id = /\/ID\[<(\w{32})><\1>\]/;
  const [one, two] = [id.exec(make([makePage()])), id.exec(make([makePage(), makePage()]))];
  assert.ok(one && two && one[1] !== two[1]);
  assert.doesNotMatch(make([makePage()]), /\/Info|Producer|Creat|ModDate|Metadata/);
});

test('a claim of PDF/A costs less than a kilobyte, tells nothing else, and can be taken off again', (t) => {
  const pages = [makePage(), makePage()];
  const plain = writePdf(pages, { coding: 'jbig2' });
  const { bytes, unclaimed } = writeClaimedPdf(pages, { coding: 'jbig2' });
  assert.ok(bytes.length - plain.length < 1_000, `${bytes.length - plain.length} bytes`);
  assert.deepEqual(Buffer.concat([bytes.subarray(0, unclaimed.at), unclaimed.tail]), Buffer.from(plain));
  const text = Buffer.from(bytes).toString('latin1');
  assert.match(text, /<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>U</);
  assert.doesNotMatch(text, /Producer|Creat|ModDate|xmp:|dc:|pdf:/);
  const checked = checkWithQpdf(bytes);
  if (checked === undefined) return t.skip('qpdf is not installed');
  assert.match(checked, /No syntax or stream encoding errors found/);
  return undefined;
});

test('the colour profile says white, primaries and curve of sRGB in under 500 bytes', () => {
  const profile = srgbProfile();
  assert.ok(profile.length < 500, String(profile.length));
  const view = new DataView(profile.buffer);
  assert.equal(view.getUint32(0), profile.length);
  const tagAt = (name: string): number => {
    const at = Buffer.from(profile).indexOf(name, 132, 'latin1');
    return view.getUint32(at + 4);
  };
  const xyz = (name: string): readonly number[] => [8, 12, 16].map((at) => view.getInt32(tagAt(name) + at) / 65_536);
  const sum = ['rXYZ', 'gXYZ', 'bXYZ'].map(xyz).reduce((all, one) => all.map((value, i) => value + (one[i] ?? 0)));
  // red, green and blue together are white
  sum.forEach((value, i) => assert.ok(Math.abs(value - (xyz('wtpt')[i] ?? 0)) < 0.001, `${value}`));
  const [start, points] = [tagAt('gTRC') + 12, view.getUint32(tagAt('gTRC') + 8)];
  for (let step = 0; step <= 100; step++) {
    const at = (step / 100) * (points - 1);
    const value = (i: number): number => view.getUint16(start + 2 * Math.min(i, points - 1)) / 65_535;
    const found = value(Math.floor(at)) + (at % 1) * (value(Math.floor(at) + 1) - value(Math.floor(at)));
    const wanted = step / 100 <= 0.04045 ? step / 1292 : ((step / 100 + 0.055) / 1.055) ** 2.4;
    assert.ok(Math.abs(found - wanted) < 0.002, `${step}: ${found} for ${wanted}`);
  }
});

test('a page without ink, words or pictures is a page all the same', async () => {
  const empty = makePage({
    mask: { width: WIDTH, height: HEIGHT, bytes: new Uint8Array((WIDTH / 8) * HEIGHT) },
    text: { lines: [] },
  });
  const pdf = writePdf([empty], { coding: 'jbig2' });
  assert.deepEqual((await seen(pdf)).texts, ['']);
  assert.ok(pdf.length < 900, String(pdf.length));
});

test('a ground that is no JPEG is a mistake that is told', () => {
  const grounds = [{ jpeg: new Uint8Array(40), width: 1, height: 1, box: undefined }];
  assert.throws(() => writePdf([makePage({ grounds })], { coding: 'jbig2' }), /no JPEG/);
});
