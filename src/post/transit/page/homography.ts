// Planes seen aslant: the projective map between four corners and four corners, and the true shape of a sheet in a photo.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Top left, top right, bottom right, bottom left. */
export type Quad = readonly [Point, Point, Point, Point];

/** x' = (a x + b y + c) / (g x + h y + 1), y' = (d x + e y + f) / (g x + h y + 1). */
export type Homography = readonly [number, number, number, number, number, number, number, number];

export function rectangle(width: number, height: number): Quad {
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
}

/** Undefined when three corners lie on a line. */
export function mapQuad(from: Quad, to: Quad): Homography | undefined {
  const rows: number[][] = [];
  from.forEach(({ x, y }, index) => {
    const goal = to[index] ?? { x: 0, y: 0 };
    rows.push([x, y, 1, 0, 0, 0, -goal.x * x, -goal.x * y, goal.x]);
    rows.push([0, 0, 0, x, y, 1, -goal.y * x, -goal.y * y, goal.y]);
  });
  const solved = solve(rows);
  if (solved === undefined) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = solved;
  return [a, b, c, d, e, f, g, h];
}

/** Gauss with pivots; rows carry their right side and are used up. */
export function solve(rows: number[][]): readonly number[] | undefined {
  const count = rows.length;
  for (let column = 0; column < count; column++) {
    const below = rows.slice(column);
    const best = below.reduce((a, b) => (Math.abs(b[column] ?? 0) > Math.abs(a[column] ?? 0) ? b : a));
    const pivot = best[column] ?? 0;
    if (Math.abs(pivot) < 1e-9) return undefined;
    const at = rows.indexOf(best);
    [rows[column], rows[at]] = [best, rows[column] ?? best];
    rows.forEach((row) => {
      if (row === best) return;
      const times = (row[column] ?? 0) / pivot;
      if (times !== 0) for (let i = column; i <= count; i++) row[i] = (row[i] ?? 0) - times * (best[i] ?? 0);
    });
  }
  return rows.map((row, index) => (row[count] ?? 0) / (row[index] ?? 1));
}

export function mapPoint([a, b, c, d, e, f, g, h]: Homography, { x, y }: Point): Point {
  const w = g * x + h * y + 1;
  return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
}

/** Where the page's corners are looked up when it is turned by `degrees` about its middle before `quad` is cut out. */
export function turnedRectangle(width: number, height: number, degrees: number): Quad {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turn = ({ x, y }: Point): Point => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    return { x: width / 2 + dx * cos - dy * sin, y: height / 2 + dx * sin + dy * cos };
  };
  const [a, b, c, d] = rectangle(width, height);
  return [turn(a), turn(b), turn(c), turn(d)];
}

type Triple = readonly [number, number, number];

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Width by height of the sheet whose picture the quad is, seen by a lens over the picture's middle (Zhang and He, whiteboard scanning, §4). */
export function trueRatio(quad: Quad, width: number, height: number): number {
  const simple = sideRatio(quad);
  const [m1, m2, m4, m3] = quad.map(({ x, y }): Triple => [x - width / 2, y - height / 2, 1]);
  if (!m1 || !m2 || !m3 || !m4) return simple;
  const k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
  const k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
  const n2: Triple = [k2 * m2[0] - m1[0], k2 * m2[1] - m1[1], k2 - 1];
  const n3: Triple = [k3 * m3[0] - m1[0], k3 * m3[1] - m1[1], k3 - 1];
  const focal2 = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2]);
  const diagonal2 = width * width + height * height;
  // Nearly straight on, the lens cannot be known, nor is it needed.
  if (!(focal2 > 0.15 * diagonal2 && focal2 < 30 * diagonal2)) return simple;
  const across = (n2[0] ** 2 + n2[1] ** 2) / focal2 + n2[2] ** 2;
  const down = (n3[0] ** 2 + n3[1] ** 2) / focal2 + n3[2] ** 2;
  return Math.sqrt(across / down);
}

/** Width by height as they are seen. */
export function sideRatio([a, b, c, d]: Quad): number {
  const side = (p: Point, q: Point): number => Math.hypot(p.x - q.x, p.y - q.y);
  return (side(a, b) + side(d, c)) / (side(a, d) + side(b, c));
}
