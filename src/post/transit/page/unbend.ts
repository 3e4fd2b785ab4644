// A sheet that rises from the desk shows two bent edges in a photo: each column is moved so that they are straight; then it is found like any other.

import type { Raster } from '../contract.ts';
import type { Curl } from './find-curl.ts';
import { LEVELS, quadAbove, smallPlane } from './find-paper.ts';
import { lookUp } from './flatten.ts';
import { solve, type Point, type Quad } from './homography.ts';
import { areaOf } from './paper-quad.ts';
import { quantile, type Plane } from './plane.ts';
import { turnRaster } from './turn.ts';

const PLACES = 48; // along each side
const INSET = 0.03; // of a side, at its ends: corners are round
const REACH = 0.08; // of the sheet’s height: how far within its outline an edge may lie
const ON_CURVE = 1.6; // small pixels
const ON_CURVE_SHARE = 0.85;
const STEP_MIN = 12;
const STEP_SHARE = 0.75;
const BENT_MIN = 0.008; // of the sheet’s height
/** Where four straight sides are seen too: shadows and waves bend an edge by up to that, and then not all along. */
const BENT_SURE = 0.015;
const ALL_ALONG = 0.95;
const SAME_SHEET = 0.97; // of the area within those sides
const CELL = 8;
const POWERS = 4;

/** Undefined: no bent sheet is seen. `look`: the photo at about 150 dpi. `paperArea`: its pixels within four straight sides; 0: there are none. */
export function unbend(raster: Raster, look: Raster, paperArea: number): Raster | undefined {
  const { plane, factor } = smallPlane(look);
  const scale = (factor * raster.width) / look.width;
  const least = {
    area: (SAME_SHEET * paperArea) / factor ** 2,
    bent: paperArea > 0 ? BENT_SURE : BENT_MIN,
    share: paperArea > 0 ? ALL_ALONG : 0,
  };
  const edges = bentEdges(plane, least);
  if (edges !== undefined) return lookUp(raster, curlBetween(edges, plane), scale);
  const lying = turnPlane(plane);
  const sides = bentEdges(lying, least);
  return sides && turnRaster(lookUp(turnRaster(raster, 90), curlBetween(sides, lying), scale), 270);
}

/** By 90°, clockwise. */
function turnPlane({ width, height, values }: Plane): Plane {
  const turned = turnRaster({ width, height, channels: 1, pixels: values, dpi: undefined }, 90);
  return { width: turned.width, height: turned.height, values: turned.pixels };
}

/** Where an edge is seen, by x, and the straight line between its ends. */
interface Edge {
  readonly seen: (x: number) => number;
  readonly chord: (x: number) => number;
}

interface Edges {
  readonly top: Edge;
  readonly foot: Edge;
}

interface Least {
  /** Pixels of the plane. */
  readonly area: number;
  /** Of the sheet’s height. */
  readonly bent: number;
  /** Of the places along an edge, how many lie on its curve. */
  readonly share: number;
}

function bentEdges(plane: Plane, least: Least): Edges | undefined {
  const [low, high] = [quantile(plane.values, 0.02), quantile(plane.values, 0.98)];
  let best: { readonly edges: Edges; readonly score: number } | undefined;
  for (let i = 1; i < LEVELS; i++) {
    const level = low + ((high - low) * i) / LEVELS;
    const quad = quadAbove(plane, level);
    if (quad === undefined || areaOf(quad) < least.area) continue;
    const found = edgesOf(plane, quad, { level, bentMin: least.bent });
    if (found === undefined || found.share < least.share) continue;
    const score = found.share * areaOf(quad);
    if (score > (best?.score ?? 0)) best = { edges: found, score };
  }
  return best?.edges;
}

function edgesOf(
  plane: Plane,
  quad: Quad,
  { level, bentMin }: { readonly level: number; readonly bentMin: number },
): (Edges & { readonly share: number }) | undefined {
  const [a, b, c, d] = quad;
  const height = (d.y - a.y + c.y - b.y) / 2;
  const top = edgeFrom(plane, [a, b], { level, reach: REACH * height, inward: 1 });
  const foot = edgeFrom(plane, [d, c], { level, reach: REACH * height, inward: -1 });
  if (top === undefined || foot === undefined || Math.max(top.bent, foot.bent) < bentMin * height) return undefined;
  return { top, foot, share: Math.min(top.share, foot.share) };
}

interface Way {
  readonly level: number;
  readonly reach: number;
  /** 1: the sheet lies below the edge. */
  readonly inward: 1 | -1;
}

/** Undefined: what is seen there is no smooth edge. */
function edgeFrom(
  plane: Plane,
  [left, right]: readonly [Point, Point],
  way: Way,
): (Edge & { readonly bent: number; readonly share: number }) | undefined {
  const middle = (left.x + right.x) / 2;
  const half = (right.x - left.x) / 2;
  const points: Point[] = [];
  for (let i = 0; i < PLACES; i++) {
    const along = INSET + ((1 - 2 * INSET) * (i + 0.5)) / PLACES;
    const x = left.x + (right.x - left.x) * along;
    const y = stepAt(plane, { x, y: left.y + (right.y - left.y) * along }, way);
    if (y !== undefined) points.push({ x: (x - middle) / half, y });
  }
  if (points.length < STEP_SHARE * PLACES) return undefined;
  const fitted = fitCurve(points);
  if (fitted === undefined) return undefined;
  const near = points.filter(({ x, y }) => Math.abs(curveAt(fitted, x) - y) <= ON_CURVE);
  if (near.length < ON_CURVE_SHARE * points.length) return undefined;
  const factors = fitCurve(near) ?? fitted;
  const seen = (x: number): number => curveAt(factors, Math.max(-1, Math.min(1, (x - middle) / half)));
  const [start, end] = [seen(left.x), seen(right.x)];
  const chord = (x: number): number =>
    start + (end - start) * Math.max(0, Math.min(1, (x - left.x) / (right.x - left.x)));
  const off = points.map(({ x }) => Math.abs(curveAt(factors, x) - chord(middle + x * half)));
  return { seen, chord, bent: Math.max(...off), share: near.length / PLACES };
}

/** The first place from outside that is as light as the sheet and stays so. */
function stepAt({ width, height, values }: Plane, { x, y }: Point, { level, reach, inward }: Way): number | undefined {
  const column = Math.max(0, Math.min(width - 1, Math.floor(x)));
  const at = (row: number): number => values[Math.max(0, Math.min(height - 1, row)) * width + column] ?? 0;
  const from = Math.round(y) - 4 * inward;
  for (let k = 0; k <= reach + 4; k++) {
    const row = from + k * inward;
    if (at(row) <= level || at(row + inward) <= level || at(row + 2 * inward) <= level) continue;
    return at(row + 3 * inward) - at(row - 4 * inward) >= STEP_MIN ? row : undefined;
  }
  return undefined;
}

function fitCurve(points: readonly Point[]): readonly number[] | undefined {
  const rows = Array.from({ length: POWERS }, () => Array.from({ length: POWERS + 1 }, () => 0));
  for (const { x, y } of points)
    rows.forEach((row, i) => {
      for (let k = 0; k < POWERS; k++) row[k] = (row[k] ?? 0) + x ** (i + k);
      row[POWERS] = (row[POWERS] ?? 0) + y * x ** i;
    });
  return solve(rows);
}

function curveAt(factors: readonly number[], x: number): number {
  return factors.reduce((sum, factor, power) => sum + factor * x ** power, 0);
}

/** Between the edges by their distance, beyond them as at the edge. */
function curlBetween({ top, foot }: Edges, { width, height }: Plane): Curl {
  const [across, down] = [Math.ceil(width / CELL) + 1, Math.ceil(height / CELL) + 1];
  const shifts = new Float32Array(across * down);
  for (let row = 0, at = 0; row < down; row++)
    for (let column = 0; column < across; column++, at++) {
      const x = column * CELL;
      const [first, last] = [top.chord(x), foot.chord(x)];
      const part = Math.max(0, Math.min(1, (row * CELL - first) / (last - first)));
      shifts[at] = (top.seen(x) - first) * (1 - part) + (foot.seen(x) - last) * part;
    }
  return { step: CELL, across, down, shifts };
}
