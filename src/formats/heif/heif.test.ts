// What a HEIF file claims of its pictures' sizes is found wherever it claims it, before anything is decoded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { claimingHeic, sampleHeic, turnedHeic } from '../../../test/papers/sample-heic.ts';
import { heifPages } from './heif-pages.ts';
import { heifPixels } from './heif-pixels.ts';
import { heifSort } from './heif-sort.ts';
import { hevcPixels } from './hevc-size.ts';

const SIZE = 160 * 120;

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

function numbers(bytes: 2 | 4, ...values: readonly number[]): Buffer {
  const made = Buffer.alloc(bytes * values.length);
  for (const [index, value] of values.entries()) made.writeUIntBE(value, index * bytes, bytes);
  return made;
}

/** A file of one tile that a grid names so many times. */
function gridOf(tiles: number, width = 512, height = 512): Buffer {
  const size = box('ispe', numbers(4, 0, width, height));
  const links = box('ipma', numbers(4, 0, 1), numbers(2, 2), Buffer.from([1, 1]));
  const grid = box('dimg', numbers(2, 1, tiles, ...Array.from({ length: tiles }, () => 2)));
  const meta = box('meta', numbers(4, 0), box('iprp', box('ipco', size), links), box('iref', numbers(4, 0), grid));
  return Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')), meta]);
}

function brands(...names: readonly string[]): Buffer {
  return box('ftyp', Buffer.from(`${names[0] ?? ''}\0\0\0\0${names.slice(1).join('')}`));
}

test('stills coded with HEVC are told from moving ones, and from those of other coders', () => {
  for (const name of ['two', 'exif', 'clear'] as const) assert.equal(heifSort(sampleHeic(name)), 'still');
  assert.equal(heifSort(brands('mif1', 'mif1', 'heic')), 'still');
  assert.equal(heifSort(brands('heix')), 'still');
  assert.equal(heifSort(brands('hevc', 'heic')), 'moving');
  assert.equal(heifSort(brands('msf1', 'hevc')), 'moving');
  for (const other of [brands('avif', 'mif1'), brands('mif1', 'avif'), brands('isom', 'mp42'), Buffer.from('ftypheic')])
    assert.equal(heifSort(other), undefined);
});

test('the size is what the boxes say, or what the coder was told, whichever is more', () => {
  assert.equal(heifPixels(sampleHeic('two')), SIZE);
  assert.equal(heifPixels(turnedHeic(sampleHeic('exif'), 1)), SIZE);
  assert.equal(heifPixels(claimingHeic(sampleHeic('exif'), 9_000, 8_000)), 72_000_000);
  // the boxes say one dot, the coder's own record is true
  const small = claimingHeic(sampleHeic('exif'), 1, 1);
  assert.equal(heifPixels(small), SIZE);
  const record = small.subarray(small.indexOf('hvcC') + 4);
  assert.equal(hevcPixels(record), SIZE);
});

test('pictures to be seen are counted without thumbnails, masks and what is hidden', () => {
  assert.equal(heifPages(sampleHeic('two')), 2, 'each has a thumbnail beside it');
  assert.equal(heifPages(sampleHeic('clear')), 1, 'its mask is none');
  assert.equal(heifPages(sampleHeic('exif')), 1, 'its notes are none');
  const hidden = sampleHeic('two');
  hidden[hidden.indexOf('infe') + 7] = 1;
  assert.equal(heifPages(hidden), 1);
  assert.equal(heifPages(gridOf(2)), undefined, 'no list of items');
});

test('tiles are counted as often as they are named', () => {
  assert.equal(heifPixels(gridOf(48)), 48 * 512 * 512);
  assert.equal(heifPixels(gridOf(1)), 512 * 512);
});

test('boxes that lie about their sizes are not read', () => {
  const whole = sampleHeic('two');
  const meta = whole.indexOf('meta') - 4;
  for (const size of [0x7fffffff, 9, 2]) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt32BE(size, meta);
    assert.equal(heifPixels(bytes), undefined, String(size));
  }
  assert.equal(heifPixels(whole.subarray(0, 200)), undefined);
  assert.equal(heifPixels(new Uint8Array()), undefined);
});

test('changed bytes never throw', () => {
  const whole = sampleHeic('two');
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1 }),
    (changes) => {
      const bytes = new Uint8Array(whole);
      for (const [at, byte] of changes) bytes[at] = byte;
      heifSort(bytes);
      heifPages(bytes);
      const pixels = heifPixels(bytes);
      assert.ok(pixels === undefined || pixels >= 0);
    },
  );
  fc.assert(property, { numRuns: 500 });
});
