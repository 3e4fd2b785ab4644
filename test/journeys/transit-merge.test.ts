// Several documents in one PDF, and a picture of each page, as wished: by the whole chain, looked at by our judges and by others.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import sharp from 'sharp';
import type { OptimiseResult, SentFile } from '#post/transit/contract.ts';
import { assertSound, failures, openChain, type Chain } from '../transit/chain.ts';
import { judgeFromOutside } from '../transit/outside-judges.ts';
import { scannedPdf, scannedSheet } from '../transit/printed-papers.ts';
import { signedPdf } from '../transit/signed-pdfs.ts';

const LINES = ['Amtsgericht Musterstadt', 'In dem Rechtsstreit der Klägerin', 'wird beantragt, die Klage abzuweisen.'];

let chain: Chain;
let scans: readonly SentFile[];

before(async () => {
  chain = await openChain();
  scans = await Promise.all(
    ['Klage', 'Anlage K1', 'Anlage K2', 'Anlage K3'].map(async (name) => ({
      name: `${name}.pdf`,
      bytes: await scannedPdf([name, ...LINES]),
    })),
  );
});

const names = ({ files }: OptimiseResult): readonly string[] => files.map(({ name }) => name);
const versions = ({ report }: OptimiseResult): readonly (string | undefined)[] =>
  report.files.map(({ criteria }) => criteria.find(({ name }) => name === 'version')?.seen);

test('scans in one file: it is PDF/A-2u as each of them is, the same bytes every time; what is signed stands beside it as it came', async () => {
  const signed = signedPdf();
  const files = [...scans.slice(0, 2), { name: 'vertrag.pdf', bytes: signed }];
  const result = await chain.optimise({ files, profile: 'balanced+together' });
  assert.deepEqual(names(result), ['01_Zusammen.pdf', '02_vertrag.pdf']);
  assert.deepEqual(failures(result), ['vertrag.pdf: signed']);
  assert.deepEqual(versions(result), ['PDF 1.7, PDF/A-2u', 'PDF 1.7, PDF/A-2u', undefined]);
  const [whole, beside] = result.files;
  judgeFromOutside(whole?.bytes ?? new Uint8Array(), { pages: 2 });
  assert.deepEqual(Buffer.from(beside?.bytes ?? []), Buffer.from(signed));
  const again = await chain.optimise({ files, profile: 'balanced+together' });
  assert.deepEqual(Buffer.from(again.files[0]?.bytes ?? []), Buffer.from(whole?.bytes ?? []));
});

test('what is more than one file may hold becomes several, and one that is left over says why it stands alone', async () => {
  const small = await openChain({ oneFileMax: { bytes: 9_000_000, pages: 2 } });
  const four = await small.optimise({ files: scans, profile: 'balanced+together' });
  assert.deepEqual(failures(four), []);
  assert.deepEqual(names(four), ['01_Zusammen.pdf', '02_Zusammen.pdf']);
  for (const { bytes } of four.files) judgeFromOutside(bytes, { pages: 2 });
  const three = await small.optimise({ files: scans.slice(0, 3), profile: 'balanced+together' });
  assert.deepEqual(names(three), ['01_Zusammen.pdf', '02_Anlage_K2.pdf']);
  assert.deepEqual(
    three.report.files.map(({ beside }) => beside),
    [undefined, undefined, 'tooMuch'],
  );
  // the twin: with the bound of a real letter all are one
  const all = await chain.optimise({ files: scans, profile: 'balanced+together' });
  assert.deepEqual(names(all), ['01_Zusammen.pdf']);
  judgeFromOutside(all.files[0]?.bytes ?? new Uint8Array(), { pages: 4 });
});

test('with pictures of its pages wished, a file that would become larger goes back as it came with the reason; one beside it is made', async () => {
  const sheet = sharp(await scannedSheet(LINES, 0.6));
  const paper = sheet.clone().greyscale().threshold(160).toColourspace('b-w');
  const fax = await paper.tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer();
  const files = [
    { name: 'fax.tiff', bytes: fax },
    { name: 'scan.jpg', bytes: await sheet.clone().jpeg({ quality: 95 }).toBuffer() },
  ];
  const sent = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const result = await chain.optimise({ files, profile: 'faithful' });
  assertSound(result, sent);
  assert.deepEqual(failures(result), ['fax.tiff: wouldGrow']);
  assert.deepEqual(Buffer.from(result.files[0]?.bytes ?? []), fax);
});
