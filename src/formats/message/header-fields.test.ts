// The header section: fields with their offsets, folded, broken or missing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldText, readHeaderSection } from './header-fields.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('fields are found with the offsets of name, value and end', () => {
  const bytes = bytesOf('Subject: one\r\n two\r\nTo: b@b.test\r\n\r\nbody');
  const section = readHeaderSection(bytes);
  assert.deepEqual(
    section.fields.map(({ name, startOffset, valueOffset, endOffset }) => [name, startOffset, valueOffset, endOffset]),
    [
      ['subject', 0, 8, 20],
      ['to', 20, 23, 34],
    ],
  );
  assert.equal(section.bodyOffset, 36);
  assert.equal(section.fields[0] && fieldText(section.fields[0]), 'one two');
});

test('lines ending in LF alone are lines, a CR alone is none', () => {
  const section = readHeaderSection(bytesOf('A: 1\nB: 2\r X: 3\nC: 4\n\nbody'));
  assert.deepEqual(
    section.fields.map((field) => field.name),
    ['a', 'b', 'c'],
  );
  assert.equal(section.bodyOffset, 22);
});

test('a letter whose first line is no field is all body', () => {
  for (const text of ['Hello there\r\n\r\nx', ' Subject: folded?\r\n', ': x\r\n']) {
    const section = readHeaderSection(bytesOf(text));
    assert.equal(section.isPresent, false, text);
    assert.equal(section.bodyOffset, 0, text);
  }
});

test('a letter that starts with an empty line has an empty header section', () => {
  const section = readHeaderSection(bytesOf('\r\nbody'));
  assert.deepEqual([section.isPresent, section.bodyOffset, section.fields.length], [true, 2, 0]);
});

test('a damaged line hides no field behind it', () => {
  const section = readHeaderSection(bytesOf('A: 1\r\nno field\r\n continued\r\nB: 2\r\n\r\n'));
  assert.deepEqual(
    section.fields.map((field) => field.name),
    ['a', 'b'],
  );
});

test('more fields than the bound are left out and that is said', () => {
  const section = readHeaderSection(bytesOf('X: y\r\n'.repeat(3_000) + '\r\nbody'));
  assert.equal(section.isCut, true);
  assert.equal(section.fields.length, 2_000);
  assert.equal(section.bodyOffset, 18_002);
});

test('8-bit values are UTF-8 where they are, else windows-1252', () => {
  const utf8 = readHeaderSection(bytesOf('S: für\r\n\r\n')).fields[0];
  const latin = readHeaderSection(Uint8Array.of(83, 58, 0x66, 0xfc, 0x72, 10, 10)).fields[0];
  assert.equal(utf8 && fieldText(utf8), 'für');
  assert.equal(latin && fieldText(latin), 'für');
});

test('a letter reads the same where there is no Buffer, as in a browser', () => {
  const letter = new Uint8Array(
    Buffer.concat([Buffer.from('Subject: f\u00fcr\r\nX: '), Buffer.alloc(20_000, 'y'), Buffer.from('\n\n')]),
  );
  const here = readHeaderSection(letter);
  const kept = globalThis.Buffer;
  Reflect.deleteProperty(globalThis, 'Buffer');
  try {
    assert.deepEqual(readHeaderSection(letter), here);
  } finally {
    globalThis.Buffer = kept;
  }
});
