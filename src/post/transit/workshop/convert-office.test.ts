// Office documents made by hand go through the real LibreOffice in its sandbox, where both are installed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import test from 'node:test';
import { Budget } from '../extract/budget.ts';
import { makeZip } from '../extract/test-zip.ts';
import { prepareOffice } from '../office/prepare-office.ts';
import { convertOffice, type OfficeWay } from './convert-office.ts';

const places = { sandbox: '/usr/bin/bwrap', programFolder: '/usr/lib/libreoffice/program' };
const isInstalled =
  existsSync(places.sandbox) && existsSync(`${places.programFolder}/soffice.bin`) && existsSync('/usr/bin/pdftotext');
const skip = isInstalled ? false : 'LibreOffice, bubblewrap or pdftotext is not installed';
const way = (signal = new AbortController().signal): OfficeWay => ({ places, signal });
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

function docx(port: number): Uint8Array {
  const text = (bytes: string): Uint8Array => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${bytes}`);
  return makeZip([
    {
      name: '[Content_Types].xml',
      bytes: text(
        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/></Types>`,
      ),
    },
    {
      name: '_rels/.rels',
      bytes: text(
        `<Relationships xmlns="${RELS}"><Relationship Id="r1" Type="${TYPE}/officeDocument" Target="word/document.xml"/></Relationships>`,
      ),
    },
    {
      name: 'word/_rels/document.xml.rels',
      bytes: text(
        `<Relationships xmlns="${RELS}"><Relationship Id="p1" Type="${TYPE}/image" Target="http://127.0.0.1:${port}/a.png" TargetMode="&#69;xternal"/></Relationships>`,
      ),
    },
    { name: 'word/vbaProject.bin', bytes: Buffer.from('macro') },
    {
      name: 'word/document.xml',
      bytes: text(
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Sehr geehrte Frau Müller</w:t></w:r></w:p></w:body></w:document>',
      ),
    },
  ]);
}

const budget = (): Budget => new Budget({ entries: 2_000, bytes: 50_000_000 });

test('macros and pictures from outside are taken out of a document before it is converted', () => {
  const made = prepareOffice(docx(9), budget());
  assert.ok(made.ok);
  assert.equal(made.value.format, 'docx');
  assert.equal(made.value.macrosRemoved, 1);
  assert.equal(made.value.referencesRemoved, 1);
});

test('a document becomes a PDF with its words, and nobody outside is asked', { skip }, async () => {
  let asked = 0;
  const server = createServer((socket) => {
    asked += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // as it came, links and all: the walls hold without the stripping
  const done = await convertOffice({ bytes: docx(port), format: 'docx' }, way());
  server.close();
  assert.ok(done.ok, JSON.stringify(done));
  const text = execFileSync('pdftotext', ['-', '-'], { input: done.value, encoding: 'utf8' });
  assert.equal(text.trim(), 'Sehr geehrte Frau Müller');
  assert.equal(asked, 0);
});

test('a conversion that takes too long is ended', { skip }, async () => {
  const done = await convertOffice({ bytes: docx(9), format: 'docx' }, { ...way(), waitMs: 50 });
  assert.deepEqual(done, { ok: false, error: { kind: 'outOfTime' } });
});
