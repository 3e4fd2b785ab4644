// Grounds of a page as small JPEGs: made anew from pixels, so nothing of the sender's file lives on in them.

import sharp from 'sharp';
import type { Box, Picture, Raster } from '../contract.ts';
import { pixelBox } from './boxes.ts';
import type { Ground, Grounds } from './find-grounds.ts';
import { CELL } from './light.ts';
import { shrinkRaster } from './plane.ts';

const PICTURE_SHRINK = 2; // 150 dpi of 300
const WHOLE_SHRINK = 2;
const QUALITY = 58;
const FAITHFUL_DPI = 200;
const FAITHFUL_QUALITY = 72;
const FLAT_QUALITY = 70;
const GROUNDS_MAX = 12;

/** Behind the ink, in boxes; one over the whole page where there are very many. */
export async function groundPictures(evened: Raster, grounds: Grounds): Promise<readonly Picture[]> {
  const { all } = grounds;
  if (all.length > GROUNDS_MAX) {
    const cells = all.flatMap((ground) => ground.cells);
    const box = { left: 0, top: 0, width: grounds.width, height: grounds.height };
    return [await cutPicture(evened, { kind: 'picture', box, cells }, grounds)];
  }
  return Promise.all(
    all.map((ground) =>
      ground.kind === 'flat' ? shadePicture(evened, ground, grounds) : cutPicture(evened, ground, grounds),
    ),
  );
}

/** The page as it is, for what has no ink of its own or would lose some. */
export async function wholePicture(page: Raster): Promise<Picture> {
  return encode(shrinkRaster(page, page.dpi !== undefined && page.dpi < 200 ? 1 : WHOLE_SHRINK), undefined, QUALITY);
}

/** For whoever wants to see the sheet itself: fine enough for pencil and the grain of stamps. */
export async function faithfulPicture(page: Raster): Promise<Picture> {
  const { pixels, width, height, channels, dpi = FAITHFUL_DPI } = page;
  const small = await sharp(pixels, { raw: { width, height, channels } })
    .resize({ width: Math.max(1, Math.round((width * FAITHFUL_DPI) / dpi)), withoutEnlargement: true })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality: FAITHFUL_QUALITY, mozjpeg: true })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: small.data, width: small.info.width, height: small.info.height, box: undefined };
}

/** Pixels of the ground’s cells, white around them. */
async function cutPicture(evened: Raster, ground: Ground, grounds: Grounds): Promise<Picture> {
  const box = pixelBox(ground.box, evened);
  const { channels } = evened;
  const pixels = new Uint8Array(box.width * box.height * channels).fill(255);
  for (const cell of ground.cells) {
    const left = (cell % grounds.width) * CELL;
    const top = Math.floor(cell / grounds.width) * CELL;
    const count = Math.min(CELL, evened.width - left) * channels;
    for (let y = top; y < Math.min(evened.height, top + CELL); y++) {
      const from = (y * evened.width + left) * channels;
      pixels.set(evened.pixels.subarray(from, from + count), ((y - box.top) * box.width + left - box.left) * channels);
    }
  }
  return encode(shrinkRaster({ ...box, channels, pixels, dpi: evened.dpi }, PICTURE_SHRINK), box, QUALITY);
}

/** A pixel a cell: the shade without the ink on it. */
async function shadePicture(evened: Raster, ground: Ground, { shades, width }: Grounds): Promise<Picture> {
  const { channels } = evened;
  const { box } = ground;
  const pixels = new Uint8Array(box.width * box.height * channels).fill(255);
  for (const cell of ground.cells) {
    const to = ((Math.floor(cell / width) - box.top) * box.width + (cell % width) - box.left) * channels;
    shades.forEach(({ values }, channel) => {
      pixels[to + channel] = values[cell] ?? 255;
    });
  }
  const small: Raster = { width: box.width, height: box.height, channels, pixels, dpi: undefined };
  return encode(small, pixelBox(box, evened), FLAT_QUALITY);
}

async function encode(
  { pixels, width, height, channels }: Raster,
  box: Box | undefined,
  quality: number,
): Promise<Picture> {
  const jpeg = await sharp(pixels, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality, mozjpeg: true })
    .toBuffer();
  return { jpeg, width, height, box };
}
