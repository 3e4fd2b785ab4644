// What size the page gets and where each of its pixels comes from: cut, perspective, skew and size in one map.

import type { Raster } from '../contract.ts';
import { findPaper, insetBy, type FoundPaper } from './find-paper.ts';
import { findSkew } from './find-skew.ts';
import {
  mapPoint,
  mapQuad,
  rectangle,
  sideRatio,
  trueRatio,
  turnedRectangle,
  type Homography,
  type Quad,
} from './homography.ts';
import { areaOf } from './paper-quad.ts';
import { shrinkRaster, toGrey } from './plane.ts';
import { warp, type Target } from './warp.ts';

export interface Geometry {
  readonly source: 'scan' | 'photo';
  readonly isCropped: boolean;
  readonly skewDegrees: number;
  readonly widthPt: number;
  readonly heightPt: number;
  readonly target: Target;
  /** Target pixels → pixels of the raster. */
  readonly map: Homography;
  /** The raster at about 150 dpi. */
  readonly look: Raster;
  /** Pixels of `look` within the sheet’s four sides; 0: it was not cropped. */
  readonly paperArea: number;
  /** Letters of the raster would be too small to be read in the target: a strip many times as long as it is wide, on one page. */
  readonly isTooCoarse: boolean;
  /** Nothing is to be done: target and raster are the same. */
  readonly isSame: boolean;
}

interface Sheet {
  readonly widthPt: number;
  readonly heightPt: number;
  /** The part of the raster that is laid over the whole page; may reach beyond it. */
  readonly quad: Quad;
}

const A4 = [595.276, 841.89] as const;
const A4_RATIO = A4[1] / A4[0];
const DPI = 300;
const LOOK_SIDE = 1_754; // A4 at 150 dpi
const TARGET_PIXELS_MAX = 18_000_000;
const ENLARGE_MAX = 3.2;
const SMALL_SIDE = 800; // fewer pixels are no page, unless they say how large they are
const SMALL_DPI = 96;
const SMALL_SHEET_SIDE = 400; // A4 at 50 dpi has 413: no logo is of just that shape
const LIKE_SMALL_SHEET = 0.01;
const SHARE_MIN = 0.5;
const LEGIBLE_DPI = 150;
const SIDE_MIN_PT = 36;
const SIDE_MAX_PT = 2 * A4[1];
const LIKE_SCAN = 0.04; // how far a scan's size may be from A4 to become A4
const LIKE_STRETCHED = 0.03; // sides without a measure
const LIKE_PADDED = 0.14;
const LIKE_PHOTO = 0.16; // perspective is not known better
const INSET = 0.003;
const PARALLEL_DEGREES = 0.8;
const TILTED = 0.02;
const SKEW_MIN = 0.04;

export function planPage(raster: Raster): Geometry {
  const factor = Math.max(1, Math.round(Math.max(raster.width, raster.height) / LOOK_SIDE));
  const look = shrinkRaster(raster, factor);
  const isMeasured = raster.dpi !== undefined;
  const found = findPaper(look);
  const paper = found !== undefined && isTrusted(found, isMeasured) ? enlarge(found, factor) : undefined;
  const isPhoto = paper === undefined ? !isMeasured && !isLikeSheet(raster) : !isMeasured || isAslant(paper.quad);
  const source = isPhoto ? 'photo' : 'scan';
  const sheet = paper === undefined ? wholeSheet(raster) : cutSheet(raster, paper, source);
  const target = targetOf(sheet, raster);
  const straight = mapQuad(rectangle(target.width, target.height), sheet.quad);
  if (straight === undefined) throw new Error('a sheet without corners');
  const skewDegrees = skewOf(look, straight, target, factor);
  const turned = turnedRectangle(target.width, target.height, skewDegrees).map((corner) => mapPoint(straight, corner));
  const [a, b, c, d] = turned;
  const map = a && b && c && d ? mapQuad(rectangle(target.width, target.height), [a, b, c, d]) : undefined;
  const isWhole = paper === undefined && target.width === raster.width && target.height === raster.height;
  return {
    source,
    isCropped: paper !== undefined,
    skewDegrees,
    widthPt: sheet.widthPt,
    heightPt: sheet.heightPt,
    target,
    map: map ?? straight,
    look,
    paperArea: paper === undefined ? 0 : areaOf(paper.quad) / factor ** 2,
    isTooCoarse: isTooCoarse(sheet, target, raster),
    isSame: isWhole && skewDegrees === 0,
  };
}

/** A coloured band at the head of a page looks like a desk, and a printed frame like the sheet's edge: cutting there would lose them. */
function isTrusted({ quad, isCut }: FoundPaper, isMeasured: boolean): boolean {
  const cut = isCut.filter(Boolean).length;
  return isMeasured ? cut === 0 && (isAslant(quad) || isTilted(quad)) : cut <= 1;
}

function isTilted([a, b, , d]: Quad): boolean {
  const tilt = Math.max(Math.abs(b.y - a.y) / Math.abs(b.x - a.x), Math.abs(d.x - a.x) / Math.abs(d.y - a.y));
  return tilt > TILTED;
}

function enlarge({ quad: [a, b, c, d], isCut }: FoundPaper, factor: number): FoundPaper {
  const grow = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({ x: x * factor, y: y * factor });
  return { quad: [grow(a), grow(b), grow(c), grow(d)], isCut };
}

/** Scanners and programs give sheets whole; cameras have sides of 3:4 or 9:16. */
function isLikeSheet({ width, height }: Raster): boolean {
  return Math.abs(Math.max(width, height) / Math.min(width, height) / A4_RATIO - 1) < LIKE_STRETCHED;
}

function isSmallSheet({ width, height }: Raster): boolean {
  const off = Math.max(width, height) / Math.min(width, height) / A4_RATIO - 1;
  return Math.min(width, height) >= SMALL_SHEET_SIDE && Math.abs(off) < LIKE_SMALL_SHEET;
}

function isAslant([a, b, c, d]: Quad): boolean {
  const angle = (p: { x: number; y: number }, q: { x: number; y: number }): number =>
    (Math.atan2(q.y - p.y, q.x - p.x) * 180) / Math.PI;
  return (
    Math.abs(angle(a, b) - angle(d, c)) > PARALLEL_DEGREES || Math.abs(angle(a, d) - angle(b, c)) > PARALLEL_DEGREES
  );
}

/** A raster that is the page, edge to edge. */
function wholeSheet(raster: Raster): Sheet {
  const { width, height, dpi } = raster;
  const quad = rectangle(width, height);
  if (dpi !== undefined) {
    const sides = bounded((width / dpi) * 72, (height / dpi) * 72);
    const a4 = nearA4(sides.widthPt, sides.heightPt, LIKE_SCAN);
    return { ...(a4 ?? sides), quad };
  }
  if (Math.max(width, height) < SMALL_SIDE && !isSmallSheet(raster))
    return { ...bounded((width / SMALL_DPI) * 72, (height / SMALL_DPI) * 72), quad };
  const page = height >= width ? { widthPt: A4[0], heightPt: A4[1] } : { widthPt: A4[1], heightPt: A4[0] };
  const off = Math.max(width, height) / Math.min(width, height) / A4_RATIO - 1;
  if (Math.abs(off) < LIKE_STRETCHED) return { ...page, quad };
  const scale = Math.max(width / page.widthPt, height / page.heightPt); // pixels a point
  if (Math.abs(off) >= LIKE_PADDED) return { ...bounded(width / scale, height / scale), quad };
  const [left, top] = [(width - page.widthPt * scale) / 2, (height - page.heightPt * scale) / 2];
  const [right, bottom] = [width - left, height - top];
  const around: Quad = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return { ...page, quad: around };
}

/** A sheet within the raster. */
function cutSheet(raster: Raster, { quad, isCut }: FoundPaper, source: 'scan' | 'photo'): Sheet {
  const unit = mapQuad(rectangle(1, 1), quad);
  const inner = unit === undefined ? quad : insetBy(INSET, unit, 1, 1);
  const ratio = ratioOf(quad, raster);
  if (source === 'scan' && raster.dpi !== undefined) {
    const [a, b, , d] = quad;
    const widthPt = (Math.hypot(b.x - a.x, b.y - a.y) / raster.dpi) * 72;
    const heightPt = (Math.hypot(d.x - a.x, d.y - a.y) / raster.dpi) * 72;
    return { ...(nearA4(widthPt, heightPt, LIKE_SCAN) ?? bounded(widthPt, heightPt)), quad: inner };
  }
  const page = ratio <= 1 ? { widthPt: A4[0], heightPt: A4[1] } : { widthPt: A4[1], heightPt: A4[0] };
  const off = (ratio <= 1 ? 1 / ratio : ratio) / A4_RATIO - 1;
  const like = isCut.some(Boolean) ? LIKE_PHOTO / 2 : LIKE_PHOTO;
  if (Math.abs(off) < like) return { ...page, quad: inner };
  const [widthPt, heightPt] =
    ratio <= A4[0] / A4[1]
      ? [A4[1] * ratio, A4[1]]
      : ratio <= 1
        ? [A4[0], A4[0] / ratio]
        : ratio <= A4_RATIO
          ? [A4[0] * ratio, A4[0]]
          : [A4[1], A4[1] / ratio];
  return { ...bounded(widthPt, heightPt), quad: inner };
}

/** The lens is known badly where the sheet lies nearly flat: of two guesses the one that is more like a page. */
function ratioOf(quad: Quad, { width, height }: Raster): number {
  const off = (ratio: number): number => Math.abs(Math.log((ratio <= 1 ? 1 / ratio : ratio) / A4_RATIO));
  const [seen, guessed] = [sideRatio(quad), trueRatio(quad, width, height)];
  return off(guessed) < off(seen) ? guessed : seen;
}

function nearA4(widthPt: number, heightPt: number, tolerance: number): Omit<Sheet, 'quad'> | undefined {
  const [across, down] = widthPt <= heightPt ? A4 : [A4[1], A4[0]];
  const isNear = Math.abs(widthPt / across - 1) < tolerance && Math.abs(heightPt / down - 1) < tolerance;
  return isNear ? { widthPt: across, heightPt: down } : undefined;
}

function bounded(widthPt: number, heightPt: number): Omit<Sheet, 'quad'> {
  const shrink = Math.min(1, SIDE_MAX_PT / Math.max(widthPt, heightPt));
  const side = (points: number): number => Math.max(SIDE_MIN_PT, points * shrink);
  return { widthPt: side(widthPt), heightPt: side(heightPt) };
}

/** 300 dpi, less where the source has far fewer pixels or the page is larger than two sheets. */
function targetOf({ widthPt, heightPt, quad: [a, b, , d] }: Sheet, raster: Raster): Target {
  const own = Math.max(Math.hypot(b.x - a.x, b.y - a.y) / widthPt, Math.hypot(d.x - a.x, d.y - a.y) / heightPt) * 72;
  const most = Math.sqrt(TARGET_PIXELS_MAX / (widthPt * heightPt)) * 72;
  const dpi = Math.min(DPI, ENLARGE_MAX * own, most);
  // A scan that is 300 dpi already keeps its pixels one by one.
  const isNear = (pixels: number, points: number): boolean => Math.abs(pixels - (points * dpi) / 72) <= 0.01 * pixels;
  const isKept = a.x === 0 && a.y === 0 && isNear(raster.width, widthPt) && isNear(raster.height, heightPt);
  const width = isKept ? raster.width : Math.max(1, Math.round((widthPt * dpi) / 72));
  const height = isKept ? raster.height : Math.max(1, Math.round((heightPt * dpi) / 72));
  return { width, height, dpi: (width * 72) / widthPt };
}

/** Where nobody knows how large the paper was, half of its dots along a side must be left; else 150 of them on an inch of it, or half of what there were. */
function isTooCoarse({ quad: [a, b, , d] }: Sheet, { width, height }: Target, { dpi }: Raster): boolean {
  const share = Math.min(width / Math.hypot(b.x - a.x, b.y - a.y), height / Math.hypot(d.x - a.x, d.y - a.y));
  return dpi === undefined ? share < SHARE_MIN : share * dpi < Math.min(LEGIBLE_DPI, SHARE_MIN * dpi);
}

function skewOf(look: Raster, straight: Homography, target: Target, factor: number): number {
  const step = Math.max(1, Math.round(Math.max(target.width, target.height) / LOOK_SIDE));
  const [width, height] = [Math.ceil(target.width / step), Math.ceil(target.height / step)];
  const corners = rectangle(width * step, height * step).map((corner) => mapPoint(straight, corner));
  const [a, b, c, d] = corners.map(({ x, y }) => ({ x: x / factor, y: y / factor }));
  const map = a && b && c && d ? mapQuad(rectangle(width, height), [a, b, c, d]) : undefined;
  if (map === undefined) return 0;
  const found = findSkew(warp(toGrey(look), map, { width, height, dpi: target.dpi / step }, [255]));
  return Math.abs(found) < SKEW_MIN ? 0 : found;
}

/** What a second look still finds; a page without lines has no skew. */
export function skewLeft(grey: Raster): number {
  const factor = Math.max(1, Math.round(Math.max(grey.width, grey.height) / LOOK_SIDE));
  const found = Math.abs(findSkew(shrinkRaster(grey, factor)));
  return found;
}
