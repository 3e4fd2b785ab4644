// Four corners out of an outline: hull, sides left out one by one until four remain, lines laid through points.

import type { Point, Quad } from './homography.ts';

/** normal · point = distance; the normal has length 1. */
export interface StraightLine {
  readonly x: number;
  readonly y: number;
  readonly distance: number;
}

const CORNER_OUTSIDE = 0.12; // of the picture: a corner may lie beyond its edge by so much
const ANGLE_MIN = 50;
const ANGLE_MAX = 130;
const FIT_ROUNDS = 5;

/** Convex hull, clockwise as seen (Andrew's monotone chain). */
export function hullOf(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of list) {
      for (let [p, q] = chain.slice(-2); p && q && turnOf(p, q, point) <= 0; [p, q] = chain.slice(-2)) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function turnOf(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

export function areaOf(corners: readonly Point[]): number {
  return (
    Math.abs(
      corners.reduce((sum, a, index) => {
        const b = corners[(index + 1) % corners.length] ?? a;
        return sum + a.x * b.y - b.x * a.y;
      }, 0),
    ) / 2
  );
}

/** The side whose neighbours meet with the least area added goes first. Undefined: no sheet has such corners. */
export function toQuad(hull: readonly Point[], width: number, height: number): Quad | undefined {
  const corners = [...hull];
  while (corners.length > 4) {
    let best: { readonly at: number; readonly corner: Point; readonly area: number } | undefined;
    corners.forEach((b, at) => {
      const count = corners.length;
      const [a, c, d] = [corners[(at + count - 1) % count], corners[(at + 1) % count], corners[(at + 2) % count]];
      const corner = a && c && d ? meetingOf(lineThrough([a, b]), lineThrough([c, d])) : undefined;
      if (!a || !c || !d || !corner || turnOf(b, corner, c) < 0) return;
      const area = areaOf([b, corner, c]);
      if (area < (best?.area ?? Infinity)) best = { at, corner, area };
    });
    if (best === undefined) return undefined;
    const { at, corner } = best;
    corners[at] = corner;
    corners.splice((at + 1) % corners.length, 1);
  }
  return orderCorners(corners, width, height);
}

function orderCorners(corners: readonly Point[], width: number, height: number): Quad | undefined {
  if (corners.length !== 4 || corners.some((corner) => !isNear(corner, width, height))) return undefined;
  const first = corners.reduce((best, corner, index) => {
    const old = corners[best];
    return old && corner.x + corner.y < old.x + old.y ? index : best;
  }, 0);
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => corners[(first + k) % 4]);
  if (!a || !b || !c || !d) return undefined;
  const quad: Quad = [a, b, c, d];
  return isLikeSheet(quad) ? quad : undefined;
}

function isNear({ x, y }: Point, width: number, height: number): boolean {
  const [across, down] = [CORNER_OUTSIDE * width, CORNER_OUTSIDE * height];
  return x > -across && y > -down && x < width + across && y < height + down;
}

function isLikeSheet(quad: Quad): boolean {
  return quad.every((b, index) => {
    const [a, c] = [quad[(index + 3) % 4] ?? b, quad[(index + 1) % 4] ?? b];
    const angle = Math.atan2(turnOf(a, b, c), (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y));
    const inside = 180 - (angle * 180) / Math.PI;
    return inside > ANGLE_MIN && inside < ANGLE_MAX;
  });
}

/** Through most of the points: those far off are left out round by round. */
export function lineThrough(points: readonly Point[]): StraightLine | undefined {
  let used = points;
  let line = fit(used);
  for (let round = 0; line !== undefined && round < FIT_ROUNDS && used.length > 4; round++) {
    const { x, y, distance } = line;
    const away = (p: Point): number => Math.abs(p.x * x + p.y * y - distance);
    const usual = used.map(away).sort((a, b) => a - b)[used.length >> 1] ?? 0;
    const near = points.filter((p) => away(p) <= 2.5 * usual + 0.75);
    if (near.length < 3) break;
    used = near;
    line = fit(used);
  }
  return line;
}

function fit(points: readonly Point[]): StraightLine | undefined {
  const count = points.length;
  if (count < 2) return undefined;
  const mx = points.reduce((sum, { x }) => sum + x, 0) / count;
  const my = points.reduce((sum, { y }) => sum + y, 0) / count;
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  const along = 0.5 * Math.atan2(2 * xy, xx - yy);
  const [x, y] = [-Math.sin(along), Math.cos(along)];
  return { x, y, distance: mx * x + my * y };
}

export function meetingOf(a: StraightLine | undefined, b: StraightLine | undefined): Point | undefined {
  if (!a || !b) return undefined;
  const over = a.x * b.y - a.y * b.x;
  if (Math.abs(over) < 1e-6) return undefined;
  return { x: (a.distance * b.y - b.distance * a.y) / over, y: (a.x * b.distance - b.x * a.distance) / over };
}
