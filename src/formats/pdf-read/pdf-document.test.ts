// Sound files are read whole, by table and by stream; files that loop, lie or swell are refused and never hang.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { decodeStream, inflate } from './decode-stream.ts';
import { PdfLexer } from './pdf-lexer.ts';
import { listPages } from './page-list.ts';
import { readPdf } from './pdf-document.ts';
import { scanObjects } from './scan-objects.ts';
import { countOf, entry, isDict, isString, nameOf, textOf, type PdfStream, type PdfValue } from './pdf-value.ts';

const encoder = new TextEncoder();

function read(text: string): PdfValue | undefined {
  return new PdfLexer(Uint8Array.from(text, (letter) => letter.charCodeAt(0))).readValue();
}

/** A file by hand: objects one after another, a right table, whatever trailer. */
function byHand(objects: readonly string[], trailer = '/Root 1 0 R'): Uint8Array {
  let text = '%PDF-1.5\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  text += `trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const SMALL = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'];

test('names with escapes, strings with brackets and octals, hex, numbers and references are read as they are meant', () => {
  assert.equal(nameOf(read('/Byte#52ange')), 'ByteRange');
  assert.equal(textOf(read('(a(b)\\)\\101\\n\\\r\nc)')), 'a(b))A\nc');
  assert.equal(textOf(read('<FEFF00C4>')), 'Ä');
  assert.deepEqual(read('[1 -2.5 .5 3 0 R null true]'), {
    kind: 'array',
    items: [1, -2.5, 0.5, { kind: 'ref', number: 3, generation: 0 }, null, true],
  });
  const dict = read('<< /A << /B [ (x) ] >> /C/D % a remark\n /E 5 >>');
  assert.ok(isDict(dict) && countOf(entry(dict, 'E')) === 5);
});

test('what is malformed reads as nothing', () => {
  for (const text of ['[1 2', '<< /A >>', '<< 1 2 >>', '(open', '<12', '<1g>', '--1', 'nul', '[nulll]', '1..2', '']) {
    assert.equal(read(text), undefined, text);
  }
  assert.equal(read('['.repeat(100_000)), undefined);
});

test('a file with a table and one with streams of objects are both read whole', async () => {
  const document = await PDFDocument.create();
  for (let i = 0; i < 7; i++) document.addPage([300, 400 + i]);
  for (const useObjectStreams of [false, true]) {
    const opened = readPdf(await document.save({ useObjectStreams }));
    assert.ok(opened.ok);
    const pages = listPages(opened.value, 100);
    assert.ok(pages.ok);
    const heights = pages.value.map(({ inherited }) => {
      const box = opened.value.resolve(inherited.get('MediaBox'));
      return typeof box === 'object' && box?.kind === 'array' ? box.items[3] : undefined;
    });
    assert.deepEqual(heights, [400, 401, 402, 403, 404, 405, 406]);
    assert.ok(opened.value.numbers.every((number) => opened.value.get(number) !== undefined));
  }
});

test('a tree of pages that loops, is too wide or too deep is refused', () => {
  const loop = readPdf(byHand([SMALL[0] ?? '', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']));
  assert.ok(loop.ok);
  assert.deepEqual(listPages(loop.value, 10), { ok: false, error: { kind: 'damaged' } });
  const wide = readPdf(
    byHand([SMALL[0] ?? '', `<< /Type /Pages /Kids [${'3 0 R '.repeat(9_999)}] >>`, '<< /Type /Page >>']),
  );
  assert.ok(wide.ok);
  assert.deepEqual(listPages(wide.value, 500), { ok: false, error: { kind: 'tooMany' } });
  const deep = Array.from({ length: 200 }, (_, i) => `<< /Type /Pages /Kids [${i + 3} 0 R] >>`);
  const well = readPdf(byHand([SMALL[0] ?? '', ...deep, '<< /Type /Page >>']));
  assert.ok(well.ok);
  assert.deepEqual(listPages(well.value, 500), { ok: false, error: { kind: 'damaged' } });
});

test('a cross-reference that points to itself or counts without end is refused', () => {
  const good = new TextDecoder('latin1').decode(byHand([...SMALL, '<< /Type /Page >>']));
  const at = good.indexOf('xref\n0');
  const spoil = (from: string, to: string): Uint8Array => encoder.encode(good.replace(from, to));
  assert.ok(readPdf(encoder.encode(good)).ok);
  for (const spoiled of [
    spoil('/Root 1 0 R', `/Root 1 0 R /Prev ${at}`),
    spoil('0 4\n', '0 999999999\n'),
    spoil('0 4\n', '0 400\n'),
    spoil(`startxref\n${at}`, 'startxref\n99999999'),
    spoil('startxref', 'startxxxx'),
    spoil('%PDF-1.5', '%PFD-1.5'),
    spoil('/Root 1 0 R', '/Root 3 0 R'),
  ]) {
    assert.equal(readPdf(spoiled).ok, false);
  }
});

test('references in a ring and lengths that lie lead to nothing, not to a hang', () => {
  const ring = readPdf(byHand([...SMALL, '4 0 R', '3 0 R', '<< /Length 5 0 R >>\nstream\nabc\nendstream']));
  assert.ok(ring.ok);
  assert.equal(ring.value.resolve({ kind: 'ref', number: 3, generation: 0 }), null);
  assert.equal(ring.value.get(5), undefined);
});

test('a stream that would unpack too far is refused before it has', () => {
  const bomb = zlibSync(new Uint8Array(8 * 1024 * 1024), { level: 9 });
  assert.deepEqual(inflate(bomb, 1024 * 1024), { ok: false, error: { kind: 'tooLarge' } });
  const twice: PdfStream = {
    kind: 'stream',
    dict: { kind: 'dict', entries: new Map([['Filter', read('[/FlateDecode /FlateDecode]') ?? null]]) },
    raw: zlibSync(bomb),
  };
  assert.deepEqual(
    decodeStream(twice, (value) => value, 1024 * 1024),
    { ok: false, error: { kind: 'tooLarge' } },
  );
  const runs: PdfStream = {
    ...twice,
    dict: { kind: 'dict', entries: new Map([['Filter', read('/RunLengthDecode') ?? null]]) },
  };
  const long = { ...runs, raw: new Uint8Array(100_000).fill(129) };
  assert.deepEqual(
    decodeStream(long, (value) => value, 1024 * 1024),
    { ok: false, error: { kind: 'tooLarge' } },
  );
});

test('texts in ASCII85, hex and PNG rows come out as they went in', () => {
  const make = (dict: string, raw: Uint8Array): PdfStream => {
    const value = read(dict);
    assert.ok(isDict(value));
    return { kind: 'stream', dict: value, raw };
  };
  const text = (stream: PdfStream): string => {
    const decoded = decodeStream(stream, (value) => value, 1000);
    assert.ok(decoded.ok);
    return new TextDecoder().decode(decoded.value);
  };
  assert.equal(text(make('<< /Filter /A85 >>', encoder.encode('87cURD]i,"Ebo80~>'))), 'Hello World!');
  assert.equal(text(make('<< /Filter [/AHx] >>', encoder.encode('48 65 6C6c 6F>'))), 'Hello');
  const rows = zlibSync(Uint8Array.from([2, 65, 66, 2, 1, 1, 1, 67, 1, 4, 0, 1]));
  const predicted = '<< /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2 >> >>';
  assert.equal(text(make(predicted, rows)), 'ABBCCDCE');
});

test('objects that no cross-reference names are found by looking at every byte', () => {
  const bytes = encoder.encode(
    'junk 7 0 obj << /Old (version) >> endobj 7 0 obj << /Type /Sig >> endobj trailer << /Encrypt 1 0 R >>',
  );
  const scanned = scanObjects(bytes);
  assert.deepEqual(
    scanned.objects.map(({ number }) => number),
    [7, 7],
  );
  assert.ok(isString(entry(scanned.objects[0]?.value, 'Old')));
  assert.equal(scanned.trailers.length, 1);
});

test('a file of open brackets is given up within its time, and said not to be whole', () => {
  for (const piece of ['1 0 obj(', '1 0 obj<<>>stream\n', 'trailer(']) {
    const scanned = scanObjects(encoder.encode(piece.repeat(100_000)));
    assert.equal(scanned.isWhole, piece.startsWith('trailer'));
  }
});

test('spoiled files end in a value within their time', async () => {
  const document = await PDFDocument.create();
  for (let i = 0; i < 5; i++) document.addPage().drawText('x');
  const sound = [await document.save(), await document.save({ useObjectStreams: false })];
  const change = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...sound), change, (bytes, changes) => {
      const spoiled = bytes.slice();
      for (const [at, byte] of changes) spoiled[at % spoiled.length] = byte;
      const opened = readPdf(spoiled);
      if (opened.ok) listPages(opened.value, 500);
      if (opened.ok) for (const number of opened.value.numbers.slice(0, 1000)) opened.value.get(number);
      scanObjects(spoiled);
    }),
    { numRuns: 250 },
  );
});
