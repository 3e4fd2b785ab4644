// sRGB as a small colour profile, made from the published numbers: primaries on D50 and the curve as a short table (ICC.1:2001-04, IEC 61966-2-1).

import { latin1 } from './pdf-file.ts';

type Xyz = readonly [number, number, number];

const HEADER_BYTES = 128;
const D50: Xyz = [0.9642, 1, 0.8249];
/** Of sRGB, brought from D65 to D50 after Bradford. */
const PRIMARIES: readonly Xyz[] = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
];
/** Straight lines between so many points stray from the curve by less than 0.002. */
const CURVE_POINTS = 18;

/** The same bytes always; under 500. */
export function srgbProfile(): Uint8Array {
  const [red = D50, green = D50, blue = D50] = PRIMARIES;
  const curve = curveOf(CURVE_POINTS);
  const tags: readonly (readonly [string, readonly number[]])[] = [
    ['desc', description('sRGB')],
    ['cprt', [...signature('text'), ...latin1('CC0\0')]],
    ['wtpt', xyz(D50)],
    ['rXYZ', xyz(red)],
    ['gXYZ', xyz(green)],
    ['bXYZ', xyz(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const places = new Map<readonly number[], number>();
  const data: number[] = [];
  for (const [, value] of tags) {
    if (places.has(value)) continue;
    places.set(value, HEADER_BYTES + 4 + tags.length * 12 + data.length);
    data.push(...value);
    while (data.length % 4 !== 0) data.push(0);
  }
  const table = tags.flatMap(([tag, value]) => [...latin1(tag), ...u32(places.get(value) ?? 0), ...u32(value.length)]);
  const behind = [...u32(tags.length), ...table, ...data];
  return Uint8Array.from([...header(HEADER_BYTES + behind.length), ...behind]);
}

/** §6.1: version 2.1, a display, no maker; its day is always the same. */
function header(sizeBytes: number): readonly number[] {
  const head = [
    ...u32(sizeBytes),
    ...u32(0),
    ...u32(0x02100000),
    ...latin1('mntrRGB XYZ '),
    ...[2000, 1, 1, 0, 0, 0].flatMap(u16),
    ...latin1('acsp'),
    ...Array<number>(28).fill(0),
    ...D50.flatMap(fixed),
  ];
  return [...head, ...Array<number>(HEADER_BYTES - head.length).fill(0)];
}

/** §6.5.17: in ASCII; its forms in other codings are empty. */
function description(text: string): readonly number[] {
  const ascii = latin1(`${text}\0`);
  return [...signature('desc'), ...u32(ascii.length), ...ascii, ...Array<number>(78).fill(0)];
}

function curveOf(points: number): readonly number[] {
  const values = Array.from({ length: points }, (_, index) => Math.round(linear(index / (points - 1)) * 0xffff));
  return [...signature('curv'), ...u32(points), ...values.flatMap(u16)];
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function xyz(value: Xyz): readonly number[] {
  return [...signature('XYZ '), ...value.flatMap(fixed)];
}

function signature(name: string): readonly number[] {
  return [...latin1(name), ...u32(0)];
}

function fixed(value: number): readonly number[] {
  return u32(Math.round(value * 65_536));
}

function u16(value: number): readonly number[] {
  return [value >> 8, value & 255];
}

function u32(value: number): readonly number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}
