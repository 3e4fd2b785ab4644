// An attachment never writes outside the folder of downloads and never looks like another kind of file.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeFileName } from './safe-name.ts';

test('ordinary names stay as they are', () => {
  for (const name of ['Rechnung 2026-10.pdf', 'Sparbücher.zip', 'poder_notarial_de.pdf'])
    assert.equal(safeFileName(name), name);
});

test('paths, controls and turned reading directions are taken out', () => {
  assert.equal(safeFileName('../../etc/passwd'), '_.._etc_passwd');
  assert.equal(safeFileName('a\u0000b\r\n.txt'), 'a_b__.txt');
  assert.equal(safeFileName('Rechnung\u202efdp.exe'), 'Rechnung_fdp.exe');
  assert.equal(safeFileName('.bashrc'), 'bashrc');
  assert.equal(safeFileName('CON.txt'), '_CON.txt');
  assert.equal(safeFileName('  '), 'attachment');
});

test('a name too long keeps its ending', () => {
  const name = safeFileName(`${'ä'.repeat(400)}.pdf`);
  assert.equal(Array.from(name).length, 120);
  assert.ok(name.endsWith('.pdf'));
});

test('whatever comes in, what goes out is a plain file name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeFileName(name);
      assert.ok(
        safe.length > 0 &&
          !/[/\\:]/.test(safe) &&
          Array.from(safe).every((letter) => letter >= ' ') &&
          !safe.startsWith('.'),
      );
      assert.ok(safe.isWellFormed());
    }),
  );
});
