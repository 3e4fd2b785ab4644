// A picture of a sheet becomes a page in layers: cut, straight, upright, evenly lit; ink as one bit, pictures small behind it.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Bitmap, CleanPage, PageSteps, Picture, Raster } from '../contract.ts';
import { cleanEdges, cleanRims } from './clean-edges.ts';
import { despeckle } from './despeckle.ts';
import { dropStamps } from './drop-stamps.ts';
import { faintMarks } from './faint-marks.ts';
import { findGrounds, liftShades, type Grounds } from './find-grounds.ts';
import { flatten } from './flatten.ts';
import { faithfulPicture, groundPictures, wholePicture } from './ground-pictures.ts';
import { inkColours } from './ink-colours.ts';
import { inkGreys } from './ink-greys.ts';
import { inkMask } from './ink-mask.ts';
import { CELL, evenLight, groundOf, lightOf, paperShare, shrinkFine } from './light.ts';
import { planPage, skewLeft, type Geometry } from './page-geometry.ts';
import { channelOf, quantile, shrinkRaster, toGrey } from './plane.ts';
import type { PictureRefusal } from './read-facts.ts';
import { turnRaster, type Turn } from './turn.ts';
import { unbend } from './unbend.ts';
import { warp } from './warp.ts';

export interface PageWays {
  /** Degrees clockwise by which an upright page is had from this one; 0 when there is no being sure. */
  readonly findTurn: (grey: Raster) => Promise<Turn>;
  /** No layers: all that is seen on the evened page as one good picture. */
  readonly isFaithful?: boolean;
}

const PICTURE_PAPER_MAX = 0.45; // less paper than that: the page is a photograph
const PICTURE_CELLS_MIN = 0.6; // so much of a page in pictures: it is one
const INK = 128; // an evened page’s pixel darker than that is ink to a reader
const COLOUR_PIXELS_MIN = 10;
const COLOUR_MIN = 26;
const PLACES = 20_011;

/** Refuses what has no pixels, and what one page cannot show. `raster` may be overwritten. */
export async function cleanPage(raster: Raster, ways: PageWays): Promise<Result<CleanPage, PictureRefusal>> {
  const { findTurn, isFaithful = false } = ways;
  const { width, height, channels, pixels } = raster;
  if (width < 1 || height < 1 || pixels.length < width * height * channels) return err({ kind: 'damaged' });
  const { raster: sheet, plan } = planSheet(raster);
  if (plan.isTooCoarse) return err({ kind: 'pictureTooLarge' });
  const laid = layFlat(sheet, plan);
  const ground = groundOf(laid);
  if (paperShare(ground) < PICTURE_PAPER_MAX) return ok(await pictureOnly(laid, { ...plan, isFaithful }));
  evenLight(laid, lightOf(ground, plan.source));
  const fine = shrinkFine(laid);
  const isEdgeCleaned = cleanEdges(laid, fine);
  const hasRims = plan.isCropped && plan.source === 'photo';
  if (hasRims) cleanRims(laid);
  const lying = toGrey(laid);
  const turned = await findTurn(lying);
  const upright = turnRaster(laid, turned);
  const seen = upright.channels === 1 ? upright : turnRaster(lying, turned);
  const page = plan.source === 'photo' ? flatten(upright, seen) : upright;
  const isFlat = page === upright;
  const grey = page.channels === 1 ? { ...page, pixels: page.pixels.slice() } : isFlat ? seen : toGrey(page);
  const isAsLooked = page === laid && !isEdgeCleaned && !hasRims;
  const grounds = findGrounds(page, plan.source, isAsLooked ? fine : undefined);
  if (pictureCells(grounds) > PICTURE_CELLS_MIN) return ok(await pictureOnly(page, { ...plan, turned, isFaithful }));
  const layers = await separate(page, { grey, grounds, source: plan.source, isFaithful });
  const isLying = turned === 90 || turned === 270;
  const steps: PageSteps = {
    source: plan.source,
    isCropped: plan.isCropped || isEdgeCleaned,
    turnedDegrees: turned,
    skewDegrees: plan.skewDegrees,
    skewLeftDegrees: skewLeft(grey),
    isLightEvened: true,
    inkKept: layers.inkKept,
  };
  const [widthPt, heightPt] = isLying ? [plan.heightPt, plan.widthPt] : [plan.widthPt, plan.heightPt];
  const dpi = plan.target.dpi;
  return ok({ widthPt, heightPt, dpi, mask: layers.mask, inks: layers.inks, grounds: layers.grounds, grey, steps });
}

/** In photos bent sides are made straight first: four straight ones laid over them would bend what is written beside them. */
function planSheet(raster: Raster): { readonly raster: Raster; readonly plan: Geometry } {
  const plan = planPage(raster);
  const unbent = plan.source === 'scan' ? undefined : unbend(raster, plan.look, plan.paperArea);
  if (unbent === undefined) return { raster, plan };
  const straight = planPage(unbent);
  return plan.isCropped && !straight.isCropped ? { raster, plan } : { raster: unbent, plan: straight };
}

/** Cut, straightened and sized in one look-up; without colours it goes on as grey. */
function layFlat(raster: Raster, plan: Geometry): Raster {
  const source = raster.channels === 3 && !hasColour(plan.look) ? toPlainGrey(raster) : raster;
  if (plan.isSame) return { ...source, dpi: plan.target.dpi };
  const laid = warp(source, plan.map, plan.target, paperOf(source));
  // The desk may have had the only colours.
  return laid.channels === 3 && plan.isCropped && !hasColour(laid) ? toPlainGrey(laid) : laid;
}

/** Of each channel, what most of the page has at least: seen in some thousand places. */
function paperOf({ width, height, channels, pixels }: Raster): readonly number[] {
  const every = Math.max(1, Math.floor((width * height) / PLACES)) * channels;
  return Array.from({ length: channels }, (_, channel) => {
    const seen: number[] = [];
    for (let at = channel; at < pixels.length; at += every) seen.push(pixels[at] ?? 0);
    return quantile(Uint8Array.from(seen), 0.8);
  });
}

/** Somewhere more than the noise of a sensor, measured against the colour of the paper. */
function hasColour(raster: Raster): boolean {
  const small = shrinkRaster(raster, Math.max(1, Math.round(Math.max(raster.width, raster.height) / 880)));
  const [red, green, blue] = [0, 1, 2].map((channel) => Math.max(1, quantile(channelOf(small, channel).values, 0.8)));
  let coloured = 0;
  for (let at = 0; at < small.pixels.length; at += 3) {
    const r = ((small.pixels[at] ?? 0) * 255) / (red ?? 255);
    const g = ((small.pixels[at + 1] ?? 0) * 255) / (green ?? 255);
    const b = ((small.pixels[at + 2] ?? 0) * 255) / (blue ?? 255);
    if (Math.max(r, g, b) - Math.min(r, g, b) > COLOUR_MIN) coloured++;
  }
  return coloured > COLOUR_PIXELS_MIN;
}

function toPlainGrey(raster: Raster): Raster {
  const { width, height, pixels, dpi } = raster;
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3)
    grey[i] = (77 * (pixels[at] ?? 0) + 150 * (pixels[at + 1] ?? 0) + 29 * (pixels[at + 2] ?? 0)) >> 8;
  return { width, height, channels: 1, pixels: grey, dpi };
}

function pictureCells({ all, width, height }: Grounds): number {
  const cells = all.reduce((sum, { kind, cells: own }) => sum + (kind === 'picture' ? own.length : 0), 0);
  return cells / Math.max(1, width * height);
}

/** No ink to part from its ground: one JPEG over the whole page. */
async function pictureOnly(
  page: Raster,
  plan: Geometry & { readonly turned?: Turn; readonly isFaithful: boolean },
): Promise<CleanPage> {
  const { turned = 0 } = plan;
  const [widthPt, heightPt] = turned % 180 === 0 ? [plan.widthPt, plan.heightPt] : [plan.heightPt, plan.widthPt];
  const isEvened = plan.turned !== undefined;
  return {
    widthPt,
    heightPt,
    dpi: plan.target.dpi,
    mask: noInk(page),
    inks: [],
    grounds: [plan.isFaithful ? await faithfulPicture(page) : await wholePicture(page)],
    grey: toGrey(page),
    steps: {
      source: plan.source,
      isCropped: plan.isCropped,
      turnedDegrees: turned,
      skewDegrees: plan.skewDegrees,
      skewLeftDegrees: 0,
      isLightEvened: isEvened,
      inkKept: 1,
    },
  };
}

/** In place of all layers: paper, pencil and stamps as they are seen. */
async function wholeLayer(page: Raster): Promise<Layers> {
  return { mask: noInk(page), inks: [], grounds: [await faithfulPicture(page)], inkKept: 1 };
}

function noInk({ width, height }: Raster): Bitmap {
  return { width, height, bytes: new Uint8Array(Math.ceil(width / 8) * height) };
}

type Layers = Pick<CleanPage, 'mask' | 'inks' | 'grounds'> & { readonly inkKept: number };

interface Parting {
  /** Becomes what is read. */
  readonly grey: Raster;
  readonly grounds: Grounds;
  readonly source: 'scan' | 'photo';
  /** The ink is told apart for the reader alone. */
  readonly isFaithful: boolean;
}

async function separate(page: Raster, { grey, grounds, source, isFaithful }: Parting): Promise<Layers> {
  const { width, height } = page;
  liftShades(grey, grounds);
  const isInk = inkMask(grey, source);
  despeckle(isInk, width, height);
  const isCovered = coveredBy(grounds, width, height);
  if (isCovered !== undefined) for (let at = 0; at < isInk.length; at++) if (isCovered[at] === 1) isInk[at] = 0;
  if (isFaithful) {
    dropStamps(grey, page, isInk);
    return wholeLayer(page);
  }
  const inkKept = shareKept(grey, isInk, isCovered);
  const isLossy = inkKept < limits.transit.inkKeptMin;
  const pictures: readonly Picture[] = isLossy
    ? [await wholePicture(page)]
    : [
        ...(await groundPictures(page, grounds)),
        ...(await faintPictures(page, { grey, isInk, isCovered, grounds }, source)),
      ];
  const colours = inkColours(page, isInk);
  const inks = [...colours, ...inkGreys(grey, isInk, colours, source)];
  dropStamps(grey, page, isInk);
  return {
    mask: pack(isInk, width, height),
    inks,
    grounds: pictures,
    inkKept: isLossy ? 1 : inkKept, // the picture shows it all
  };
}

/** What the mask is too coarse for, behind it. */
async function faintPictures(
  page: Raster,
  seen: Parameters<typeof faintMarks>[0],
  source: 'scan' | 'photo',
): Promise<readonly Picture[]> {
  const all = faintMarks(seen, source);
  const [width, height] = [Math.ceil(page.width / CELL), Math.ceil(page.height / CELL)];
  return all.length === 0 ? [] : await groundPictures(page, { width, height, all, shades: [] });
}

/** One byte a pixel; undefined: no pictures. */
function coveredBy({ all, width: cells }: Grounds, width: number, height: number): Uint8Array | undefined {
  const pictures = all.filter(({ kind }) => kind === 'picture');
  if (pictures.length === 0) return undefined;
  const isCovered = new Uint8Array(width * height);
  for (const cell of pictures.flatMap((ground) => ground.cells)) {
    const [left, top] = [(cell % cells) * CELL, Math.floor(cell / cells) * CELL];
    for (let y = top; y < Math.min(height, top + CELL); y++)
      isCovered.fill(1, y * width + left, y * width + Math.min(width, left + CELL));
  }
  return isCovered;
}

/** Of the dark pixels, how many are in the mask, touch it, or lie in a picture. */
function shareKept({ width, pixels }: Raster, isInk: Uint8Array, isCovered: Uint8Array | undefined): number {
  let dark = 0;
  let lost = 0;
  for (let at = 0; at < pixels.length; at++) {
    if ((pixels[at] ?? 255) >= INK) continue;
    dark++;
    if (isInk[at] === 1 || isCovered?.[at] === 1) continue;
    const isBeside = isInk[at - 1] === 1 || isInk[at + 1] === 1 || isInk[at - width] === 1 || isInk[at + width] === 1;
    if (!isBeside) lost++;
  }
  return dark === 0 ? 1 : 1 - lost / dark;
}

function pack(isInk: Uint8Array, width: number, height: number): Bitmap {
  const rowBytes = Math.ceil(width / 8);
  const bytes = new Uint8Array(rowBytes * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0, row = y * rowBytes; x < width; x++, at++)
      if (isInk[at] === 1) bytes[row + (x >> 3)] = (bytes[row + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
  return { width, height, bytes };
}
