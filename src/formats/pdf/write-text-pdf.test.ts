// Reports written and read back by another library.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { checkWithQpdf } from './test-qpdf.ts';
import { writeTextPdf, type TextLine } from './write-text-pdf.ts';

const LINES: readonly TextLine[] = [
  { text: 'Ihre Unterlagen', look: 'title' },
  { text: 'Was geschehen ist', look: 'head' },
  { text: 'Große Überschrift: „Äpfel & Öle“ – 12,5 € (100 %)' },
  { text: '' },
  { text: 'klein', look: 'small' },
];

async function textsOf(pdf: Uint8Array): Promise<readonly string[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(Buffer.from(pdf));
  const texts = [...document.pages()].map((page) => page.getText());
  document.destroy();
  library.destroy();
  return texts;
}

test('a report reads as it was written', async () => {
  const [text = ''] = await textsOf(writeTextPdf(LINES));
  assert.deepEqual(
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean),
    LINES.map((line) => line.text).filter(Boolean),
  );
});

test('long paragraphs are wrapped, long reports go on over further pages, no word is lost', async () => {
  const words = Array.from({ length: 3_000 }, (_, at) => `Wort${at}`);
  const texts = await textsOf(writeTextPdf([{ text: words.join(' ') }, { text: `x${'y'.repeat(400)}` }]));
  assert.ok(texts.length > 2);
  assert.deepEqual(texts.join('\n').match(/Wort\d+/g), words);
  assert.equal(texts.join('').match(/y/g)?.length, 400);
});

test('letters that the font has not are written without their marks or as a question mark', async () => {
  const [text = ''] = await textsOf(writeTextPdf([{ text: 'Dvořák ǎ ﬁ 3 → 1 日 \u202e' }]));
  assert.equal(text.trim(), 'Dvořák a fi 3 -> 1 ? ?');
});

test('the same report gives the same bytes; qpdf finds nothing wrong, all fonts are in the file', (t) => {
  const pdf = writeTextPdf(LINES);
  assert.deepEqual(pdf, writeTextPdf(LINES));
  const checked = checkWithQpdf(pdf);
  const fonts = spawnSync('pdffonts', ['-'], { input: pdf, encoding: 'utf8' });
  if (checked === undefined || fonts.error) return t.skip('qpdf or pdffonts is not installed');
  assert.match(checked, /No syntax or stream encoding errors found/);
  assert.match(fonts.stdout, /Type 3\s+Custom\s+yes no\s+yes/);
});
