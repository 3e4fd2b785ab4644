// JPEG, PNG, TIFF, WebP and HEIC of every make become upright pixels on white; what is too large or broken is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { whiteWebp } from '../../../../test/papers/white-webp.ts';
import { claimingHeic, encodeHeic, HAS_ENCODER, sampleHeic, turnedHeic } from '../../../../test/papers/sample-heic.ts';
import { limits } from '#base/limits.ts';
import type { Raster } from '../contract.ts';
import { countFrames } from './count-frames.ts';
import { decodePicture } from './decode-picture.ts';

const IS_LONG = process.env['SIEGEL_LONG'] === '1';

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

test('white letters on nothing are seen, black ones stand on paper', async () => {
  const letter = (ink: string): Promise<Buffer> =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="300"><rect x="40" y="50" width="90" height="6" fill="${ink}"/></svg>`,
      ),
    )
      .png()
      .toBuffer();
  for (const [ink, mark, around] of [
    ['#ffffff', 255, 0],
    ['#000000', 0, 255],
    ['#cc2200', 0xcc, 255],
  ] as const) {
    const { pixels, channels } = await decode(await letter(ink));
    const red = (x: number, y: number): number | undefined => pixels[channels * (y * 200 + x)];
    assert.deepEqual([red(80, 53), red(10, 10)], [mark, around], ink);
  }
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

const IS_RED = ([red = 0, green = 255, blue = 255]: readonly number[]): boolean => red > 150 && green < 60 && blue < 60;

function pixelAt({ width, channels, pixels }: Raster, x: number, y: number): readonly number[] {
  return [...pixels.subarray(channels * (y * width + x), channels * (y * width + x + 1))];
}

test('WebP is read: with losses, without, turned by the camera, and what shows through is paper', async () => {
  for (const bytes of [await half().webp().toBuffer(), await half().webp({ lossless: true }).toBuffer()]) {
    const raster = await decode(bytes);
    assert.deepEqual([raster.width, raster.height, raster.channels], [40, 20, 3]);
    assert.ok(IS_RED(pixelAt(raster, 2, 2)));
    assert.deepEqual(await countFrames(bytes), { ok: true, value: 1 });
  }
  const turned = await decode(await half().withMetadata({ orientation: 6 }).webp({ lossless: true }).toBuffer());
  assert.deepEqual([turned.width, turned.height], [20, 40]);
  const clear = sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  assert.ok((await decode(await clear.webp({ lossless: true }).toBuffer())).pixels.every((value) => value === 255));
});

test('a moving WebP is told to be one, of which one picture would be a loss', async () => {
  const frames = [await half().png().toBuffer(), await half().negate().png().toBuffer()];
  const moving = await sharp(frames, { join: { animated: true } })
    .webp()
    .toBuffer();
  assert.deepEqual(await countFrames(moving), { ok: false, error: { kind: 'animated' } });
  assert.deepEqual(await decodePicture(moving, 0), { ok: false, error: { kind: 'animated' } });
  const still = await sharp(frames[0]).webp().toBuffer();
  assert.equal((await decodePicture(still, 0)).ok, true);
});

/** Says behind its head that it has so many pictures. */
async function movingPng(count: number): Promise<Uint8Array> {
  const still = await half().png().toBuffer();
  const says = Buffer.alloc(20);
  says.writeUInt32BE(8);
  says.write('acTL', 4);
  says.writeUInt32BE(count, 8);
  says.writeUInt32BE(crc32(says.subarray(4, 16)), 16);
  const headEnds = 8 + 12 + 13;
  return Buffer.concat([still.subarray(0, headEnds), says, still.subarray(headEnds)]);
}

test('a moving PNG is told to be one, though the library shows its first picture alone', async () => {
  const moving = await movingPng(2);
  assert.equal((await sharp(moving).metadata()).pages, undefined);
  assert.deepEqual(await countFrames(moving), { ok: false, error: { kind: 'animated' } });
  assert.deepEqual(await decodePicture(moving, 0), { ok: false, error: { kind: 'animated' } });
  assert.equal((await decodePicture(await movingPng(1), 0)).ok, true, 'one picture is a still one');
});

test('a WebP of too many pixels, or cut off, is refused', async () => {
  const bomb = await whiteWebp(9_000, 8_000);
  for (const refused of [await countFrames(bomb), await decodePicture(bomb, 0)])
    assert.deepEqual(refused, { ok: false, error: { kind: 'pictureTooLarge' } });
  assert.equal((await decode(await whiteWebp(900, 800))).width, 900, 'control: with fewer it is a white sheet');
  const whole = await half(400, 400).webp({ lossless: true }).toBuffer();
  for (const size of [11, 12, 20, 40, whole.length >> 1])
    assert.deepEqual(await decodePicture(whole.subarray(0, size), 0), { ok: false, error: { kind: 'damaged' } });
});

test('HEIC is read: each photo a page in its order, thumbnails and masks none', async () => {
  const two = sampleHeic('two');
  assert.deepEqual(await countFrames(two), { ok: true, value: 2 });
  const [first, second] = [await decode(two, 0), await decode(two, 1)];
  for (const { width, height, channels, dpi } of [first, second])
    assert.deepEqual([width, height, channels, dpi], [160, 120, 3, undefined]);
  assert.ok(IS_RED(pixelAt(first, 80, 5)) && IS_RED(pixelAt(second, 80, 5)));
  const [[, , warm = 0], [, , cold = 0]] = [pixelAt(first, 5, 110), pixelAt(second, 5, 110)];
  assert.ok(warm < 245 && cold > 248, 'one stands on paper, the other on blue');
  assert.deepEqual(await decodePicture(two, 2), { ok: false, error: { kind: 'damaged' } });
  assert.deepEqual(await countFrames(sampleHeic('clear')), { ok: true, value: 1 });
  const clear = await decode(sampleHeic('clear'));
  assert.ok(IS_RED(pixelAt(clear, 10, 60)) && pixelAt(clear, 150, 60).every((value) => value > 250));
});

test('a HEIC stands as it says it is turned', async () => {
  const plain = sampleHeic('exif');
  for (const [times, red] of [
    [0, [80, 5]],
    [1, [5, 80]],
    [2, [80, 115]],
    [3, [115, 80]],
  ] as const) {
    const raster = await decode(turnedHeic(plain, times));
    assert.deepEqual([raster.width, raster.height], times % 2 === 0 ? [160, 120] : [120, 160]);
    assert.ok(IS_RED(pixelAt(raster, red[0], red[1])), `${times} quarters against the clock`);
  }
});

test('a HEIC that claims too many pixels is refused before it is decoded, and one cut off is damage', async () => {
  const whole = sampleHeic('exif');
  for (const refused of [
    await countFrames(claimingHeic(whole, 9_000, 8_000)),
    await decodePicture(claimingHeic(whole, 9_000, 8_000), 0),
  ])
    assert.deepEqual(refused, { ok: false, error: { kind: 'pictureTooLarge' } });
  for (const size of [16, 100, 300, 450, whole.length - 300])
    assert.deepEqual(await decodePicture(whole.subarray(0, size), 0), { ok: false, error: { kind: 'damaged' } });
  const moving = Buffer.from(whole);
  moving.write('hevc', 8, 'latin1');
  assert.deepEqual(await countFrames(moving), { ok: false, error: { kind: 'animated' } });
});

test(
  'photos as phones make them: a large one comes smaller, one of too many pixels is refused whatever its boxes say',
  { skip: !HAS_ENCODER && 'heif-enc is not installed (libheif-examples)' },
  async () => {
    const sheet = (width: number, height: number): Promise<Buffer> =>
      sharp({ create: { width, height, channels: 3, background: '#c8c8d0' } })
        .png({ compressionLevel: 1 })
        .toBuffer();
    const photo = encodeHeic([await sheet(5_100, 3_400)]);
    assert.ok(photo !== undefined);
    const { width, height } = await decode(photo);
    assert.ok(width * height < 18_000_000 && Math.abs(width / height - 1.5) < 0.01);
    if (!IS_LONG) return;
    const bomb = encodeHeic([await sheet(9_000, 8_000)], 5);
    assert.ok(bomb !== undefined);
    assert.deepEqual(await countFrames(bomb), { ok: false, error: { kind: 'pictureTooLarge' } });
    const lying = claimingHeic(bomb, 100, 100);
    assert.deepEqual(await decodePicture(lying, 0), { ok: false, error: { kind: 'pictureTooLarge' } });
  },
);

test('changed bytes of a WebP or a HEIC are read or refused, never thrown', async () => {
  const seeds = [await half().webp().toBuffer(), sampleHeic('two'), sampleHeic('clear')];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 10 }),
      async (seed, changes) => {
        const bytes = new Uint8Array(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const decoded = await decodePicture(bytes, 0);
        assert.ok(decoded.ok || ['damaged', 'pictureTooLarge', 'animated'].includes(decoded.error.kind));
      },
    ),
    { numRuns: 1_500 },
  );
});
