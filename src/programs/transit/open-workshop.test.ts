// Papers through the whole real workshop: scans come back as searchable PDFs that every criterion holds for; what must not be touched is not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { systemClock } from '#base/clock.ts';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import type { OptimiseOrder, OptimiseResult, SentFile } from '#post/transit/contract.ts';
import { makeZip } from '#post/transit/extract/test-zip.ts';
import { openWorkshop } from './open-workshop.ts';

const workshop = await openWorkshop(systemClock);
const { optimise, sandbox } = workshop;
after(() => workshop[Symbol.asyncDispose]());
const LINES = [
  'Amtsgericht Musterstadt',
  'In dem Rechtsstreit der Klägerin gegen den Beklagten',
  'wird beantragt, die Klage in vollem Umfang abzuweisen.',
  'Die Kosten des Verfahrens trägt die Klägerin.',
  'Das Urteil ist vorläufig vollstreckbar.',
];

/** A4 at 200 dpi, grey and a little aslant, as a scanner gives it. */
async function scan(lines: readonly string[], degrees = 0.6): Promise<Uint8Array> {
  const text = lines.map((line, at) => `<text x="180" y="${260 + 90 * at}" font-size="44">${line}</text>`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1654" height="2339" font-family="DejaVu Serif, serif"><rect width="100%" height="100%" fill="#f4f2ec"/><g transform="rotate(${degrees} 827 1170)">${text}</g></svg>`;
  return sharp(Buffer.from(svg)).withMetadata({ density: 200 }).png().toBuffer();
}

function run(order: Partial<OptimiseOrder>): Promise<OptimiseResult> {
  const way = { signal: new AbortController().signal, onProgress: () => undefined };
  return optimise({ files: [], profile: 'balanced', ...order }, way);
}

function failures({ report }: OptimiseResult): readonly unknown[] {
  return report.files.flatMap(({ oldName, kept, criteria }) => [
    ...(kept === undefined ? [] : [`${oldName}: ${kept}`]),
    ...criteria.filter(({ isMet }) => !isMet).map(({ name, seen }) => `${oldName}: ${name}: ${seen}`),
  ]);
}

const paper: SentFile = { name: 'Klage erwiderung.png', bytes: await scan(LINES) };

test('a scan comes back as a small searchable PDF of which every criterion holds', async (t) => {
  const result = await run({ files: [paper], wantsPreviews: true });
  t.diagnostic(JSON.stringify([sandbox, result.report]));
  assert.deepEqual(failures(result), []);
  const [file] = result.files;
  assert.equal(file?.name, '01_Klage_erwiderung.pdf');
  assert.equal(result.report.files[0]?.criteria.length, 16);
  assert.equal(result.previews?.length, 1);
  let text: string;
  try {
    text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: file?.bytes, encoding: 'utf8' });
  } catch {
    return t.diagnostic('pdftotext is not installed: the words were seen by the verifier only');
  }
  for (const line of LINES) assert.ok(text.includes(line.split(' ').at(-1) ?? ''), `${line} in ${text}`);
});

test('with the profile g4 too, twice the same bytes, and smaller than what came', async () => {
  const files = [paper, { name: 'zwei.png', bytes: await scan(['Seite zwei', ...LINES], -0.8) }];
  const [first, second] = [await run({ files, profile: 'g4' }), await run({ files, profile: 'g4' })];
  assert.deepEqual(failures(first), []);
  assert.deepEqual(first.files, second.files);
  assert.ok(first.report.files.every(({ bytesBefore, bytesAfter }) => bytesAfter < bytesBefore));
});

test('a page with some French above and below has the same words, and the same bytes, with one worker and with two', async () => {
  const lines = [
    'Die Klägerin übersendet wie besprochen in der Anlage:',
    'le reçu de la société Élysée et le relevé',
    'les frais de scolarité du lycée et la pénalité',
    'Bitte bestätigen Sie den Eingang bis zum 3. März.',
  ];
  const files = [{ name: 'Anlage.png', bytes: await scan(lines) }];
  await using alone = await openWorkshop(systemClock, { pagesAtOnce: 1 });
  await using pair = await openWorkshop(systemClock, { pagesAtOnce: 2 });
  const way = { signal: new AbortController().signal, onProgress: () => undefined };
  const order: OptimiseOrder = { files, profile: 'balanced' };
  const [one, two] = [await alone.optimise(order, way), await pair.optimise(order, way)];
  assert.deepEqual([failures(one), failures(two)], [[], []]);
  assert.deepEqual(one.files, two.files);
  let text: string;
  try {
    text = execFileSync('pdftotext', ['-', '-'], { input: one.files[0]?.bytes, encoding: 'utf8' });
  } catch {
    return;
  }
  for (const line of lines) assert.ok(text.includes(line), `${line} in ${text}`);
});

test('a letter of everything: each file has its answer, and what cannot be read is as it was', async () => {
  const junk = Buffer.from('neither this nor that');
  const broken = paper.bytes.slice(0, 3_000);
  const archive = makeZip([
    { name: 'Anlagen/K1.png', bytes: paper.bytes, method: 0 },
    { name: 'liste.txt', bytes: junk },
  ]);
  const result = await run({
    files: [
      { name: 'anlagen.zip', bytes: archive },
      { name: 'kaputt.png', bytes: broken },
      { name: 'etwas.bin', bytes: junk },
    ],
  });
  const said = result.report.files.map(({ oldName, kept, foundIn }) => [oldName, kept, foundIn.length]);
  assert.deepEqual(said, [
    ['K1.png', undefined, 2],
    ['liste.txt', 'unknownKind', 1],
    ['kaputt.png', 'damaged', 0],
    ['etwas.bin', 'unknownKind', 0],
  ]);
  assert.deepEqual(Buffer.from(result.files[2]?.bytes ?? []), Buffer.from(broken));
});

test('a PDF of scanned pages keeps its number of pages and their order', async () => {
  const jpegs = await Promise.all(
    ['Erste Seite', 'Zweite Seite'].map(async (line) =>
      sharp(await scan([line, ...LINES]))
        .jpeg({ quality: 92 })
        .toBuffer(),
    ),
  );
  const pages = jpegs.map((jpeg) => ({
    widthPt: 595.28,
    heightPt: 841.89,
    dpi: 200,
    mask: { width: 1654, height: 2339, bytes: new Uint8Array(207 * 2339) },
    inks: [],
    grounds: [{ jpeg, width: 1654, height: 2339, box: undefined }],
    text: { lines: [], confidence: 100 },
  }));
  const result = await run({ files: [{ name: 'scan.pdf', bytes: writePdf(pages, { coding: 'g4' }) }] });
  assert.deepEqual(failures(result), []);
  assert.equal(result.report.files[0]?.pages.length, 2);
});
