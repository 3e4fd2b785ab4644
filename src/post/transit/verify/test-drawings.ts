// Pages for tests of what the verifier sees: drawings without a word, lines of text, and what is wrong with a file made of them.

import sharp from 'sharp';
import { A4 } from '../../../../test/papers/sample-pdfs.ts';
import type { Bitmap, Criterion, MadePage, Word } from '../contract.ts';
import type { Expectation, PageExpectation } from './expectation.ts';
import { verifyFile } from './verify-file.ts';

const [WIDTH, HEIGHT] = [827, 1169];
/** None looks like another. */
export const DRAWINGS = [
  '<circle cx="250" cy="300" r="180"/>',
  '<rect x="400" y="700" width="330" height="260"/>',
  '<path d="M90 1000 L 300 400 L 700 1050 Z"/>',
];

export function svg(inside: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Serif, serif" font-size="15"><rect width="100%" height="100%" fill="white"/>${inside}</svg>`,
  );
}

async function maskOf(inside: string, turned: number): Promise<Bitmap> {
  const { data } = await sharp(svg(inside))
    .flatten()
    .rotate(turned)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const stride = Math.ceil(WIDTH / 8);
  const bytes = new Uint8Array(stride * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const at = y * stride + (x >> 3);
      if ((data[y * WIDTH + x] ?? 255) < 140) bytes[at] = (bytes[at] ?? 0) | (0x80 >> (x & 7));
    }
  return { width: WIDTH, height: HEIGHT, bytes };
}

/** `turned`: in degrees, as its maker did. */
export async function page(
  inside: string,
  turned: number,
  lines: readonly (readonly Word[])[] = [],
): Promise<MadePage> {
  const mask = await maskOf(inside, turned);
  return { ...A4, dpi: 100, mask, inks: [], grounds: [], text: { lines, confidence: 95 } };
}

export function expected(more: Partial<PageExpectation>): PageExpectation {
  const nothing = { plainText: undefined, inkShare: undefined, keptFrom: undefined };
  return { box: 'a4', inkKept: 1, skewLeft: 0, ...nothing, ...more };
}

/** The criteria that are not met. */
export async function judged(
  bytes: Uint8Array,
  pages: readonly PageExpectation[],
  came: Pick<Partial<Expectation>, 'source' | 'glance'> = {},
): Promise<readonly Criterion[]> {
  const { source, glance } = came;
  const named = { bytesBefore: 9_000_000, newName: '01_Brief.pdf' };
  const wanted: Expectation = { producer: 'writer', pages, source, glance, ...named };
  return (await verifyFile(bytes, wanted)).filter(({ isMet }) => !isMet);
}
