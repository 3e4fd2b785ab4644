// What happens to a page on its way into a computer: a scanner's tilt, shade and noise; a telephone's angle, light and desk.

import sharp from 'sharp';
import { throwDice, type Dice } from './dice.ts';

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

type Point = readonly [number, number];

const SCAN_QUALITY = 90;
const PHOTO_QUALITY = 88;
const PHOTO_WIDTH = 3024;
const PHOTO_HEIGHT = 4032;
const DESK: readonly [number, number, number] = [92, 66, 44];

/** A JPEG of 300 dpi and the size of the page: tilted by up to 1.2°, yellowed, darker towards one edge, with grain. */
export async function scanPage(png: Buffer, seed: number): Promise<Buffer> {
  const dice = throwDice(seed);
  const page = await pixelsOf(png);
  const angle = (dice.between(0.3, 1.2) * (dice.next() < 0.5 ? -1 : 1) * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [cx, cy] = [page.width / 2, page.height / 2];
  const scan = blank(page.width, page.height);
  fillPixels(
    scan,
    (x, y) => samplePage(page, cx + (x - cx) * cos + (y - cy) * sin, cy - (x - cx) * sin + (y - cy) * cos),
    {
      light: (x) => 0.93 + (0.05 * x) / page.width,
      tint: [250, 248, 241],
      grain: 9,
      dice,
    },
  );
  return await sharp(scan.rgb, { raw: { width: scan.width, height: scan.height, channels: 3 } })
    .blur(0.6)
    .withMetadata({ density: 300 })
    .jpeg({ quality: SCAN_QUALITY })
    .toBuffer();
}

/** What a photo can suffer besides: the shadow of the one who takes it, a sheet that was folded and lies in waves. */
export interface Trouble {
  readonly hasShadow: boolean;
  readonly hasWaves: boolean;
  /** How high the middle of the sheet rises above the desk, as a share of its width; none: it lies flat. */
  readonly curl?: number;
}

const NO_TROUBLE: Trouble = { hasShadow: false, hasWaves: false };

/** A JPEG of 12 million pixels: the page seen at an angle on a desk, lit from one corner, turned by quarters as told. */
export async function photographPage(
  png: Buffer,
  seed: number,
  turned: 0 | 90 | 180 | 270 = 0,
  trouble: Trouble = NO_TROUBLE,
): Promise<Buffer> {
  const dice = throwDice(seed);
  const page = await pixelsOf(png);
  const photo = blank(PHOTO_WIDTH, PHOTO_HEIGHT);
  const near = (x: number, y: number): Point => [
    PHOTO_WIDTH * (x + dice.between(-0.025, 0.025)),
    PHOTO_HEIGHT * (y + dice.between(-0.02, 0.02)),
  ];
  const corners = [near(0.08, 0.07), near(0.92, 0.08), near(0.95, 0.94), near(0.05, 0.93)] as const;
  const back = invert(squareTo(corners));
  fillPixels(
    photo,
    (x, y) => {
      const w = back[6] * x + back[7] * y + back[8];
      const [u, v] = curledPlace(
        (back[0] * x + back[1] * y + back[2]) / w,
        (back[3] * x + back[4] * y + back[5]) / w,
        trouble.curl ?? 0,
      );
      if (u < 0 || v < 0 || u >= 1 || v >= 1) return undefined;
      const [du, dv] = trouble.hasWaves ? waveAt(u, v) : [0, 0];
      return samplePage(page, (u + du) * page.width, (v + dv) * page.height);
    },
    {
      light: (x, y) =>
        (0.95 - 0.3 * (x / PHOTO_WIDTH) * (y / PHOTO_HEIGHT) - (0.08 * y) / PHOTO_HEIGHT) *
        troubledLight(x / PHOTO_WIDTH, y / PHOTO_HEIGHT, trouble),
      tint: [246, 240, 226],
      grain: 4,
      dice,
    },
  );
  return await sharp(photo.rgb, { raw: { width: photo.width, height: photo.height, channels: 3 } })
    .blur(0.8)
    .rotate(turned)
    .jpeg({ quality: PHOTO_QUALITY })
    .toBuffer();
}

const LENS_ACROSS = 0.5;
const LENS_DOWN = 1.15; // the one who takes it stands at the foot of the sheet
const LENS_HIGH = 1.6;

/** Where on a sheet that rises like a piece of a cylinder the ray meets that would meet the desk at u, v; all in shares of the sheet. */
function curledPlace(u: number, v: number, curl: number): Point {
  if (curl === 0) return [u, v];
  let across = u;
  let rise = 0;
  for (let round = 0; round < 6; round++) {
    rise = 4 * curl * across * (1 - across);
    across = LENS_ACROSS + ((u - LENS_ACROSS) * (LENS_HIGH - rise)) / LENS_HIGH;
  }
  const down = LENS_DOWN + ((v - LENS_DOWN) * (LENS_HIGH - rise)) / LENS_HIGH;
  return [arcLength(across, curl) / arcLength(1, curl), down];
}

/** Of the parabola 4 c x (1 − x) from 0 to x. */
function arcLength(x: number, curl: number): number {
  const along = (slope: number): number => (slope * Math.sqrt(1 + slope * slope) + Math.asinh(slope)) / 2;
  return (along(4 * curl) - along(4 * curl * (1 - 2 * x))) / (8 * curl);
}

/** How far off a sheet of gentle waves shows what lies at a place: some two millimetres at most, as shares of the page. */
function waveAt(u: number, v: number): Point {
  return [0.0015 * Math.sin(7 * v + 2 * u), 0.004 * Math.sin(5.2 * u + 1.3) * Math.sin(3.1 * v + 0.4)];
}

/** A soft shadow over the lower left, darker folds at thirds, hillsides of the waves. */
function troubledLight(u: number, v: number, { hasShadow, hasWaves }: Trouble): number {
  const edge = 0.55 * u + 0.2 * Math.sin(4 * u) + 0.42;
  const shadow = hasShadow ? 1 - 0.45 / (1 + Math.exp(-40 * (v - edge))) : 1;
  if (!hasWaves) return shadow;
  const fold = Math.min(Math.abs(v - 0.36), Math.abs(v - 0.66));
  return shadow * (1 - 0.16 * Math.exp(-((fold / 0.006) ** 2))) * (1 + 0.05 * Math.cos(5.2 * u + 1.3));
}

async function pixelsOf(png: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(png)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

function blank(width: number, height: number): Pixels {
  return { width, height, rgb: new Uint8Array(width * height * 3) };
}

const seen = new Float64Array(3);

/** Between its four neighbours; outside the page is paper. */
function samplePage(page: Pixels, x: number, y: number): Float64Array {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left + 1 >= page.width || top + 1 >= page.height) return seen.fill(255);
  const [right, foot] = [x - left, y - top];
  const at = (top * page.width + left) * 3;
  const below = at + page.width * 3;
  for (let channel = 0; channel < 3; channel++) {
    const upper = (page.rgb[at + channel] ?? 0) * (1 - right) + (page.rgb[at + 3 + channel] ?? 0) * right;
    const lower = (page.rgb[below + channel] ?? 0) * (1 - right) + (page.rgb[below + 3 + channel] ?? 0) * right;
    seen[channel] = upper * (1 - foot) + lower * foot;
  }
  return seen;
}

function fillPixels(
  target: Pixels,
  look: (x: number, y: number) => Float64Array | undefined,
  how: {
    readonly light: (x: number, y: number) => number;
    readonly tint: readonly [number, number, number];
    readonly grain: number;
    readonly dice: Dice;
  },
): void {
  let at = 0;
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      const found = look(x, y);
      const light = how.light(x, y);
      const grain = how.dice.bell() * how.grain;
      for (let channel = 0; channel < 3; channel++) {
        const desk = (DESK[channel] ?? 0) * (0.9 + 0.2 * Math.sin(y / 37 + Math.sin(x / 211) * 3) ** 2);
        const value = found ? ((found[channel] ?? 0) * (how.tint[channel] ?? 255)) / 255 : desk;
        target.rgb[at++] = Math.max(0, Math.min(255, value * light + grain));
      }
    }
  }
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** The unit square seen as four corners, clockwise from top left (Heckbert 1989, §2.2.3). */
function squareTo([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: readonly [Point, Point, Point, Point]): Matrix {
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const below = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / below;
  const h = (dx1 * sy - sx * dy1) / below;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

function invert([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}
