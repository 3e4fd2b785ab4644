// JPEG, PNG and TIFF of every make become upright pixels on white; what is too large or broken is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { limits } from '#base/limits.ts';
import type { Raster } from '../contract.ts';
import { countFrames } from './count-frames.ts';
import { decodePicture } from './decode-picture.ts';

async function decode(bytes: Uint8Array, frame = 0): Promise<Raster> {
  const decoded = await decodePicture(bytes, frame);
  assert.ok(decoded.ok, 'refused');
  return decoded.value;
}

/** Left half red, right half white. */
function half(width = 40, height = 20): Sharp {
  const pixels = new Uint8Array(width * height * 3).fill(255);
  for (let y = 0; y < height; y++) for (let x = 0; x < width / 2; x++) pixels.set([200, 0, 0], 3 * (y * width + x));
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

test('JPEG, PNG and TIFF are read, grey ones as grey', async () => {
  for (const bytes of [await half().jpeg().toBuffer(), await half().png().toBuffer(), await half().tiff().toBuffer()]) {
    const { width, height, channels, pixels } = await decode(bytes);
    assert.deepEqual([width, height, channels, pixels.length], [40, 20, 3, 2400]);
    assert.ok((pixels[0] ?? 0) > 180 && (pixels[1] ?? 255) < 30);
  }
  assert.equal((await decode(await half().toColourspace('b-w').png().toBuffer())).channels, 1);
  assert.equal((await decode(await half().toColourspace('b-w').tiff({ bitdepth: 1 }).toBuffer())).channels, 1);
});

test('a photo that the camera held on its side stands upright', async () => {
  const { width, height, pixels } = await decode(await half().withMetadata({ orientation: 6 }).jpeg().toBuffer());
  assert.deepEqual([width, height], [20, 40]);
  assert.ok((pixels[1] ?? 255) < 60, 'red is at the head');
  assert.ok((pixels[3 * (39 * 20) + 1] ?? 0) > 200, 'white is at the foot');
});

test('what shows through is paper', async () => {
  const bytes = await sharp({
    create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  assert.ok((await decode(bytes)).pixels.every((value) => value === 255));
});

test('pictures for print and of sixteen bits become eight bits of red, green and blue', async () => {
  const cmyk = await half().toColourspace('cmyk').jpeg().toBuffer();
  const deep = await half().toColourspace('rgb16').png().toBuffer();
  for (const bytes of [cmyk, deep]) {
    const { channels, pixels } = await decode(bytes);
    assert.equal(channels, 3);
    assert.ok((pixels[0] ?? 0) > 130 && (pixels[1] ?? 255) < 110);
  }
});

test('each page of a TIFF is read by itself, and none beyond the last', async () => {
  const bytes = await sharp([await half().png().toBuffer(), await half().negate().png().toBuffer()], {
    join: { animated: true },
  })
    .tiff()
    .toBuffer();
  assert.deepEqual(await countFrames(bytes), { ok: true, value: 2 });
  assert.ok(((await decode(bytes, 0)).pixels[0] ?? 0) > 150);
  assert.ok(((await decode(bytes, 1)).pixels[0] ?? 255) < 100);
  assert.deepEqual(await decodePicture(bytes, 2), { ok: false, error: { kind: 'damaged' } });
});

test('a measure is believed when a scanner could have given it', async () => {
  const at = async (density: number): Promise<number | undefined> =>
    (await decode(await half(600, 400).withMetadata({ density }).jpeg().toBuffer())).dpi;
  assert.equal(await at(300), 300);
  assert.equal(await at(72), undefined);
  assert.equal(await at(2400), undefined);
});

test('a picture of too many pixels is refused before it is read', async () => {
  const side = Math.ceil(Math.sqrt(limits.transit.pictureMegapixels * 1e6)) + 1;
  const bomb = await sharp({ create: { width: side, height: side, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  assert.deepEqual(await decodePicture(bomb, 0), { ok: false, error: { kind: 'pictureTooLarge' } });
  assert.deepEqual(await countFrames(bomb), { ok: false, error: { kind: 'pictureTooLarge' } });
});

test('a large picture comes smaller, its measure with it', async () => {
  const bytes = await sharp({ create: { width: 6_000, height: 5_000, channels: 3, background: '#ccc' } })
    .withMetadata({ density: 600 })
    .jpeg()
    .toBuffer();
  const { width, height, dpi = 0 } = await decode(bytes);
  assert.ok(width * height < 18_000_000);
  assert.ok(Math.abs(dpi / 600 - width / 6_000) < 0.001);
});

test('what is cut off, no picture, or another kind of picture is refused', async () => {
  const whole = await half(400, 400).png().toBuffer();
  const gif = await half().gif().toBuffer();
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  for (const bytes of [whole.subarray(0, whole.length >> 1), gif, svg, Buffer.from('hello'), new Uint8Array()])
    assert.deepEqual(await decodePicture(bytes, 0), { ok: false, error: { kind: 'damaged' } });
});

test('changed bytes are read or refused, never thrown', async () => {
  const whole = await half().jpeg().toBuffer();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
      const changed = new Uint8Array(whole);
      changed[at] = value;
      const decoded = await decodePicture(changed, 0);
      assert.ok(decoded.ok || ['damaged', 'pictureTooLarge'].includes(decoded.error.kind));
    }),
    { numRuns: 60 },
  );
});
