// Whatever a sender calls a file, it goes back under a name that a court takes, and no two alike.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '#base/limits.ts';
import { nameFiles } from './name-files.ts';
import { planSplit } from './plan-split.ts';

const ALLOWED = /^\d{2,}_[A-Za-z0-9_ÄÖÜäöüß-]+(\.[a-z0-9]{1,8}){0,2}$/;

function pdf(...names: readonly string[]): readonly string[] {
  return nameFiles(names.map((name) => ({ name, isPdf: true })));
}

test('a file keeps its name, numbered, with umlauts', () => {
  assert.deepEqual(pdf('Klageschrift.pdf', 'Anlage K1 – Größe.JPG', 'ÄÖÜäöüß_-.pdf'), [
    '01_Klageschrift.pdf',
    '02_Anlage_K1_Größe.pdf',
    '03_ÄÖÜäöüß.pdf',
  ]);
  assert.deepEqual(nameFiles([{ name: 'Tabelle.xlsx', isPdf: false }]), ['01_Tabelle.xlsx']);
  assert.deepEqual(pdf('café naïve.pdf', 'A\u0308rger.pdf'), ['01_cafe_naive.pdf', '02_Ärger.pdf']);
});

test('paths, NUL, marks of direction and names of devices do not survive', () => {
  assert.deepEqual(
    pdf('../../etc/passwd', 'C:\\Windows\\nul.pdf', 'a\0b.pdf', 'rechnung\u202Efdp.exe', 'COM1.pdf', '', '....', '/'),
    [
      '01_passwd.pdf',
      '02_Datei.pdf',
      '03_ab.pdf',
      '04_rechnungfdp.pdf',
      '05_Datei.pdf',
      '06_Datei.pdf',
      '07_Datei.pdf',
      '08_Datei.pdf',
    ],
  );
});

test('a signature keeps the name of what it signs, so that it is found', () => {
  const names = nameFiles([
    { name: 'Schriftsatz.pdf', isPdf: true },
    { name: 'Schriftsatz.pdf.p7s', isPdf: false },
    { name: 'Fremdes.pdf.p7s', isPdf: false },
  ]);
  assert.deepEqual(names, ['01_Schriftsatz.pdf', '01_Schriftsatz.pdf.p7s', '03_Fremdes.p7s']);
});

test('any names at all give names by the rule, none twice', () => {
  const file = fc.record({ name: fc.string({ unit: 'binary', maxLength: 200 }), isPdf: fc.boolean() });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 130 }), (files) => {
      const names = nameFiles(files);
      assert.equal(new Set(names.map((name) => name.toLowerCase())).size, files.length);
      for (const name of names) assert.ok(ALLOWED.test(name) && name.length <= limits.transit.nameCharacters, name);
    }),
    { numRuns: 300 },
  );
});

test('a thousand files go in one letter, one more or 200 MB in two', () => {
  const all = planSplit(Array.from({ length: limits.transit.filesBackMax }, () => 1));
  assert.equal(all.length, 1);
  assert.deepEqual(
    planSplit(Array.from({ length: limits.transit.filesBackMax + 1 }, () => 1)).map(({ length }) => length),
    [limits.transit.filesBackMax, 1],
  );
  const half = limits.transit.bytesBackMax / 2;
  assert.deepEqual(planSplit([half, half, 1]), [[0, 1], [2]]);
  assert.deepEqual(planSplit([3 * half, 1]), [[0], [1]]);
  assert.deepEqual(planSplit([]), [[]]);
});
