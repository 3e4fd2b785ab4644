// hp="cipher" goes in and comes out without a changed byte, and no quote or comment swallows it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutateLetter, seededRandom } from '../../../test/letters/mutate-letter.ts';
import { readLetters } from '../../../test/letters/read-letters.ts';
import { strictParameter } from '../../../test/letters/strict-parameter.ts';
import { readHeaderSection } from './header-fields.ts';
import { readLetter } from './letter-view.ts';
import { applyInsertions, type Insertion, protectInsertions, undoInsertions } from './protect-insertion.ts';

const LETTERS = readLetters();
const SLOW = process.env['SIEGEL_SLOW'] === '1';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const isEqual = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;
const LEFT_ALONE = /^(?:multipart\/(?:signed|encrypted)|application\/(?:x-)?pkcs7-mime)$/;

/** Throws when anything that was promised about the insertions into this letter does not hold. */
function check(bytes: Uint8Array, name: string, make = protectInsertions): 'inserted' | 'alone' {
  const insertions = make(bytes);
  const before = readLetter(bytes);
  if (insertions.length === 0) {
    const isExcused = LEFT_ALONE.test(before.contentType.mediaType) || before.contentType.parameters.has('hp');
    assert.ok(isExcused || before.isHeaderCut, `${name}: nothing was inserted`);
    return 'alone';
  }
  const inserted = applyInsertions(bytes, insertions);
  assert.ok(isEqual(undoInsertions(inserted, insertions), bytes), `${name}: not the same bytes again`);
  const after = readLetter(inserted);
  assert.equal(after.contentType.mediaType, before.contentType.mediaType, name);
  const parameters = new Map(after.contentType.parameters);
  assert.equal(parameters.get('hp'), 'cipher', name);
  parameters.delete('hp');
  assert.deepEqual([...parameters], [...before.contentType.parameters], name);
  assert.equal(after.bodyOffset - before.bodyOffset, inserted.length - bytes.length, name);
  assert.equal(strictParameter(inserted, insertions[0]?.offset ?? 0), 'cipher', `${name}: swallowed`);
  return 'inserted';
}

test('the parameter stands directly behind type and subtype', () => {
  const letter = (type: string): Uint8Array => bytesOf(`To: a@b.test\r\nContent-Type: ${type}\r\n\r\nx`);
  const after = (bytes: Uint8Array): string =>
    new TextDecoder().decode(applyInsertions(bytes, protectInsertions(bytes)));
  assert.match(after(letter('text/html; charset=utf-8')), /text\/html; hp="cipher"; charset=utf-8\r\n/);
  assert.match(after(letter('text/html; name="open')), /text\/html; hp="cipher"; name="open\r\n/);
  assert.match(after(letter('(a) text / html (open')), /\(a\) text \/ html; hp="cipher" \(open\r\n/);
});

test('a letter without a content type gets the whole field, one without fields an empty line too', () => {
  const text = (bytes: Uint8Array): string =>
    new TextDecoder().decode(applyInsertions(bytes, protectInsertions(bytes)));
  assert.equal(
    text(bytesOf('To: a@b.test\r\n\r\nx')),
    'Content-Type: text/plain; hp="cipher"\r\nTo: a@b.test\r\n\r\nx',
  );
  assert.equal(text(bytesOf('Hello there')), 'Content-Type: text/plain; hp="cipher"\r\n\r\nHello there');
  assert.equal(text(bytesOf('')), 'Content-Type: text/plain; hp="cipher"\r\n\r\n');
});

test('signed, encrypted and S/MIME letters and an existing hp are left alone', () => {
  for (const type of [
    'multipart/signed; boundary=a',
    'MULTIPART/Encrypted',
    'application/pkcs7-mime; smime-type=signed-data',
    'application/x-pkcs7-mime',
    'text/plain; HP="clear"',
    'text/plain; charset=utf-8; hp=cipher',
  ]) {
    assert.deepEqual(protectInsertions(bytesOf(`Content-Type: ${type}\r\n\r\nx`)), [], type);
  }
});

test('an hp within a quote or comment is none', () => {
  for (const type of ['text/plain; name="; hp=clear"', 'text/plain (; hp=clear)']) {
    assert.equal(protectInsertions(bytesOf(`Content-Type: ${type}\r\n\r\nx`)).length, 1, type);
  }
});

test('insertions that are not where they should be are not undone', () => {
  const bytes = bytesOf('Content-Type: text/plain\r\n\r\nx');
  const insertions = protectInsertions(bytes);
  const changed = applyInsertions(bytes, insertions);
  changed[30] = 0;
  assert.equal(undoInsertions(changed, insertions), undefined);
  assert.equal(undoInsertions(bytes, insertions), undefined);
  assert.equal(undoInsertions(new Uint8Array(3), insertions), undefined);
});

test('several insertions, two of them at one place, go in and out', () => {
  const bytes = bytesOf('abc');
  const insertions = ['1', '22', '3', '4'].map((text, index) => ({
    offset: [0, 0, 2, 3][index] ?? 0,
    bytes: bytesOf(text),
  }));
  const changed = applyInsertions(bytes, insertions);
  assert.equal(new TextDecoder().decode(changed), '122ab3c4');
  assert.ok(isEqual(undoInsertions(changed, insertions), bytes));
});

test('every letter of the collection comes back to the byte', () => {
  for (const { name, bytes } of LETTERS) check(bytes, name);
});

test(`${SLOW ? '200,000' : '20,000'} damaged letters come back to the byte, and the parameter can be read`, () => {
  const random = seededRandom(2026);
  const small = LETTERS.filter((letter) => letter.bytes.length < 8_000);
  const counts = { inserted: 0, alone: 0 };
  for (let i = 0; i < (SLOW ? 200_000 : 20_000); i++) {
    const letter = small[Math.floor(random() * small.length)];
    if (letter) counts[check(mutateLetter(letter.bytes, random), `${letter.name} changed, no. ${i}`)]++;
  }
  assert.ok(counts.inserted > counts.alone, JSON.stringify(counts));
});

/** The twin: the parameter at the end of the field, where an open quote or comment swallows it. */
function insertAtEnd(bytes: Uint8Array): readonly Insertion[] {
  const [right] = protectInsertions(bytes);
  const field = readHeaderSection(bytes).fields.find(
    (each) => right && each.valueOffset <= right.offset && right.offset < each.endOffset,
  );
  if (!right || !field) return right ? [right] : [];
  return [{ offset: field.valueOffset + field.rawValue.length, bytes: right.bytes }];
}

test('the same check refuses a parameter put at the end of the field instead', () => {
  const refused = LETTERS.filter(({ name, bytes }) => {
    try {
      check(bytes, name, insertAtEnd);
      return false;
    } catch {
      return true;
    }
  });
  const names = refused.map((letter) => letter.name);
  assert.ok(
    names.includes('content-types/open-quote') && names.includes('content-types/open-comment'),
    names.join(' '),
  );
});
