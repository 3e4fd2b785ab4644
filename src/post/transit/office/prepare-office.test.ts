// What is taken out of an Office document, what makes it go back as it came, and that nothing spoiled is ever thrown at us.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeCfb } from '#formats/cfb/write-cfb.ts';
import type { CfbStorage } from '#formats/cfb/cfb-tree.ts';
import { docx, odt, writtenOffice, xlsx, type Part } from '../../../../test/papers/sample-office.ts';
import { processorMs } from '../../../../test/processor-time.ts';
import { mutation } from '../../../../test/transit/mutations.ts';
import { Budget } from '../extract/budget.ts';
import { openPaper } from '../extract/open-zip.ts';
import { makeZip } from '../extract/test-zip.ts';
import { isOffice } from './office-format.ts';
import { prepareOffice } from './prepare-office.ts';

const OUTSIDE = 'http://evil.example';
const budget = (): Budget => new Budget({ entries: 2_000, bytes: 50_000_000 });

function kindOf(bytes: Uint8Array): string {
  const made = prepareOffice(bytes, budget());
  return made.ok ? made.value.format : made.error.kind;
}

/** All parts as one text. */
function insideOf(bytes: Uint8Array): string {
  const opened = openPaper(bytes, budget());
  assert.ok(opened.ok);
  return opened.value.map((part) => `${part.path}\n${Buffer.from(part.bytes).toString()}`).join('\n');
}

test('macros, and pictures and templates from outside, are taken out and counted', () => {
  const lines = [['Sehr geehrte Frau Müller']];
  for (const [sent, references] of [
    [docx(lines, { outside: OUTSIDE, macro: 'marker-of-the-macro' }), 2],
    [odt(['Sehr geehrte Frau Müller'], { outside: OUTSIDE, macro: 'marker-of-the-macro' }), 1],
  ] as const) {
    const made = prepareOffice(sent, budget());
    assert.ok(made.ok);
    assert.deepEqual([made.value.macrosRemoved, made.value.referencesRemoved], [1, references]);
    const inside = insideOf(made.value.bytes);
    assert.ok(insideOf(sent).includes('marker-of-the-macro') && insideOf(sent).includes(OUTSIDE), 'control');
    assert.ok(!inside.includes('marker-of-the-macro') && !inside.includes(OUTSIDE));
    assert.ok(inside.includes('Sehr geehrte Frau Müller'));
  }
});

test('links that are clicked on stay, and the same document gives the same bytes', () => {
  const rels = (target: string): Part => ({
    name: 'word/_rels/document.xml.rels',
    text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="h" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="${target}" TargetMode="External"/></Relationships>`,
  });
  const counts = ['https://a.example/', 'mailto:a@a.example', 'file:///etc/passwd', '\\\\host\\share'].map((target) => {
    const made = prepareOffice(docx([['x']], { parts: [rels(target)] }), budget());
    return made.ok ? made.value.referencesRemoved : made.error.kind;
  });
  assert.deepEqual(counts, [0, 0, 1, 1]);
  assert.deepEqual(prepareOffice(xlsx([['1']]), budget()), prepareOffice(xlsx([['1']]), budget()));
});

test('signed, encrypted, doubled and declared documents go back with their reason', () => {
  const lines = [['x']];
  const main = 'word/document.xml';
  assert.equal(kindOf(docx(lines)), 'docx');
  assert.equal(kindOf(docx(lines, { parts: [{ name: '_xmlsignatures/sig1.xml', text: '<s/>' }] })), 'signed');
  assert.equal(kindOf(odt(['x'], { parts: [{ name: 'META-INF/documentsignatures.xml', text: '<s/>' }] })), 'signed');
  const twice = [1, 2].map(() => ({ name: main, bytes: Buffer.from('<x/>') }));
  assert.equal(kindOf(makeZip([{ name: '[Content_Types].xml', bytes: Buffer.from('<x/>') }, ...twice])), 'damaged');
  const declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>';
  assert.equal(kindOf(docx(lines, { parts: [{ name: 'word/_rels/document.xml.rels', text: declared }] })), 'damaged');
  assert.equal(kindOf(makeZip([{ name: 'a.txt', bytes: Buffer.from('x') }])), 'unknownKind');
});

test('of the old kinds too: encrypted, signed and wrapped ones go back with their reason', () => {
  const stream = (name: string, ...bytes: readonly number[]) =>
    ({ kind: 'stream', name, bytes: Uint8Array.from([...bytes, ...Array.from({ length: 32 }, () => 0)]) }) as const;
  const old = (...children: CfbStorage['children']): string =>
    kindOf(writeCfb({ kind: 'storage', name: 'Root Entry', head: new Uint8Array(36), children }));
  const doc = [0xec, 0xa5, 0xc1, 0, 0, 0, 0, 0, 0, 0, 0];
  assert.equal(old(stream('WordDocument', ...doc, 0)), 'doc');
  assert.equal(old(stream('WordDocument', ...doc, 1)), 'encrypted');
  const begin = [0x09, 0x08, 2, 0, 0, 6];
  assert.equal(old(stream('Workbook', ...begin, 0x42, 0, 0, 0)), 'xls');
  assert.equal(old(stream('Workbook', ...begin, 0x2f, 0, 0, 0)), 'encrypted');
  const user = [0, 0, 0xf6, 0x0f, 20, 0, 0, 0, 20, 0, 0, 0];
  assert.equal(old(stream('PowerPoint Document'), stream('Current User', ...user, 0x5f, 0xc0, 0x91, 0xe3)), 'ppt');
  assert.equal(
    old(stream('PowerPoint Document'), stream('Current User', ...user, 0xdf, 0xc4, 0xd1, 0xf3)),
    'encrypted',
  );
  assert.equal(old(stream('WordDocument', ...doc, 0), stream('_signatures')), 'signed');
  const signatures = { kind: 'storage', name: '_xmlsignatures', head: new Uint8Array(36), children: [] } as const;
  assert.equal(old(stream('WordDocument', ...doc, 0), signatures), 'signed');
  assert.equal(old(stream('EncryptedPackage'), stream('EncryptionInfo')), 'encrypted');
  assert.equal(old(stream('Contents')), 'unknownKind');
  for (const format of ['doc', 'xls'] as const)
    assert.equal(kindOf(writtenOffice(format)), format, 'as LibreOffice writes it');
});

test('a bomb in a document stays shut', () => {
  const thick = makeZip([
    { name: '[Content_Types].xml', bytes: Buffer.from('<x/>') },
    { name: 'word/document.xml', bytes: new Uint8Array(20_000_000) },
  ]);
  assert.ok(isOffice(thick));
  assert.equal(kindOf(thick), 'expandsTooFar');
  const many = Array.from({ length: 2_001 }, (_, at) => ({ name: `word/${at}.xml` }));
  assert.equal(
    kindOf(makeZip([{ name: '[Content_Types].xml' }, { name: 'word/document.xml' }, ...many])),
    'tooManyEntries',
  );
});

test('spoiled documents are prepared or refused with a reason, never thrown, and quickly', () => {
  const seeds = [docx([['Eins'], ['Zwei']], { outside: OUTSIDE, macro: 'x' }), odt(['Eins']), xlsx([['Eins']])];
  const startMs = processorMs();
  for (let n = 0; n < 300; n++) {
    const bytes = mutation(seeds[n % seeds.length] ?? new Uint8Array(), n);
    isOffice(bytes);
    prepareOffice(bytes, budget());
  }
  assert.ok(processorMs() - startMs < 20_000);
});
