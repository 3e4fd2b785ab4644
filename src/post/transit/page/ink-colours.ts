// Colours of the ink: small cells whose ink is not black, joined to rectangles of a few flat colours.

import type { Box, InkColour, Raster } from '../contract.ts';
import { pixelBox, sizeOf } from './boxes.ts';
import { CELL } from './light.ts';

type Rgb = readonly [number, number, number];

const CHROMA_MIN = 46; // between the strongest and the weakest channel
const CHROMA_JOINED = 30; // beside a cell that is surely coloured
const PIXELS_MIN = 40; // of one colour on the page
const ALIKE = 44; // two colours are one
/** Thin strokes show their ink mixed with paper: so much of its depth at least, */
const DEPTH_SHARE = 0.65;
const OFF_RAY = 26; // and no other hue
const DEEPER_PIXELS = 0.2; // of what is known of an ink make it deeper
const COLOURS_MAX = 8;
const BOXES_MAX = 400;

interface Cells {
  readonly width: number;
  readonly height: number;
  /** Ink pixels, then sums of red, green, blue. */
  readonly sums: Uint32Array;
}

export function inkColours(evened: Raster, isInk: Uint8Array): readonly InkColour[] {
  if (evened.channels === 1) return [];
  const cells = sumCells(evened, isInk);
  const { colourOf, palette } = nameColours(cells);
  const boxes = rectangles(colourOf, cells.width);
  // Too many pieces: only the largest are worth their operators.
  const kept =
    boxes.length <= BOXES_MAX ? boxes : boxes.sort((a, b) => sizeOf(b.box) - sizeOf(a.box)).slice(0, BOXES_MAX);
  return kept.flatMap(({ box, colour }) => {
    const rgb = palette[colour - 1];
    return rgb === undefined ? [] : [{ box: pixelBox(box, evened), rgb }];
  });
}

function sumCells({ width, height, pixels }: Raster, isInk: Uint8Array): Cells {
  const [wide, high] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const sums = new Uint32Array(4 * wide * high);
  for (let y = 0; y < height; y++) {
    const row = (y >> 3) * wide;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      if (isInk[at] === 0) continue;
      const to = 4 * (row + (x >> 3));
      sums[to] = (sums[to] ?? 0) + 1;
      sums[to + 1] = (sums[to + 1] ?? 0) + (pixels[3 * at] ?? 0);
      sums[to + 2] = (sums[to + 2] ?? 0) + (pixels[3 * at + 1] ?? 0);
      sums[to + 3] = (sums[to + 3] ?? 0) + (pixels[3 * at + 2] ?? 0);
    }
  }
  return { width: wide, height: high, sums };
}

function chromaOf(sums: Uint32Array, cell: number): number {
  const count = sums[4 * cell] ?? 0;
  if (count === 0) return 0;
  const [r, g, b] = [sums[4 * cell + 1] ?? 0, sums[4 * cell + 2] ?? 0, sums[4 * cell + 3] ?? 0];
  return (Math.max(r, g, b) - Math.min(r, g, b)) / count;
}

/** `colourOf`: by cell, 0 for black, else the place in the palette plus 1. */
function nameColours({ width, sums }: Cells): { readonly colourOf: Uint8Array; readonly palette: readonly Rgb[] } {
  const count = sums.length / 4;
  const colourOf = new Uint8Array(count);
  const isTaken = new Uint8Array(count);
  const groups: { readonly cells: readonly number[]; readonly rgb: Rgb; readonly pixels: number }[] = [];
  for (let start = 0; start < count; start++) {
    if (isTaken[start] === 1 || chromaOf(sums, start) < CHROMA_MIN) continue;
    const cells = groupFrom(start, width, sums, isTaken);
    const total = [0, 0, 0, 0];
    for (const cell of cells) for (let k = 0; k < 4; k++) total[k] = (total[k] ?? 0) + (sums[4 * cell + k] ?? 0);
    const [pixels = 0, r = 0, g = 0, b = 0] = total;
    if (pixels >= PIXELS_MIN) groups.push({ cells, rgb: [r / pixels, g / pixels, b / pixels], pixels });
  }
  const palette: { rgb: Rgb; pixels: number }[] = [];
  for (const { cells, rgb, pixels } of groups.sort((a, b) => b.pixels - a.pixels)) {
    let at = palette.findIndex((known) => apart(known.rgb, rgb) < ALIKE || isSameInk(known.rgb, rgb));
    if (at < 0 && palette.length < COLOURS_MAX) at = palette.push({ rgb, pixels }) - 1;
    if (at < 0) at = nearest(palette, rgb);
    const known = palette[at];
    if (
      known &&
      isSameInk(known.rgb, rgb) &&
      depthOf(rgb) > depthOf(known.rgb) &&
      pixels >= DEEPER_PIXELS * known.pixels
    )
      known.rgb = rgb;
    for (const cell of cells) colourOf[cell] = at + 1;
  }
  return { colourOf, palette: palette.map(({ rgb }) => core(rgb)) };
}

function groupFrom(start: number, width: number, sums: Uint32Array, isTaken: Uint8Array): readonly number[] {
  const cells = [start];
  isTaken[start] = 1;
  for (let next = 0; next < cells.length; next++) {
    const at = cells[next] ?? 0;
    const x = at % width;
    for (let row = -width; row <= width; row += width)
      for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
        const to = at + row + dx;
        if (to < 0 || 4 * to >= sums.length || isTaken[to] === 1 || chromaOf(sums, to) < CHROMA_JOINED) continue;
        if (apart(meanOf(sums, to), meanOf(sums, at)) > 2 * ALIKE) continue;
        isTaken[to] = 1;
        cells.push(to);
      }
  }
  return cells;
}

function meanOf(sums: Uint32Array, cell: number): Rgb {
  const count = Math.max(1, sums[4 * cell] ?? 0);
  return [(sums[4 * cell + 1] ?? 0) / count, (sums[4 * cell + 2] ?? 0) / count, (sums[4 * cell + 3] ?? 0) / count];
}

function apart(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function depthOf(rgb: Rgb): number {
  return apart(rgb, [255, 255, 255]);
}

/** The paler one is the deeper one with paper in it: both lie on one ray from white. */
function isSameInk(one: Rgb, other: Rgb): boolean {
  const [pale, deep] = depthOf(one) < depthOf(other) ? [one, other] : [other, one];
  const share = depthOf(pale) / Math.max(1, depthOf(deep));
  const mixed = (channel: 0 | 1 | 2): number => 255 - share * (255 - deep[channel]);
  return share >= DEPTH_SHARE && apart(pale, [mixed(0), mixed(1), mixed(2)]) < OFF_RAY;
}

function nearest(palette: readonly { readonly rgb: Rgb }[], rgb: Rgb): number {
  return palette.reduce(
    (best, known, index) => (apart(known.rgb, rgb) < apart(palette[best]?.rgb ?? known.rgb, rgb) ? index : best),
    0,
  );
}

/** Edges of strokes are half paper: the ink itself is somewhat darker. */
function core(rgb: Rgb): Rgb {
  const deeper = (value: number): number => Math.round(Math.max(0, 255 - (255 - value) * 1.15));
  return [deeper(rgb[0]), deeper(rgb[1]), deeper(rgb[2])];
}

interface Piece {
  readonly box: Box;
  readonly colour: number;
}

/** Runs of one colour in a row of cells, joined with the same run above. No two overlap. */
function rectangles(colourOf: Uint8Array, width: number): Piece[] {
  const done: Piece[] = [];
  let open = new Map<string, Piece>();
  for (let y = 0; y * width < colourOf.length; y++) {
    const next = new Map<string, Piece>();
    for (let x = 0; x < width;) {
      const colour = colourOf[y * width + x] ?? 0;
      let end = x + 1;
      while (end < width && colourOf[y * width + end] === colour) end++;
      if (colour > 0) {
        const key = `${x} ${end} ${colour}`;
        const above = open.get(key);
        open.delete(key);
        const top = above?.box.top ?? y;
        next.set(key, { box: { left: x, top, width: end - x, height: y + 1 - top }, colour });
      }
      x = end;
    }
    done.push(...open.values());
    open = next;
  }
  done.push(...open.values());
  return done;
}
