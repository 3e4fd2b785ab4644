// Office documents through the whole workshop and the real LibreOffice: searchable PDFs come back, nothing of a document asks outside, and what must not be touched is not.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#base/clock.ts';
import type { OptimiseResult, Profile, SentFile } from '#post/transit/contract.ts';
import { makeZip } from '#post/transit/extract/test-zip.ts';
import { openWithPdfium } from '#post/transit/pdf/pdfium.ts';
import { openWorkshop } from '../../src/programs/transit/open-workshop.ts';
import { findOffice } from '../../src/programs/transit/find-office.ts';
import { docx, odp, ods, odt, writtenOffice, xlsx } from '../papers/sample-office.ts';
import { failures, openChain } from '../transit/chain.ts';
import { converters, stillConverting } from '../transit/converters.ts';
import { mutation } from '../transit/mutations.ts';

const workshop = await openWorkshop(systemClock, { isOwn: true });
after(() => workshop[Symbol.asyncDispose]());
const office = await workshop.office();
const skip = 'version' in office ? false : `LibreOffice is not ready here (${office.why})`;
const IS_LONG = process.env['SIEGEL_LONG'] === '1';
const LONG_ONLY = IS_LONG ? false : 'only with SIEGEL_LONG=1';
/** Nobody listens there. */
const OUTSIDE = 'http://127.0.0.1:9';

function run(files: readonly SentFile[], profile: Profile = 'balanced'): Promise<OptimiseResult> {
  const way = { signal: AbortSignal.timeout(200_000), onProgress: () => undefined };
  return workshop.optimise({ files, profile }, way);
}

async function wordsOf(bytes: Uint8Array = new Uint8Array()): Promise<readonly string[]> {
  const opened = await openWithPdfium(bytes);
  assert.ok(opened.ok);
  const { pageCount, onPage, close } = opened.value;
  const texts = Array.from({ length: pageCount }, (_, at) => onPage(at, (page) => page.readText()) ?? '');
  close();
  return texts;
}

test(
  'a letter with Office documents brings PDFs back: all pages, all words, no macro, no way outside',
  { skip },
  async () => {
    const letter = docx([['Sehr geehrte Frau Müller,', 'anbei die Klage.'], ['Zweite Seite']], {
      outside: OUTSIDE,
      macro: 'marker-of-the-macro',
    });
    const archive = makeZip([
      {
        name: 'Anlagen/Kosten.xlsx',
        bytes: xlsx([
          ['Gebühr', '100'],
          ['Summe', '200'],
        ]),
      },
    ]);
    const signed = docx([['Unterschrieben']], { parts: [{ name: '_xmlsignatures/sig1.xml', text: '<s/>' }] });
    const result = await run([
      { name: 'Brief an Müller.docx', bytes: letter },
      { name: 'anlagen.zip', bytes: archive },
      { name: 'vertrag.docx', bytes: signed },
    ]);
    assert.deepEqual(
      result.report.files.map(({ newName, kind, kept, pages }) => [newName, kind, kept, pages.length]),
      [
        ['01_Brief_an_Müller.pdf', 'office', undefined, 2],
        ['02_Kosten.pdf', 'office', undefined, 1],
        ['03_vertrag.docx', 'office', 'signed', 0],
      ],
    );
    assert.deepEqual(failures(result), ['vertrag.docx: signed']);
    const [first, second] = result.report.files;
    assert.deepEqual([first?.conversion?.macrosRemoved, first?.conversion?.referencesRemoved], [1, 2]);
    assert.ok(
      (first?.bytesAfter ?? 0) <= (first?.conversion?.pdfBytes ?? 0),
      'measured against the PDF of LibreOffice',
    );
    assert.equal(second?.criteria.length, 16);
    const [one = '', two = ''] = await wordsOf(result.files[0]?.bytes);
    for (const word of ['geehrte', 'Müller', 'Klage']) assert.ok(one.includes(word), `${word} in ${one}`);
    assert.ok(two.includes('Zweite Seite') && !one.includes('Zweite'));
    const sheet = (await wordsOf(result.files[1]?.bytes)).join(' ');
    for (const word of ['Gebühr', 'Summe', '200']) assert.ok(sheet.includes(word), `${word} in ${sheet}`);
    assert.ok(Buffer.from(signed).equals(result.files[2]?.bytes ?? new Uint8Array()), 'byte for byte');
  },
);

test(
  'an archive of nothing but Office documents comes open, and all in one PDF where that is wished',
  { skip: skip || LONG_ONLY },
  async () => {
    const files = [
      { name: 'eins.docx', bytes: docx([['Erstes Schreiben']]) },
      { name: 'zwei.odt', bytes: odt(['Zweites Schreiben']) },
    ];
    const archive = makeZip(files);
    const result = await run([{ name: 'Akte.zip', bytes: archive }], 'balanced+together');
    assert.deepEqual(failures(result), []);
    assert.deepEqual(
      result.files.map(({ name }) => name),
      ['01_Akte.pdf'],
    );
    assert.match((await wordsOf(result.files[0]?.bytes)).join('\n'), /Erstes Schreiben[^]*Zweites Schreiben/);
  },
);

test('each of the nine kinds comes back proved, with its words', { skip: skip || LONG_ONLY }, async () => {
  const files = [
    { name: '1.docx', bytes: docx([['Zweite']]) },
    { name: '2.odt', bytes: odt(['Zweite']) },
    { name: '3.doc', bytes: writtenOffice('doc') },
    { name: '4.xlsx', bytes: xlsx([['Gebühr', '100']]) },
    { name: '5.ods', bytes: ods([['Gebühr', '100']]) },
    { name: '6.xls', bytes: writtenOffice('xls') },
    { name: '7.pptx', bytes: writtenOffice('pptx') },
    { name: '8.odp', bytes: odp(['Erste Folie', 'Zweite Folie']) },
    { name: '9.ppt', bytes: writtenOffice('ppt') },
  ];
  const result = await run(files);
  assert.deepEqual(failures(result), []);
  assert.deepEqual(
    result.files.map(({ name }) => name.slice(2)),
    files.map(({ name }) => `_${name[0]}.pdf`),
  );
  for (const { name, bytes } of result.files) assert.match((await wordsOf(bytes)).join('\n'), /Zweite|Gebühr/, name);
});

test(
  'spoiled documents come back proved or with their reason, and the rest of the letter is served',
  { skip },
  async () => {
    const seeds = [
      docx([['Eins'], ['Zwei']], { outside: OUTSIDE, macro: 'x' }),
      odt(['Eins', 'Zwei']),
      xlsx([['Eins', 'Zwei']]),
    ];
    const spoiled = Array.from({ length: IS_LONG ? 20 : 3 }, (_, at) => ({
      name: `${at}.docx`,
      bytes: mutation(seeds[at % seeds.length] ?? new Uint8Array(), 100 + at),
    }));
    const { report, files } = await run([...spoiled, { name: 'gut.docx', bytes: docx([['Gut']]) }]);
    for (const [at, { kept, criteria, digestBefore, digestAfter, oldName }] of report.files.entries()) {
      const isProved = criteria.length === 16 && criteria.every(({ isMet }) => isMet);
      assert.equal(kept === undefined, isProved, `${at} ${oldName}: ${kept}`);
      if (kept !== undefined) assert.equal(digestAfter, digestBefore);
    }
    assert.equal(report.files.at(-1)?.kept, undefined);
    assert.match((await wordsOf(files.at(-1)?.bytes)).join(''), /Gut/);
  },
);

test('when a job is stopped in the middle of a conversion no process of it is left', { skip }, async () => {
  const stopping = new AbortController();
  const files = [1, 2, 3].map((at) => ({ name: `${at}.docx`, bytes: docx([['Eins']]) }));
  const way = { signal: stopping.signal, onProgress: () => undefined };
  const working = workshop.optimise({ files, profile: 'balanced' }, way);
  working.catch(() => undefined);
  let seen: readonly string[] = [];
  for (let tries = 0; tries < 2_400 && seen.length === 0; tries++) {
    seen = converters();
    if (seen.length === 0) await wait(25);
  }
  assert.notEqual(seen.length, 0, 'control: it is seen while it runs');
  stopping.abort();
  await assert.rejects(working);
  assert.deepEqual([stillConverting(seen), converters()], [[], []]);
});

test('where LibreOffice is not ready Office documents go back byte for byte, and the report says so', async () => {
  const chain = await openChain();
  const bytes = docx([['Eins']]);
  const signed = odt(['x'], { parts: [{ name: 'META-INF/documentsignatures.xml', text: '<s/>' }] });
  const result = await chain.optimise({
    files: [
      { name: 'brief.docx', bytes },
      { name: 'vertrag.odt', bytes: signed },
    ],
  });
  assert.deepEqual(failures(result), ['brief.docx: noOffice', 'vertrag.odt: signed']);
  assert.ok(Buffer.from(bytes).equals(result.files[0]?.bytes ?? new Uint8Array()));
});

test('it is ready only behind the sandbox, without swap in clear, and when it runs there', async () => {
  const sandbox = { kind: 'bubblewrap', path: '/usr/bin/bwrap' } as const;
  const bare = { kind: 'none', why: 'notInstalled' } as const;
  const programFolder = '/usr/lib/libreoffice/program';
  const why = async (look: Parameters<typeof findOffice>[0]): Promise<unknown> => {
    const { places, check } = await findOffice(look);
    assert.equal(places === undefined, 'why' in check);
    return 'why' in check ? check.why : 'ready';
  };
  assert.equal(await why({ sandbox: bare, programFolder }), 'noSandbox');
  assert.equal(await why({ sandbox, programFolder, hasSwap: true }), 'swap');
  assert.equal(await why({ sandbox, programFolder: '/nonexistent', hasSwap: false }), 'notInstalled');
});
