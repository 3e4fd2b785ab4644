// What counts as a picture: by its first bytes, never by a name or a label.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pictureType } from './picture-type.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const bmp = Buffer.alloc(54);
bmp.write('BM', 'latin1');
bmp.writeUInt32LE(40, 14);

test('pictures are told by their first bytes', () => {
  const known: readonly (readonly [Uint8Array, string])[] = [
    [latin1('\x89PNG\r\n\x1a\n....'), 'image/png'],
    [latin1('\xff\xd8\xff\xe0....'), 'image/jpeg'],
    [latin1('GIF89a....'), 'image/gif'],
    [latin1('GIF87a....'), 'image/gif'],
    [latin1('RIFF....WEBPVP8X'), 'image/webp'],
    [latin1('\0\0\0\x20ftypavif'), 'image/avif'],
    [latin1('\0\0\0\x20ftypavis'), 'image/avif'],
    [bmp, 'image/bmp'],
  ];
  for (const [bytes, type] of known) assert.equal(pictureType(bytes), type);
  for (const [bytes] of known)
    assert.equal(pictureType(bytes.subarray(0, 5)), bytes[0] === 0xff ? 'image/jpeg' : undefined);
});

test('SVG, HTML, PDF and films are no pictures, whatever stands in front', () => {
  const others = [
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<?xml version="1.0"?><svg/>',
    '\xef\xbb\xbf<svg/>',
    ' \n<svg/>',
    '<!doctype html><p>',
    '%PDF-1.7',
    'RIFF....WAVEfmt ',
    '\0\0\0\x20ftypmp42',
    'BM<script>alert(1)</script>',
    'GIF88a',
    '',
  ];
  for (const text of others) assert.equal(pictureType(latin1(text)), undefined, text);
});

test('any bytes get an answer, and text is never a picture', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void pictureType(bytes)));
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', 's', 'v', 'g', '>', 'BM', 'GIF89a', ' ', '/', '"', '='), maxLength: 60 }),
      (text) => {
        assert.equal(pictureType(latin1(text)), text.startsWith('GIF89a') ? 'image/gif' : undefined, text);
      },
    ),
  );
});
