// HEIC, WebP and Outlook letters through the whole chain in its locks: pages that can be searched come back, the letters keep every word, hostile ones their reason.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import msgreader from '@kenjiuno/msgreader';
import sharp from 'sharp';
import type { OptimiseResult, SentFile } from '#post/transit/contract.ts';
import { makeMsg } from '#post/transit/extract/test-msg.ts';
import { makeZip } from '#post/transit/extract/test-zip.ts';
import { openWithPdfium } from '#post/transit/pdf/pdfium.ts';
import { whiteWebp } from '../papers/white-webp.ts';
import { claimingHeic, encodeHeic, HAS_ENCODER, PAGE_LINES, sampleHeic, turnedHeic } from '../papers/sample-heic.ts';
import { assertSound, openChain } from '../transit/chain.ts';
import { witness } from '../transit/hostile-papers.ts';
import { dice, mutate } from '../transit/mutations.ts';

const IS_LONG = process.env['SIEGEL_LONG'] === '1';
const MUTATIONS = IS_LONG ? 2_000 : 12;
const IN_A_LETTER = 12;

async function serve(files: readonly SentFile[]): Promise<OptimiseResult> {
  const chain = await openChain();
  const result = await chain.optimise({ files }, AbortSignal.timeout(200_000));
  assertSound(
    result,
    files.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  return result;
}

/** Of each page. */
async function wordsOf(bytes: Uint8Array): Promise<readonly string[]> {
  const opened = await openWithPdfium(bytes);
  assert.ok(opened.ok);
  const { pageCount, onPage, close } = opened.value;
  const texts = Array.from({ length: pageCount }, (_, at) => onPage(at, (page) => page.readText()) ?? '');
  close();
  return texts;
}

/** `PAGE_LINES` on a sheet, as pixels. */
async function sheet(): Promise<Buffer> {
  const text = PAGE_LINES.map((line, at) => `<text x="110" y="${260 + 150 * at}" font-size="56">${line}</text>`).join(
    '',
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="1754" font-family="DejaVu Serif, serif"><rect width="100%" height="100%" fill="#f6f4ee"/>${text}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}

test('photos of phones come back as pages that can be searched, upright, without their notes, alone and in an Outlook letter', async () => {
  const webp = await sharp(await sheet())
    .webp({ quality: 95 })
    .toBuffer();
  const page = sampleHeic('page');
  const letter = makeMsg({
    subject: 'Akte Müller',
    body: 'Anbei zwei Seiten. Grüße',
    parts: [
      { name: 'IMG_0001.HEIC', bytes: turnedHeic(page, 1) },
      { name: 'anlagen.zip', bytes: makeZip([{ name: 'Anlagen/seite.webp', bytes: webp }]) },
    ],
  });
  const result = await serve([
    { name: 'IMG_0002.HEIC', bytes: page },
    { name: 'brief.msg', bytes: letter },
  ]);
  assert.deepEqual(
    result.report.files.map(({ oldName, kind, kept, foundIn, pages }) => [oldName, kind, kept, foundIn, pages.length]),
    [
      ['IMG_0002.HEIC', 'heic', undefined, [], 1],
      ['brief.msg', 'msg', undefined, [], 0],
      ['IMG_0001.HEIC', 'heic', undefined, ['brief.msg'], 1],
      ['seite.webp', 'webp', undefined, ['brief.msg', 'anlagen.zip', 'Anlagen'], 1],
    ],
  );
  for (const index of [0, 2, 3]) {
    const [text = ''] = await wordsOf(result.files[index]?.bytes ?? new Uint8Array());
    for (const word of ['Amtsgericht', 'abgewiesen', 'Klägerin']) assert.ok(text.includes(word), `${index}: ${word}`);
  }
  assert.ok(page.includes('Wer das las'), 'control: the camera says so');
  assert.ok(result.files.every(({ bytes }) => !Buffer.from(bytes).includes('Wer das las')));
  assert.equal(result.report.files[2]?.pages[0]?.steps?.turnedDegrees, 90, 'what lay on its side stands');
  const rest = new msgreader.default(new Uint8Array(result.files[1]?.bytes ?? []).buffer).getFileData();
  assert.deepEqual(
    [rest.subject, rest.body, rest.attachments?.map(({ fileName }) => fileName)],
    ['Akte Müller', 'Anbei zwei Seiten. Grüße', ['IMG_0001.HEIC', 'anlagen.zip']],
  );
});

test(
  'every photo of a HEIC becomes a page, in their order',
  { skip: !HAS_ENCODER && 'heif-enc is not installed (libheif-examples)' },
  async () => {
    const second = await sharp(await sheet())
      .flop()
      .png()
      .toBuffer();
    const bytes = encodeHeic([second, await sheet()], 80);
    assert.ok(bytes !== undefined);
    const { report, files } = await serve([{ name: 'zwei.heic', bytes }]);
    assert.deepEqual([report.files[0]?.kept, report.files[0]?.pages.length], [undefined, 2]);
    const texts = await wordsOf(files[0]?.bytes ?? new Uint8Array());
    assert.deepEqual(
      texts.map((text) => text.includes('Amtsgericht')),
      [false, true],
      'the first is a mirror image',
    );
  },
);

test('moving pictures, false claims and torn files go back with the reason, and the page beside them is served', async () => {
  const frames = await Promise.all(
    ['#fff', '#000'].map((background) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const moving = await sharp(frames, { join: { animated: true } })
    .webp()
    .toBuffer();
  const burst = Buffer.from(sampleHeic('two'));
  burst.write('hevc', 8, 'latin1');
  const msg = makeMsg({ parts: [{ name: 'a.png', bytes: frames[0] ?? Buffer.alloc(0) }] });
  const files = [
    { name: 'bewegt.webp', bytes: moving },
    { name: 'serie.heic', bytes: burst },
    { name: 'bombe.heic', bytes: claimingHeic(sampleHeic('page'), 60_000, 60_000) },
    { name: 'bombe.webp', bytes: await whiteWebp(9_000, 8_000) },
    { name: 'halb.heic', bytes: sampleHeic('page').subarray(0, 9_000) },
    { name: 'halb.msg', bytes: msg.subarray(0, msg.length - 700) },
    { name: 'signiert.msg', bytes: makeMsg({ messageClass: 'IPM.Note.SMIME.MultipartSigned' }) },
    await witness(),
  ];
  const { report } = await serve(files);
  assert.deepEqual(
    report.files.map(({ kept }) => kept),
    ['animated', 'animated', 'pictureTooLarge', 'pictureTooLarge', 'damaged', 'damaged', 'signed', undefined],
  );
});

test(`${MUTATIONS} mutated HEIC, WebP and Outlook letters: each has its reason or is served, and the page beside them always is`, async (t) => {
  const png = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#fed' } })
    .png()
    .toBuffer();
  const seeds = [
    sampleHeic('two'),
    sampleHeic('clear'),
    await sharp(png).webp().toBuffer(),
    makeMsg({
      parts: [{ name: 'a.png', bytes: png }, { letter: { parts: [{ name: 'b.heic', bytes: sampleHeic('exif') }] } }],
    }),
  ];
  const roll = dice(11);
  const tally = new Map<string, number>();
  const good = await witness();
  for (let first = 0; first < MUTATIONS; first += IN_A_LETTER) {
    const files = Array.from({ length: IN_A_LETTER }, (_, at): SentFile => {
      const seed = seeds[at % seeds.length] ?? png;
      return { name: `${first + at}.bin`, bytes: mutate(seed, roll) };
    });
    const { report } = await serve([...files, good]);
    assert.equal(report.files.at(-1)?.kept, undefined, 'the good page is served');
    for (const { kept = 'served' } of report.files.slice(0, -1)) tally.set(kept, (tally.get(kept) ?? 0) + 1);
  }
  t.diagnostic(JSON.stringify([...tally]));
  assert.equal(tally.get('outOfTime'), undefined, 'nothing hangs');
  assert.ok((tally.get('damaged') ?? 0) > 0, 'mutations are noticed');
});
