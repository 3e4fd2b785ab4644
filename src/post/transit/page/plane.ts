// Small pictures of one value a cell, and the filters that light and paper are found with.

import type { Raster } from '../contract.ts';

/** Row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** The raster smaller by a whole number, each pixel the mean of those it stands for; what is left over at the edges goes. */
export function shrinkRaster(raster: Raster, factor: number): Raster {
  if (factor <= 1) return raster;
  const { channels } = raster;
  const width = Math.max(1, Math.floor(raster.width / factor));
  const height = Math.max(1, Math.floor(raster.height / factor));
  const across = Math.min(factor, raster.width);
  const down = Math.min(factor, raster.height);
  const stride = raster.width * channels;
  const sums = new Int32Array(width * channels);
  const pixels = new Uint8Array(width * height * channels);
  const area = across * down;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let row = 0; row < down; row++) {
      const from = (y * factor + row) * stride;
      if (channels === 1) addGrey(sums, raster.pixels, from, across);
      else addRgb(sums, raster.pixels, from, across);
    }
    putMeans(sums, area, pixels, y * width * channels);
  }
  const dpi = raster.dpi === undefined ? undefined : raster.dpi / factor;
  return { width, height, channels, pixels, dpi };
}

/** Rounded; most areas are powers of two, and whole numbers are quicker. */
function putMeans(sums: Int32Array, area: number, pixels: Uint8Array, from: number): void {
  const bits = Math.log2(area);
  if (Number.isInteger(bits)) {
    const half = area >> 1;
    for (let i = 0, to = from; i < sums.length; i++, to++) pixels[to] = ((sums[i] ?? 0) + half) >> bits;
    return;
  }
  for (let i = 0, to = from; i < sums.length; i++, to++) pixels[to] = (sums[i] ?? 0) * (1 / area) + 0.5;
}

function addGrey(sums: Int32Array, pixels: Uint8Array, from: number, across: number): void {
  if (across === 4) {
    for (let x = 0, at = from; x < sums.length; x++, at += 4)
      sums[x] =
        (sums[x] ?? 0) + (pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0) + (pixels[at + 3] ?? 0);
    return;
  }
  if (across === 2) {
    for (let x = 0, at = from; x < sums.length; x++, at += 2)
      sums[x] = (sums[x] ?? 0) + (pixels[at] ?? 0) + (pixels[at + 1] ?? 0);
    return;
  }
  for (let x = 0, at = from; x < sums.length; x++) {
    let sum = 0;
    for (let k = 0; k < across; k++, at++) sum += pixels[at] ?? 0;
    sums[x] = (sums[x] ?? 0) + sum;
  }
}

/** Without a loop over a cell where it is small: that costs more than what it adds. */
function addRgb(sums: Int32Array, pixels: Uint8Array, from: number, across: number): void {
  if (across === 4) return addFour(sums, pixels, from);
  if (across === 2) {
    for (let x = 0, at = from; x < sums.length; x += 3, at += 6) {
      sums[x] = (sums[x] ?? 0) + (pixels[at] ?? 0) + (pixels[at + 3] ?? 0);
      sums[x + 1] = (sums[x + 1] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 4] ?? 0);
      sums[x + 2] = (sums[x + 2] ?? 0) + (pixels[at + 2] ?? 0) + (pixels[at + 5] ?? 0);
    }
    return;
  }
  for (let x = 0, at = from; x < sums.length; x += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let k = 0; k < across; k++, at += 3) {
      red += pixels[at] ?? 0;
      green += pixels[at + 1] ?? 0;
      blue += pixels[at + 2] ?? 0;
    }
    sums[x] = (sums[x] ?? 0) + red;
    sums[x + 1] = (sums[x + 1] ?? 0) + green;
    sums[x + 2] = (sums[x + 2] ?? 0) + blue;
  }
}

function addFour(sums: Int32Array, p: Uint8Array, from: number): void {
  for (let x = 0, at = from; x < sums.length; x += 3, at += 12) {
    sums[x] = (sums[x] ?? 0) + (p[at] ?? 0) + (p[at + 3] ?? 0) + (p[at + 6] ?? 0) + (p[at + 9] ?? 0);
    sums[x + 1] = (sums[x + 1] ?? 0) + (p[at + 1] ?? 0) + (p[at + 4] ?? 0) + (p[at + 7] ?? 0) + (p[at + 10] ?? 0);
    sums[x + 2] = (sums[x + 2] ?? 0) + (p[at + 2] ?? 0) + (p[at + 5] ?? 0) + (p[at + 8] ?? 0) + (p[at + 11] ?? 0);
  }
}

/** One channel as a plane. */
export function channelOf({ width, height, channels, pixels }: Raster, channel: number): Plane {
  const values = new Uint8Array(width * height);
  for (let i = 0, at = Math.min(channel, channels - 1); i < values.length; i++, at += channels)
    values[i] = pixels[at] ?? 0;
  return { width, height, values };
}

/** How light it is; colour counts as dark, so that red and blue ink read like black. */
export function toGrey(raster: Raster): Raster {
  const { width, height, channels, pixels, dpi } = raster;
  if (channels === 1) return raster;
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3)
    grey[i] = darkness(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
  return { width, height, channels: 1, pixels: grey, dpi };
}

function darkness(red: number, green: number, blue: number): number {
  return (77 * red + 150 * green + 29 * blue + (Math.min(red, green, blue) << 8)) >> 9;
}

/** Each cell the largest (or least) within `radius`: rows first, then columns. */
export function spread(plane: Plane, radius: number, isLargest: boolean): Plane {
  const { width, height } = plane;
  const values = plane.values.slice();
  const reach = { radius, isLargest, line: new Uint8Array(Math.max(width, height)) };
  for (let y = 0; y < height; y++) spreadLine(values, { from: y * width, step: 1, count: width }, reach);
  for (let x = 0; x < width; x++) spreadLine(values, { from: x, step: width, count: height }, reach);
  return { width, height, values };
}

interface Line {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

interface Reach {
  readonly radius: number;
  readonly isLargest: boolean;
  /** Room for the longest line. */
  readonly line: Uint8Array;
}

function spreadLine(values: Uint8Array, { from, step, count }: Line, { radius, isLargest, line }: Reach): void {
  for (let i = 0; i < count; i++) line[i] = values[from + i * step] ?? 0;
  for (let i = 0; i < count; i++) {
    let best = line[i] ?? 0;
    const end = Math.min(count - 1, i + radius);
    for (let k = Math.max(0, i - radius); k <= end; k++) {
      const value = line[k] ?? 0;
      if (isLargest ? value > best : value < best) best = value;
    }
    values[from + i * step] = best;
  }
}

/** Dark things narrower than twice the radius vanish; edges of larger ones stay where they are. */
export function closeGaps(plane: Plane, radius: number): Plane {
  return spread(spread(plane, radius, true), radius, false);
}

/** Mean over a square, twice. */
export function blur(plane: Plane, radius: number): Plane {
  const { width, height } = plane;
  const values = new Float32Array(plane.values);
  const sums = new Float64Array(Math.max(width, height) + 1);
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < height; y++) blurLine(values, { from: y * width, step: 1, count: width }, radius, sums);
    for (let x = 0; x < width; x++) blurLine(values, { from: x, step: width, count: height }, radius, sums);
  }
  const blurred = new Uint8Array(values.length);
  for (let i = 0; i < blurred.length; i++) blurred[i] = (values[i] ?? 0) + 0.5;
  return { width, height, values: blurred };
}

/** `sums`: room for one more than the line has. */
function blurLine(values: Float32Array, { from, step, count }: Line, radius: number, sums: Float64Array): void {
  for (let i = 0, sum = 0, at = from; i < count; i++, at += step) {
    sum += values[at] ?? 0;
    sums[i + 1] = sum;
  }
  for (let i = 0, at = from; i < count; i++, at += step) {
    const first = i > radius ? i - radius : 0;
    const end = i + radius + 1 < count ? i + radius + 1 : count;
    values[at] = ((sums[end] ?? 0) - (sums[first] ?? 0)) / (end - first);
  }
}

/** The value that `share` of all are not above. */
export function quantile(values: Uint8Array, share: number): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  let left = share * values.length;
  for (let value = 0; value < 256; value++) {
    left -= counts[value] ?? 0;
    if (left <= 0) return value;
  }
  return 255;
}
