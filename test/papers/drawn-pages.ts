// Pages drawn pixel by pixel, and what a scanner or a telephone makes of them: whoever tests knows where all ink lies.

export interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export type Rgb = readonly [number, number, number];
type Point = readonly [number, number];

export function blankPage(width: number, height: number, [r, g, b]: Rgb = [255, 255, 255]): Drawn {
  const rgb = new Uint8Array(width * height * 3).fill(r);
  if (r !== g || g !== b) for (let at = 0; at < rgb.length; at += 3) rgb.set([r, g, b], at);
  return { width, height, rgb };
}

export function fillBox(
  { width, rgb }: Drawn,
  [left, top, wide, high]: readonly [number, number, number, number],
  colour: Rgb,
): void {
  for (let y = top; y < top + high; y++) for (let x = left; x < left + wide; x++) rgb.set(colour, 3 * (y * width + x));
}

/** Letters as stems and bars in lines and paragraphs, between margins of an eighth; `unit`: a stroke's width in pixels. */
export function drawLines(
  page: Drawn,
  { unit = 4, seed = 1, colour = [20, 20, 24] as Rgb, from = 0.1, to = 0.9 } = {},
): void {
  const next = dice(seed);
  const edge = Math.floor(page.width / 8);
  for (let y = Math.floor(page.height * from), line = 0; y + 14 * unit < page.height * to; y += 13 * unit, line++) {
    const end = line % 5 === 4 ? page.width * 0.55 : page.width - edge;
    for (let x = edge; x + 7 * unit < end;) {
      const tall = next() < 0.25;
      const top = tall ? y : y + 3 * unit;
      fillBox(page, [x, top, unit, y + 9 * unit - top], colour);
      if (next() < 0.6) fillBox(page, [x, y + 3 * unit, 4 * unit, unit], colour);
      if (next() < 0.5) fillBox(page, [x + 4 * unit, y + 3 * unit, unit, 6 * unit], colour);
      if (next() < 0.5) fillBox(page, [x, y + 8 * unit, 4 * unit, unit], colour);
      x += (next() < 0.17 ? 10 : 6) * unit;
    }
  }
}

/** The page through a map from places of the result to its own, between four pixels; elsewhere `around`. */
export function lookAt(
  page: Drawn,
  size: { readonly width: number; readonly height: number },
  place: (x: number, y: number) => Point,
  around: (x: number, y: number) => Rgb,
): Drawn {
  const seen = blankPage(size.width, size.height);
  for (let y = 0, to = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++, to += 3) {
      const [u, v] = place(x + 0.5, y + 0.5);
      const [px, py] = [u - 0.5, v - 0.5];
      const [left, top] = [Math.floor(px), Math.floor(py)];
      if (left < 0 || top < 0 || left + 1 >= page.width || top + 1 >= page.height) {
        seen.rgb.set(around(x, y), to);
        continue;
      }
      const [fx, fy] = [px - left, py - top];
      const at = 3 * (top * page.width + left);
      for (let k = at; k < at + 3; k++) {
        const upper = (page.rgb[k] ?? 0) * (1 - fx) + (page.rgb[k + 3] ?? 0) * fx;
        const lower = (page.rgb[k + 3 * page.width] ?? 0) * (1 - fx) + (page.rgb[k + 3 * page.width + 3] ?? 0) * fx;
        seen.rgb[to + k - at] = upper * (1 - fy) + lower * fy;
      }
    }
  return seen;
}

/** Turned clockwise about its middle, on paper of the same white. */
export function tilted(page: Drawn, degrees: number, around: Rgb = [255, 255, 255]): Drawn {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const [cx, cy] = [page.width / 2, page.height / 2];
  const place = (x: number, y: number): Point => [
    cx + (x - cx) * cos + (y - cy) * sin,
    cy - (x - cx) * sin + (y - cy) * cos,
  ];
  return lookAt(page, page, place, () => around);
}

/** Seen with its corners at the given places, clockwise from top left (Heckbert 1989, §2.2.3). */
export function photographed(
  page: Drawn,
  size: { readonly width: number; readonly height: number },
  [[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: readonly [Point, Point, Point, Point],
): Drawn {
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const below = dx1 * dy2 - dx2 * dy1;
  const [g, h] = [(sx * dy2 - dx2 * sy) / below, (dx1 * sy - sx * dy1) / below];
  const [a, b, d, e] = [x1 - x0 + g * x1, x3 - x0 + h * x3, y1 - y0 + g * y1, y3 - y0 + h * y3];
  const place = (x: number, y: number): Point => {
    // u and v of x (g u + h v + 1) = a u + b v + x0, and the same for y.
    const [p, q, r, s] = [a - g * x, b - h * x, d - g * y, e - h * y];
    const over = p * s - q * r;
    return [(((x - x0) * s - q * (y - y0)) / over) * page.width, ((p * (y - y0) - r * (x - x0)) / over) * page.height];
  };
  return lookAt(page, size, place, (x, y) => {
    const grain = 8 * Math.sin(y / 17 + 2 * Math.sin(x / 90));
    return [96 + grain, 70 + grain, 48 + grain];
  });
}

/** Darker towards the foot and the right, yellow, with grain. */
export function lit(page: Drawn, { tint = [250, 244, 230] as Rgb, fall = 0.3, grain = 4, seed = 7 } = {}): Drawn {
  const next = dice(seed);
  const { width, height } = page;
  const rgb = new Uint8Array(page.rgb.length);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const light = 1 - (fall * (x / width + y / height)) / 2;
      const noise = (next() + next() + next() - 1.5) * 2 * grain;
      for (let k = 0; k < 3; k++, at++)
        rgb[at] = Math.max(0, Math.min(255, ((page.rgb[at] ?? 0) * light * (tint[k] ?? 255)) / 255 + noise));
    }
  return { width, height, rgb };
}

export function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
