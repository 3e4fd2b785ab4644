// Pictures of every make that offices send: whatever the file is, the same page comes out of it, upright and in shape.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import type { Raster } from '../contract.ts';
import { cleanPage } from './clean-page.ts';
import { countFrames } from './count-frames.ts';
import { decodePicture } from './decode-picture.ts';
import { bitsOf, tiffByHand, type HandFrame } from './test-tiff.ts';

const [WIDE, HIGH] = [48, 32];
/** Top left, top right, foot left, foot right: no turn and no mirror makes the same of it. */
const GREYS = [0, 90, 170, 255] as const;
const INKED = [0, 255, 255, 255] as const;

type Quarters = readonly [number, number, number, number];

function drawn(quarters: Quarters, wide = WIDE, high = HIGH): Uint8Array {
  return Uint8Array.from(
    { length: wide * high },
    (_, at) => quarters[(at % wide < wide / 2 ? 0 : 1) + (at < (wide * high) / 2 ? 0 : 2)] ?? 255,
  );
}

const grey = (quarters: Quarters = GREYS): Sharp =>
  sharp(drawn(quarters), { raw: { width: WIDE, height: HIGH, channels: 1 } }).toColourspace('b-w');
const rgb = (quarters: Quarters = GREYS): Sharp =>
  sharp(drawn(quarters), { raw: { width: WIDE, height: HIGH, channels: 1 } }).toColourspace('srgb');

/** In the middle of each quarter. */
function quartersOf({ width, height, channels, pixels }: Raster): Quarters {
  const at = (x: number, y: number): number =>
    pixels[(Math.floor(height * y) * width + Math.floor(width * x)) * channels] ?? -1;
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

async function assertShows(bytes: Uint8Array, quarters: Quarters, within = 12): Promise<Raster> {
  const decoded = await decodePicture(bytes, 0);
  assert.ok(decoded.ok, 'refused');
  const seen = quartersOf(decoded.value);
  assert.ok(
    seen.every((value, index) => Math.abs(value - (quarters[index] ?? 0)) <= within),
    `${seen.join(' ')} instead of ${quarters.join(' ')}`,
  );
  assert.deepEqual([decoded.value.width, decoded.value.height], [WIDE, HIGH]);
  return decoded.value;
}

/** The picture as a camera stores it that writes this EXIF orientation (Exif 2.32 §4.6.4, tag 274). */
function stored(orientation: number): Sharp {
  const isSwapped = orientation >= 5;
  const [wide, high] = isSwapped ? [HIGH, WIDE] : [WIDE, HIGH];
  const shown = drawn(GREYS);
  const pixels = Uint8Array.from({ length: wide * high }, (_, at) => {
    const [column, row] = [at % wide, Math.floor(at / wide)];
    const right = WIDE - 1;
    const foot = HIGH - 1;
    const [x, y] = [
      [column, row],
      [right - column, row],
      [right - column, foot - row],
      [column, foot - row],
      [row, column],
      [right - row, column],
      [right - row, foot - column],
      [row, foot - column],
    ][orientation - 1] ?? [0, 0];
    return shown[(y ?? 0) * WIDE + (x ?? 0)] ?? 0;
  });
  return sharp(pixels, { raw: { width: wide, height: high, channels: 1 } }).withMetadata({ orientation });
}

const BLACK_24 = '00000010111';
const WHITE_0 = '00110101';
const WHITE_24 = '0101000';
const WHITE_48 = '00001011';
const END_OF_LINE = '000000000001';

/** Top left is black; runs of ITU-T T.4 §4.1.1 line by line, each filled up to a whole byte where `isByteWise`. */
function faxRows(lead: string, isByteWise: boolean): Uint8Array {
  let bits = '';
  for (let y = 0; y < HIGH; y++) {
    bits += lead + (y < HIGH / 2 ? WHITE_0 + BLACK_24 + WHITE_24 : WHITE_48);
    if (isByteWise) bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  }
  return bitsOf(bits);
}

function plainBits(isInkOne: boolean): Uint8Array {
  return bitsOf([...drawn(INKED)].map((value) => ((value === 0) === isInkOne ? '1' : '0')).join(''));
}

const reversed = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, bit) => sum | (((byte >> bit) & 1) << (7 - bit)), 0));

const fax = (more: Partial<HandFrame>): Uint8Array =>
  tiffByHand([
    { width: WIDE, height: HIGH, compression: 1, photometric: 0, dpi: [200, 200], data: plainBits(true), ...more },
  ]);

const tiff = async (compression: 'none' | 'lzw' | 'deflate' | 'packbits' | 'jpeg'): Promise<Uint8Array> =>
  await grey().tiff({ compression, predictor: 'none', quality: 95 }).toBuffer();

/** Ink by how little shows through, on nothing. */
function seeThrough(): Sharp {
  const pixels = new Uint8Array(4 * WIDE * HIGH);
  drawn(GREYS).forEach((value, at) => pixels.set([0, 0, 0, 255 - value], 4 * at));
  return sharp(pixels, { raw: { width: WIDE, height: HIGH, channels: 4 } });
}

async function withoutEnd(jpeg: Promise<Buffer>): Promise<Uint8Array> {
  const bytes = await jpeg;
  assert.deepEqual([...bytes.subarray(-2)], [0xff, 0xd9]);
  return bytes.subarray(0, -2);
}

const quality = 95;
const MAKES: readonly (readonly [
  name: string,
  make: () => Promise<Uint8Array>,
  quarters?: Quarters,
  within?: number,
])[] = [
  ['baseline JPEG', () => rgb().jpeg({ quality }).toBuffer()],
  ['progressive JPEG', () => rgb().jpeg({ quality, progressive: true }).toBuffer()],
  ['grey JPEG', () => grey().jpeg({ quality }).toBuffer()],
  ['CMYK JPEG', () => rgb().toColourspace('cmyk').jpeg({ quality }).toBuffer(), [30, 90, 170, 255], 40],
  ['JPEG without its end mark', () => withoutEnd(rgb().jpeg({ quality }).toBuffer())],
  ['progressive JPEG without its end mark', () => withoutEnd(rgb().jpeg({ quality, progressive: true }).toBuffer())],
  [
    'JPEG with a note behind its end',
    async () => Buffer.concat([await rgb().jpeg({ quality }).toBuffer(), Buffer.alloc(900, 7)]),
  ],
  ['PNG', () => rgb().png().toBuffer()],
  ['interlaced PNG', () => rgb().png({ progressive: true }).toBuffer()],
  ['PNG of sixteen bits', () => rgb().toColourspace('rgb16').png().toBuffer()],
  ['grey PNG of sixteen bits', () => grey().toColourspace('grey16').png().toBuffer()],
  ['PNG with a palette', () => rgb().png({ palette: true }).toBuffer()],
  ['PNG of one bit', () => rgb(INKED).png({ palette: true, colours: 2 }).toBuffer(), INKED],
  ['PNG that shows through', () => seeThrough().png().toBuffer()],
  ['grey PNG that shows through', () => seeThrough().toColourspace('b-w').png().toBuffer()],
  ['TIFF', () => tiff('none')],
  ['TIFF as LZW', () => tiff('lzw')],
  ['TIFF as deflate', () => tiff('deflate')],
  ['TIFF as PackBits', () => tiff('packbits')],
  ['JPEG in TIFF', () => tiff('jpeg')],
  ['coloured JPEG in TIFF', () => rgb().tiff({ compression: 'jpeg', quality }).toBuffer()],
  [
    'TIFF of sixteen bits',
    () => rgb().toColourspace('rgb16').tiff({ compression: 'lzw', predictor: 'none' }).toBuffer(),
  ],
  [
    'CMYK TIFF',
    () => rgb().toColourspace('cmyk').tiff({ compression: 'lzw', predictor: 'none' }).toBuffer(),
    [30, 90, 170, 255],
    40,
  ],
  ['BigTIFF', () => grey().tiff({ bigtiff: true, compression: 'lzw' }).toBuffer()],
  ['TIFF in tiles', () => grey().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: 'lzw' }).toBuffer()],
  [
    'G4, white is 0',
    () => grey(INKED).tiff({ compression: 'ccittfax4', bitdepth: 1, miniswhite: true }).toBuffer(),
    INKED,
  ],
  ['G4, black is 0', () => grey(INKED).tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer(), INKED],
  ['one bit, white is 0', () => Promise.resolve(fax({})), INKED],
  ['one bit, black is 0', () => Promise.resolve(fax({ photometric: 1, data: plainBits(false) })), INKED],
  ['one bit, the last bit first', () => Promise.resolve(fax({ data: reversed(plainBits(true)), fillOrder: 2 })), INKED],
  ['G3', () => Promise.resolve(fax({ compression: 3, data: faxRows(END_OF_LINE, false) })), INKED],
  [
    'G3, the last bit first',
    () => Promise.resolve(fax({ compression: 3, data: reversed(faxRows(END_OF_LINE, false)), fillOrder: 2 })),
    INKED,
  ],
  ['Modified Huffman', () => Promise.resolve(fax({ compression: 2, data: faxRows('', true) })), INKED],
];

for (const [name, make, quarters = GREYS, within] of MAKES)
  test(`${name} is read as it looks`, async () => {
    await assertShows(await make(), quarters, within);
  });

test('whichever of the eight ways a camera was held, the page stands upright', async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    await assertShows(await stored(orientation).jpeg({ quality }).toBuffer(), GREYS);
    await assertShows(await stored(orientation).tiff({ compression: 'lzw', predictor: 'none' }).toBuffer(), GREYS);
  }
});

test('a JPEG that is torn in its midst is refused, with and without an end mark of its own', async () => {
  const noise = Uint8Array.from({ length: 200 * 300 }, (_, at) => (at * 7919) % 251);
  for (const progressive of [false, true]) {
    const whole = await sharp(noise, { raw: { width: 200, height: 300, channels: 1 } })
      .jpeg({ progressive })
      .toBuffer();
    const torn = whole.subarray(0, Math.floor(whole.length * 0.6));
    assert.deepEqual(await decodePicture(torn, 0), { ok: false, error: { kind: 'damaged' } });
  }
});

test('a fax of fewer dots down than across has the shape of its paper, in both finenesses, each page for itself', async () => {
  const page = (down: number, high: number): HandFrame => ({
    width: 1728,
    height: high,
    compression: 1,
    photometric: 0,
    dpi: [204, down],
    data: new Uint8Array((1728 / 8) * high),
  });
  const bytes = tiffByHand([page(98, 1145), page(196, 2290), page(204, 2383)]);
  assert.deepEqual(await countFrames(bytes), { ok: true, value: 3 });
  for (const frame of [0, 1, 2]) {
    const decoded = await decodePicture(bytes, frame);
    assert.ok(decoded.ok);
    const { width, height, dpi } = decoded.value;
    assert.deepEqual([width, dpi], [1728, 204]);
    assert.ok(Math.abs(height / width - 297 / 215) < 0.015, `${width} × ${height}`);
    const made = await cleanPage(decoded.value, { findTurn: () => Promise.resolve(0) });
    assert.ok(made.ok && Math.abs(made.value.widthPt - 595.28) < 2 && Math.abs(made.value.heightPt - 841.89) < 2);
  }
});

test('a measure that no machine has is not believed', async () => {
  for (const dpi of [
    [204, 1],
    [0, 98],
    [1, 4_000_000_000],
  ] as const) {
    const decoded = await decodePicture(fax({ dpi }), 0);
    assert.ok(decoded.ok && decoded.value.width === WIDE && decoded.value.height === HIGH);
  }
});
